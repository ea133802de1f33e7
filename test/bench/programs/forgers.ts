/**
 * `forgers.ts FILE`: joiners by the thousand that ask to be admitted as guests for work that they did not do. Each has a key of its own and
 * shakes hands as anybody does, cookies included; they come from the addresses that the file names. Prints "ready" when everything that
 * can be computed beforehand is, begins at a line of standard input, and prints in the end what became of it as JSON.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { DatagramType, Suite } from '../../../src/core/base/batch-layout.generated.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import {
  generateNodeKeys,
  hourOf,
  nodeIdFromText,
  readGenesis,
  SOLUTION_BYTES,
} from '../../../src/core/identity/identity.ts';
import {
  classifyAnswer,
  DEFAULT_LIMITS,
  Ledger,
  Session,
  wayTokenOf,
} from '../../../src/core/session/session.ts';
import type { SessionCommand, SessionEvent, SlotAllocator } from '../../../src/core/session/types.ts';
import { encodeControl } from '../../../src/core/wire/wire.ts';
import { nodeCrypto, systemRng } from '../../../src/host/crypto/crypto.ts';

export interface ForgersFile {
  /** Hex: encoded genesis document. */
  genesis: string;
  /** The victim. */
  nodeId: string;
  address: string;
  port: number;
  /** Addresses of this host. */
  sources: string[];
  /** `handshakes`: a key for each forged solution; `sessions`: some keys for all, whose sessions stand before it begins. */
  mode: 'handshakes' | 'sessions';
  /** Forged solutions a second, and for how long. */
  rate: number;
  seconds: number;
  difficulty: number;
}

export interface Forged {
  /** First messages of handshakes, and those sent again with a cookie. */
  initiations: number;
  repeated: number;
  established: number;
  /** Requests with a forged solution. */
  forged: number;
}

/** Keys in mode `handshakes`: those that were not answered begin again, as anybody does. */
const KEYS = 2000;
/** Keys of each address in mode `sessions`. */
const SESSIONS = 2;
const PATIENCE_MS = 100_000;
const STRANGERS_MS = 600;
const TICK_MS = 10;
const HEADER = 16;

class Slots implements SlotAllocator {
  #next = 0;
  allocate(): number {
    return this.#next++ & 0xffff;
  }
  release(): void {}
}

interface Key {
  readonly suite: number;
  readonly key: Uint8Array;
  readonly index: number;
  counter: bigint;
}

const file = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ForgersFile;
const genesis = readGenesis(nodeCrypto, new Uint8Array(Buffer.from(file.genesis, 'hex')));
if (!genesis.ok) throw new Error(genesis.reason);
const victim = nodeIdFromText(nodeCrypto, file.nodeId);
if (victim === undefined) throw new Error('no node ID');
const { network } = genesis;
const counts: Forged = { initiations: 0, repeated: 0, established: 0, forged: 0 };
const receiveSlots = new Slots();
/** By receive slot. */
const forgers = new Map<number, Forger>();

class Forger {
  readonly #socket: Socket;
  readonly #out = new OutboxBuffer<SessionCommand, SessionEvent<true>>();
  readonly #session: Session<true>;
  readonly #keys = new Map<number, Key>();
  #key: Key | undefined;
  #wayToken: Uint8Array = new Uint8Array(0);
  #first: Uint8Array | undefined;

  constructor(socket: Socket, nodeId: Uint8Array) {
    this.#socket = socket;
    const sendSlots = new Slots();
    this.#session = new Session<true>(
      {
        crypto: nodeCrypto,
        rng: systemRng,
        local: { keys: generateNodeKeys(nodeCrypto, systemRng), networkId: network.id },
        limits: DEFAULT_LIMITS,
        suites: [Suite.aes256Gcm, Suite.chacha20Poly1305],
        sendSlots,
        receiveSlots: {
          allocate: () => {
            const slot = receiveSlots.allocate();
            forgers.set(slot, this);
            return slot;
          },
          release: () => undefined,
        },
        ledger: new Ledger(),
        nextFreshness: () => Date.now(),
        introduce: () => ({ kind: 'joiner', chain: new Uint8Array(0), revocationHead: new Uint8Array(0) }),
        answerEarly: () => new Uint8Array(0),
        verify: () => ({ ok: true, introduction: true }),
      },
      nodeId,
    );
    this.#session.handle({ kind: 'connect' }, performance.now(), this.#out);
    for (const command of this.#out.sends) if (command.kind === 'datagram') this.#first = command.bytes;
    this.#out.clear();
  }

