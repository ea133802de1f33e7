// The set of what was taken back, beside a plain model of what it voids; and two sets that tell each other what they lack.
import fc from 'fast-check';
import t from 'tap';
import { concat, EMPTY, equalBytes, toHex } from '../../../src/core/base/bytes.ts';
import { seededRng, shuffle } from '../../../src/core/base/rng.ts';
import {
  answerQuery,
  bundle,
  RevocationExchange,
  Revocations,
} from '../../../src/core/consortium/consortium.ts';
import { PULL_AGAIN_MS, PULL_REPEAT_MS, PULL_TRIES } from '../../../src/core/consortium/exchange.ts';
import {
  type CertifiedKeys,
  ChainVerifier,
  readRevocation,
  type VerifiedRevocation,
} from '../../../src/core/identity/identity.ts';
import { CLOCK_SKEW_S, CONTROL_MAX } from '../../../src/core/wire/limits.ts';
import type { Revocation, RevocationMessage, RevocationQuery } from '../../../src/core/wire/types.ts';
import { encodeControl, encodeRevocation, encodeSignedRevocation } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { byRoots, bySigner, verified } from '../identity/revocation-world.ts';
import { createWorld, makeChainBytes, NOW } from '../identity/world.ts';

const key = (n: number) => new Uint8Array(32).fill(n);
const ORGANISATIONS = [1, 2];
const SIGNERS = [11, 12, 21];
const NODES = [31, 32, 33];
const organisationOf = (signer: number) => Math.floor(signer / 10);

interface Plain {
  readonly kind: Revocation['kind'];
  readonly target: number;
  readonly since: number;
  readonly issued: number;
  /** 0: the roots. */
  readonly issuer: number;
  readonly reason: string;
}

function statement({ kind, target, since, issued, issuer, reason }: Plain): VerifiedRevocation {
  const revocation: Revocation = {
    kind,
    target: key(target),
    since,
    issued,
    reason,
    organisation: issuer === 0 ? EMPTY : key(organisationOf(issuer)),
    issuer: issuer === 0 ? EMPTY : key(issuer),
    extensions: [],
  };
  const bytes = encodeSignedRevocation({
    statement: encodeRevocation(revocation),
    signature: new Uint8Array(64).fill(7),
    authority: undefined,
    signatures: [],
  });
  return readRevocation(nodeCrypto, bytes) as VerifiedRevocation;
}

const seconds = fc.integer({ min: 1000, max: 1010 });
const reason = fc.constantFrom('', 'a', 'b');
const plain: fc.Arbitrary<Plain> = fc.oneof(
  fc.record({
    kind: fc.constant('node' as const),
    target: fc.constantFrom(...NODES),
    since: fc.constant(0),
    issued: seconds,
    issuer: fc.constantFrom(0, ...SIGNERS),
    reason,
  }),
  fc.record({
    kind: fc.constant('signer' as const),
    target: fc.constantFrom(...SIGNERS),
    since: fc.oneof(fc.constant(0), seconds),
    issued: seconds,
    issuer: fc.constant(0),
    reason,
  }),
  fc.record({
    kind: fc.constant('organisation' as const),
    target: fc.constantFrom(...ORGANISATIONS),
    since: fc.constant(0),
    issued: seconds,
    issuer: fc.constant(0),
    reason,
  }),
);

/** The rule as a sentence each. */
function modelVoids(
  all: readonly Plain[],
  chain: { node: number; signer: number; issuedAt: number },
): boolean {
  const organisation = organisationOf(chain.signer);
  const isOrganisationGone = (o: number) => all.some((s) => s.kind === 'organisation' && s.target === o);
  const isSignerGone = (signer: number, at: number) =>
    all.some((s) => s.kind === 'signer' && s.target === signer && at >= s.since);
  if (isOrganisationGone(organisation) || isSignerGone(chain.signer, chain.issuedAt)) return true;
  return all.some((s) => {
    if (s.kind !== 'node' || s.target !== chain.node) return false;
    if (s.issuer === 0) return true;
    return organisationOf(s.issuer) === organisation && !isSignerGone(s.issuer, s.issued);
  });
}

t.test('what is void does not depend on the order, and is what the model says', async (t) => {
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 12 }), fc.nat(), (all, seed) => {
      const one = new Revocations(nodeCrypto);
      const two = new Revocations(nodeCrypto);
      for (const s of all) one.add(statement(s));
      for (const s of shuffle(seededRng(seed), [...all])) two.add(statement(s));
      t.same(two.digest, one.digest);
      t.same(two.values(), one.values());
      for (const node of NODES)
        for (const signer of SIGNERS)
          for (const issuedAt of [900, 1000, 1005, 1011]) {
            const keys: CertifiedKeys = {
              nodeId: key(node),
              organisation: key(organisationOf(signer)),
              signer: key(signer),
              notBefore: issuedAt - CLOCK_SKEW_S,
            };
            const expected = modelVoids(all, { node, signer, issuedAt });
            if ((one.voiding(keys) !== undefined) !== expected)
              throw new Error(`${JSON.stringify(all)} ${node} ${signer} ${issuedAt}: not ${expected}`);
          }
    }),
    { numRuns: 300 },
  );
});

