import fc from 'fast-check';
import t from 'tap';
import { parsePrefix } from '../../../src/core/base/ip.ts';
import { Forwarder } from '../../../src/host/dns/dns.ts';
import { type Answer, a, aaaa, encodeName, query, response, Stub } from './stub.ts';

const ZONES = ['mcc', 'a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa', '100.100.in-addr.arpa'];
const GUARDED = [parsePrefix('fd12:3456:789a::/48')!, parsePrefix('100.100.0.0/16')!];

async function forwarding(
  test: { teardown(done: () => void): unknown },
  answer: Answer,
  options: { timeoutMs?: number } = {},
) {
  const stub = await Stub.start('127.0.0.1', 0, answer);
  const forwarder = new Forwarder({ zones: ZONES, guarded: GUARDED, port: stub.port, ...options });
  forwarder.setUpstreams(['127.0.0.1']);
  test.teardown(() => {
    forwarder.close();
    stub.close();
  });
  return { stub, forwarder };
}

const code = (bytes: Uint8Array | undefined) => (bytes?.[3] ?? -1) & 0xf;
const isCut = (bytes: Uint8Array | undefined) => ((bytes?.[2] ?? 0) & 2) !== 0;
const records = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).readUInt16BE(6);

t.test('a foreign name gets the answer of the server, under the ID of the question', async (t) => {
  const ids = new Set<number>();
  const { forwarder, stub } = await forwarding(t, (bytes) => {
    ids.add(bytes.readUInt16BE(0));
    return response(bytes, { records: [a('192.0.2.7')] });
  });
  for (let id = 0; id < 20; id++) {
    const asked = query('www.example.test', 1, id);
    const said = await forwarder.forward(asked, 1232);
    t.same(asked, query('www.example.test', 1, id), 'the question is not touched');
    t.same(said, Uint8Array.from(response(asked, { records: [a('192.0.2.7')] })));
  }
  t.ok(ids.size > 15, 'the IDs on the wire are random');
  t.equal(stub.asked.length, 20);
});

t.test('nothing of our zones goes to another server', async (t) => {
  const { forwarder, stub } = await forwarding(t, (bytes) => response(bytes, {}));
  for (const name of ['mcc', 'hello.mcc', 'HELLO.MCC', '1.0.100.100.in-addr.arpa']) {
    t.equal(forwarder.isForeign(query(name)), false, name);
    t.equal(code(await forwarder.forward(query(name), 1232)), 5, `${name} is refused`);
  }
  t.equal(stub.asked.length, 0);
  t.equal(forwarder.isForeign(query('nomcc')), true);
  t.equal(forwarder.isForeign(query('mcc.example')), true);
});

t.test('answers that point into the overlay or at this host are withheld', async (t) => {
  const said: { records: Buffer[]; type: number }[] = [
    { records: [a('127.0.0.1')], type: 1 },
    { records: [a('192.0.2.1'), a('100.100.3.4')], type: 1 },
    { records: [a('0.0.0.0')], type: 1 },
    { records: [aaaa([0, 0, 0, 0, 0, 0, 0, 1])], type: 28 },
    { records: [aaaa([0xfd12, 0x3456, 0x789a, 0, 0, 0, 0, 5])], type: 28 },
    { records: [aaaa([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1])], type: 28 },
    // HTTPS with ipv4hint.
    {
      records: [Buffer.concat([Buffer.of(0, 1), encodeName(''), Buffer.of(0, 4, 0, 4), a('127.0.0.1')])],
      type: 65,
    },
  ];
  let next = 0;
  const { forwarder } = await forwarding(t, (bytes) => response(bytes, said[next++]!));
  for (const { type } of said) {
    const shown = await forwarder.forward(query('rebind.example', type), 1232);
    t.equal(code(shown), 0);
    t.equal(records(shown), 0, `${JSON.stringify(said[next - 1])} is withheld`);
  }
  t.equal(forwarder.counts.stripped, said.length);
});

