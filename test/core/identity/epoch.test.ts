// Epochs: who may state one, and what its secret gives. Both providers give the same bytes.
import fc from 'fast-check';
import t from 'tap';
import { concat, toHex } from '../../../src/core/base/bytes.ts';
import { ipFromBytes, ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  ChainVerifier,
  coverPlace,
  coverRecord,
  createEpoch,
  EPOCH_LIFETIME_S,
  generateNodeKeys,
  nobleCrypto,
  openRecord,
  ownAudience,
  pairAudience,
  placeOfService,
  pseudonymOf,
  readEpoch,
  readOwnEpoch,
  readRecord,
  recordKey,
  sealRecord,
  signInner,
  signRecord,
  type VerifiedEpoch,
} from '../../../src/core/identity/identity.ts';
import type { Crypto } from '../../../src/core/identity/types.ts';
import {
  EPOCH_SECRET_BYTES,
  SEALED_BYTES,
  SEALED_INNER_MAX,
  SIGNED_RECORD_MAX,
} from '../../../src/core/wire/limits.ts';
import type { DhtRecord, ServiceBody } from '../../../src/core/wire/types.ts';
import { decodeSignedEpoch, encodeSignedEpoch } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { createEpochWorld, epochOf } from './epoch-world.ts';
import { createWorld, NOW } from './world.ts';

const { world, verifier, acme, umbrella } = createEpochWorld(nodeCrypto);
const { id: networkId } = world.network;
const node = generateNodeKeys(nodeCrypto, seededRng('provider'));

function read(bytes: Uint8Array, now = NOW, of = networkId, by = verifier): VerifiedEpoch | undefined {
  return readEpoch(nodeCrypto, of, by, bytes, now);
}

const body: ServiceBody = {
  selector: 7,
  protocol: 'tcp',
  port: 80,
  weight: 100,
  ipv4: true,
  ipv6: true,
  healthy: true,
  addresses: [{ ip: ipv4(192, 0, 2, 1), port: 9376 }],
  relays: [],
};

function innerOf(name = 'wiki', changes: Partial<ServiceBody> = {}): Uint8Array {
  return signInner(nodeCrypto, networkId, node.seed, {
    kind: 'service',
    publisher: node.nodeId,
    sequence: NOW * 1000,
    expires: NOW + DAY_S,
    name,
    body: { ...body, ...changes },
  });
}

const content = { sequence: NOW * 1000, expires: NOW + DAY_S };

function opened(bytes: Uint8Array): DhtRecord {
  const record = readRecord(nodeCrypto, networkId, bytes);
  if (record === undefined) throw new Error('no record');
  return record;
}

t.test('both providers derive the same from the same secret', async (t) => {
  const vectors = [nobleCrypto, nodeCrypto].map((crypto: Crypto) => {
    const { world, acme, umbrella } = createEpochWorld(crypto);
    const pseudonym = pseudonymOf(crypto, world.network.id, new Uint8Array(32).fill(7), acme.epoch);
    const pair = pairAudience(crypto, acme.epoch, umbrella.epoch);
    if (pair === undefined) throw new Error('no pair');
    const own = ownAudience(crypto, acme.epoch);
    const place = placeOfService(crypto, own, acme.epoch.organisation, 'wiki');
    const sealed = { ...content, audience: own, place, pseudonym, inner: innerOf() };
    return {
      secret: toHex(acme.epoch.secret),
      id: toHex(acme.epoch.id),
      vouching: toHex(acme.epoch.vouchingKey),
      meeting: toHex(acme.epoch.meetingKey),
      own: toHex(own.key),
      pair: toHex(pair.key),
      place: toHex(place),
      pseudonym: toHex(pseudonym.key),
      chain: toHex(crypto.sha256(pseudonym.chain)),
      sealed: toHex(crypto.sha256(sealRecord(crypto, world.network.id, sealed))),
    };
  });
  t.same(vectors[0], vectors[1]);
  t.same(vectors[0], {
    secret: '8c11718a0886919e781a3dc0655f85b506baa43191b010082b6086cc7ff0f8b5',
    id: '33d57a0989609de80cdf7f00783055143fef809de62c3d0026953fd7f9fa862b',
    vouching: '047a8e44ebbf4ea2b202241f5765ed985a8793b34e7b54e9b99b566f9c8ae142',
    meeting: '22554c9c406e5a097fbaf1d2f2f0a37ecbe7a48ae5d523abd05d581eb6ca1f7e',
    own: '5efd903779f25f42b6269c94db51d4bd0c478820171f00f70ff2ddfa2a71c67d',
    pair: 'e446c7610fe83e441e9b19c8fa48236aa0bd927c997c7e989d3604c7febe0e5b',
    place: '15abfb07cba8740d698fbda67fef1cef4a8fd1b0c6aad7a77f445adfda5873c8',
    pseudonym: '1f408215cb9ab4929bfae9bb447880e6c21d24c8993bf3237dc1959b50ba3a68',
    chain: '536595d5bd66cd2e612360371521f28ab342a0dd4e8df054893648a5aa566bfe',
    sealed: '317517fe7a62860196ba8e8b7c004df033cc249b4929721d30c58769f5052316',
  });
});

