// Chain verification, named by what is wrong with the chain.
import t from 'tap';
import { concat } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  type ChainRefusal,
  ChainVerifier,
  chainDropReason,
  createGenesis,
  generateNodeKeys,
  issueMember,
  MEMBER_LIFETIME_S,
  nobleCrypto,
} from '../../../src/core/identity/identity.ts';
import type { Crypto } from '../../../src/core/identity/types.ts';
import type { Chain } from '../../../src/core/wire/types.ts';
import { decodeChain, encodeChain } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { type Changes, createWorld, issue, makeChain, makeChainBytes, NOW, type World } from './world.ts';

const world = createWorld(nodeCrypto);

function verdict(world: World, bytes: Uint8Array, now = NOW): ChainRefusal | 'ok' {
  const result = new ChainVerifier(world.crypto, world.network).verify(bytes, now);
  return result.ok ? 'ok' : result.reason;
}

for (const [name, crypto] of [
  ['noble', nobleCrypto],
  ['node', nodeCrypto],
] as const satisfies [string, Crypto][]) {
  t.test(`${name}: a sound chain says who the member is`, async (t) => {
    const world = createWorld(crypto);
    const bytes = makeChainBytes(world);
    t.ok(bytes.length <= 450, `${bytes.length} bytes`);
    const result = new ChainVerifier(crypto, world.network).verify(bytes, NOW);
    if (!result.ok) throw new Error(result.reason);
    t.match(result.chain, {
      name: 'alpha',
      organisationName: 'acme',
      provides: ['web', 'db-*'],
      tags: ['rack1'],
      notBefore: NOW - 60,
    });
    t.same(result.chain.nodeId, world.member.nodeId);
    t.same(result.chain.organisation, world.signer.nodeId);
    t.same(result.chain.signer, world.signer.nodeId);
    t.same(result.chain.bytes, bytes);
    const forged = bytes.slice();
    forged[forged.length - 1] ^= 1;
    t.equal(verdict(world, forged), 'signature');
  });
}

const stranger = generateNodeKeys(nodeCrypto, seededRng('stranger'));
const badKey = world.member.nodeId.slice();
badKey[31] |= 0x80;
const critical = { id: 1, critical: true, value: new Uint8Array(1) };
const optional = { id: 2, critical: false, value: new Uint8Array(1) };

const cases: readonly (readonly [string, Changes, ChainRefusal | 'ok'])[] = [
  ['nothing', {}, 'ok'],
  ['a stranger signed the member', { signerSeed: stranger.seed }, 'signature'],
  ['the member signed itself', { signerSeed: world.member.seed }, 'signature'],
  ['another organisation in the member', { member: { organisation: stranger.nodeId } }, 'issuer'],
  ['another issuer in the member', { member: { issuer: stranger.nodeId } }, 'issuer'],
  [
    'a stranger as signer of the organisation, member signed by the old one',
    { organisation: { signer: stranger.nodeId } },
    'issuer',
  ],
  ['no root signature', { roots: [] }, 'threshold'],
  ['the other root', { roots: [1] }, 'ok'],
  ['both roots', { roots: [0, 1] }, 'ok'],
  ['a node ID with sign bit', { member: { nodeId: badKey } }, 'key'],
  ['a signer key with sign bit', { organisation: { signer: badKey }, member: { issuer: badKey } }, 'key'],
  [
    'an organisation ID of small order',
    {
      organisation: { organisation: new Uint8Array(32) },
      member: { organisation: new Uint8Array(32) },
    },
    'key',
  ],
  ['capital letters in the node name', { member: { name: 'Alpha' } }, 'name'],
  ['a dot in the node name', { member: { name: 'a.b' } }, 'name'],
  ['a space in the organisation name', { organisation: { name: 'ac me' } }, 'name'],
  ['a pattern that is none', { member: { provides: ['web.*'] } }, 'name'],
  ['a tag that is none', { member: { tags: ['*'] } }, 'name'],
  ['the member before its organisation', { member: { notBefore: NOW - 2 * DAY_S } }, 'dates'],
  ['the member after its organisation', { member: { notAfter: NOW + 366 * DAY_S } }, 'dates'],
  ['an empty span', { member: { notBefore: NOW, notAfter: NOW } }, 'dates'],
  ['an empty span of the organisation', { organisation: { notBefore: NOW, notAfter: NOW - 1 } }, 'dates'],
  ['valid in 5 minutes: within the skew', { member: { notBefore: NOW + 300 } }, 'ok'],
  ['valid in 5 minutes and a second', { member: { notBefore: NOW + 301 } }, 'notYetValid'],
  ['expired 5 minutes ago: within the skew', { member: { notAfter: NOW - 300, notBefore: NOW - 900 } }, 'ok'],
  ['expired longer ago', { member: { notAfter: NOW - 301, notBefore: NOW - 900 } }, 'expired'],
  ['an unknown critical extension of the member', { member: { extensions: [critical] } }, 'critical'],
  [
    'an unknown critical extension of the organisation',
    { organisation: { extensions: [critical] } },
    'critical',
  ],
  ['an unknown extension that is not critical', { member: { extensions: [optional] } }, 'ok'],
  ['extensions out of order', { member: { extensions: [optional, { ...optional, id: 1 }] } }, 'critical'],
  ['an extension twice', { member: { extensions: [optional, optional] } }, 'critical'],
];

