// What the threat model says of keys, certificates, admission and revocation, row by row, and the lessons of others that are about
// certificates; each by both providers of cryptography. What every bit counts for: ../identity/mutation.test.ts. Spread and teardown:
// test/sim/revocation*.test.ts, test/netns/revocation.test.ts.
import t from 'tap';
import { concat, EMPTY, toHex } from '../../../src/core/base/bytes.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import { AdmissionDesk, Revocations } from '../../../src/core/consortium/consortium.ts';
import type { TokenRecord } from '../../../src/core/consortium/types.ts';
import {
  admissionProof,
  ChainVerifier,
  checkWork,
  generateNodeKeys,
  issueMember,
  nobleCrypto,
  readGenesis,
  Solver,
  signOrganisation,
  tokenVerifier,
  type Work,
} from '../../../src/core/identity/identity.ts';
import type { Crypto } from '../../../src/core/identity/types.ts';
import { CHAIN_MAX, CLOCK_SKEW_S, ROOT_SIGNATURES_MAX } from '../../../src/core/wire/limits.ts';
import type { Chain } from '../../../src/core/wire/types.ts';
import { encodeChain, encodeGenesis } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { hex, readVectors } from '../../vectors/read.ts';
import { byRoots, bySigner, revocationVerifier, verified } from '../identity/revocation-world.ts';
import {
  type Changes,
  createWorld,
  issueToGuest,
  makeChain,
  makeChainBytes,
  NOW,
} from '../identity/world.ts';

interface Refused {
  readonly name: string;
  readonly publicKey: string;
}

const NOT_KEYS = readVectors<{ signatures: Refused[] }>('ed25519-refused.json').signatures.filter(
  ({ name }) => /key/.test(name) && !/another/.test(name),
);
/** The order of the group, little-endian: RFC 8032 section 5.1. */
const L = hex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** The same signature with S + L: to whoever does not compare S, as good as the first. */
function malleated(signature: Uint8Array): Uint8Array {
  const changed = signature.slice();
  let carry = 0;
  for (let i = 0; i < 32; i++) {
    const sum = changed[32 + i] + L[i] + carry;
    changed[32 + i] = sum & 0xff;
    carry = sum >>> 8;
  }
  return changed;
}