t.test('an epoch says what its signer stated', async (t) => {
  const { epoch } = acme;
  const { secret, ...stated } = epoch;
  t.same(read(epoch.bytes), stated);
  t.same(readOwnEpoch(nodeCrypto, networkId, verifier, epoch.bytes, secret, NOW), epoch);
  t.equal(epoch.notAfter, epoch.created + EPOCH_LIFETIME_S);
  t.equal(secret.length, EPOCH_SECRET_BYTES);
});

t.test('what is no epoch', async (t) => {
  const { signer, organisation, epoch } = acme;
  const { ed25519 } = nodeCrypto;
  const parts = decodeSignedEpoch(epoch.bytes);
  const signedFor = (purpose: string, network = networkId, seed = signer.seed) =>
    encodeSignedEpoch({
      ...parts,
      signature: ed25519.sign(seed, concat(new TextEncoder().encode(purpose), network, parts.epoch)),
    });
  t.ok(read(signedFor('mcc epoch\0')));
  for (const purpose of ['', 'mcc epoch', 'mcc member certificate\0', 'mcc pseudonym\0', 'mcc revocation\0'])
    t.equal(read(signedFor(purpose)), undefined, JSON.stringify(purpose));
  const elsewhere = createWorld(nodeCrypto, 'elsewhere').network;
  t.equal(read(signedFor('mcc epoch\0', elsewhere.id)), undefined, 'for another network');
  t.equal(read(epoch.bytes, NOW, elsewhere.id, new ChainVerifier(nodeCrypto, elsewhere)), undefined);
  t.equal(read(signedFor('mcc epoch\0', networkId, world.member.seed)), undefined, 'by a member');
  t.equal(
    read(encodeSignedEpoch({ ...parts, organisation: umbrella.organisation })),
    undefined,
    'of another organisation',
  );
  const other = decodeSignedEpoch(umbrella.epoch.bytes);
  t.equal(read(encodeSignedEpoch({ ...other, organisation })), undefined);
  const at = (created: number) => epochOf(world, signer, organisation, 'at', { created }).bytes;
  t.equal(read(at(NOW + 400)), undefined, 'not begun');
  t.ok(read(at(NOW + 200)), 'clocks differ');
  t.ok(read(at(NOW - DAY_S)));
  t.equal(read(epoch.bytes, epoch.notAfter + 301), undefined, 'ended');
  t.throws(() => at(NOW - 2 * DAY_S), RangeError, 'before the certificate of its signer');
  t.throws(() => at(NOW + 366 * DAY_S), RangeError, 'and after it');
  t.throws(() => epochOf(world, world.member, organisation, 'by a member'), RangeError);
});

t.test('what a signer stated after it was revoked counts for nothing', async (t) => {
  const { epoch, signer } = acme;
  for (const [since, isGood] of [
    [epoch.created, false],
    [epoch.created + 1, true],
  ] as const) {
    const by = new ChainVerifier(
      nodeCrypto,
      world.network,
      (keys) => toHex(keys.signer) === toHex(signer.nodeId) && keys.notBefore + 300 >= since,
    );
    t.equal(read(epoch.bytes, NOW, networkId, by) !== undefined, isGood);
  }
  const gone = new ChainVerifier(
    nodeCrypto,
    world.network,
    (keys) => toHex(keys.organisation) === toHex(epoch.organisation),
  );
  t.equal(read(epoch.bytes, NOW, networkId, gone), undefined, 'its organisation');
});