for (const [name, changes, expected] of cases)
  t.test(`changed: ${name}`, async (t) => t.equal(verdict(world, makeChainBytes(world, changes)), expected));

t.test('a chain of another network', async (t) => {
  const other = createGenesis(nodeCrypto, { ...world.network.genesis, random: new Uint8Array(16) });
  t.not(other.idText, world.network.idText);
  t.equal(verdict(world, makeChainBytes(world, { network: other })), 'signature');
});

t.test('the threshold counts different roots, in order, that all signed', async (t) => {
  const strict = createWorld(nodeCrypto, 'strict', 2);
  t.equal(verdict(strict, makeChainBytes(strict, { roots: [0, 1] })), 'ok');
  t.equal(verdict(strict, makeChainBytes(strict, { roots: [0] })), 'threshold');
  t.equal(verdict(strict, makeChainBytes(strict, { roots: [0, 0] })), 'threshold');
  const chain = makeChain(strict, { roots: [0, 1] });
  const withSignatures = (signatures: Chain['organisation']['signatures']) =>
    encodeChain({ ...chain, organisation: { ...chain.organisation, signatures } });
  const [first, second] = chain.organisation.signatures;
  t.equal(verdict(strict, withSignatures([second, first])), 'threshold');
  t.equal(verdict(strict, withSignatures([first, { ...second, root: 2 }])), 'threshold');
  t.equal(verdict(strict, withSignatures([first, { root: 1, signature: first.signature }])), 'signature');
});

t.test('a wrong tier', async (t) => {
  const chain = makeChain(world);
  const swapped = {
    organisation: { certificate: chain.member.certificate, signatures: chain.organisation.signatures },
    member: { certificate: chain.organisation.certificate, signature: chain.member.signature },
  };
  t.equal(verdict(world, encodeChain(swapped)), 'malformed');
  // A root that signs a member directly, and a signer that signs an organisation.
  t.equal(verdict(world, makeChainBytes(world, { signerSeed: world.roots[0].seed })), 'signature');
  const bySigner = nodeCrypto.ed25519.sign(
    world.signer.seed,
    concat(
      new TextEncoder().encode('mcc organisation certificate\0'),
      world.network.id,
      chain.organisation.certificate,
    ),
  );
  const { certificate } = chain.organisation;
  t.equal(
    verdict(
      world,
      encodeChain({
        ...chain,
        organisation: { certificate, signatures: [{ root: 0, signature: bySigner }] },
      }),
    ),
    'signature',
  );
});

t.test('a signature for one purpose is worth nothing for another', async (t) => {
  const chain = makeChain(world);
  const { sign } = nodeCrypto.ed25519;
  for (const [purpose, expected] of [
    ['mcc member certificate\0', 'ok'],
    ['mcc organisation certificate\0', 'signature'],
    ['mcc member certificate', 'signature'],
    ['', 'signature'],
  ] as const) {
    const input = concat(new TextEncoder().encode(purpose), world.network.id, chain.member.certificate);
    const member = { ...chain.member, signature: sign(world.signer.seed, input) };
    t.equal(verdict(world, encodeChain({ ...chain, member })), expected, JSON.stringify(purpose));
  }
});

