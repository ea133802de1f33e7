// The other end of a port, written anew in Node's own crypto and sockets: what a test opens or seals here owes
// nothing to the addon.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { Suite, TAG_BYTES, TRANSPORT_HEADER } from '../../src/core/base/batch-layout.generated.ts';

export interface Opened {
  readonly index: number;
  readonly counter: bigint;
  readonly plaintext: Buffer;
}

function nonceOf(suite: number, counter: bigint): Buffer {
  const nonce = Buffer.alloc(12);
  if (suite === Suite.aes256Gcm) nonce.writeBigUInt64BE(counter, 4);
  else nonce.writeBigUInt64LE(counter, 4);
  return nonce;
}

const NAMES = { [Suite.aes256Gcm]: 'aes-256-gcm', [Suite.chacha20Poly1305]: 'chacha20-poly1305' } as const;
type Name = 'aes-256-gcm';

function nameOf(suite: number): Name {
  return NAMES[suite as 1 | 2] as Name;
}

export function seal(
  suite: number,
  key: Uint8Array,
  index: number,
  counter: bigint,
  plaintext: Uint8Array,
): Buffer {
  const header = Buffer.alloc(TRANSPORT_HEADER);
  header[0] = 4;
  header.writeUInt32LE(index, 4);
  header.writeBigUInt64LE(counter, 8);
  const cipher = createCipheriv(nameOf(suite), key, nonceOf(suite, counter), { authTagLength: TAG_BYTES });
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The same by @noble/ciphers: a third opinion. */
export function sealByNoble(
  suite: number,
  key: Uint8Array,
  index: number,
  counter: bigint,
  plaintext: Uint8Array,
): Buffer {
  const header = Buffer.alloc(TRANSPORT_HEADER);
  header[0] = 4;
  header.writeUInt32LE(index, 4);
  header.writeBigUInt64LE(counter, 8);
  const cipher = (suite === Suite.aes256Gcm ? gcm : chacha20poly1305)(key, nonceOf(suite, counter), header);
  return Buffer.concat([header, cipher.encrypt(plaintext)]);
}

/** Throws when the tag is wrong or the header is none. */
export function open(suite: number, key: Uint8Array, datagram: Buffer): Opened {
  if (datagram.readUInt32LE(0) !== 4) throw new Error('not a transport header');
  const counter = datagram.readBigUInt64LE(8);
  const decipher = createDecipheriv(nameOf(suite), key, nonceOf(suite, counter), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(datagram.subarray(0, TRANSPORT_HEADER));
  decipher.setAuthTag(datagram.subarray(-TAG_BYTES));
  const plaintext = Buffer.concat([
    decipher.update(datagram.subarray(TRANSPORT_HEADER, -TAG_BYTES)),
    decipher.final(),
  ]);
  return { index: datagram.readUInt32LE(4), counter, plaintext };
}

/** A plain UDP socket on the loopback device that keeps what arrives, with the time of arrival. */
export class Listener {
  readonly socket: Socket;
  readonly datagrams: Buffer[] = [];
  readonly arrivedNs: bigint[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (message) => {
      this.arrivedNs.push(process.hrtime.bigint());
      this.datagrams.push(message);
    });
  }

  static async open(): Promise<Listener> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 8 << 20 });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Listener(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  take(): Buffer[] {
    this.arrivedNs.length = 0;
    return this.datagrams.splice(0);
  }

  send(datagram: Uint8Array, port: number): void {
    this.socket.send(datagram, port, '127.0.0.1');
  }

  close(): void {
    this.socket.close();
  }
}