t.test('no byte of an epoch can be another', async (t) => {
  const { bytes } = acme.epoch;
  const accepted = Array.from(bytes, (_, at) => {
    const changed = bytes.slice();
    changed[at] ^= 1 << (at % 8);
    return read(changed);
  }).filter((epoch) => epoch !== undefined);
  t.same(accepted, []);
  t.equal(read(bytes.subarray(0, -1)), undefined);
  t.equal(read(concat(bytes, Uint8Array.of(0))), undefined);
  t.equal(read(new Uint8Array(0)), undefined);
});

t.test('a secret that is not the epoch’s is refused', async (t) => {
  const { bytes, secret } = acme.epoch;
  const own = (secret: Uint8Array) => readOwnEpoch(nodeCrypto, networkId, verifier, bytes, secret, NOW);
  t.ok(own(secret));
  for (const at of [0, 13, 31]) {
    const wrong = secret.slice();
    wrong[at] ^= 1;
    t.equal(own(wrong), undefined);
  }
  t.equal(own(umbrella.epoch.secret), undefined);
  t.equal(own(secret.subarray(1)), undefined);
  t.equal(own(new Uint8Array(33)), undefined);
});

t.test('two organisations derive the same key, and nobody else does', async (t) => {
  const here = pairAudience(nodeCrypto, acme.epoch, umbrella.epoch);
  const there = pairAudience(nodeCrypto, umbrella.epoch, acme.epoch);
  t.same(here, there);
  const later = epochOf(world, umbrella.signer, umbrella.organisation, 'later', { number: 2 });
  t.notSame(pairAudience(nodeCrypto, acme.epoch, later), here, 'another epoch, another key');
  t.equal(pairAudience(nodeCrypto, acme.epoch, acme.epoch), undefined, 'with itself');
  const weak = { ...umbrella.epoch, meetingKey: new Uint8Array(32) };
  t.equal(pairAudience(nodeCrypto, acme.epoch, weak), undefined, 'a key of small order');
});

t.test('a sealed record opens for its audience alone, in its place and version', async (t) => {
  const own = ownAudience(nodeCrypto, acme.epoch);
  const pair = pairAudience(nodeCrypto, acme.epoch, umbrella.epoch);
  if (pair === undefined) throw new Error('no pair');
  const pseudonym = pseudonymOf(nodeCrypto, networkId, node.seed, acme.epoch);
  const place = placeOfService(nodeCrypto, own, acme.epoch.organisation, 'wiki');
  const inner = innerOf();
  const bytes = sealRecord(nodeCrypto, networkId, { ...content, audience: own, place, pseudonym, inner });
  const record = opened(bytes);
  t.match(record, { kind: 'sealed', name: '', sequence: content.sequence, expires: content.expires });
  t.same(record.publisher, pseudonym.key);
  const open = (changes: object, by = own) =>
    openRecord(nodeCrypto, networkId, by, { ...record, ...changes } as DhtRecord);
  t.match(open({}), { kind: 'service', name: 'wiki', publisher: node.nodeId, body });
  t.equal(readRecord(nodeCrypto, networkId, inner), undefined, 'nobody else can publish it');
  t.equal(open({}, pair), undefined);
  t.equal(open({}, ownAudience(nodeCrypto, umbrella.epoch)), undefined);
  t.equal(open({ sequence: content.sequence + 1 }), undefined, 'another version');
  t.equal(open({ place: new Uint8Array(32) }), undefined, 'another place');
  t.equal(open({ publisher: node.nodeId }), undefined, 'another publisher');
  t.equal(open({ body: undefined }), undefined, 'withdrawn');
  t.equal(open({ kind: 'user' }), undefined, 'another kind');
  const value = record.body as Uint8Array;
  for (let at = 0; at < value.length; at += 7) {
    const body = value.slice();
    body[at] ^= 1 << (at % 8);
    if (open({ body }) !== undefined) t.fail(`byte ${at}`);
  }
  const elsewhere = createWorld(nodeCrypto, 'elsewhere').network.id;
  t.equal(openRecord(nodeCrypto, elsewhere, own, record), undefined, 'signed for another network');
});

