// Guests at their signer: what they have to do, and how many there may be.
import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time.ts';
import {
  GUESTS_CLOSED,
  GuestDesk,
  LOAD_MS,
  LOAD_STEP,
  TOLD_MS,
} from '../../../src/core/consortium/consortium.ts';
import type { GuestPolicy, GuestRecord, GuestTerms } from '../../../src/core/consortium/types.ts';
import {
  ChainVerifier,
  createGenesis,
  DIFFICULTY_MAX,
  GUEST_LIFETIME_S,
  generateNodeKeys,
  Solver,
  signOrganisation,
  type VerifiedChain,
} from '../../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../../src/core/identity/types.ts';
import { nodeCrypto as crypto } from '../../../src/host/crypto/crypto.ts';

const NOW = 1_700_000_000_000;
const OPEN: GuestPolicy = { isOpen: true, difficulty: 8, max: 100 };

function setUp(policy: GuestPolicy = OPEN, guests: readonly GuestRecord[] = []) {
  const rng = seededRng('guests');
  const [root, signer] = [generateNodeKeys(crypto, rng), generateNodeKeys(crypto, rng)];
  const network = createGenesis(crypto, {
    network: 'plant',
    rootKeys: [root.nodeId],
    threshold: 1,
    created: NOW / 1000,
    random: rng.bytes(16),
  });
  const certificate = {
    organisation: signer.nodeId,
    signer: signer.nodeId,
    name: 'acme',
    notBefore: NOW / 1000 - 1000,
    notAfter: NOW / 1000 + 1e8,
    nonce: rng.bytes(16),
    extensions: [],
  };
  const organisation = signOrganisation(crypto, network, certificate, [{ root: 0, seed: root.seed }]);
  const desk = new GuestDesk(crypto, { network, organisation, seed: signer.seed }, policy, guests);
  const verifier = new ChainVerifier(crypto, network);
  const open = (isRevoked: (nodeId: Uint8Array) => boolean) =>
    new GuestDesk(crypto, { network, organisation, seed: signer.seed }, policy, guests, isRevoked);
  let places = 0;
  const terms = (at = NOW) => desk.terms(`place ${places++}`, at) as GuestTerms;
  const solve = (keys: NodeKeys, asked: GuestTerms) => {
    const { hour, difficulty, signer } = asked;
    const solver = new Solver(crypto, {
      networkId: network.id,
      nodeId: keys.nodeId,
      signer,
      hour,
      difficulty,
    });
    while (!solver.run(100_000));
    return { kind: 'guestRequest' as const, hour, difficulty, solution: solver.solution };
  };
  const ask = (
    keys: NodeKeys,
    request: ReturnType<typeof solve>,
    at = NOW,
    shown?: VerifiedChain,
    place = `place ${places++}`,
  ) => {
    const decision = desk.decide(request, { nodeId: keys.nodeId, place, shown }, at);
    return decision.kind === 'admit' ? decision : decision.code;
  };
  const keys = () => generateNodeKeys(crypto, rng);
  return { desk, verifier, terms, solve, ask, keys, signer, open };
}

const NOTHING = { kind: 'guestRequest' as const, hour: 0, difficulty: 0, solution: new Uint8Array(0) };

t.test('nobody comes in until somebody opens, and nobody once it is closed', async (t) => {
  const { desk, terms, solve, ask, keys } = setUp(GUESTS_CLOSED);
  t.equal(terms(), 'closed');
  desk.setPolicy(OPEN);
  const [first, second] = [keys(), keys()];
  const asked = terms();
  t.match(asked, { hour: Math.floor(NOW / HOUR_MS), difficulty: 8 });
  t.match(ask(first, solve(first, asked)), { kind: 'admit', repeated: false });
  const work = solve(second, asked);
  desk.setPolicy({ ...OPEN, isOpen: false });
  t.equal(ask(second, work), 'closed', 'at once, whatever was told before');
  t.equal(ask(first, NOTHING), 'closed');
});

