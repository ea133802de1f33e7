/** One TCP connection, or a program over one, that beats every 20 ms, to see how long a tunnel is silent when something happens to it. */
import { join } from 'node:path';
import type { Host, Running } from './lab.ts';
import { until } from './lab.ts';

const program = join(import.meta.dirname, 'programs/beat.ts');

export class Heartbeat {
  readonly #client: Running;
  #marks = 0;

  private constructor(client: Running) {
    this.#client = client;
  }

  static async between(from: Host, to: Host, address: string): Promise<Heartbeat> {
    const server = to.start([process.execPath, program, 'serve', address.includes(':') ? '::' : '0.0.0.0']);
    const port = (await server.waitFor(/port (\d+)/))[1] ?? '';
    return Heartbeat.#of(from, address, port);
  }

  /** Through a program that brings back what it gets, such as `ssh HOST cat`. */
  static through(from: Host, command: readonly string[]): Promise<Heartbeat> {
    return Heartbeat.#of(from, 'through', ...command);
  }

  static async #of(from: Host, ...words: string[]): Promise<Heartbeat> {
    const client = from.start([process.execPath, program, ...words]);
    await client.waitFor(/connected/);
    const heart = new Heartbeat(client);
    await heart.goesOn();
    return heart;
  }

  async stop(): Promise<void> {
    await this.#client.stop();
  }

  /** The longest silence in milliseconds since the last mark, and how many lines have come back. */
  async mark(): Promise<{ silenceMs: number; back: number }> {
    this.#client.process.stdin?.write('mark\n');
    this.#marks++;
    return JSON.parse(await this.#client.line('{', this.#marks));
  }

  /** Resolves when further lines have come back; the silence up to then is what the returned mark tells. */
  async goesOn(timeoutMs = 20_000): Promise<number> {
    let worst = 0;
    const before = await this.mark();
    worst = before.silenceMs;
    await until(
      'the connection goes on',
      async () => {
        const { back, silenceMs } = await this.mark();
        worst = Math.max(worst, silenceMs);
        return back > before.back + 10 ? true : undefined;
      },
      timeoutMs,
    );
    return worst;
  }
}