t.test('what is sealed must be the record of a service, well signed', async (t) => {
  const audience = ownAudience(nodeCrypto, acme.epoch);
  const pseudonym = pseudonymOf(nodeCrypto, networkId, node.seed, acme.epoch);
  const place = placeOfService(nodeCrypto, audience, acme.epoch.organisation, 'wiki');
  const through = (inner: Uint8Array) => {
    const sealed = { ...content, audience, place, pseudonym, inner };
    return openRecord(nodeCrypto, networkId, audience, opened(sealRecord(nodeCrypto, networkId, sealed)));
  };
  const forged = innerOf();
  forged[forged.length - 1] ^= 1;
  t.equal(through(forged), undefined);
  t.equal(through(Uint8Array.of(1, 2, 3)), undefined);
  const user = signInner(nodeCrypto, networkId, node.seed, {
    ...{
      kind: 'user',
      publisher: node.nodeId,
      sequence: 1,
      expires: NOW,
      name: 'wiki',
      body: new Uint8Array(1),
    },
  });
  t.equal(through(user), undefined);
  const withdrawn = signInner(nodeCrypto, networkId, node.seed, {
    ...{ kind: 'service', publisher: node.nodeId, sequence: 1, expires: NOW, name: 'wiki', body: undefined },
  });
  const open = signRecord(nodeCrypto, networkId, node.seed, {
    ...{ kind: 'service', publisher: node.nodeId, sequence: 1, expires: NOW, name: 'wiki', body },
  });
  t.equal(through(open), undefined, 'signed for all to see');
  t.match(through(withdrawn), { kind: 'service', name: 'wiki', body: undefined }, 'taken back, unseen');
  t.throws(() => through(new Uint8Array(0)), RangeError);
  t.throws(() => through(new Uint8Array(SEALED_INNER_MAX + 1)), RangeError);
});

const address: SocketAddress = {
  ip: ipFromBytes(new Uint8Array(16).fill(0xfd)) ?? ipv4(0, 0, 0, 0),
  port: 65535,
};

t.test('every service that there may be fits, and all sealed records are alike', async (t) => {
  const audience = ownAudience(nodeCrypto, acme.epoch);
  const pseudonym = pseudonymOf(nodeCrypto, networkId, node.seed, acme.epoch);
  const { organisation } = acme.epoch;
  const relays = [1, 2].map((n) => ({ nodeId: new Uint8Array(32).fill(n), addresses: [address, address] }));
  const longest = signInner(nodeCrypto, networkId, node.seed, {
    kind: 'service',
    publisher: node.nodeId,
    sequence: Number.MAX_SAFE_INTEGER,
    expires: Number.MAX_SAFE_INTEGER,
    name: 'n'.repeat(63),
    body: {
      ...{ selector: 65535, protocol: 'udp', port: 65535, weight: 65535, ipv4: true, ipv6: true },
      ...{ healthy: false, addresses: [address, address, address], relays },
    },
  });
  t.ok(longest.length <= SEALED_INNER_MAX, `${longest.length} bytes`);
  const rng = seededRng('cover');
  const inners = [longest, innerOf('a', { addresses: [] }), innerOf('wiki')];
  const records = inners.map((inner, i) => {
    const place = placeOfService(nodeCrypto, audience, organisation, `service-${i}`);
    return sealRecord(nodeCrypto, networkId, { ...content, audience, place, pseudonym, inner });
  });
  const place = coverPlace(nodeCrypto, pseudonym, 1);
  records.push(
    coverRecord(nodeCrypto, networkId, { ...content, place, pseudonym, random: (n) => rng.bytes(n) }),
  );
  t.same(new Set(records.map(({ length }) => length)).size, 1);
  t.ok(records[0].length <= SIGNED_RECORD_MAX, `${records[0].length} bytes`);
  for (const bytes of records) {
    const record = opened(bytes);
    t.same(Object.keys(record).sort(), [
      'body',
      'epoch',
      'expires',
      'kind',
      'name',
      'place',
      'publisher',
      'sequence',
    ]);
    t.match(record, { kind: 'sealed', name: '', ...content });
    t.equal(record.kind === 'sealed' && record.body?.length, SEALED_BYTES);
  }
  t.equal(openRecord(nodeCrypto, networkId, audience, opened(records[3])), undefined, 'a cover');
  const text = records.map((bytes) => new TextDecoder('latin1').decode(bytes)).join();
  t.notOk(text.includes('wiki') || text.includes(new TextDecoder('latin1').decode(node.nodeId)));
});