t.test('it only grows: nothing that comes later makes good what roots made void', async () => {
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 10 }), (all) => {
      const set = new Revocations(nodeCrypto);
      const isVoid = () => ORGANISATIONS.concat(SIGNERS).map((target) => hasVoided(set, target));
      let before = isVoid();
      for (const s of all) {
        set.add(statement(s));
        const after = isVoid();
        before.forEach((was, i) => {
          if (was && !after[i]) throw new Error(`${i} is back`);
        });
        before = after;
      }
    }),
    { numRuns: 200 },
  );
});

function hasVoided(set: Revocations, target: number): boolean {
  const isOrganisation = target < 10;
  return set.covering(isOrganisation ? 'organisation' : 'signer', key(target), 2000) !== undefined;
}

t.test('a signer that lost its key loses what it says, and the set is rid of it', async (t) => {
  const set = new Revocations(nodeCrypto);
  const early = statement({ kind: 'node', target: 31, since: 0, issued: 1001, issuer: 11, reason: '' });
  const late = statement({ kind: 'node', target: 32, since: 0, issued: 1005, issuer: 11, reason: '' });
  t.equal(set.add(early).outcome, 'added');
  t.equal(set.add(late).outcome, 'added');
  t.equal(set.add(late).outcome, 'known');
  const gone = statement({ kind: 'signer', target: 11, since: 1005, issued: 1006, issuer: 0, reason: '' });
  t.same(set.add(gone), { outcome: 'added', removed: [late] });
  t.equal(set.add(late).outcome, 'void');
  t.equal(set.size, 2);
  t.equal(set.isNamed(key(31)), true);
  t.equal(set.isNamed(key(32)), false);
});

t.test('an organisation has room for so many: its oldest statements stay, those of others all', async (t) => {
  const set = new Revocations(nodeCrypto, { statements: 8, perOrganisation: 2 });
  const of = (issuer: number, issued: number) =>
    statement({ kind: 'node', target: 31, since: 0, issued, issuer, reason: '' });
  t.equal(set.add(of(11, 1003)).outcome, 'added');
  t.equal(set.add(of(12, 1002)).outcome, 'added');
  t.equal(set.add(of(11, 1004)).outcome, 'full');
  t.same(set.add(of(11, 1001)), { outcome: 'added', removed: [of(11, 1003)] });
  t.equal(set.add(of(21, 1009)).outcome, 'added');
  t.equal(set.size, 3);
  for (let i = 0; i < 5; i++)
    t.equal(
      set.add(statement({ kind: 'node', target: 33, since: 0, issued: 1000 + i, issuer: 0, reason: '' }))
        .outcome,
      'added',
    );
  const tooMany = statement({ kind: 'node', target: 33, since: 0, issued: 1010, issuer: 0, reason: '' });
  t.equal(set.add(tooMany).outcome, 'full');
  t.equal(set.size, 8);
});

t.test(
  'the digest is that of the hashes in order, and what could not be kept is taken out again',
  async (t) => {
    const set = new Revocations(nodeCrypto);
    t.same(set.digest, EMPTY);
    const all = [1001, 1002, 1003].map((issued) =>
      statement({ kind: 'node', target: 31, since: 0, issued, issuer: 11, reason: '' }),
    );
    for (const s of all) set.add(s);
    const hashes = all.map(({ hash }) => toHex(hash)).sort();
    t.same(set.digest, nodeCrypto.sha256(concat(...hashes.map((id) => Buffer.from(id, 'hex')))));
    t.same(set.covering('node', key(31), 0, key(1)), all[0]);
    t.equal(set.covering('node', key(31), 0, key(2)), undefined);
    for (const s of all) set.remove(s);
    t.same(set.digest, EMPTY);
    t.equal(set.isNamed(key(31)), false);
    t.equal(set.size, 0);
  },
);

