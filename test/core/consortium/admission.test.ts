import fc from 'fast-check';
import t from 'tap';
import { equalBytes } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time.ts';
import {
  AdmissionDesk,
  TOKEN_KEPT_MS,
  TOKEN_USES_MAX,
  TOKENS_MAX,
} from '../../../src/core/consortium/consortium.ts';
import type { Applicant } from '../../../src/core/consortium/types.ts';
import {
  admissionProof,
  ChainVerifier,
  createGenesis,
  generateNodeKeys,
  signOrganisation,
  tokenVerifier,
} from '../../../src/core/identity/identity.ts';
import { fakeCrypto as crypto } from '../../../src/sim/crypto.ts';

const NOW = 1_700_000_000_000;
const NOW_S = NOW / 1000;

function setUp() {
  const rng = seededRng('admission');
  const root = generateNodeKeys(crypto, rng);
  const signer = generateNodeKeys(crypto, rng);
  const network = createGenesis(crypto, {
    network: 'plant',
    rootKeys: [root.nodeId],
    threshold: 1,
    created: NOW_S,
    random: rng.bytes(16),
  });
  const certificate = {
    organisation: signer.nodeId,
    signer: signer.nodeId,
    name: 'acme',
    notBefore: NOW_S - 10,
    notAfter: NOW_S + 1e8,
    nonce: rng.bytes(16),
    extensions: [],
  };
  const organisation = signOrganisation(crypto, network, certificate, [{ root: 0, seed: root.seed }]);
  const open = (tokens: Parameters<typeof makeDesk>[0] = []) => makeDesk(tokens);
  const makeDesk = (tokens: ConstructorParameters<typeof AdmissionDesk>[3]) =>
    new AdmissionDesk(crypto, rng, { network, organisation, seed: signer.seed }, tokens);
  const verifier = new ChainVerifier(crypto, network);
  return { rng, network, open, verifier };
}

type SetUp = ReturnType<typeof setUp>;

function applicant({ rng }: SetUp) {
  const keys = generateNodeKeys(crypto, rng);
  return { nodeId: keys.nodeId, handshakeHashes: [rng.bytes(32)] };
}

type Invitation = NonNullable<ReturnType<AdmissionDesk['invite']>>;

function request(invitation: Invitation, who: Applicant, name: string) {
  const k = tokenVerifier(crypto, invitation.secret);
  return {
    tokenId: invitation.token.tokenId,
    proof: admissionProof(crypto, k, who.handshakeHashes[0], who.nodeId),
    name,
  };
}

const invite = (desk: AdmissionDesk, uses = 1) => desk.invite(uses, NOW + HOUR_MS, []) as Invitation;

t.test('admits once, with a chain that verifies and names the node', async (t) => {
  const world = setUp();
  const desk = world.open();
  const invitation = invite(desk);
  const who = applicant(world);
  const decision = desk.decide(request(invitation, who, 'bravo'), who, undefined, NOW);
  if (decision.kind !== 'admit') throw new Error(decision.code);
  t.notOk(decision.repeated);
  const verified = world.verifier.verify(decision.chain, NOW_S);
  if (!verified.ok) throw new Error(verified.reason);
  t.strictSame(verified.chain.nodeId, who.nodeId);
  t.equal(verified.chain.name, 'bravo');
  t.equal(verified.chain.organisationName, 'acme');
  t.equal(decision.token.admitted.length, 1);
});

t.test('a retry of the same node costs nothing, another node finds the token used up', async (t) => {
  const world = setUp();
  const desk = world.open();
  const invitation = invite(desk);
  const who = applicant(world);
  const first = desk.decide(request(invitation, who, 'bravo'), who, undefined, NOW);
  const again = { ...who, handshakeHashes: [world.rng.bytes(32)] };
  const second = desk.decide(request(invitation, again, 'other-name'), again, undefined, NOW + 1);
  t.match(second, { kind: 'admit', repeated: true, name: 'bravo' });
  if (first.kind === 'admit' && second.kind === 'admit') t.strictSame(second.chain, first.chain);
  const late = desk.decide(request(invitation, again, 'bravo'), again, undefined, NOW + 2 * HOUR_MS);
  t.match(late, { kind: 'admit', repeated: true }, 'even after the token expired');
  const other = applicant(world);
  const refused = desk.decide(request(invitation, other, 'charlie'), other, undefined, NOW);
  t.strictSame(refused, { kind: 'refuse', code: 'used' });
});

