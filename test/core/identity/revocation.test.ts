// Statements that take keys back, named by what is wrong with them.
import t from 'tap';
import { concat, EMPTY, toHex } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  createGenesis,
  generateNodeKeys,
  nobleCrypto,
  type RevocationRefusal,
  readRevocation,
  revocationDropReason,
  revocationInput,
  revocationOfRoots,
} from '../../../src/core/identity/identity.ts';
import { CONTROL_MAX } from '../../../src/core/wire/limits.ts';
import {
  decodeRevocation,
  decodeSignedRevocation,
  encodeControl,
  encodeSignedRevocation,
} from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { byRoots, bySigner, revocationVerifier, type StatementChanges } from './revocation-world.ts';
import { createWorld, makeChain, NOW, type World } from './world.ts';

const world = createWorld(nodeCrypto);
const stranger = generateNodeKeys(nodeCrypto, seededRng('stranger'));
const other = createGenesis(nodeCrypto, { ...world.network.genesis, random: new Uint8Array(16) });

function verdict(world: World, bytes: Uint8Array): RevocationRefusal | 'ok' {
  const result = revocationVerifier(world).verify(bytes);
  return result.ok ? 'ok' : result.reason;
}

for (const crypto of [nobleCrypto, nodeCrypto])
  t.test('a statement says what is taken back, by whom and why', async (t) => {
    const world = createWorld(crypto);
    const bytes = bySigner(world);
    const result = revocationVerifier(world).verify(bytes);
    if (!result.ok) throw new Error(result.reason);
    t.match(result.verified.revocation, { kind: 'node', reason: 'stolen laptop', issued: NOW, since: 0 });
    t.same(result.verified.revocation.target, world.member.nodeId);
    t.same(result.verified.revocation.issuer, world.signer.nodeId);
    t.same(result.verified, readRevocation(crypto, bytes));
    t.equal(verdict(world, byRoots(world)), 'ok');
  });

const negated = world.member.nodeId.slice();
negated[31] |= 0x80;
const critical = { id: 1, critical: true, value: EMPTY };
const optional = { id: 2, critical: false, value: EMPTY };

const signerCases: readonly (readonly [string, StatementChanges, RevocationRefusal | 'ok'])[] = [
  ['nothing', {}, 'ok'],
  ['a node that nobody knows', { revocation: { target: stranger.nodeId } }, 'ok'],
  ['the signer itself is no node of its organisation', { revocation: { kind: 'signer' } }, 'kind'],
  ['its organisation', { revocation: { kind: 'organisation' } }, 'kind'],
  ['from some time on', { revocation: { since: NOW } }, 'kind'],
  ['a stranger signs it', { signerSeed: stranger.seed }, 'signature'],
  ['the node signs it itself', { signerSeed: world.member.seed }, 'signature'],
  ['a root signs it alone', { signerSeed: world.roots[0].seed }, 'signature'],
  ['of another organisation', { revocation: { organisation: stranger.nodeId } }, 'signature'],
  ['of all organisations', { revocation: { organisation: EMPTY } }, 'signature'],
  ['by another issuer', { revocation: { issuer: stranger.nodeId } }, 'signature'],
  [
    'another organisation with a signer of its own',
    { organisation: { organisation: stranger.nodeId }, revocation: { organisation: world.signer.nodeId } },
    'signature',
  ],
  ['the roots did not make it a signer', { network: other }, 'signature'],
  ['before it was a signer', { revocation: { issued: NOW - 2 * DAY_S } }, 'dates'],
  ['when it no longer was one', { revocation: { issued: NOW + 400 * DAY_S } }, 'dates'],
  ['a key with sign bit, which has the same X25519 form', { revocation: { target: negated } }, 'key'],
  ['a key of small order', { revocation: { target: new Uint8Array(32) } }, 'key'],
  ['an unknown critical extension', { revocation: { extensions: [critical] } }, 'critical'],
  ['an unknown extension that is not critical', { revocation: { extensions: [optional] } }, 'ok'],
  ['an extension twice', { revocation: { extensions: [optional, optional] } }, 'critical'],
  ['a terminal escape in the reason', { revocation: { reason: '\u001b[2J' } }, 'reason'],
  ['a reason that runs backwards', { revocation: { reason: 'a\u202eb' } }, 'reason'],
  ['a reason in another script', { revocation: { reason: 'gestohlen, Zürich 中文' } }, 'ok'],
];
for (const [name, changes, expected] of signerCases)
  t.test(`by a signer: ${name}`, async (t) => t.equal(verdict(world, bySigner(world, changes)), expected));

const rootCases: readonly (readonly [string, StatementChanges, RevocationRefusal | 'ok'])[] = [
  ['a signer', {}, 'ok'],
  ['a signer from some time on', { revocation: { since: NOW - DAY_S } }, 'ok'],
  ['an organisation', { revocation: { kind: 'organisation' } }, 'ok'],
  ['an organisation from some time on', { revocation: { kind: 'organisation', since: NOW } }, 'kind'],
  ['a signer of an organisation', { revocation: { organisation: world.signer.nodeId } }, 'kind'],
  ['a node altogether', { revocation: { kind: 'node' } }, 'ok'],
  ['a node of an organisation', { revocation: { kind: 'node', organisation: stranger.nodeId } }, 'ok'],
  ['a node from some time on', { revocation: { kind: 'node', since: NOW } }, 'kind'],
  ['no root', { roots: [] }, 'threshold'],
  ['the other root', { roots: [1] }, 'ok'],
  ['both roots', { roots: [0, 1] }, 'ok'],
  ['a root twice', { roots: [0, 0] }, 'threshold'],
  ['another network', { network: other }, 'signature'],
  ['an issuer, but no certificate of it', { revocation: { issuer: world.signer.nodeId } }, 'kind'],
];
for (const [name, changes, expected] of rootCases)
  t.test(`by roots: ${name}`, async (t) => t.equal(verdict(world, byRoots(world, changes)), expected));

