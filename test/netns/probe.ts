/** UDP sockets in the namespaces of a lab, all in one small process: see probe.cc. */
import { join } from 'node:path';
import type { Host, Lab, Running } from './lab.ts';
import { compiled } from './link.ts';

/** An address as remotes see it. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Arrival {
  readonly from: Endpoint;
  readonly bytes: number;
  readonly word: string;
  /** Microseconds of the monotonic clock. */
  readonly atUs: number;
}

export interface SendOptions {
  /** Default 64. */
  readonly ttl?: number;
  /** Bytes of payload at least. */
  readonly bytes?: number;
}

const PATIENCE_MS = 20_000;

/** One UDP socket. */
export class ProbeSocket implements Endpoint {
  readonly address: string;
  readonly port: number;
  /** What came and was not taken yet, oldest first. */
  readonly arrived: Arrival[] = [];
  /** Of the last datagram sent: microseconds of the monotonic clock. */
  sentUs = Number.NaN;
  private readonly probes: Probes;
  private readonly number: number;

  constructor(probes: Probes, number: number, address: string, port: number) {
    this.probes = probes;
    this.number = number;
    this.address = address;
    this.port = port;
  }

  /** `word` without blanks. Resolves when the kernel has it, with its error number or 0. */
  async send(to: Endpoint, word: string, { ttl = 64, bytes = 0 }: SendOptions = {}): Promise<number> {
    const line = await this.probes.ask(
      `send ${this.number} ${to.address} ${to.port} ${ttl} ${bytes} ${word}`,
      `sent ${this.number}`,
    );
    const [, , error, time] = line.split(' ');
    this.sentUs = Number(time);
    return Number(error);
  }

  /** The next datagram with this word; others stay. Rejects after `timeoutMs`. */
  async take(word: string, timeoutMs = PATIENCE_MS): Promise<Arrival> {
    for (;;) {
      const at = this.arrived.findIndex((arrival) => arrival.word === word);
      if (at >= 0) return this.arrived.splice(at, 1)[0] as Arrival;
      await this.probes.arrival(timeoutMs, `${word} at ${this.address}:${this.port}`);
    }
  }

  async close(): Promise<void> {
    await this.probes.ask(`close ${this.number}`, `closed ${this.number}`);
  }
}

/** All sockets of a lab. */
export class Probes {
  private readonly running: Running;
  private readonly sockets = new Map<number, ProbeSocket>();
  private readonly waiting = new Map<string, ((line: string) => void)[]>();
  private readonly listeners = new Set<() => void>();
  private numbers = 0;
  private pending = '';

  private constructor(running: Running) {
    this.running = running;
    running.process.stdout?.on('data', (text: string) => {
      const lines = (this.pending + text).split('\n');
      this.pending = lines.pop() ?? '';
      for (const line of lines) this.hear(line);
    });
  }

  static async start(lab: Lab): Promise<Probes> {
    const running = lab.start([compiled(join(import.meta.dirname, 'probe.cc'))]);
    const probes = new Probes(running);
    await running.waitFor(/ready/);
    return probes;
  }

  /** Binds a socket; the kernel chooses the port, unless it is given. */
  async open(host: Host, address: string, port = 0): Promise<ProbeSocket> {
    const number = ++this.numbers;
    const line = await this.ask(`open ${number} ${host.namespace} ${address} ${port}`, `open ${number}`);
    const socket = new ProbeSocket(this, number, address, Number(line.split(' ')[2]));
    this.sockets.set(number, socket);
    return socket;
  }

  /** Writes a command and resolves with the line that answers it, which begins so. */
  ask(command: string, beginning: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(
      () => reject(new Error(`no answer to ${command}\n${this.running.output()}`)),
      PATIENCE_MS,
    );
    const queue = this.waiting.get(beginning) ?? [];
    queue.push((line) => {
      clearTimeout(timer);
      resolve(line);
    });
    this.waiting.set(beginning, queue);
    this.running.process.stdin?.write(`${command}\n`);
    return promise;
  }

  /** Resolves when anything arrives anywhere. */
  arrival(timeoutMs: number, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const heard = (): void => {
      clearTimeout(timer);
      this.listeners.delete(heard);
      resolve();
    };
    const timer = setTimeout(() => {
      this.listeners.delete(heard);
      reject(new Error(`not within ${timeoutMs} ms: ${what}`));
    }, timeoutMs);
    this.listeners.add(heard);
    return promise;
  }

  private hear(line: string): void {
    const [kind = '', number = '', ...rest] = line.split(' ');
    if (kind !== 'got') {
      this.waiting.get(`${kind} ${number}`)?.shift()?.(line);
      return;
    }
    const [address = '', port, bytes, word = '', time] = rest;
    const from = { address, port: Number(port) };
    this.sockets.get(Number(number))?.arrived.push({ from, bytes: Number(bytes), word, atUs: Number(time) });
    for (const listener of [...this.listeners]) listener();
  }
}