t.test('fifty nodes race for one use: one wins', async (t) => {
  const world = setUp();
  const desk = world.open();
  const invitation = invite(desk);
  const decisions = Array.from({ length: 50 }, (_, i) => {
    const who = applicant(world);
    return desk.decide(request(invitation, who, `node-${i}`), who, undefined, NOW).kind;
  });
  t.equal(decisions.filter((kind) => kind === 'admit').length, 1);
});

t.test('what was not made durable is taken back; what was survives a restart', async (t) => {
  const world = setUp();
  const desk = world.open();
  const invitation = invite(desk);
  const who = applicant(world);
  const lost = desk.decide(request(invitation, who, 'bravo'), who, undefined, NOW);
  t.equal(lost.kind, 'admit');
  desk.undo(invitation.token.tokenId, who.nodeId, undefined);
  const other = applicant(world);
  const won = desk.decide(request(invitation, other, 'bravo'), other, undefined, NOW);
  if (won.kind !== 'admit') throw new Error(won.code);
  const restarted = world.open([won.token]);
  t.strictSame(restarted.decide(request(invitation, who, 'bravo'), who, undefined, NOW), {
    kind: 'refuse',
    code: 'used',
  });
});

t.test('refuses with a reason and changes nothing', async (t) => {
  const world = setUp();
  const desk = world.open();
  const invitation = invite(desk, 5);
  const who = applicant(world);
  const good = request(invitation, who, 'bravo');
  const refusals: [string, Parameters<AdmissionDesk['decide']>][] = [
    ['unknown', [{ ...good, tokenId: world.rng.bytes(32) }, who, undefined, NOW]],
    ['proof', [{ ...good, proof: world.rng.bytes(32) }, who, undefined, NOW]],
    ['proof', [good, { ...who, handshakeHashes: [world.rng.bytes(32)] }, undefined, NOW]],
    ['proof', [good, { ...who, nodeId: applicant(world).nodeId }, undefined, NOW]],
    ['expired', [good, who, undefined, NOW + HOUR_MS]],
    ['nameInvalid', [request(invitation, who, 'Not A Name'), who, undefined, NOW]],
    ['nameTaken', [good, who, applicant(world).nodeId, NOW]],
  ];
  for (const [code, args] of refusals) t.strictSame(desk.decide(...args), { kind: 'refuse', code });
  t.match(desk.decide(good, who, who.nodeId, NOW), { kind: 'admit' }, 'a name that is its own is free');
  const second = applicant(world);
  t.strictSame(desk.decide(request(invitation, second, 'bravo'), second, undefined, NOW), {
    kind: 'refuse',
    code: 'nameTaken',
  });
});

t.test('an organisation certificate that ran out admits nobody', async (t) => {
  const world = setUp();
  const desk = world.open();
  const invitation = desk.invite(1, NOW + 5000 * DAY_MS, []) as Invitation;
  const who = applicant(world);
  const late = NOW + 2000 * DAY_MS;
  t.strictSame(desk.decide(request(invitation, who, 'bravo'), who, undefined, late), {
    kind: 'refuse',
    code: 'notSigner',
  });
});

t.test('tokens are bounded and go away a week after they expired', async (t) => {
  const world = setUp();
  const desk = world.open();
  for (let i = 0; i < TOKENS_MAX; i++) invite(desk);
  t.equal(desk.invite(1, NOW + HOUR_MS, []), undefined);
  t.equal(desk.expire(NOW + HOUR_MS + TOKEN_KEPT_MS - 1).length, 0);
  t.equal(desk.expire(NOW + HOUR_MS + TOKEN_KEPT_MS).length, TOKENS_MAX);
  t.equal(desk.size, 0);
  for (const uses of [0, -1, 1.5, TOKEN_USES_MAX + 1, Number.NaN])
    t.throws(() => desk.invite(uses, NOW, []), RangeError);
});