t.test('roots take back only as many as the threshold says', async (t) => {
  const strict = createWorld(nodeCrypto, 'strict', 2);
  t.equal(verdict(strict, byRoots(strict)), 'threshold');
  const whole = byRoots(strict, { roots: [0, 1] });
  t.equal(verdict(strict, whole), 'ok');
  const { statement, signatures } = decodeSignedRevocation(whole);
  t.equal(verdict(strict, revocationOfRoots(statement, [signatures[1], signatures[0]])), 'threshold');
  t.equal(
    verdict(strict, revocationOfRoots(statement, [signatures[0], { ...signatures[0], root: 1 }])),
    'signature',
  );
  t.same(revocationOfRoots(statement, signatures), whole);
});

t.test('who may sign for one purpose says nothing for another', async (t) => {
  const { statement, authority } = decodeSignedRevocation(bySigner(world));
  const sign = (seed: Uint8Array, purpose: string, network = world.network) =>
    nodeCrypto.ed25519.sign(seed, concat(new TextEncoder().encode(purpose), network.id, statement));
  for (const [purpose, expected] of [
    ['mcc revocation\0', 'ok'],
    ['mcc revocation', 'signature'],
    ['mcc member certificate\0', 'signature'],
    ['', 'signature'],
  ] as const) {
    const signature = sign(world.signer.seed, purpose);
    const bytes = encodeSignedRevocation({ statement, signature, authority, signatures: [] });
    t.equal(verdict(world, bytes), expected, purpose);
  }
  // A member certificate is no statement, whoever signed it.
  const { certificate } = makeChain(world).member;
  const signature = nodeCrypto.ed25519.sign(
    world.signer.seed,
    revocationInput(world.network.id, certificate),
  );
  t.equal(
    verdict(world, encodeSignedRevocation({ statement: certificate, signature, authority, signatures: [] })),
    'malformed',
  );
});

t.test('signatures of both kinds, or neither', async (t) => {
  const signed = decodeSignedRevocation(bySigner(world));
  const rooted = decodeSignedRevocation(byRoots(world));
  const both = { ...signed, signatures: rooted.signatures };
  t.equal(verdict(world, encodeSignedRevocation(both)), 'kind');
  t.equal(verdict(world, encodeSignedRevocation({ ...signed, authority: undefined })), 'kind');
  t.equal(verdict(world, encodeSignedRevocation({ ...signed, signature: EMPTY })), 'signature');
  t.equal(
    verdict(world, encodeSignedRevocation({ ...rooted, signature: signed.signature })),
    'kind',
    'a signer beside the roots',
  );
});

for (const [name, bytes] of [
  ['a signer', bySigner(world)],
  ['roots', byRoots(world)],
] as const)
  t.test(`by ${name}: every byte, changed in any bit, refuses it`, async (t) => {
    for (let i = 0; i < bytes.length; i++)
      for (let bit = 0; bit < 8; bit++) {
        const damaged = bytes.slice();
        damaged[i] ^= 1 << bit;
        if (verdict(world, damaged) === 'ok') t.fail(`byte ${i}, bit ${bit}`);
      }
    for (let i = 0; i < bytes.length; i++)
      if (verdict(world, bytes.slice(0, i)) === 'ok') t.fail(`cut at ${i}`);
    t.not(verdict(world, concat(bytes, Uint8Array.of(0))), 'ok');
    t.equal(verdict(world, concat(bytes, Uint8Array.of(0x98, 6, 0))), 'notCanonical');
    t.equal(verdict(world, new Uint8Array(2000)), 'malformed');
  });

t.test('the longest statement fits a message', async (t) => {
  const organisation = { name: 'o'.repeat(63) };
  const bytes = bySigner(world, { revocation: { reason: 'ü'.repeat(60) }, organisation });
  t.equal(verdict(world, bytes), 'ok');
  t.ok(encodeControl({ kind: 'revocations', statements: [bytes] }).length <= CONTROL_MAX);
  t.throws(() => bySigner(world, { revocation: { reason: 'ü'.repeat(61) } }), RangeError);
});

t.test('it is known by what it says, whoever signed it', async (t) => {
  const [one, two] = [[0], [1]].map((roots) => readRevocation(nodeCrypto, byRoots(world, { roots })));
  t.same(one?.hash, two?.hash);
  t.notSame(one?.bytes, two?.bytes);
  t.same(one?.hash, nodeCrypto.sha256(decodeSignedRevocation(byRoots(world)).statement));
  t.equal(readRevocation(nodeCrypto, Uint8Array.of(1)), undefined);
  t.same(decodeRevocation(decodeSignedRevocation(byRoots(world)).statement).target, world.signer.nodeId);
  t.not(toHex(one?.hash ?? EMPTY), '');
});

t.test('each refusal has its drop reason', async (t) => {
  t.equal(revocationDropReason('signature'), 'revocationSignature');
  t.equal(revocationDropReason('threshold'), 'revocationSignature');
  t.equal(revocationDropReason('key'), 'revocationMalformed');
});
