// Names that are not ours, where all names of the host come to our resolver: asked of the servers that the host had
// before. Nothing of our zones goes there, and nothing that comes back may speak of the overlay or of this host.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createConnection, isIP } from 'node:net';
import { type IpAddress, type Prefix, parsePrefix, prefixContains } from '../../core/base/ip.ts';
import {
  answers,
  emptyResponse,
  HEADER_BYTES,
  isTruncated,
  questionOf,
  REFUSED,
  SERVFAIL,
  visitAddresses,
} from './message.ts';
import type { ForwarderOptions, Upstreams } from './types.ts';

/** Questions under way at once; further ones get SERVFAIL. */
export const PENDING_MAX = 512;
const UPSTREAMS_MAX = 3;
const TIMEOUT_MS = 1_500;
const DNS_PORT = 53;
const RESPONSE_MAX = 65_535;

/** This host by other words; an answer with such an address is of use to nobody but an attacker. */
const HERE = ['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'].map((text) => parsePrefix(text)!);

export interface ForwardCounts {
  /** Questions that were passed on. */
  asked: number;
  /** Of those: no server answered in time. */
  failed: number;
  /** Answers whose records were withheld, since they pointed into the overlay or at this host. */
  stripped: number;
  /** Questions refused: too many under way, malformed, or about our own zones. */
  refused: number;
}

export class Forwarder implements Upstreams {
  readonly counts: ForwardCounts = { asked: 0, failed: 0, stripped: 0, refused: 0 };
  readonly #options: ForwarderOptions;
  readonly #guarded: readonly Prefix[];
  readonly #abort = new AbortController();
  #upstreams: readonly string[] = [];
  /** Index of the server that answered last. */
  #preferred = 0;
  #pending = 0;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#guarded = [...options.guarded, ...HERE];
  }

  /** Servers inside the overlay are left out: they would be ourselves. At most three are asked, as libc does. */
  setUpstreams(addresses: readonly string[]): void {
    this.#upstreams = addresses.filter((address) => this.#isOutside(address)).slice(0, UPSTREAMS_MAX);
    this.#preferred = 0;
  }

  get upstreams(): readonly string[] {
    return this.#upstreams;
  }

  /** Whether a query belongs here: a question about a name in none of our zones. */
  isForeign(query: Uint8Array): boolean {
    const asked = questionOf(query);
    return asked !== undefined && !this.#isOurs(asked.name);
  }

  /**
   * The response to a query, never longer than `maxBytes` (then it is cut, with TC). Always answers, with SERVFAIL when
   * no server does; undefined only for what is no query.
   */
  async forward(query: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
    const asked = questionOf(query);
    if (asked === undefined || this.#isOurs(asked.name)) {
      this.counts.refused++;
      return query.length < HEADER_BYTES ? undefined : emptyResponse(query, REFUSED);
    }
    if (this.#pending >= PENDING_MAX || this.#abort.signal.aborted) {
      this.counts.refused++;
      return emptyResponse(query, SERVFAIL);
    }
    this.#pending++;
    this.counts.asked++;
    try {
      const response = await this.#ask(query);
      if (response === undefined) {
        this.counts.failed++;
        return emptyResponse(query, SERVFAIL);
      }
      const shown = this.#withoutUs(response, query);
      return shown.length > maxBytes ? emptyResponse(query, 0, true) : shown;
    } finally {
      this.#pending--;
    }
  }

  /** Questions under way get SERVFAIL, and so do later ones. */
  close(): void {
    this.#abort.abort();
  }

  /** With the ID of `query`. */
  async #ask(query: Uint8Array): Promise<Uint8Array | undefined> {
    const servers = this.#upstreams;
    for (let i = 0; i < servers.length && !this.#abort.signal.aborted; i++) {
      const index = (this.#preferred + i) % servers.length;
      const response = await this.#askOne(servers[index], query);
      if (response === undefined) continue;
      if (servers === this.#upstreams) this.#preferred = index;
      response[0] = query[0];
      response[1] = query[1];
      return response;
    }
    return undefined;
  }

  async #askOne(server: string, query: Uint8Array): Promise<Uint8Array | undefined> {
    // Not slice(): a Buffer's shares the bytes.
    const own = Uint8Array.from(query);
    const id = randomInt(0x10000);
    own[0] = id >> 8;
    own[1] = id & 0xff;
    const port = this.#options.port ?? DNS_PORT;
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    const signal = AbortSignal.any([timeout, this.#abort.signal]);
    const response = await askUdp(server, port, own, signal);
    if (response === undefined || !isTruncated(response)) return response;
    // What the truncated response says holds if TCP is closed.
    return (await askTcp(server, port, own, signal)) ?? response;
  }

  #withoutUs(response: Uint8Array, query: Uint8Array): Uint8Array {
    let isClean = true;
    const isWhole = visitAddresses(response, (ip) => {
      if (this.#guarded.some((prefix) => prefixContains(prefix, ip))) isClean = false;
    });
    if (isWhole && isClean) return response;
    // The records of a truncated response may end anywhere; whoever asked asks again by TCP.
    if (isClean && isTruncated(response)) return emptyResponse(query, 0, true);
    this.counts.stripped++;
    return emptyResponse(query, isWhole ? 0 : SERVFAIL);
  }

  #isOurs(name: string): boolean {
    return this.#options.zones.some((zone) => name === zone || name.endsWith(`.${zone}`));
  }

  #isOutside(address: string): boolean {
    const bare = address.split('%')[0]!;
    if (isIP(bare) === 0) return false;
    const ip: IpAddress | undefined = parsePrefix(`${bare}/${bare.includes(':') ? 128 : 32}`)?.ip;
    return ip !== undefined && !this.#options.guarded.some((prefix) => prefixContains(prefix, ip));
  }
}