t.test('a chain is refused as soon as one of its keys is taken back, and after it was renewed', async (t) => {
  const world = createWorld(nodeCrypto);
  const set = new Revocations(nodeCrypto);
  const chains = new ChainVerifier(nodeCrypto, world.network, (keys) => set.voiding(keys) !== undefined);
  const chain = makeChainBytes(world);
  const renewed = makeChainBytes(world, { member: { notBefore: NOW, nonce: new Uint8Array(16) } });
  t.ok(chains.verify(chain, NOW).ok);
  t.equal(chains.isRevoked(chain), false);
  set.add(verified(world, bySigner(world)));
  for (const bytes of [chain, renewed]) {
    t.match(chains.verify(bytes, NOW), { ok: false, reason: 'revoked' });
    t.equal(chains.isRevoked(bytes), true);
  }
  t.equal(chains.isRevoked(Uint8Array.of(1, 2)), false);
  const others = new Revocations(nodeCrypto);
  const judge = new ChainVerifier(nodeCrypto, world.network, (keys) => others.voiding(keys) !== undefined);
  others.add(verified(world, byRoots(world, { revocation: { since: NOW + 250 } })));
  t.ok(judge.verify(chain, NOW).ok);
  const later = makeChainBytes(world, { member: { notBefore: NOW + 250 - CLOCK_SKEW_S } });
  t.match(judge.verify(later, NOW), { ok: false, reason: 'revoked' }, 'issued at that moment');
});

// --- The exchange ---

interface Side {
  readonly set: Revocations;
  readonly exchange: RevocationExchange;
}

/** Plays both sides until neither has anything to say; gives the messages and bytes that it took. `loses`: of the message. */
function reconcile(
  one: Side,
  two: Side,
  loses: (message: RevocationMessage) => boolean = () => false,
  startMs = 0,
): { messages: number; bytes: number; ms: number } {
  let now = startMs;
  const sent = { messages: 0, bytes: 0, ms: 0 };
  const queue: { to: Side; from: Side; message: RevocationMessage }[] = [];
  const post = (from: Side, to: Side, message: RevocationMessage) => {
    const { length } = encodeControl(message);
    if (length > CONTROL_MAX) throw new Error(`${length} bytes`);
    sent.messages++;
    sent.bytes += length;
    if (!loses(message)) queue.push({ from, to, message });
  };
  const outOf = (side: Side, other: Side) => ({
    send: ({ message }: { message: RevocationQuery }) => post(side, other, message),
    emit: ({ reason }: { reason: string }) => {
      throw new Error(reason);
    },
  });
  const deliver = (): void => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const { from, to, message } = item;
      const out = outOf(to, from);
      if (message.kind === 'revocationQuery')
        for (const answer of answerQuery(to.set, message)) post(to, from, answer);
      else if (message.kind === 'revocationAnswer')
        to.exchange.handle({ kind: 'answer', peer: 'other', answer: message }, now, out);
      else if (message.kind === 'revocations') {
        const all = message.statements.map(
          (bytes) => readRevocation(nodeCrypto, bytes) as VerifiedRevocation,
        );
        for (const statement of all) to.set.add(statement);
        to.exchange.handle({ kind: 'came', peer: 'other', hashes: all.map(({ hash }) => hash) }, now, out);
      }
    }
  };
  for (const [side, other] of [
    [one, two],
    [two, one],
  ])
    side.exchange.handle({ kind: 'differs', peer: 'other' }, now, outOf(side, other));
  deliver();
  for (let turns = 0; one.exchange.size + two.exchange.size > 0; turns++) {
    if (turns > 20_000) throw new Error('no end');
    now = Math.min(one.exchange.wakeAt, two.exchange.wakeAt);
    one.exchange.onTimer(now, outOf(one, two));
    two.exchange.onTimer(now, outOf(two, one));
    deliver();
  }
  return { ...sent, ms: now };
}

function sideOf(numbers: Iterable<number>): Side {
  const set = new Revocations(nodeCrypto);
  for (const n of numbers)
    set.add(statement({ kind: 'node', target: 31, since: 0, issued: 10_000 + n, issuer: 0, reason: '' }));
  return { set, exchange: new RevocationExchange(set) };
}

t.test('two sets end as one, whatever each had', async () => {
  const numbers = fc.uniqueArray(fc.nat(400), { maxLength: 120, size: 'max' });
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [one, two] = [sideOf(a), sideOf(b)];
      reconcile(one, two);
      if (!equalBytes(one.set.digest, two.set.digest)) throw new Error('they differ');
      if (one.set.size !== new Set([...a, ...b]).size) throw new Error('something is lost');
    }),
    { numRuns: 60 },
  );
});

t.test('one new statement among thousands costs a few messages', async (t) => {
  const all = Array.from({ length: 3000 }, (_, i) => i);
  const [one, two] = [sideOf(all), sideOf([...all, 3000])];
  const cost = reconcile(one, two);
  t.same(one.set.digest, two.set.digest);
  t.ok(cost.messages <= 16, `${cost.messages} messages`);
  t.ok(cost.bytes <= 10_000, `${cost.bytes} bytes`);
  t.comment(`${cost.messages} messages, ${cost.bytes} bytes`);
});

