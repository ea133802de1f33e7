/**
 * `attempts.ts`: each line of standard input is a JSON list of Attempts, which run side by side; answered by one line, "results " and
 * the Results as JSON in the same order. `attempts.ts offer WHO ADDRESS PORT…` serves TCP and UDP there: whoever comes is told WHO, and it prints
 * "came PROTOCOL PORT FROM".
 */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, createServer, isIP } from 'node:net';
import { createInterface } from 'node:readline';

export interface Attempt {
  protocol: 'tcp' | 'udp';
  /** A name, found as programs find it, or an address. */
  host: string;
  family: 4 | 6;
  port: number;
  /** Nothing is waited for any longer: it counts as silence. */
  patienceMs: number;
}

/**
 * reached: `detail` is what was told. refused: the kernel was told so, `detail` is its error. unknown: there is no such name, or none
 * in this family. silence: nothing of that.
 */
export interface Result {
  outcome: 'reached' | 'refused' | 'unknown' | 'silence';
  detail: string;
  ms: number;
}

type Outcome = Omit<Result, 'ms'>;

const AT_ONCE = 24;
/** A datagram may be lost, and a refusal of one be left out because there were many. */
const RESEND_MS = 400;
const names = new Map<string, Promise<string>>();

function addressOf({ host, family }: Attempt): Promise<string> {
  if (isIP(host) !== 0) return Promise.resolve(host);
  const key = `${host} ${family}`;
  const found = names.get(key) ?? lookup(host, { family }).then(({ address }) => address);
  names.set(key, found);
  return found;
}

function byTcp(address: string, port: number, patienceMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (outcome: Outcome['outcome'], detail: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ outcome, detail });
    };
    const timer = setTimeout(() => end('silence', ''), patienceMs);
    socket.on('data', (bytes) => end('reached', bytes.toString().trim()));
    socket.on('error', (error: NodeJS.ErrnoException) => end('refused', error.code ?? error.message));
    socket.on('close', () => end('refused', 'closed'));
  });
}

function byUdp(address: string, family: 4 | 6, port: number, patienceMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(`udp${family}`);
    let again: NodeJS.Timeout | undefined;
    let isOver = false;
    const end = (outcome: Outcome['outcome'], detail: string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearInterval(again);
      socket.close();
      resolve({ outcome, detail });
    };
    const timer = setTimeout(() => end('silence', ''), patienceMs);
    const failed = (error: NodeJS.ErrnoException): void => end('refused', error.code ?? error.message);
    const send = (): void => {
      if (!isOver) socket.send('who is there', (error) => error !== null && failed(error));
    };
    socket.on('message', (bytes) => end('reached', bytes.toString().trim()));
    socket.on('error', failed);
    socket.connect(port, address, (error?: Error) => {
      if (error !== undefined && error !== null) return failed(error);
      send();
      again = setInterval(send, RESEND_MS);
    });
  });
}

async function one(attempt: Attempt): Promise<Result> {
  const begin = performance.now();
  const { protocol, family, port, patienceMs } = attempt;
  const found = await addressOf(attempt).then(
    (address) =>
      protocol === 'tcp' ? byTcp(address, port, patienceMs) : byUdp(address, family, port, patienceMs),
    (error: NodeJS.ErrnoException): Outcome => ({ outcome: 'unknown', detail: error.code ?? error.message }),
  );
  return { ...found, ms: Math.round(performance.now() - begin) };
}

async function all(list: readonly Attempt[]): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < list.length; i = next++) results[i] = await one(list[i] as Attempt);
  };
  names.clear();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function offer(who: string, bind: string, ports: readonly number[]): void {
  let waiting = 2 * ports.length;
  const ready = (): void => {
    if (--waiting === 0) console.log('serving');
  };
  for (const port of ports) {
    createServer((socket) => {
      console.log(`came tcp ${port} ${socket.remoteAddress}`);
      socket.on('error', () => {}).end(`${who}\n`);
    }).listen(port, bind, ready);
    const socket = createSocket(isIP(bind) === 6 ? 'udp6' : 'udp4');
    socket.on('message', (_, from) => {
      console.log(`came udp ${port} ${from.address}`);
      socket.send(who, from.port, from.address);
    });
    socket.bind(port, bind, ready);
  }
}

function ask(): void {
  createInterface(process.stdin).on('line', async (line) => {
    console.log(`results ${JSON.stringify(await all(JSON.parse(line) as Attempt[]))}`);
  });
  console.log('asking');
}

if (import.meta.main) {
  const [how, who = '', bind = '', ...ports] = process.argv.slice(2);
  if (how === 'offer') offer(who, bind, ports.map(Number));
  else ask();
}
