/**
 * Which provider new flows of a consumer go to while providers die, come, go and fail; the node that everybody joined by is dead
 * throughout. The consumer connects by name again and again, as programs do, and every attempt is on record.
 */
import t from 'tap';
import { type Host, Lab, needsLab, type Running, until } from './lab.ts';
import { members, providers, serve } from './members.ts';

needsLab(t);

/** Asks for the name, connects and reads who answers, 20 times a second, each attempt on its own; prints when it began and who answered. */
const CALLER = `
import socket, sys, threading, time
name, port = sys.argv[1], int(sys.argv[2])
def call():
  began = time.time()
  try:
    family, kind, _, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as flow:
      flow.settimeout(3)
      flow.connect(address)
      flow.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
      who = flow.makefile().read().split()[-1]
  except Exception as error:
    who = "failed:" + type(error).__name__
  sys.stdout.write("call %d %s\\n" % (began * 1000, who)); sys.stdout.flush()
while True:
  threading.Thread(target=call, daemon=True).start()
  time.sleep(0.05)`;

interface Call {
  atMs: number;
  who: string;
}

class Caller {
  readonly #running: Running;

  constructor(host: Host, name: string, port: number) {
    this.#running = host.start(['python3', '-u', '-c', CALLER, name, String(port)]);
  }

  /** Those that have ended, by when they began. */
  calls(fromMs = 0): Call[] {
    return [...this.#running.output().matchAll(/^call (\d+) (\S+)$/gm)]
      .map(([, at, who]) => ({ atMs: Number(at), who: who ?? '' }))
      .filter(({ atMs }) => atMs >= fromMs)
      .sort((a, b) => a.atMs - b.atMs);
  }

  /** The calls, once so many in a row were answered. */
  answered(count: number): Call[] | undefined {
    const last = this.calls().slice(-count);
    return last.length === count && last.every(({ who }) => !who.startsWith('failed')) ? last : undefined;
  }

  /** Waits until calls that began after that moment were answered by exactly these, `count` in a row. */
  settled(fromMs: number, count: number, ...names: string[]): Promise<Call[]> {
    return until(
      `${count} calls to ${names}`,
      () => {
        const last = this.calls(fromMs).slice(-count);
        const seen = [...new Set(last.map(({ who }) => who))].sort().join();
        return last.length === count && seen === [...names].sort().join() ? last : undefined;
      },
      30_000,
    );
  }

  async stop(): Promise<void> {
    await this.#running.stop();
  }
}

t.test('new flows while providers die, come and go', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const names = ['boot', 'one', 'two', 'three', 'user'] as const;
  const [boot, one, two, three, user] = await members(lab, ...names);
  for (const node of [one, two, three]) await serve(node.host, 8000, node.name);
  for (const node of [one, two]) node.mcc('service', 'add', 'hello', '--port', '8000');
  await boot.down('SIGKILL');
  await providers(user, 'hello', 'one', 'two');
  const caller = new Caller(user.host, 'hello.mcc', 8000);
  // Which of the two it is, chance and load decide: the one that is in use dies.
  const [last] = (await until('forty calls', () => caller.answered(40))).slice(-1);
  const [dying, staying] = last?.who === 'one' ? [one, two] : [two, one];

  await t.test('one that dies hard is left out within 2 s of traffic to it', async (t) => {
    // Its host vanishes with it: nobody there says that nobody listens.
    const number = dying === one ? 1 : 2;
    dying.host.ip('link', 'set', `up${number}a`, 'down');
    await dying.down('SIGKILL');
    const diedMs = Date.now();
    await caller.settled(diedMs + 2_000, 60, staying.name);
    const failed = caller.calls(diedMs - 1_000).filter(({ who }) => who.startsWith('failed'));
    const lastMs = (failed.at(-1)?.atMs ?? diedMs) - (failed[0]?.atMs ?? diedMs);
    t.ok(lastMs <= 2_000, `the last one that failed began ${lastMs} ms after the first`);
    // 20 per second.
    t.ok(failed.length <= 40, `${failed.length} attempts failed`);
    t.comment(`${failed.length} attempts failed within ${lastMs} ms`);
  });

  const srv = (): string => user.host.must(['dig', '+short', 'hello.mcc', 'SRV']).trim();

  await t.test('a new one is found within 5 s', async (t) => {
    three.mcc('service', 'add', 'hello', '--port', '8000');
    const addedMs = Date.now();
    await until('the new one', () => srv().includes('hello.three.node.mcc.'), 15_000);
    const afterMs = Date.now() - addedMs;
    t.ok(afterMs <= 5_000, `${afterMs} ms after it was offered`);
    t.comment(`found ${afterMs} ms after it was offered`);
    const failed = caller.calls(addedMs).filter(({ who }) => who.startsWith('failed'));
    t.same(failed, [], 'and no call fails');
  });

  await t.test('one that withdraws gets no new flows', async (t) => {
    staying.mcc('service', 'remove', 'hello');
    const removedMs = Date.now();
    const { stdout } = three.host.run(['dig', '+short', 'hello.mcc', 'SRV']);
    t.equal(stdout.trim(), '0 100 8000 hello.three.node.mcc.', 'who asks now hears of the other alone');
    await caller.settled(removedMs, 40, 'three');
    const late = caller.calls(removedMs + 5_000).filter(({ who }) => who !== 'three');
    t.same(late, [], 'who has asked before hears of it once that answer no longer holds');
    await until('SRV', () => srv() === '0 100 8000 hello.three.node.mcc.');
    t.notOk(caller.calls(removedMs).some(({ who }) => who === staying.name));
    t.comment(`it took ${Date.now() - removedMs} ms`);
  });
  await caller.stop();
});
