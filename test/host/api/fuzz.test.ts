// 100,000 requests that nobody would send: each gets an answer that the description allows, and nothing else happens.
import { createConnection } from 'node:net';
import t, { type Test } from 'tap';
import { isErrorCode } from '../../../src/core/base/errors.ts';
import { httpStatus } from '../../../src/host/api/problem.ts';
import { buildApi } from '../../../src/host/api/server.ts';
import type { Problem } from '../../../src/host/api/types.ts';
import { Dice, type FuzzedRequest, fuzzedRequest, rawRequest } from './fuzz-input.ts';
import { MemoryBackend } from './memory-backend.ts';
import { get, parseAnswer, raise, serve } from './tools.ts';

const INJECTED = 80_000;
const RAW = 20_000;
/** Requests at the same time. */
const AT_ONCE = 30;
const SEED = Number(process.env.MCC_SEED ?? 20_261_120);

t.setTimeout(280_000);
t.comment(`seed ${SEED}; MCC_SEED=N takes another`);

/** What is wrong with an answer; undefined: nothing. */
function fault(status: number, type: string, body: string): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (type !== 'application/problem+json') return `content type ${type}`;
  // HEAD has the status alone.
  if (body === '') return undefined;
  const { error, status: told, type: page, detail } = JSON.parse(body) as Problem;
  if (!isErrorCode(error.code) || error.code === 'INTERNAL') return `code ${error.code}`;
  if (status !== told || status !== httpStatus(error.code)) return `status ${status} for ${error.code}`;
  if (page !== `/docs/errors.md#${error.code.toLowerCase()}` || detail !== error.message) return 'its form';
  if (status === 400 && (error.fields ?? []).length === 0) return 'no field';
  return undefined;
}

async function inParallel(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    while (next < count) await work(next++);
  });
  await Promise.all(workers);
}

/** The first few faults are enough to read. */
function report(t: Test, faults: readonly string[], seen: ReadonlyMap<number, number>): void {
  t.same(faults.slice(0, 5), []);
  t.comment(
    [...seen]
      .sort((a, b) => a[0] - b[0])
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
  );
  for (const status of [200, 201, 204, 400, 404, 405, 413, 415, 422]) {
    t.ok((seen.get(status) ?? 0) > 0, `some got ${status}`);
  }
}

t.test(`${INJECTED} requests`, async (t) => {
  const app = await buildApi(new MemoryBackend(), { onDefect: raise });
  t.teardown(() => app.close());
  const dice = new Dice(SEED);
  const seen = new Map<number, number>();
  const faults: string[] = [];
  await inParallel(INJECTED, async () => {
    let request = fuzzedRequest(dice);
    while (!isInjectable(request)) request = fuzzedRequest(dice);
    const { method, url, headers, body } = request;
    const answer = await app.inject({
      method,
      url,
      headers,
      ...(body === undefined ? {} : { body }),
    } as never);
    seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1);
    const wrong = fault(answer.statusCode, String(answer.headers['content-type'] ?? ''), answer.body);
    if (wrong !== undefined) faults.push(`${wrong}: ${show(request)}`);
  });
  report(t, faults, seen);
});

/** Events have no end, and what is no URL only travels as bytes. */
function isInjectable({ url }: FuzzedRequest): boolean {
  return URL.canParse(url, 'http://localhost') && !url.includes('/events');
}

function show({ method, url, headers, body }: FuzzedRequest): string {
  return `${method} ${url} ${JSON.stringify(headers)} ${body?.toString('latin1').slice(0, 200)}`;
}

t.test(`${RAW} requests as bytes on the socket`, async (t) => {
  const { socket } = await serve(t);
  const dice = new Dice(SEED + 1);
  const seen = new Map<number, number>();
  const faults: string[] = [];
  await inParallel(RAW, async () => {
    const bytes = rawRequest(dice);
    const { status, headers, body } = parseAnswer(await sendAll(socket, bytes));
    seen.set(status, (seen.get(status) ?? 0) + 1);
    // A request that is cut short may just end.
    if (status === 0) return;
    const wrong = fault(status, headers.get('content-type') ?? '', body);
    if (wrong !== undefined)
      faults.push(`${wrong}: ${JSON.stringify(bytes.toString('latin1').slice(0, 300))}`);
  });
  report(t, faults, seen);
  t.ok((seen.get(0) ?? 0) < RAW / 10, 'few get no answer');
  t.equal((await get(socket, '/v1/status')).status, 200);
});

/** Sends and ends; hangs up on a stream of events. */
function sendAll(path: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (text.includes('event: snapshot')) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    socket.end(bytes);
  });
}