/** Nodes that ask in one turn of the signer (by number), and whether the disk takes that turn; or the signer starts again, or days pass. */
type Step =
  | { readonly kind: 'turn'; readonly nodes: readonly number[]; readonly isSaved: boolean }
  | { readonly kind: 'restart' }
  | { readonly kind: 'days'; readonly days: number };

const APPLICANTS = 6;
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('turn' as const),
        nodes: fc.array(fc.nat(APPLICANTS - 1), { minLength: 1, maxLength: 8 }),
        isSaved: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 40 }) }),
    },
  ),
  { maxLength: 20 },
);

t.test('whatever races, fails and restarts: never one too many, and who won may repeat', async () => {
  const world = setUp();
  const nodes = Array.from({ length: APPLICANTS }, () => generateNodeKeys(crypto, world.rng).nodeId);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), steps, (uses, steps) => {
      let desk = world.open();
      const invitation = desk.invite(uses, NOW + 1000 * DAY_MS, []) as Invitation;
      let disk = invitation.token;
      let wallMs = NOW;
      /** Certificates that left the signer, by node. */
      const sent = new Map<number, Uint8Array>();
      const ask = (node: number) => {
        const who = { nodeId: nodes[node], handshakeHashes: [world.rng.bytes(32)] };
        return desk.decide(request(invitation, who, `node-${node}`), who, undefined, wallMs);
      };
      const turn = (asking: readonly number[], isSaved: boolean) => {
        const decisions = asking.map((node) => ({ node, decision: ask(node) }));
        for (const { node, decision } of decisions) {
          if (decision.kind === 'refuse') continue;
          if (!isSaved) {
            if (!decision.repeated) desk.undo(decision.token.tokenId, nodes[node], decision.replaced);
            continue;
          }
          if (!decision.repeated) disk = decision.token;
          const before = sent.get(node);
          const isGood = before !== undefined && world.verifier.verify(before, wallMs / 1000).ok;
          if (isGood && !equalBytes(before, decision.chain))
            throw new Error('another certificate for a repeat');
          sent.set(node, decision.chain);
        }
      };
      for (const step of steps) {
        if (step.kind === 'restart') desk = world.open([disk]);
        else if (step.kind === 'days') wallMs += step.days * DAY_MS;
        else turn(step.nodes, step.isSaved);
        if (disk.admitted.length > uses || sent.size > uses) throw new Error('one too many');
        for (const [node, chain] of sent) {
          const kept = disk.admitted.find(({ nodeId }) => equalBytes(nodeId, nodes[node]));
          if (kept === undefined || !equalBytes(kept.chain, chain)) throw new Error('sent, and not on disk');
        }
      }
      turn([...nodes.keys()], true);
      if (sent.size !== uses) throw new Error(`${sent.size} of ${uses} uses can be used`);
      const winners = [...sent.keys()];
      turn(winners, true);
      const refused = [...nodes.keys()].filter((node) => !sent.has(node));
      for (const node of refused) {
        const decision = ask(node);
        if (decision.kind !== 'refuse' || decision.code !== 'used') throw new Error('a loser was let in');
      }
    }),
    { numRuns: 300, seed: 5 },
  );
});

t.test('a proof is bound to any handshake whose keys are still received, and to no other', async (t) => {
  const world = setUp();
  const desk = world.open();
  const invitation = invite(desk);
  const who = applicant(world);
  const asked = request(invitation, who, 'bravo');
  const decide = (handshakeHashes: readonly Uint8Array[]) =>
    desk.decide(asked, { ...who, handshakeHashes }, undefined, NOW);
  const other = world.rng.bytes(32);
  t.match(decide([]), { kind: 'refuse', code: 'proof' }, 'without a session');
  t.match(decide([other]), { kind: 'refuse', code: 'proof' });
  t.match(decide([...who.handshakeHashes, other]), { kind: 'admit' }, 'said before others were agreed on');
});