t.test('the same in another version or place is sealed with another nonce', async (t) => {
  const pseudonym = pseudonymOf(nodeCrypto, networkId, node.seed, acme.epoch);
  const audience = ownAudience(nodeCrypto, acme.epoch);
  const nonceOf = (changes: object) => {
    const place = new Uint8Array(32).fill(1);
    const sealed = { ...content, audience, place, pseudonym, inner: innerOf(), ...changes };
    const record = opened(sealRecord(nodeCrypto, networkId, sealed));
    return record.kind === 'sealed' && record.body !== undefined ? toHex(record.body.subarray(0, 24)) : '';
  };
  const other = generateNodeKeys(nodeCrypto, seededRng('other'));
  const nonces = [
    nonceOf({}),
    nonceOf({ sequence: content.sequence + 1 }),
    nonceOf({ place: new Uint8Array(32).fill(2) }),
    nonceOf({ inner: innerOf('wikis') }),
    nonceOf({ audience: ownAudience(nodeCrypto, umbrella.epoch) }),
    nonceOf({ pseudonym: pseudonymOf(nodeCrypto, networkId, other.seed, acme.epoch) }),
  ];
  t.equal(new Set(nonces).size, nonces.length);
  t.equal(nonceOf({}), nonces[0]);
});

t.test('the key of a sealed record is its epoch’s own', async (t) => {
  const place = new Uint8Array(32).fill(3);
  const keyOf = ({ id: epoch }: VerifiedEpoch, at = place) =>
    toHex(recordKey(nodeCrypto, networkId, { kind: 'sealed', epoch, place: at }));
  t.not(keyOf(acme.epoch), keyOf(umbrella.epoch));
  t.not(keyOf(acme.epoch), keyOf(acme.epoch, new Uint8Array(32)));
});

t.test('property: whatever is sealed opens for its audience and for no other', async (t) => {
  const { fakes, organisation } = { fakes: nodeCrypto, organisation: acme.epoch.organisation };
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const name = fc.stringMatching(/^[a-z0-9]{1,63}$/);
  const numbers = fc.record({ sequence: fc.maxSafeNat(), expires: fc.maxSafeNat() });
  fc.assert(
    fc.property(bytes32, bytes32, name, name, numbers, (key, other, name, second, numbers) => {
      fc.pre(toHex(key) !== toHex(other) && name !== second);
      const audience = { key };
      const place = placeOfService(fakes, audience, organisation, name);
      if (toHex(place) === toHex(placeOfService(fakes, audience, organisation, second))) return false;
      if (toHex(place) === toHex(placeOfService(fakes, { key: other }, organisation, name))) return false;
      const pseudonym = pseudonymOf(fakes, networkId, key, acme.epoch);
      const sealed = { ...numbers, audience, place, pseudonym, inner: innerOf(name) };
      const record = opened(sealRecord(fakes, networkId, sealed));
      return (
        openRecord(fakes, networkId, audience, record)?.name === name &&
        openRecord(fakes, networkId, { key: other }, record) === undefined
      );
    }),
    { numRuns: 60 },
  );
  t.pass('held');
});

t.test('an epoch’s secret is drawn until its keys are good', async (t) => {
  const rng = seededRng('draws');
  let draws = 0;
  const random = (bytes: number) => {
    draws++;
    return rng.bytes(bytes);
  };
  const { signer, organisation } = acme;
  const made = Array.from({ length: 8 }, (_, number) =>
    createEpoch(nodeCrypto, networkId, {
      ...{ organisation, signerSeed: signer.seed, number, created: NOW, random },
      cause: new Uint8Array(32).fill(number),
    }),
  );
  t.ok(draws > 8);
  for (const epoch of made) {
    t.ok(nodeCrypto.ed25519.isValidPublicKey(epoch.vouchingKey));
    t.same(readOwnEpoch(nodeCrypto, networkId, verifier, epoch.bytes, epoch.secret, NOW), epoch);
  }
});
