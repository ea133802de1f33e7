// The chains of pseudonyms: whom they prove, and that nobody takes one for a member.
import t from 'tap';
import { concat, toHex } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  type CertifiedKeys,
  type ChainRefusal,
  ChainVerifier,
  chainDropReason,
  EPOCH_LIFETIME_S,
  generateNodeKeys,
  type OwnEpoch,
  pseudonymOf,
  signOrganisation,
} from '../../../src/core/identity/identity.ts';
import type { PseudonymChain } from '../../../src/core/wire/epoch-types.ts';
import { CHAIN_MAX, SIGNED_EPOCH_MAX, VALUE_MAX } from '../../../src/core/wire/limits.ts';

import { decodeChain, encodeChain, encodePseudonym } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { createEpochWorld, epochOf } from './epoch-world.ts';
import { createWorld, issueToGuest, makeChain, makeChainBytes, NOW } from './world.ts';

const { world, verifier, acme, umbrella } = createEpochWorld(nodeCrypto);
const { id: networkId } = world.network;
const node = generateNodeKeys(nodeCrypto, seededRng('provider'));
const pseudonym = pseudonymOf(nodeCrypto, networkId, node.seed, acme.epoch);
const sound = decodeChain(pseudonym.chain) as PseudonymChain;

function verdict(bytes: Uint8Array, now = NOW, by = new ChainVerifier(nodeCrypto, world.network)): string {
  const result = by.verifyPseudonym(bytes, now);
  return result.ok ? 'ok' : result.reason;
}

/** With parts of the leaf changed. */
function changed(changes: Partial<PseudonymChain['pseudonym']>, of = sound): Uint8Array {
  return encodeChain({ ...of, pseudonym: { ...of.pseudonym, ...changes } });
}

/** Vouched for by whoever knows the epoch's secret. */
function vouched(
  key: Uint8Array,
  notAfter: number,
  { purpose = 'mcc pseudonym\0', network = networkId, epoch = acme.epoch as OwnEpoch } = {},
): Uint8Array {
  const bytes = encodePseudonym({ key, notAfter });
  const seed = nodeCrypto.hmacSha256(epoch.secret, new TextEncoder().encode('mcc vouching'));
  const input = concat(new TextEncoder().encode(purpose), network, bytes);
  return changed({ pseudonym: bytes, signature: nodeCrypto.ed25519.sign(seed, input) });
}

t.test('a chain proves a pseudonym and its organisation, and not whose it is', async (t) => {
  const result = verifier.verifyPseudonym(pseudonym.chain, NOW);
  if (!result.ok) throw new Error(result.reason);
  t.same(result.pseudonym, {
    key: pseudonym.key,
    organisation: acme.epoch.organisation,
    signer: acme.signer.nodeId,
    epoch: acme.epoch.id,
    number: 1,
    notBefore: acme.epoch.created,
    notAfter: acme.epoch.created + EPOCH_LIFETIME_S,
    bytes: pseudonym.chain,
  });
  t.notOk(toHex(pseudonym.chain).includes(toHex(node.nodeId)));
  t.notOk(toHex(pseudonym.chain).includes(toHex(acme.epoch.secret)));
  t.same(pseudonymOf(nodeCrypto, networkId, node.seed, acme.epoch), pseudonym, 'the same every time');
  const later = epochOf(world, acme.signer, acme.organisation, 'later', { number: 2 });
  t.notSame(pseudonymOf(nodeCrypto, networkId, node.seed, later).key, pseudonym.key, 'in each epoch another');
});

t.test('a pseudonym is no member and no guest, and neither of those is a pseudonym', async (t) => {
  for (const result of [
    verifier.verify(pseudonym.chain, NOW),
    verifier.verifyLapsed(pseudonym.chain, NOW),
    verifier.verifyAny(pseudonym.chain, NOW),
    verifier.verifyAny(pseudonym.chain, NOW, ['guest']),
  ])
    t.same(result, { ok: false, reason: 'pseudonym' });
  const guest = generateNodeKeys(nodeCrypto, seededRng('guest'));
  t.equal(verdict(makeChainBytes(world)), 'pseudonym');
  t.equal(verdict(issueToGuest(world, guest)), 'pseudonym');
  t.equal(chainDropReason('pseudonym'), 'certificatePseudonym');
  const { member } = makeChain(world);
  const both = encodeChain({ ...sound, member } as PseudonymChain);
  t.equal(verdict(both), 'malformed');
  t.match(verifier.verify(both, NOW), { ok: false, reason: 'malformed' });
});

