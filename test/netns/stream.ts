/** A stream of data at a steady rate between two hosts: see programs/stream.py. */
import { join } from 'node:path';
import { type Host, type Running, until } from './lab.ts';

const program = join(import.meta.dirname, 'programs/stream.py');

/** What came since the mark before; of datagrams, `missing` counts from the beginning. */
export interface Came {
  bytes: number;
  silenceMs: number;
  datagrams: number;
  late: number;
  missing: number;
  newest: number;
}

export class Stream {
  readonly kind: 'udp' | 'tcp';
  readonly #sink: Running;
  readonly #sender: Running;
  #marks = 0;

  private constructor(kind: 'udp' | 'tcp', sink: Running, sender: Running) {
    this.kind = kind;
    this.#sink = sink;
    this.#sender = sender;
  }

  /** `address` is that of `to`, as `from` reaches it; `size`: bytes of one datagram, or of one write. */
  static async between(
    from: Host,
    to: Host,
    address: string,
    kind: 'udp' | 'tcp',
    { mbit = 20, size = 1250 }: { readonly mbit?: number; readonly size?: number } = {},
  ): Promise<Stream> {
    const any = address.includes(':') ? '::' : '0.0.0.0';
    const sink = to.start(['python3', program, 'sink', kind, any]);
    const port = (await sink.waitFor(/port (\d+)/))[1] ?? '';
    const sender = from.start(['python3', program, 'send', kind, address, port, String(mbit), String(size)]);
    await sender.waitFor(/connected/);
    const stream = new Stream(kind, sink, sender);
    await stream.goesOn();
    return stream;
  }

  async mark(): Promise<Came> {
    this.#sink.process.stdin?.write('mark\n');
    this.#marks++;
    return JSON.parse(await this.#sink.line('{', this.#marks));
  }

  /** Resolves when another `bytes` have come; the returned silence is the longest since the mark before. */
  async goesOn(bytes = 200_000, timeoutMs = 30_000): Promise<Came> {
    let worst = 0;
    let come = 0;
    const last = await until(
      `the ${this.kind} stream goes on`,
      async () => {
        const came = await this.mark();
        worst = Math.max(worst, came.silenceMs);
        come += came.bytes;
        return come >= bytes ? came : undefined;
      },
      timeoutMs,
    );
    return { ...last, bytes: come, silenceMs: worst };
  }

  async stop(): Promise<void> {
    await this.#sender.stop();
    await this.#sink.stop();
  }
}
