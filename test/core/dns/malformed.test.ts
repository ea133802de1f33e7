// Bytes that are no query, and the documented outcome of each: FORMERR where the header can be read, else nothing.
import fc from 'fast-check';
import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import { NODE_TTL_S, PENDING_MAX } from '../../../src/core/dns/dns.ts';
import { Rcode } from '../../../src/core/dns/message.ts';
import { directory, encodeQuery, endpoint, node, read, service, World } from './world.ts';

const ENTRIES = directory({
  hello: service('hello', {
    endpoints: Array.from({ length: 40 }, (_, i) => endpoint(`hello.box-${i}.node`, 1 + i)),
  }),
  'box.node': node('box'),
});

const HEADER = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
const HELLO = [5, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 3, 0x6d, 0x63, 0x63, 0];
const A_IN = [0, 1, 0, 1];
const OPT = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];

const counts = (question: number, answer: number, authority: number, additional: number) => [
  0x12,
  0x34,
  1,
  0,
  ...[question, answer, authority, additional].flatMap((count) => [count >> 8, count & 255]),
];
const label = (length: number) => [length, ...new Array<number>(length).fill(0x61)];

t.test('malformed messages', async (t) => {
  const cases: Record<string, number[]> = {
    'a header alone': HEADER,
    'no question': [...counts(0, 0, 0, 0)],
    'a question that is not announced': [...counts(0, 0, 0, 0), ...HELLO, ...A_IN],
    'two questions': [...counts(2, 0, 0, 0), ...HELLO, ...A_IN, ...HELLO, ...A_IN],
    'two questions, one there': [...counts(2, 0, 0, 0), ...HELLO, ...A_IN],
    '65,535 questions': [...counts(65_535, 0, 0, 0), ...HELLO, ...A_IN],
    'answers in a query': [...counts(1, 1, 0, 0), ...HELLO, ...A_IN, ...OPT],
    'authority in a query': [...counts(1, 0, 1, 0), ...HELLO, ...A_IN, ...OPT],
    'more records than there are': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN],
    'many records': [...counts(1, 0, 0, 9), ...HELLO, ...A_IN, ...new Array(9).fill(OPT).flat()],
    'bytes behind the question': [...HEADER, ...HELLO, ...A_IN, 0],
    'bytes behind the last record': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, ...OPT, 0],
    'a name without an end': [...HEADER, 5, 0x68, 0x65, 0x6c, 0x6c, 0x6f],
    'a label that is cut': [...HEADER, 9, 0x68],
    'no class': [...HEADER, ...HELLO, 0, 1],
    'no type': [...HEADER, ...HELLO],
    'a pointer to itself': [...HEADER, 0xc0, 12, ...A_IN],
    'a pointer behind a label, to that label': [...HEADER, 1, 0x61, 0xc0, 12, ...A_IN],
    'a pointer into the header': [...HEADER, 0xc0, 0, ...A_IN],
    'a pointer beyond the end': [...HEADER, 0xff, 0xff, ...A_IN],
    'half a pointer': [...HEADER, 0xc0],
    'an extended label type': [...HEADER, 0x41, 0x61, 0, ...A_IN],
    'a reserved label type': [...HEADER, 0x80, 0x61, 0, ...A_IN],
    'a name of 256 bytes': [...HEADER, ...label(63), ...label(63), ...label(63), ...label(62), 0, ...A_IN],
    'two OPT records': [...counts(1, 0, 0, 2), ...HELLO, ...A_IN, ...OPT, ...OPT],
    'OPT below a name': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, 1, 0x61, ...OPT],
    'OPT by a pointer': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, 0xc0, 22, ...OPT.slice(1)],
    'OPT that is cut': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, ...OPT.slice(0, 10)],
    'OPT with data that is not there': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, ...OPT.slice(0, 10), 4],
    'half an option': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, ...OPT.slice(0, 10), 3, 0, 10, 0],
    'an option that is too long': [
      ...counts(1, 0, 0, 1),
      ...HELLO,
      ...A_IN,
      ...OPT.slice(0, 10),
      4,
      0,
      10,
      0,
      1,
    ],
    'an owner that points to itself': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, 0xc0, 27, ...OPT.slice(1)],
    'an owner that points onwards': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, 0xc0, 29, 0, ...OPT],
    'owners in a circle': [
      ...counts(1, 0, 0, 2),
      ...[...HELLO, ...A_IN],
      ...[1, 0x61, 0xc0, 41, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0],
      ...[0xc0, 27, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0],
    ],
  };
  for (const [name, bytes] of Object.entries(cases)) {
    const world = new World(ENTRIES);
    const { sends, drops } = world.query(Uint8Array.from(bytes));
    t.equal(sends.length, 1, name);
    t.strictSame(drops, []);
    t.strictSame([...sends[0].bytes], [0x12, 0x34, 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0], name);
    t.strictSame(world.looked, []);
  }
});