t.test('what is wrong with a pseudonym’s chain', async (t) => {
  const { notAfter } = pseudonym;
  const { key } = pseudonym;
  const badKey = key.slice();
  badKey[31] |= 0x80;
  const elsewhere = createWorld(nodeCrypto, 'elsewhere').network;
  const foreign = pseudonymOf(nodeCrypto, networkId, node.seed, umbrella.epoch);
  const foreignChain = decodeChain(foreign.chain) as PseudonymChain;
  const later = epochOf(world, acme.signer, acme.organisation, 'later', { number: 2 });
  const bySigner = nodeCrypto.ed25519.sign(
    acme.signer.seed,
    concat(new TextEncoder().encode('mcc pseudonym\0'), networkId, sound.pseudonym.pseudonym),
  );
  const rows: readonly (readonly [string, Uint8Array, ChainRefusal | 'ok'])[] = [
    ['sound', vouched(key, notAfter), 'ok'],
    ['for a shorter time', vouched(key, notAfter - DAY_S), 'dates'],
    ['for longer than its epoch', vouched(key, notAfter + 1), 'dates'],
    ['for no time', vouched(key, acme.epoch.created), 'dates'],
    ['with what is no key', vouched(badKey, notAfter), 'key'],
    [
      'vouched with another purpose',
      vouched(key, notAfter, { purpose: 'mcc member certificate\0' }),
      'signature',
    ],
    ['and with a part of it', vouched(key, notAfter, { purpose: 'mcc pseudonym' }), 'signature'],
    ['for another network', vouched(key, notAfter, { network: elsewhere.id }), 'signature'],
    ['by another epoch’s key', vouched(key, notAfter, { epoch: later }), 'signature'],
    ['by a key of another organisation', vouched(key, notAfter, { epoch: umbrella.epoch }), 'signature'],
    ['by the signer itself', changed({ signature: bySigner }), 'signature'],
    [
      'a statement of another organisation',
      encodeChain({ ...foreignChain, organisation: acme.organisation }),
      'issuer',
    ],
    ['signatures swapped', changed({ epochSignature: sound.pseudonym.signature }), 'signature'],
    [
      'a statement in place of the pseudonym',
      changed({ pseudonym: sound.pseudonym.epoch.subarray(0, 40) }),
      'malformed',
    ],
  ];
  for (const [name, bytes, expected] of rows) t.equal(verdict(bytes), expected, name);
  t.equal(verdict(foreign.chain), 'ok');
  t.equal(verdict(pseudonym.chain, notAfter + 301), 'expired');
  t.equal(verdict(pseudonym.chain, acme.epoch.created - 301), 'notYetValid');
  t.not(verdict(pseudonym.chain, NOW, new ChainVerifier(nodeCrypto, elsewhere)), 'ok');
});

t.test(
  'no byte of a pseudonym’s chain can be another, for a verifier that knows its epoch too',
  async (t) => {
    const bytes = pseudonym.chain;
    const fresh = new ChainVerifier(nodeCrypto, world.network);
    t.ok(verifier.verifyPseudonym(bytes, NOW).ok);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i] ^= 1 << (i % 8);
      for (const by of [verifier, fresh]) if (verdict(damaged, NOW, by) === 'ok') t.fail(`byte ${i}`);
      if (verdict(bytes.slice(0, i)) === 'ok') t.fail(`cut at ${i}`);
    }
    t.equal(verdict(concat(bytes, Uint8Array.of(0x98, 6, 0))), 'notCanonical');
    t.ok(verifier.verifyPseudonym(bytes, NOW).ok);
  },
);

t.test('what is remembered of an epoch is remembered of the whole of it', async (t) => {
  // The same statement under a certificate with other dates: what was found good there is judged anew here.
  const short = { ...world.organisation, notBefore: NOW - DAY_S / 4 };
  const organisation = signOrganisation(nodeCrypto, world.network, short, [
    { root: 0, seed: world.roots[0].seed },
  ]);
  t.ok(verifier.verifyPseudonym(pseudonym.chain, NOW).ok);
  t.equal(verdict(encodeChain({ ...sound, organisation }), NOW, verifier), 'dates');
});

t.test('revocations of signer and organisation reach pseudonyms', async (t) => {
  const asked: CertifiedKeys[] = [];
  let isGone = false;
  const by = new ChainVerifier(nodeCrypto, world.network, (keys) => {
    asked.push(keys);
    return isGone;
  });
  t.equal(verdict(pseudonym.chain, NOW, by), 'ok');
  t.equal(by.isRevoked(pseudonym.chain), false);
  isGone = true;
  t.equal(verdict(pseudonym.chain, NOW, by), 'revoked');
  t.equal(by.isRevoked(pseudonym.chain), true);
  for (const keys of asked) {
    t.same(keys.nodeId, pseudonym.key);
    t.same(keys.organisation, acme.epoch.organisation);
    t.same(keys.signer, acme.signer.nodeId);
    t.equal(keys.notBefore + 300, acme.epoch.created);
  }
});

t.test(
  'the longest chain of a pseudonym fits, and so does what a signer publishes of an epoch',
  async (t) => {
    const rng = seededRng('long');
    const signature = () => rng.bytes(64);
    const { encodeSignedEpoch, encodeEpoch } = await import('../../../src/core/wire/wire.ts');
    const { encodeOrganisationCertificate } = await import('../../../src/core/wire/wire.ts');
    const certificate = encodeOrganisationCertificate({
      ...world.organisation,
      name: 'n'.repeat(63),
      notAfter: 2 ** 34,
    });
    const organisation = {
      certificate,
      signatures: [3, 4, 5, 6, 7].map((root) => ({ root, signature: signature() })),
    };
    const epoch = encodeEpoch({
      ...{ organisation: rng.bytes(32), signer: rng.bytes(32), number: 2 ** 21, created: 2 ** 34 },
      ...{ vouchingKey: rng.bytes(32), meetingKey: rng.bytes(32), cause: rng.bytes(32), extensions: [] },
    });
    const signed = encodeSignedEpoch({ organisation, epoch, signature: signature() });
    t.ok(signed.length <= SIGNED_EPOCH_MAX && signed.length <= VALUE_MAX, `${signed.length}`);
    const chain = encodeChain({
      organisation,
      pseudonym: {
        ...{ epoch, epochSignature: signature(), signature: signature() },
        pseudonym: encodePseudonym({ key: rng.bytes(32), notAfter: 2 ** 34 }),
      },
    });
    t.ok(chain.length <= CHAIN_MAX, `${chain.length}`);
  },
);