/** From a port of its own each time, connected, so that only that server's datagrams come in. undefined: none in time. */
function askUdp(
  server: string,
  port: number,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  const socket = createSocket(server.includes(':') ? 'udp6' : 'udp4');
  let isDone = false;
  const finish = (response?: Uint8Array): void => {
    if (isDone) return;
    isDone = true;
    signal.removeEventListener('abort', onAbort);
    socket.close();
    resolve(response);
  };
  const onAbort = (): void => finish();
  signal.addEventListener('abort', onAbort, { once: true });
  socket.on('error', () => finish());
  socket.on('message', (bytes) => {
    if (answers(bytes, query)) finish(Uint8Array.from(bytes));
  });
  // @types/node leaves out that the callback gets the error.
  const onConnect = (error?: Error): void => {
    if (error !== undefined || isDone) finish();
    else socket.send(query, () => {});
  };
  socket.connect(port, server, onConnect);
  return promise;
}

/** RFC 1035, 4.2.2: two bytes of length before each message. */
function askTcp(
  server: string,
  port: number,
  query: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
  const socket = createConnection({ host: server, port, signal });
  const chunks: Buffer[] = [];
  let length = 0;
  const finish = (response?: Uint8Array): void => {
    socket.destroy();
    resolve(response);
  };
  socket.on('error', () => finish());
  socket.on('close', () => finish());
  socket.on('connect', () => {
    const head = Uint8Array.of(query.length >> 8, query.length & 0xff);
    socket.write(Buffer.concat([head, query]));
  });
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < 2) return;
    const all = chunks.length === 1 ? chunk : Buffer.concat(chunks.splice(0));
    if (all !== chunk) chunks.push(all);
    const wanted = 2 + all.readUInt16BE(0);
    if (length > RESPONSE_MAX + 2) finish();
    else if (length >= wanted) {
      const response = Uint8Array.from(all.subarray(2, wanted));
      finish(answers(response, query) ? response : undefined);
    }
  });
  return promise;
}
