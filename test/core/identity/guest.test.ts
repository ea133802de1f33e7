// Certificates of guests: what they say, where they are taken for nothing, and their invitations.
import t from 'tap';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { isName } from '../../../src/core/base/name.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  type ChainRefusal,
  ChainVerifier,
  chainDropReason,
  decodeInvitation,
  decodeToken,
  encodeInvitation,
  encodeToken,
  GUEST_LIFETIME_S,
  generateNodeKeys,
  isInvitation,
} from '../../../src/core/identity/identity.ts';
import type { GuestCertificate, GuestInvitation } from '../../../src/core/wire/types.ts';
import { encodeChain } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import {
  createWorld,
  issueToGuest,
  makeChain,
  makeChainBytes,
  makeGuestChain,
  NOW,
  type World,
} from './world.ts';

const world = createWorld(nodeCrypto);
const guest = generateNodeKeys(nodeCrypto, seededRng('guest'));
const stranger = generateNodeKeys(nodeCrypto, seededRng('stranger'));

function verdict(bytes: Uint8Array, now = NOW, of: World = world): ChainRefusal | 'ok' {
  const result = new ChainVerifier(nodeCrypto, of.network).verifyAny(bytes, now);
  return result.ok ? 'ok' : result.reason;
}

t.test('a guest belongs to nobody, has a name that says so, and lives a day', async (t) => {
  const bytes = issueToGuest(world, guest);
  const result = new ChainVerifier(nodeCrypto, world.network).verifyAny(bytes, NOW);
  if (!result.ok) throw new Error(result.reason);
  t.match(result.chain, {
    tier: 'guest',
    organisationName: '',
    admittedBy: { name: 'acme' },
    provides: [],
    tags: [],
    notAfter: NOW + GUEST_LIFETIME_S,
  });
  t.equal(result.chain.organisation.length, 0);
  t.same(result.chain.admittedBy.id, world.signer.nodeId);
  t.same(result.chain.nodeId, guest.nodeId);
  t.same(result.chain.signer, world.signer.nodeId);
  t.ok(isName(result.chain.name) && result.chain.name.startsWith('guest-'));
  t.equal(verdict(bytes, NOW + GUEST_LIFETIME_S + 301), 'expired');
  const member = new ChainVerifier(nodeCrypto, world.network).verifyAny(makeChainBytes(world), NOW);
  t.match(member, { ok: true, chain: { tier: 'member', admittedBy: { name: 'acme' } } });
});

t.test('who asks for a member does not get a guest', async (t) => {
  const verifier = new ChainVerifier(nodeCrypto, world.network);
  t.same(verifier.verify(issueToGuest(world, guest), NOW), { ok: false, reason: 'guest' });
  t.match(verifier.verifyAny(makeChainBytes(world), NOW, ['guest']), { ok: false, reason: 'guest' });
  t.equal(chainDropReason('guest'), 'certificateGuest');
});

t.test('what is wrong with a guest’s chain', async (t) => {
  const chain = (changes: Partial<GuestCertificate>) => encodeChain(makeGuestChain(world, changes));
  const critical = { id: 1, critical: true, value: new Uint8Array(1) };
  const other = createWorld(nodeCrypto, 'elsewhere');
  const rows: readonly (readonly [string, Uint8Array, ChainRefusal])[] = [
    ['of another organisation', chain({ organisation: stranger.nodeId }), 'issuer'],
    ['of another signer', chain({ issuer: stranger.nodeId }), 'issuer'],
    ['of no time', chain({ notAfter: NOW - 60 }), 'dates'],
    ['longer than its issuer', chain({ notAfter: NOW + 366 * DAY_S }), 'dates'],
    ['older than its issuer', chain({ notBefore: NOW - 2 * DAY_S }), 'dates'],
    ['of the future', chain({ notBefore: NOW + 600 }), 'notYetValid'],
    ['of the past', chain({ notBefore: NOW - 1000, notAfter: NOW - 600 }), 'expired'],
    ['with what nobody knows', chain({ extensions: [critical] }), 'critical'],
    ['signed by somebody', encodeChain(makeGuestChain(world, {}, stranger.seed)), 'signature'],
    [
      'signed for another network',
      encodeChain(makeGuestChain(world, {}, world.signer.seed, other.network)),
      'signature',
    ],
  ];
  for (const [name, bytes, reason] of rows) t.equal(verdict(bytes), reason, name);
});

t.test('a member’s certificate is never a guest’s, nor the other way round', async (t) => {
  const { organisation, member } = makeChain(world);
  const { guest } = makeGuestChain(world);
  t.not(verdict(encodeChain({ organisation, guest: member })), 'ok');
  t.not(verdict(encodeChain({ organisation, member: guest })), 'ok');
  // The very bytes of a guest's certificate, signed with a member's purpose, and the other way round.
  t.equal(
    verdict(encodeChain({ organisation, guest: { ...guest, signature: member.signature } })),
    'signature',
  );
  const both = encodeChain({ organisation, member });
  const second = encodeChain({ organisation, guest }).subarray(both.length - member.certificate.length - 70);
  t.not(verdict(Uint8Array.from([...both, ...second])), 'ok');
  const none = encodeChain({ organisation, member });
  t.equal(verdict(none.subarray(0, none.length - member.certificate.length - 64 - 9)), 'malformed');
});

t.test('no byte of a guest’s chain can be another', async (t) => {
  const bytes = issueToGuest(world, guest);
  t.equal(verdict(bytes), 'ok');
  const verifier = new ChainVerifier(nodeCrypto, world.network);
  for (let i = 0; i < bytes.length; i++) {
    for (const bit of [1, 0x80]) {
      const changed = bytes.slice();
      changed[i] ^= bit;
      if (verifier.verifyAny(changed, NOW).ok) t.fail(`byte ${i}`);
    }
    if (verifier.verifyAny(bytes.slice(0, i), NOW).ok) t.fail(`cut at ${i}`);
  }
});

const invitation: GuestInvitation = {
  genesis: world.network.bytes,
  organisation: world.signer.nodeId,
  signers: [{ nodeId: world.member.nodeId, addresses: [{ ip: ipv4(192, 0, 2, 1), port: 9376 }], hosts: [] }],
  extensions: [],
};

t.test('an invitation for guests is text that holds no secret', async (t) => {
  const text = encodeInvitation(nodeCrypto, invitation);
  t.match(text, /^mccg1[0-9a-z]+$/);
  t.ok(isInvitation(` ${text.toUpperCase()}`));
  const result = decodeInvitation(nodeCrypto, ` ${text.slice(0, 20).toUpperCase()}\n${text.slice(20)}`);
  if (!result.ok) throw new Error(result.code);
  t.same(result.invitation, invitation);
  t.equal(result.network.idText, world.network.idText);
  const at = 30;
  const typo = text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
  t.same(decodeInvitation(nodeCrypto, typo), { ok: false, code: 'TOKEN_MISTYPED' });
  t.same(decodeInvitation(nodeCrypto, 'hello'), { ok: false, code: 'TOKEN_MALFORMED' });
  t.same(decodeToken(nodeCrypto, text), { ok: false, code: 'TOKEN_MALFORMED' });
});

t.test('a join token leads guests to the same signers', async (t) => {
  const token = { ...invitation, secret: new Uint8Array(16), expires: NOW + 60 };
  const text = encodeToken(nodeCrypto, token);
  t.notOk(isInvitation(text));
  const result = decodeInvitation(nodeCrypto, text);
  t.match(result, { ok: true, invitation: { signers: [{ hosts: [] }] } });
  t.notOk(result.ok && 'secret' in result.invitation);
});