t.test('unusual queries that are fine', async (t) => {
  const cases: Record<string, number[]> = {
    'EDNS with options': [
      ...counts(1, 0, 0, 1),
      ...HELLO,
      ...A_IN,
      ...OPT.slice(0, 10),
      6,
      0,
      10,
      0,
      2,
      1,
      2,
    ],
    'EDNS with DO': [...counts(1, 0, 0, 1), ...HELLO, ...A_IN, 0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0],
    'a signature behind it': [
      ...counts(1, 0, 0, 2),
      ...[...HELLO, ...A_IN, ...OPT],
      ...[0xc0, 12, 0, 250, 0, 255, 0, 0, 0, 0, 0, 2, 1, 2],
    ],
  };
  for (const [name, bytes] of Object.entries(cases)) {
    const answer = read(new World(ENTRIES).query(Uint8Array.from(bytes)).sends[0].bytes);
    t.strictSame([answer.rcode, answer.answers.length], [Rcode.NOERROR, 1], name);
  }
  // 255 bytes are the longest name that there may be.
  const longest = [...HEADER, ...label(63), ...label(63), ...label(63), ...label(61), 0, ...A_IN];
  const { sends } = new World(ENTRIES).query(Uint8Array.from(longest));
  t.equal(read(sends[0].bytes).rcode, Rcode.REFUSED);
});

t.test('what is no query at all gets no answer', async (t) => {
  const world = new World(ENTRIES);
  for (let length = 0; length < 12; length++) {
    const { sends, drops } = world.query(new Uint8Array(length));
    t.strictSame(sends, []);
    t.match(drops, [{ kind: 'dropped', reason: 'dnsMalformed' }]);
  }
  t.match(world.query(new Uint8Array(65_536), true).drops, [{ reason: 'dnsMalformed' }]);
  const response = encodeQuery('hello.mcc', 'A');
  response[2] |= 0x80;
  const { sends, drops } = world.query(response);
  t.strictSame(sends, [], 'or two resolvers would talk to each other for ever');
  t.match(drops, [{ kind: 'dropped', reason: 'dnsResponse', token: 14 }]);
});

/** Throws unless the outcome of these bytes is one that is documented. */
function check(world: World, bytes: Uint8Array, isTcp: boolean): void {
  const before = bytes.slice();
  const { sends, drops } = world.query(bytes, isTcp);
  if (Buffer.compare(before, bytes) !== 0) throw new Error('the query was changed');
  if (sends.length + drops.length !== 1) throw new Error(`${sends.length} answers, ${drops.length} drops`);
  if (drops.length === 1) {
    if (bytes.length >= 12 && (bytes[2] & 0x80) === 0) throw new Error('a readable query was dropped');
    return;
  }
  const [{ bytes: answer }] = sends;
  const { rcode, packet, answers } = read(answer);
  if (answer.length > (isTcp ? 65_535 : 1232)) throw new Error(`${answer.length} bytes`);
  if (answer[0] !== bytes[0] || answer[1] !== bytes[1]) throw new Error('another ID');
  if ((answer[2] & 0x80) === 0 || (answer[3] & 0x80) !== 0) throw new Error('QR or RA');
  if (![0, 1, 2, 3, 4, 5, 16].includes(rcode)) throw new Error(`rcode ${rcode}`);
  const asked = packet.questions?.length;
  if (asked !== (rcode === Rcode.FORMERR || rcode === Rcode.NOTIMP ? 0 : 1)) throw new Error('question');
  if (rcode !== Rcode.NOERROR && answers.length > 0) throw new Error('answers to an error');
  if (packet.answers?.some((record) => (record as { ttl: number }).ttl > NODE_TTL_S)) throw new Error('TTL');
}

