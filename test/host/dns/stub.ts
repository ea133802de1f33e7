/** A name server of a few lines, for tests of what leads to it. */
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';

const TYPES: Readonly<Record<number, 'A' | 'AAAA' | 'PTR'>> = { 1: 'A', 28: 'AAAA', 12: 'PTR' };

export interface Asked {
  name: string;
  /** A number where it is none of A, AAAA, PTR. */
  type: string;
  isTcp: boolean;
}

/** "hello.mcc A" -> data of one record each; a name without records of the type asked gets NODATA, an unknown one NXDOMAIN. */
export type Zone = Readonly<Record<string, readonly Buffer[]>>;

export function a(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

export function aaaa(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(16);
  for (const [i, word] of words.entries()) bytes.writeUInt16BE(word, 2 * i);
  return bytes;
}

export function encodeName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')])),
    Buffer.of(0),
  ]);
}

export function query(name: string, type = 1, id = 0x4242): Buffer {
  const header = Buffer.from([id >> 8, id & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, encodeName(name), Buffer.of(0, type, 0, 1)]);
}

/** The question of a query that `query` or libc made. */
export function readQuestion(bytes: Buffer): Asked & { end: number } {
  const labels: string[] = [];
  let at = 12;
  while (bytes[at] !== 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + bytes[at]!).toLowerCase());
    at += 1 + bytes[at]!;
  }
  const type = bytes.readUInt16BE(at + 1);
  return { name: labels.join('.'), type: TYPES[type] ?? String(type), isTcp: false, end: at + 5 };
}

export interface Response {
  code?: number;
  isTruncated?: boolean;
  type?: number;
  records?: readonly Buffer[];
}

export function response(
  bytes: Buffer,
  { code = 0, isTruncated = false, type, records = [] }: Response,
): Buffer {
  const { end } = readQuestion(bytes);
  const asked = bytes.readUInt16BE(end - 4);
  const head = Buffer.from(bytes.subarray(0, end));
  head[2] = 0x80 | (bytes[2]! & 1) | (isTruncated ? 2 : 0);
  head[3] = 0x80 | code;
  head.writeUInt16BE(records.length, 6);
  head.fill(0, 8, 12);
  const encoded = records.map((data) => {
    const record = Buffer.from([0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]);
    record.writeUInt16BE(type ?? asked, 2);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([head, ...encoded]);
}

export function lookUp(zone: Zone, bytes: Buffer): Buffer {
  const { name, type } = readQuestion(bytes);
  const records = zone[`${name} ${type}`];
  if (records !== undefined) return response(bytes, { records });
  const isKnown = Object.keys(zone).some((key) => key.startsWith(`${name} `));
  return response(bytes, { code: isKnown ? 0 : 3 });
}

/** Answers on one address by UDP and TCP until closed. */
export class Stub {
  readonly asked: Asked[] = [];
  readonly #udp: Socket;
  readonly #tcp: Server;
  port = 0;

  private constructor(address: string, answer: Answer) {
    const take = async (bytes: Buffer, isTcp: boolean): Promise<Buffer | undefined> => {
      const asked = { ...readQuestion(bytes), isTcp };
      this.asked.push(asked);
      return answer(bytes, asked);
    };
    this.#udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    this.#udp.on('message', (bytes, from) => {
      void take(bytes, false).then((said) => said && this.#udp.send(said, from.port, from.address));
    });
    this.#tcp = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        void take(chunk.subarray(2), true).then((said) => {
          if (said === undefined) return;
          socket.end(Buffer.concat([Buffer.of(said.length >> 8, said.length & 0xff), said]));
        });
      });
    });
  }

  static async start(address: string, port: number, answer: Answer): Promise<Stub> {
    const stub = new Stub(address, answer);
    const bound = Promise.withResolvers<void>();
    stub.#udp.once('listening', bound.resolve).once('error', bound.reject).bind(port, address);
    await bound.promise;
    stub.port = stub.#udp.address().port;
    const listening = Promise.withResolvers<void>();
    stub.#tcp.once('error', listening.reject).listen(stub.port, address, listening.resolve);
    await listening.promise;
    return stub;
  }

  close(): void {
    this.#udp.close();
    this.#tcp.close();
  }
}

export type Answer = (bytes: Buffer, asked: Asked) => Buffer | undefined | Promise<Buffer | undefined>;