for (const [provider, crypto] of [
  ['noble', nobleCrypto],
  ['node', nodeCrypto],
] as const satisfies [string, Crypto][]) {
  const world = createWorld(crypto);
  const verdict = (bytes: Uint8Array, now = NOW) => {
    const result = new ChainVerifier(crypto, world.network).verifyAny(bytes, now);
    return result.ok ? 'ok' : result.reason;
  };
  const changed = (changes: Changes) => verdict(makeChainBytes(world, changes));
  const chain = makeChain(world);

  t.test(`keys, ${provider}: no encoding that is no key is one at any tier`, async (t) => {
    t.ok(NOT_KEYS.length >= 8);
    for (const { name, publicKey } of NOT_KEYS) {
      const key = hex(publicKey);
      t.equal(changed({ member: { nodeId: key } }), 'key', `node: ${name}`);
      const asSigner = { organisation: { signer: key }, member: { issuer: key } };
      t.not(changed(asSigner), 'ok', `signer: ${name}`);
      const asOrganisation = { organisation: { organisation: key }, member: { organisation: key } };
      t.equal(changed(asOrganisation), 'key', `organisation: ${name}`);
      const genesis = { ...world.network.genesis, rootKeys: [key], threshold: 1 };
      t.match(
        readGenesis(crypto, encodeGenesis(genesis)),
        { ok: false, reason: 'rootKeys' },
        `root: ${name}`,
      );
    }
  });

  t.test(`keys, ${provider}: what is signed under the identity is signed by nobody`, async (t) => {
    // R = identity, S = 0: holds for every message where keys of small order are let through.
    const identity = Uint8Array.of(1, ...new Uint8Array(31));
    const forged = concat(identity, new Uint8Array(32));
    const { signatures } = chain.organisation;
    const organisation = makeChain(world, { organisation: { signer: identity } }).organisation;
    const member = { ...makeChain(world, { member: { issuer: identity } }).member, signature: forged };
    t.not(verdict(encodeChain({ organisation, member })), 'ok');
    const roots = { ...chain.organisation, signatures: [{ ...signatures[0], signature: forged }] };
    t.equal(verdict(encodeChain({ ...chain, organisation: roots })), 'signature');
  });

  t.test(
    `keys, ${provider}: of A and -A one may be a node, so that their X25519 form is one node's`,
    async (t) => {
      const negative = world.member.nodeId.slice();
      negative[31] |= 0x80;
      t.equal(crypto.ed25519.toX25519PublicKey(negative), undefined);
      t.equal(changed({ member: { nodeId: negative } }), 'key');
      const { target } = verified(world, bySigner(world)).revocation;
      t.same(target, world.member.nodeId, 'a revocation names the key');
      const other = revocationVerifier(world).verify(bySigner(world, { revocation: { target: negative } }));
      t.match(other, { ok: false, reason: 'key' });
    },
  );

  t.test(`certificate, ${provider}: inside the issuer's dates, clocks five minutes apart`, async (t) => {
    const { notBefore, notAfter } = world.organisation;
    t.equal(changed({ member: { notBefore, notAfter } }), 'ok');
    t.equal(changed({ member: { notBefore: notBefore - 1 } }), 'dates');
    t.equal(changed({ member: { notAfter: notAfter + 1 } }), 'dates');
    t.equal(CLOCK_SKEW_S, 300);
    for (const bytes of [makeChainBytes(world, { member: { notBefore: NOW, notAfter: NOW + DAY_S } })]) {
      t.equal(verdict(bytes, NOW - 300), 'ok');
      t.equal(verdict(bytes, NOW - 301), 'notYetValid');
      t.equal(verdict(bytes, NOW + DAY_S + 300), 'ok');
      t.equal(verdict(bytes, NOW + DAY_S + 301), 'expired');
    }
    const guest = issueToGuest(world, world.member);
    t.equal(verdict(guest, NOW + DAY_S + 300), 'ok');
    t.equal(verdict(guest, NOW + DAY_S + 301), 'expired');
  });

  t.test(`certificate, ${provider}: 900 bytes, signatures of the roots included`, async (t) => {
    t.equal(CHAIN_MAX, 900);
    t.equal(verdict(new Uint8Array(CHAIN_MAX + 1)), 'malformed');
    const { certificate, signatures } = chain.organisation;
    const signedBy = (count: number): Chain => ({
      ...chain,
      organisation: { certificate, signatures: Array.from({ length: count }, () => signatures[0]) },
    });
    t.throws(() => encodeChain(signedBy(ROOT_SIGNATURES_MAX + 1)), RangeError);
    t.equal(verdict(encodeChain(signedBy(2))), 'threshold', 'one root twice is one root');
  });

  t.test(
    `lesson, malleable signatures (CVE-2026-25793), ${provider}: S + L is refused, and keys are revoked`,
    async (t) => {
      const { organisation, member } = chain;
      t.equal(
        verdict(encodeChain({ organisation, member: { ...member, signature: malleated(member.signature) } })),
        'signature',
      );
      const signatures = organisation.signatures.map(({ root, signature }) => ({
        root,
        signature: malleated(signature),
      }));
      t.equal(verdict(encodeChain({ ...chain, organisation: { ...organisation, signatures } })), 'signature');
      const set = new Revocations(crypto);
      set.add(verified(world, bySigner(world)));
      const judge = new ChainVerifier(crypto, world.network, (keys) => set.voiding(keys) !== undefined);
      for (const member of [{}, { name: 'other' }, { nonce: new Uint8Array(16) }, { notBefore: NOW }])
        t.match(judge.verify(makeChainBytes(world, { member }), NOW), { ok: false, reason: 'revoked' });
      const guest = issueToGuest(world, world.member);
      t.match(
        judge.verifyAny(guest, NOW),
        { ok: false, reason: 'revoked' },
        'nor does it come back as a guest',
      );
    },
  );

  t.test(
    `lesson, any signature passes (GHSA-4q4x-67hx-5mpg), ${provider}: none but the right one does`,
    async (t) => {
      const { organisation, member } = chain;
      const { signature } = member;
      for (const wrong of [
        new Uint8Array(64),
        new Uint8Array(64).fill(0xff),
        organisation.signatures[0].signature,
        concat(signature.subarray(32), signature.subarray(0, 32)),
        crypto.ed25519.sign(world.member.seed, member.certificate),
        crypto.ed25519.sign(world.signer.seed, member.certificate),
        crypto.ed25519.sign(world.signer.seed, EMPTY),
      ]) {
        t.equal(verdict(encodeChain({ organisation, member: { ...member, signature: wrong } })), 'signature');
        const signatures = [{ root: 0, signature: wrong }];
        if (wrong !== organisation.signatures[0].signature)
          t.equal(
            verdict(encodeChain({ ...chain, organisation: { ...organisation, signatures } })),
            'signature',
          );
      }
    },
  );

  t.test(`revocation, ${provider}: by the issuer or above, and nobody else`, async (t) => {
    const stranger = generateNodeKeys(crypto, world.rng);
    const foreign = signOrganisation(
      crypto,
      world.network,
      { ...world.organisation, organisation: stranger.nodeId, signer: stranger.nodeId, name: 'globex' },
      [{ root: 0, seed: world.roots[0].seed }],
    );
    t.ok(new ChainVerifier(crypto, world.network).verifyOrganisation(foreign, NOW), 'a sound organisation');
    const judge = (bytes: Uint8Array) => {
      const result = revocationVerifier(world).verify(bytes);
      return result.ok ? 'ok' : result.reason;
    };
    t.equal(judge(bySigner(world)), 'ok');
    t.equal(judge(byRoots(world)), 'ok');
    for (const seed of [stranger.seed, world.member.seed, world.roots[0].seed])
      t.equal(judge(bySigner(world, { signerSeed: seed })), 'signature');
    const asForeign = { organisation: stranger.nodeId, signer: stranger.nodeId, name: 'globex' };
    t.equal(
      judge(bySigner(world, { organisation: asForeign, revocation: { organisation: world.signer.nodeId } })),
      'signature',
      'a signer of another organisation',
    );
    for (const kind of ['signer', 'organisation'] as const)
      t.equal(
        judge(bySigner(world, { revocation: { kind, target: stranger.nodeId } })),
        'kind',
        `a signer, of a ${kind}`,
      );
  });

  t.test(`revocation, ${provider}: voids the subtree, for good`, async (t) => {
    const guest = issueToGuest(world, generateNodeKeys(crypto, world.rng));
    const bytes = encodeChain(chain);
    for (const kind of ['signer', 'organisation'] as const) {
      const set = new Revocations(crypto);
      const judge = new ChainVerifier(crypto, world.network, (keys) => set.voiding(keys) !== undefined);
      t.ok(judge.verifyAny(bytes, NOW).ok && judge.verifyAny(guest, NOW).ok);
      const statement = verified(world, byRoots(world, { revocation: { kind } }));
      set.add(statement);
      for (const leaf of [bytes, guest])
        t.match(judge.verifyAny(leaf, NOW), { ok: false, reason: 'revoked' }, kind);
      set.add(
        verified(world, byRoots(world, { revocation: { kind, issued: NOW + 1, reason: 'never mind' } })),
      );
      t.match(
        judge.verifyAny(bytes, NOW),
        { ok: false, reason: 'revoked' },
        'no later statement takes it back',
      );
    }
  });

  t.test(
    `admission, ${provider}: a token of 128 bits, kept hashed, compared in constant time, used up, at its issuer only`,
    async (t) => {
      let compared = 0;
      const counting: Crypto = {
        ...crypto,
        timingSafeEqual: (a, b) => {
          compared++;
          return crypto.timingSafeEqual(a, b);
        },
      };
      const signer = { network: world.network, organisation: chain.organisation, seed: world.signer.seed };
      const desk = new AdmissionDesk(counting, world.rng, signer, []);
      const invited = desk.invite(1, (NOW + DAY_S) * 1000, []);
      if (invited === undefined) throw new Error('no token');
      const { secret, token } = invited;
      t.equal(secret.length, 16);
      const kept = Object.values(token).map((value) =>
        value instanceof Uint8Array ? toHex(value) : JSON.stringify(value),
      );
      t.notOk(
        kept.some((text) => text.includes(toHex(secret))),
        'what is kept does not have it',
      );

      const ask = (at: AdmissionDesk, handshakeHash = world.rng.bytes(32), proven = handshakeHash) => {
        const { nodeId } = generateNodeKeys(crypto, world.rng);
        const proof = admissionProof(crypto, tokenVerifier(crypto, secret), proven, nodeId);
        return at.decide(
          { tokenId: token.tokenId, proof, name: `n${compared}` },
          { nodeId, handshakeHashes: [handshakeHash] },
          undefined,
          NOW * 1000,
        );
      };
      t.match(
        ask(desk, world.rng.bytes(32), world.rng.bytes(32)),
        { kind: 'refuse', code: 'proof' },
        'of another session',
      );
      t.equal(compared, 1);
      const second = new AdmissionDesk(crypto, world.rng, signer, []);
      t.match(ask(second), { kind: 'refuse', code: 'unknown' }, 'another signer of the organisation');
      t.match(ask(desk), { kind: 'admit' });
      t.match(ask(desk), { kind: 'refuse', code: 'used' });
    },
  );

  t.test(`admission, ${provider}: a proof of work is for one node, issuer and hour`, async (t) => {
    const work: Work = {
      networkId: world.network.id,
      nodeId: world.member.nodeId,
      signer: world.signer.nodeId,
      hour: 500_000,
      difficulty: 16,
    };
    const solver = new Solver(crypto, work);
    while (!solver.run(100_000));
    t.ok(checkWork(crypto, work, solver.solution));
    for (const wrong of [
      { nodeId: world.signer.nodeId },
      { signer: world.member.nodeId },
      { hour: work.hour + 1 },
      { hour: work.hour - 1 },
      { networkId: new Uint8Array(32) },
    ])
      t.notOk(checkWork(crypto, { ...work, ...wrong }, solver.solution), Object.keys(wrong)[0]);
  });
}