t.test('who did the work is a guest for a day; asking again gives the same', async (t) => {
  const { verifier, terms, solve, ask, keys, signer } = setUp();
  const guest = keys();
  const request = solve(guest, terms());
  const decision = ask(guest, request);
  if (typeof decision === 'string') throw new Error(decision);
  const result = verifier.verifyAny(decision.guest.chain, NOW / 1000);
  if (!result.ok) throw new Error(result.reason);
  t.match(result.chain, { tier: 'guest', notAfter: NOW / 1000 + GUEST_LIFETIME_S });
  t.same(result.chain.nodeId, guest.nodeId);
  t.same(result.chain.signer, signer.nodeId);
  const again = ask(guest, NOTHING, NOW + HOUR_MS);
  t.match(again, { kind: 'admit', repeated: true });
  t.same(typeof again === 'string' ? again : again.guest, decision.guest);
});

t.test('work that is not what was asked for', async (t) => {
  const { terms, solve, ask, keys } = setUp();
  const guest = keys();
  const asked = terms();
  const work = solve(guest, asked);
  const forged = work.solution.slice();
  forged[5] ^= 0x55;
  t.equal(ask(keys(), work), 'work', 'of another node');
  t.equal(ask(guest, { ...work, solution: forged }), 'work');
  t.equal(ask(guest, { ...work, solution: new Uint8Array(0) }), 'work');
  t.equal(ask(guest, { ...work, hour: work.hour - 1 }), 'work', 'said to be of another hour');
  t.equal(ask(guest, { ...work, hour: work.hour + 1 }), 'stale');
  t.equal(ask(guest, { ...work, hour: work.hour - 2 }), 'stale');
  t.equal(ask(guest, { ...work, difficulty: 9 }), 'work');
  t.equal(ask(guest, { ...work, difficulty: DIFFICULTY_MAX + 1 }), 'stale');
  t.equal(ask(guest, solve(guest, { ...asked, signer: keys().nodeId })), 'work', 'for another signer');
  t.equal(ask(guest, work, NOW + 2 * HOUR_MS), 'stale', 'too late');
  t.match(ask(guest, work, NOW + HOUR_MS), { kind: 'admit' });
});

t.test('too easy is refused, unless that was what was asked for a short while ago', async (t) => {
  const { desk, terms, solve, ask, keys } = setUp();
  const [early, late] = [keys(), keys()];
  const before = terms();
  desk.setPolicy({ ...OPEN, difficulty: 10 });
  t.match(ask(early, solve(early, before)), { kind: 'admit' });
  t.equal(ask(late, solve(late, before), NOW + 2 * TOLD_MS), 'stale');
  t.match(ask(late, solve(late, terms(NOW + 2 * TOLD_MS)), NOW + 2 * TOLD_MS), { kind: 'admit' });
});

t.test('the more come, the harder it gets, until fewer come', async (t) => {
  const { desk, terms, solve, ask, keys } = setUp({ ...OPEN, max: 1000 });
  t.equal(desk.difficulty(NOW), 8);
  for (let i = 0; i < 3 * LOAD_STEP; i++) {
    const guest = keys();
    t.match(ask(guest, solve(guest, terms())), { kind: 'admit' }, `guest ${i}`);
  }
  t.equal(desk.difficulty(NOW), 10);
  t.equal(terms().difficulty, 10);
  t.equal(desk.difficulty(NOW + 8 * LOAD_MS), 8);
});

t.test('no more than may be, counted while their certificates last', async (t) => {
  const { desk, terms, solve, ask, keys } = setUp({ ...OPEN, max: 2 });
  const asked = terms();
  const [first, second, third] = [keys(), keys(), keys()];
  for (const guest of [first, second]) t.match(ask(guest, solve(guest, asked)), { kind: 'admit' });
  t.equal(ask(third, solve(third, asked)), 'full');
  t.equal(terms(), 'full');
  t.match(ask(first, NOTHING), { kind: 'admit', repeated: true }, 'who is in is in');
  desk.undo(second.nodeId);
  t.match(ask(third, solve(third, asked)), { kind: 'admit' }, 'what did not reach the disk takes no place');
  const later = NOW + GUEST_LIFETIME_S * 1000;
  t.equal(desk.count(later), 0);
  t.same(
    desk
      .expire(later)
      .map((id) => id.join())
      .sort(),
    [first, third].map(({ nodeId }) => nodeId.join()).sort(),
  );
});