t.test('a node that knows nothing of thousands takes them in at a pace that is allowed', async (t) => {
  const [one, two] = [sideOf([]), sideOf(Array.from({ length: 1500 }, (_, i) => i))];
  const cost = reconcile(one, two);
  t.equal(one.set.size, 1500);
  t.ok(cost.messages / (cost.ms / 1000) <= 100, `${cost.messages} messages in ${cost.ms} ms`);
});

t.test('what is lost on the way is asked for again', async (t) => {
  const rng = seededRng('loss');
  const [one, two] = [sideOf([1, 2, 3, 4]), sideOf(Array.from({ length: 60 }, (_, i) => i + 3))];
  // Whoever is asked in vain a few times is left until the next occasion.
  for (let i = 0; i < 20 && !equalBytes(one.set.digest, two.set.digest); i++)
    reconcile(one, two, () => rng.u32() % 5 === 0, i * 100_000);
  t.same(one.set.digest, two.set.digest);
});

t.test('a remote that says nothing is asked a few times', async (t) => {
  const { exchange } = sideOf([1]);
  const sent: unknown[] = [];
  const out = { send: (item: unknown) => void sent.push(item), emit: () => undefined };
  exchange.handle({ kind: 'differs', peer: 'a' }, 0, out);
  exchange.handle({ kind: 'differs', peer: 'a' }, 0, out);
  for (let now = 0; exchange.size > 0; now += PULL_REPEAT_MS) exchange.onTimer(now, out);
  t.equal(sent.length, PULL_TRIES);
  exchange.handle({ kind: 'differs', peer: 'b' }, 0, out);
  t.equal(exchange.size, 1);
  exchange.handle({ kind: 'gone', peer: 'b' }, 0, out);
  t.equal(exchange.size, 0);
});

t.test('answers that nobody waits for, or that lead nowhere', async (t) => {
  const { exchange, set } = sideOf([1, 2, 3]);
  const drops: string[] = [];
  const sent: { message: RevocationQuery }[] = [];
  const out = {
    send: (item: { message: RevocationQuery }) => void sent.push(item),
    emit: ({ reason }: { reason: string }) => void drops.push(reason),
  };
  const answer = { kind: 'revocationAnswer' as const, lower: EMPTY, upper: EMPTY, hashes: [], parts: [] };
  const tell = (change: object) =>
    exchange.handle({ kind: 'answer', peer: 'a', answer: { ...answer, ...change } }, 0, out);
  tell({});
  t.same(drops.splice(0), ['revocationUnexpected']);
  const bad: object[] = [
    { parts: [{ upper: EMPTY, digest: key(1) }] },
    { parts: [key(9), key(8), EMPTY].map((upper) => ({ upper, digest: key(1) })) },
    { parts: [key(9), key(9), EMPTY].map((upper) => ({ upper, digest: key(1) })) },
    { parts: [key(9), key(10)].map((upper) => ({ upper, digest: key(1) })) },
    { parts: [EMPTY, EMPTY].map((upper) => ({ upper, digest: key(1) })) },
  ];
  for (const [i, change] of bad.entries()) {
    exchange.handle({ kind: 'differs', peer: 'a' }, i * PULL_AGAIN_MS, out);
    tell({ lower: key(1), upper: key(2) });
    t.same(drops.splice(0), ['revocationUnexpected'], 'of another range');
    tell(change);
    t.same(drops.splice(0), ['revocationMalformed'], JSON.stringify(change));
    t.equal(exchange.size, 0);
  }
  // Parts of parts without end: the questions are counted.
  exchange.handle({ kind: 'differs', peer: 'a' }, 0, out);
  t.equal(exchange.size, 0, 'not so soon again');
  exchange.handle({ kind: 'differs', peer: 'a' }, bad.length * PULL_AGAIN_MS, out);
  let asked = 0;
  for (; exchange.size > 0 && asked < 10_000; asked++) {
    const { lower, upper } = (sent.at(-1) as (typeof sent)[0]).message;
    const middle = (lower.length === 0 ? new Uint8Array(32) : lower).slice();
    for (let i = 31; i >= 0 && ++middle[i] === 256; i--);
    if (upper.length > 0 && toHex(middle) >= toHex(upper)) break;
    tell({ lower, upper, parts: [middle, upper].map((end) => ({ upper: end, digest: key(1) })) });
  }
  t.ok(asked < 5000, `${asked} questions`);
  t.equal(set.size, 3);
});

t.test('messages hold as many statements as fit', async (t) => {
  const statements = [...sideOf(Array.from({ length: 40 }, (_, i) => i)).set.values()].map(
    ({ bytes }) => bytes,
  );
  const bundles = bundle(statements);
  for (const message of bundles) t.ok(encodeControl(message).length <= CONTROL_MAX);
  t.same(
    bundles.flatMap((message) => (message.kind === 'revocations' ? message.statements : [])),
    statements,
  );
  t.ok(bundles.length <= 7, `${bundles.length} messages`);
});