t.test(
  'lesson, one-off keys used twice by a race (TS-2025-007): who is counted is counted in the decision',
  async (t) => {
    const world = createWorld(nodeCrypto);
    const { organisation } = makeChain(world);
    const signer = { network: world.network, organisation, seed: world.signer.seed };
    const desk = new AdmissionDesk(nodeCrypto, world.rng, signer, []);
    const invited = desk.invite(3, (NOW + DAY_S) * 1000, []);
    if (invited === undefined) throw new Error('no token');
    const verifier = tokenVerifier(nodeCrypto, invited.secret);
    const admitted: TokenRecord[] = [];
    for (let i = 0; i < 10; i++) {
      const applicant = {
        nodeId: generateNodeKeys(nodeCrypto, world.rng).nodeId,
        handshakeHashes: [world.rng.bytes(32)],
      };
      const proof = admissionProof(nodeCrypto, verifier, applicant.handshakeHashes[0], applicant.nodeId);
      const request = { tokenId: invited.token.tokenId, proof, name: `node-${i}` };
      const decision = desk.decide(request, applicant, undefined, NOW * 1000);
      if (decision.kind === 'admit') admitted.push(decision.token);
    }
    t.same(
      admitted.map((token) => token.admitted.length),
      [1, 2, 3],
      'each admission is in the record that is written before its answer leaves',
    );
  },
);

t.test(
  'lesson, a clock that was set ahead (CVE-2021-46873): nothing that a certificate needs is used up by it',
  async (t) => {
    const world = createWorld(nodeCrypto);
    const verifier = new ChainVerifier(nodeCrypto, world.network);
    const bytes = makeChainBytes(world);
    t.match(verifier.verify(bytes, NOW + 40 * DAY_S), { ok: false, reason: 'expired' });
    t.ok(verifier.verify(bytes, NOW).ok, 'good again once the clock is right');
    const { organisation } = makeChain(world);
    const early = issueMember(nodeCrypto, world.network, organisation, world.signer.seed, {
      nodeId: world.member.nodeId,
      name: 'early',
      now: NOW + 40 * DAY_S,
      nonce: new Uint8Array(16),
    });
    t.match(verifier.verify(early, NOW), { ok: false, reason: 'notYetValid' });
  },
);