t.test('100,000 hostile queries', async (t) => {
  const rng = seededRng('dns');
  const world = new World(ENTRIES);
  const names = [
    'hello.mcc',
    'HELLO.mcc',
    'mcc',
    'box.node.mcc',
    '_hello._tcp.mcc',
    'nothing.mcc',
    'example.org',
  ];
  names.push(`1.${'0.'.repeat(19)}5.0.4.0.3.0.2.0.1.0.d.f.ip6.arpa`, '1.1.64.100.in-addr.arpa', '.');
  const types = ['A', 'AAAA', 'SRV', 'PTR', 'SOA', 'NS', 'ANY', 'TXT', 'AXFR'];
  const seeds = names.flatMap((name) =>
    types.flatMap((type) => [0, 512, 1232].map((edns) => encodeQuery(name, type, { edns }))),
  );
  for (let i = 0; i < 100_000; i++) {
    const bytes = i % 10 === 0 ? rng.bytes(rng.u32() % 100) : damage(seeds[rng.u32() % seeds.length].slice());
    check(world, bytes, i % 3 === 0);
    world.now += 1;
    world.looked.length = 0;
  }
  t.equal(world.responder.wakeAt, Number.POSITIVE_INFINITY, 'nothing waits');

  /** One to four bytes changed, and now and then a piece cut off, taken out or doubled. */
  function damage(bytes: Uint8Array): Uint8Array {
    for (let edits = rng.u32() % 5; edits > 0; edits--) {
      const at = rng.u32() % bytes.length;
      bytes[at] = rng.u32() % 4 === 0 ? 0xc0 | (rng.u32() & 1) : rng.u32();
    }
    const at = rng.u32() % bytes.length;
    switch (rng.u32() % 8) {
      case 0:
        return bytes.slice(0, at);
      case 1:
        return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)]);
      case 2:
        return Uint8Array.from([...bytes, ...bytes.slice(at)]);
      default:
        return bytes;
    }
  }
});

t.test('whatever the answers of discovery, each query comes back once', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('query'), name: fc.nat(20) }),
    fc.record({ kind: fc.constant('resolved'), back: fc.nat(30) }),
    fc.record({ kind: fc.constant('wait'), ms: fc.nat(3000) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const world = new World(() => undefined);
      const seen = new Set<number>();
      let asked = 0;
      const take = () => {
        for (const { token } of world.drain().sends) {
          if (seen.has(token)) throw new Error(`answered twice: ${token}`);
          seen.add(token);
        }
      };
      for (const s of steps) {
        if ('name' in s) {
          asked++;
          for (const { token } of world.query(encodeQuery(`n${s.name}.mcc`, 'A')).sends) seen.add(token);
        } else if ('back' in s) {
          const result = { kind: 'notFound' } as const;
          world.responder.handle({ kind: 'resolved', id: asked - s.back, result }, world.now, world.out);
        } else {
          world.now += s.ms;
          if (world.now >= world.responder.wakeAt) world.responder.onTimer(world.now, world.out);
          if (world.responder.wakeAt <= world.now) throw new Error('still due');
        }
        take();
      }
      world.now += 10_000;
      world.responder.onTimer(world.now, world.out);
      take();
      if (seen.size !== asked || asked > 200 + PENDING_MAX) throw new Error(`${seen.size} of ${asked}`);
    }),
    { numRuns: 200 },
  );
});