t.test('every byte of a chain, changed in any bit, refuses it', async (t) => {
  const bytes = makeChainBytes(world);
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i] ^= 1 << (i % 8);
    if (verdict(world, damaged) === 'ok') t.fail(`byte ${i}`);
  }
  for (let i = 0; i < bytes.length; i++)
    if (verdict(world, bytes.slice(0, i)) === 'ok') t.fail(`cut at ${i}`);
  t.not(verdict(world, concat(bytes, Uint8Array.of(0))), 'ok');
  t.equal(verdict(world, concat(bytes, Uint8Array.of(0x98, 6, 0))), 'notCanonical');
  t.equal(verdict(world, new Uint8Array(901)), 'malformed');
});

t.test('another encoding of the same values is refused', async (t) => {
  const bytes = makeChainBytes(world);
  // The first field's length, 171, as three bytes instead of two.
  t.equal(bytes[0], 0x0a);
  const longer = concat(bytes.subarray(0, 1), Uint8Array.of(bytes[1], bytes[2] | 0x80, 0), bytes.subarray(3));
  t.equal(verdict(world, longer), 'notCanonical');
  const { organisation, member } = decodeChain(bytes) as Chain;
  const [first, second] = [
    encodeChain({ organisation, member }).length - member.certificate.length - 3 - 66 - 3,
    bytes.length,
  ];
  const reordered = concat(bytes.subarray(first, second), bytes.subarray(0, first));
  t.equal(verdict(world, reordered), 'notCanonical');
});

t.test('what is remembered of an organisation forgets neither dates nor signatures', async (t) => {
  const verifier = new ChainVerifier(nodeCrypto, world.network);
  const bytes = makeChainBytes(world, { organisation: { notAfter: NOW + 40 * DAY_S } });
  t.ok(verifier.verify(bytes, NOW).ok);
  t.match(verifier.verify(bytes, NOW + 41 * DAY_S), { ok: false, reason: 'expired' });
  const chain = decodeChain(bytes);
  const signature = chain.organisation.signatures[0].signature.slice();
  signature[0] ^= 1;
  const organisation = { ...chain.organisation, signatures: [{ root: 0, signature }] };
  t.match(verifier.verify(encodeChain({ ...chain, organisation }), NOW), { ok: false, reason: 'signature' });
  t.ok(verifier.verify(bytes, NOW).ok);
});

t.test('a signer issues within the dates of its organisation', async (t) => {
  const keys = generateNodeKeys(nodeCrypto, seededRng('new'));
  const bytes = issue(world, 'beta', keys);
  const result = new ChainVerifier(nodeCrypto, world.network).verify(bytes, NOW);
  if (!result.ok) throw new Error(result.reason);
  t.same(result.chain.nodeId, keys.nodeId);
  t.equal(result.chain.notAfter, NOW + MEMBER_LIFETIME_S);
  const { organisation } = makeChain(world, { organisation: { notBefore: NOW - 10, notAfter: NOW + 10 } });
  const issueAt = (now: number) =>
    issueMember(nodeCrypto, world.network, organisation, world.signer.seed, {
      nodeId: keys.nodeId,
      name: 'beta',
      now,
      nonce: new Uint8Array(16),
    });
  const short = new ChainVerifier(nodeCrypto, world.network).verify(issueAt(NOW), NOW);
  t.match(short, { ok: true, chain: { notBefore: NOW - 10, notAfter: NOW + 10 } });
  t.throws(() => issueAt(NOW + 10 * DAY_S), RangeError);
});

t.test('a chain at its limit of bytes, and beyond', async (t) => {
  const provides = Array.from({ length: 16 }, (_, i) => `${'p'.repeat(20)}${i + 10}`);
  t.equal(verdict(world, makeChainBytes(world, { member: { provides } })), 'ok');
  const tags = Array.from({ length: 16 }, (_, i) => `${'t'.repeat(10)}${i}`);
  t.throws(() => makeChainBytes(world, { member: { provides, tags } }), RangeError);
});

t.test('each refusal has its drop reason', async (t) => {
  t.equal(chainDropReason('signature'), 'certificateSignature');
  t.equal(chainDropReason('expired'), 'certificateExpired');
  t.equal(chainDropReason('notCanonical'), 'certificateMalformed');
});
