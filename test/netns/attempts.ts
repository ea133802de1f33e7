/** Hundreds of connections from one host by one program, and servers for them: see programs/attempts.ts. */
import { join } from 'node:path';
import type { Host, Running } from './lab.ts';
import type { Attempt, Result } from './programs/attempts.ts';

export type { Attempt, Result } from './programs/attempts.ts';

const program = [process.execPath, join(import.meta.dirname, 'programs/attempts.ts')];
/** Of names that are looked up at the same time: each takes a thread. */
const THREADS = '32';
const ANSWER_MS = 180_000;

export class Asker {
  readonly #running: Running;
  #asked = 0;

  private constructor(running: Running) {
    this.#running = running;
  }

  static async at(host: Host): Promise<Asker> {
    const running = host.start(program, { env: { ...process.env, UV_THREADPOOL_SIZE: THREADS } });
    await running.waitFor(/asking/);
    return new Asker(running);
  }

  /** In the order of the attempts. */
  async ask(attempts: readonly Attempt[]): Promise<Result[]> {
    this.#running.process.stdin?.write(`${JSON.stringify(attempts)}\n`);
    this.#asked++;
    const line = await this.#running.line('results', this.#asked, ANSWER_MS);
    return JSON.parse(line.slice('results '.length)) as Result[];
  }

  async stop(): Promise<void> {
    await this.#running.stop();
  }
}

/** Serves TCP and UDP at these ports of an address; whoever comes is told `who`. */
export async function offer(
  host: Host,
  who: string,
  bind: string,
  ports: readonly number[],
): Promise<Running> {
  const running = host.start([...program, 'offer', who, bind, ...ports.map(String)]);
  await running.waitFor(/serving/);
  return running;
}