t.test('a guest that shows its certificate is renewed without work, while the desk is open', async (t) => {
  const { desk, verifier, terms, solve, ask, keys } = setUp();
  const guest = keys();
  const decision = ask(guest, solve(guest, terms()));
  if (typeof decision === 'string') throw new Error(decision);
  const result = verifier.verifyAny(decision.guest.chain, NOW / 1000);
  if (!result.ok) throw new Error(result.reason);
  const later = NOW + 8 * HOUR_MS;
  t.equal(ask(guest, NOTHING, later), 'stale', 'whoever shows nothing works');
  const renewed = ask(guest, NOTHING, later, result.chain);
  t.match(renewed, { kind: 'admit', repeated: false, guest: { expiresMs: later + GUEST_LIFETIME_S * 1000 } });
  desk.setPolicy({ ...OPEN, isOpen: false });
  t.equal(ask(guest, NOTHING, later + 8 * HOUR_MS, result.chain), 'closed');
});

t.test('one place asks now and then, whatever the others do', async (t) => {
  const { terms, desk, solve, ask, keys } = setUp();
  const guest = keys();
  const forged = { ...solve(guest, terms()), solution: new Uint8Array(128) };
  const answers = Array.from({ length: 100 }, (_, i) => ask(keys(), forged, NOW + i, undefined, 'here'));
  t.equal(answers.filter((answer) => answer === 'work').length, 16);
  t.ok(answers.slice(16).every((answer) => answer === 'busy'));
  t.equal(desk.terms('here', NOW + 100), 'busy');
  t.equal(typeof desk.terms('there', NOW + 100), 'object');
  t.equal(typeof desk.terms('here', NOW + MINUTE_MS), 'object');
});

t.test('a thousand forged proofs a second take under a twentieth of a core', async (t) => {
  const { desk, terms, solve, keys } = setUp();
  const guest = keys();
  const work = solve(guest, terms());
  const solution = work.solution.slice();
  solution[127] ^= 0xff;
  const started = process.cpuUsage();
  // The worst there is: all puzzles but the last are solved, and each comes from somewhere else.
  for (let i = 0; i < 1000; i++)
    desk.decide({ ...work, solution }, { nodeId: guest.nodeId, place: `${i}`, shown: undefined }, NOW);
  const { user, system } = process.cpuUsage(started);
  t.comment(`${((user + system) / 1e4).toFixed(1)} % of a core`);
  // 4 % on an idle machine; the bound is for those that are not.
  t.ok(user + system < 500_000);
});

t.test('no work brings in who was put out', async (t) => {
  const { terms, solve, ask, keys, open } = setUp();
  const [guest, other] = [keys(), keys()];
  const closedTo = open((nodeId) => nodeId.join() === guest.nodeId.join());
  const of = (who: NodeKeys) => ({ nodeId: who.nodeId, place: '', shown: undefined });
  t.same(closedTo.decide(solve(guest, terms()), of(guest), NOW), { kind: 'refuse', code: 'other' });
  t.match(closedTo.decide(solve(other, terms()), of(other), NOW), { kind: 'admit' });
  t.match(ask(guest, solve(guest, terms())), { kind: 'admit' }, 'where it was not');
});

t.test('policies that cannot be are the caller’s mistake', async (t) => {
  const { desk } = setUp();
  for (const wrong of [
    { difficulty: 7 },
    { difficulty: 31 },
    { difficulty: 8.5 },
    { max: 0 },
    { max: 10_001 },
  ])
    t.throws(() => desk.setPolicy({ ...OPEN, ...wrong }), RangeError);
  t.same(desk.policy, OPEN);
});