t.test('a server that truncates is asked by TCP, and what does not fit is cut for the asker', async (t) => {
  const many = Array.from({ length: 100 }, (_, i) => a(`192.0.2.${i}`));
  const { forwarder, stub } = await forwarding(t, (bytes, { isTcp }) =>
    isTcp ? response(bytes, { records: many }) : response(bytes, { isTruncated: true }),
  );
  t.equal(records(await forwarder.forward(query('big.example'), 65_535)), 100);
  const cut = await forwarder.forward(query('big.example'), 512);
  t.ok(isCut(cut));
  t.equal(records(cut), 0);
  t.same(
    stub.asked.map(({ isTcp }) => isTcp),
    [false, true, false, true],
  );
});

t.test('the next server is asked when one is silent, and remembered', async (t) => {
  const { forwarder, stub } = await forwarding(t, (bytes) => response(bytes, {}), { timeoutMs: 100 });
  const silent = await Stub.start('127.0.0.2', stub.port, () => undefined);
  t.teardown(() => silent.close());
  forwarder.setUpstreams(['127.0.0.2', '127.0.0.1']);
  t.equal(code(await forwarder.forward(query('one.example'), 512)), 0);
  t.equal(code(await forwarder.forward(query('two.example'), 512)), 0);
  t.equal(silent.asked.length, 1);
  t.equal(stub.asked.length, 2);
});

t.test('without an answer there is SERVFAIL, never silence', async (t) => {
  const { forwarder } = await forwarding(t, () => undefined, { timeoutMs: 50 });
  t.equal(code(await forwarder.forward(query('x.example'), 512)), 2);
  t.equal(forwarder.counts.failed, 1);
  forwarder.setUpstreams([]);
  t.equal(code(await forwarder.forward(query('x.example'), 512)), 2);
  // Nobody listens there: an ICMP error, not a time-out.
  forwarder.setUpstreams(['127.0.0.3']);
  t.equal(code(await forwarder.forward(query('x.example'), 512)), 2);
});

t.test('at most 512 questions are under way', async (t) => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { forwarder } = await forwarding(t, async (bytes) => gate.then(() => response(bytes, {})), {
    timeoutMs: 20_000,
  });
  const waiting = Array.from({ length: 512 }, () => forwarder.forward(query('slow.example'), 512));
  t.equal(code(await forwarder.forward(query('one-more.example'), 512)), 2);
  t.equal(forwarder.counts.refused, 1);
  forwarder.close();
  t.same(new Set((await Promise.all(waiting)).map(code)), new Set([2]), 'closing ends them');
  open();
});

t.test('other answers than that of the server to that question do not count', async (t) => {
  const { forwarder } = await forwarding(
    t,
    (bytes) => {
      const other = response(query('other.example', 1, bytes.readUInt16BE(0)), {});
      const wrongId = response(bytes, {});
      wrongId[0]! ^= 1;
      return Math.random() < 0.5 ? other : wrongId;
    },
    { timeoutMs: 100 },
  );
  t.equal(code(await forwarder.forward(query('x.example'), 512)), 2);
});

t.test('servers inside the overlay are left out: they would be ourselves', async (t) => {
  const forwarder = new Forwarder({ zones: ZONES, guarded: GUARDED });
  forwarder.setUpstreams(['fd12:3456:789a::53', '100.100.0.53', 'nonsense', '192.0.2.53', 'fe80::1%eth0']);
  t.same(forwarder.upstreams, ['192.0.2.53', 'fe80::1%eth0']);
});

t.test('garbage on either side gets a documented response', async (t) => {
  let garbage: Buffer = Buffer.alloc(0);
  const { forwarder } = await forwarding(t, (bytes) => {
    const said = Buffer.concat([response(bytes, {}), garbage]);
    // Counts that promise records.
    said.fill(1, 6, 12);
    return said;
  });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (tail) => {
      garbage = Buffer.from(tail);
      const shown = await forwarder.forward(query('x.example'), 1232);
      return shown !== undefined && shown.length <= 1232;
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      if (forwarder.isForeign(bytes)) return true;
      const shown = await forwarder.forward(bytes, 512);
      return shown === undefined ? bytes.length < 12 : code(shown) === 5;
    }),
    { numRuns: 300 },
  );
});