  begin(): void {
    if (this.#first === undefined || this.#key !== undefined) return;
    counts.initiations++;
    this.#send(this.#first);
  }

  heard(datagram: Buffer, kind: 'response' | 'cookie'): void {
    if (kind === 'response') this.#wayToken = wayTokenOf(datagram).slice();
    this.#session.handle({ kind, datagram }, performance.now(), this.#out);
    for (const command of this.#out.sends) {
      if (command.kind === 'datagram') {
        counts.repeated++;
        this.#send(command.bytes);
      } else if (command.kind === 'setSendKey') this.#keys.set(command.slot, { ...command, counter: 0n });
      else if (command.kind === 'useSendKey') this.#key = this.#keys.get(command.slot);
      else if (command.kind === 'empty')
        this.#seal(encodeControl({ kind: 'confirmation', wayToken: this.#wayToken }));
    }
    this.#out.clear();
    if (kind !== 'response' || this.#key === undefined) return;
    counts.established++;
    if (file.mode === 'handshakes') this.forge();
  }

  /** Asks to be let in, for nothing. */
  forge(): void {
    const solution = systemRng.bytes(SOLUTION_BYTES);
    const hour = hourOf(Date.now() / 1000);
    counts.forged++;
    this.#seal(encodeControl({ kind: 'guestRequest', hour, difficulty: file.difficulty, solution }));
  }

  #seal(plaintext: Uint8Array): void {
    const key = this.#key;
    if (key === undefined) return;
    const header = Buffer.alloc(HEADER);
    header[0] = DatagramType.transport;
    header.writeUInt32LE(key.index, 4);
    header.writeBigUInt64LE(key.counter, 8);
    const nonce = Buffer.alloc(12);
    if (key.suite === Suite.aes256Gcm) nonce.writeBigUInt64BE(key.counter, 4);
    else nonce.writeBigUInt64LE(key.counter, 4);
    key.counter++;
    const cipher = key.suite === Suite.aes256Gcm ? nodeCrypto.aes256Gcm : nodeCrypto.chacha20Poly1305;
    this.#send(Buffer.concat([header, cipher.seal(key.key, nonce, plaintext, header)]));
  }

  #send(datagram: Uint8Array): void {
    this.#socket.send(datagram, file.port, file.address);
  }
}

async function opened(address: string): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (datagram) => {
    const answer = classifyAnswer(datagram);
    if (answer.kind === 'drop') return;
    forgers.get(answer.receiverIndex & 0xffff)?.heard(datagram, answer.kind);
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

const sockets = await Promise.all(file.sources.map(opened));
const isSessions = file.mode === 'sessions';
const count = isSessions ? SESSIONS * sockets.length : Math.min(KEYS, file.rate * file.seconds);
const all = Array.from({ length: count }, (_, i) => new Forger(sockets[i % sockets.length], victim));
if (isSessions) {
  // One after the other, as slowly as the victim takes in strangers.
  const end = performance.now() + PATIENCE_MS;
  for (const [at, forger] of all.entries())
    while (counts.established <= at) {
      forger.begin();
      await new Promise((resolve) => setTimeout(resolve, STRANGERS_MS));
      if (performance.now() > end) throw new Error(`${counts.established} of ${count} sessions`);
    }
}
console.log('ready');
await once(process.stdin, 'data');
const begun = performance.now();
let sent = 0;
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const due = Math.min(
      file.rate * file.seconds,
      Math.floor(((performance.now() - begun) * file.rate) / 1000),
    );
    for (; sent < due; sent++) {
      const forger = all[sent % count];
      if (isSessions) forger.forge();
      else forger.begin();
    }
    if (sent < file.rate * file.seconds) return;
    clearInterval(timer);
    resolve();
  }, TICK_MS);
});
console.log(JSON.stringify(counts));
process.exit(0);
