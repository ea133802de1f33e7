// Values of every kind that travels, for property tests.

import fc from 'fast-check';
import { type IpAddress, ipFromBytes } from '../../../src/core/base/ip.ts';
import type { SignedDocument, SigningRequest, WantedSigner } from '../../../src/core/wire/document-types.ts';
import { FLOW_REFUSAL_CODES } from '../../../src/core/wire/flow-refusal.ts';
import {
  CHAIN_MAX,
  CONTACT_ADDRESSES_MAX,
  DHT_TOKEN_MAX,
  EARLY_ANSWER_MAX,
  EARLY_MAX,
  EXTENSION_VALUE_MAX,
  HASH_BYTES,
  KEY_BYTES,
  LEG_MAX,
  PATH_DELAY_MAX_S,
  PATH_TEST_MAX,
  PATH_TOKEN_BYTES,
  PROVIDES_MAX,
  PUNCH_ADDRESSES_MAX,
  RECORD_ADDRESSES_MAX,
  RECORD_MAX,
  RELAY_ADDRESSES_MAX,
  RELAYS_MAX,
  REVOCATION_HASHES_MAX,
  REVOCATION_PARTS_MAX,
  SEALED_BYTES,
  SERVICE_ADDRESSES_MAX,
  SPREAD_MAX,
  SUITES_MAX,
  VALUE_MAX,
  WAY_TOKEN_BYTES,
} from '../../../src/core/wire/limits.ts';
import {
  type Chain,
  CLOSE_REASONS,
  type ControlMessage,
  DHT_STORE_CODES,
  type DhtContact,
  type DhtMessage,
  type DhtRecord,
  type Extension,
  type Genesis,
  type GuestCertificate,
  type GuestChain,
  type GuestInvitation,
  HANDSHAKE_KINDS,
  type HandshakePayload,
  type JoinToken,
  type MemberCertificate,
  NAT_BEHAVIOURS,
  type NodeRecord,
  type OrganisationCertificate,
  PUNCH_STEPS,
  REFUSAL_CODES,
  RELAY_CODES,
  REVOCATION_KINDS,
  type ReachMessage,
  type Revocation,
  type RevocationMessage,
  type SignedRecord,
  type SignedRevocation,
} from '../../../src/core/wire/types.ts';
import { epochMessage } from './epoch-message-arbitraries.ts';

export const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
export const upTo = (length: number) => fc.uint8Array({ maxLength: length });
export const u32 = fc.integer({ min: 0, max: 0xffffffff });
export const seconds = fc.oneof(fc.nat(4_000_000_000), fc.maxSafeNat());

export const key = exactly(KEY_BYTES);
export const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
export const ip = fc
  .oneof(exactly(4), exactly(16))
  .map((bytes): IpAddress => ipFromBytes(bytes) as IpAddress);
export const socketAddress = fc.record({ ip, port: fc.nat(65535) });

const relayHint = fc.record({
  nodeId: key,
  addresses: fc.array(socketAddress, { maxLength: RELAY_ADDRESSES_MAX }),
});
const relays = fc.array(relayHint, { maxLength: RELAYS_MAX });

export const nodeRecord: fc.Arbitrary<NodeRecord> = fc.record({
  nodeId: key,
  name: fc.oneof(name, fc.constant('')),
  organisation: fc.oneof(key, fc.constant(new Uint8Array(0))),
  addresses: fc.array(socketAddress, { maxLength: RECORD_ADDRESSES_MAX }),
  core: fc.boolean(),
  relays,
});

const dhtContact: fc.Arbitrary<DhtContact> = fc.record({
  nodeId: key,
  nonce: exactly(16),
  addresses: fc.array(socketAddress, { maxLength: CONTACT_ADDRESSES_MAX }),
});

const signedRecordBytes = fc.uint8Array({ minLength: 1, maxLength: 200 });

const dhtMessage: fc.Arbitrary<DhtMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('dhtQuestion' as const),
    id: u32,
    key,
    records: fc.boolean(),
    client: fc.boolean(),
    seed: u32,
    offset: u32,
    publisher: fc.oneof(key, fc.constant(new Uint8Array(0))),
  }),
  fc.record({
    kind: fc.constant('dhtAnswer' as const),
    id: u32,
    contacts: fc.array(dhtContact, { maxLength: 4 }),
    records: fc.array(signedRecordBytes, { maxLength: 2 }),
    total: u32,
    token: upTo(DHT_TOKEN_MAX),
    spread: fc.nat(SPREAD_MAX),
    chain: upTo(200),
  }),
  fc.record({
    kind: fc.constant('dhtStore' as const),
    id: u32,
    token: upTo(DHT_TOKEN_MAX),
    record: upTo(500),
    chain: upTo(500),
    shard: fc.nat(2 ** SPREAD_MAX),
    replica: fc.boolean(),
    spread: fc.nat(SPREAD_MAX),
  }),
  fc.record({
    kind: fc.constant('dhtStoreAnswer' as const),
    id: u32,
    code: fc.constantFrom(...DHT_STORE_CODES),
    spread: fc.nat(SPREAD_MAX),
  }),
);

const leg = fc.nat(LEG_MAX);
const pathToken = exactly(PATH_TOKEN_BYTES);
const padding = fc.nat(PATH_TEST_MAX - 100);
const observed = fc.option(socketAddress, { nil: undefined });

const reachMessage: fc.Arbitrary<ReachMessage> = fc.oneof(
  fc.record({ kind: fc.constant('relayRequest' as const), leg, inward: fc.boolean() }),
  fc.record({ kind: fc.constant('relayGrant' as const), leg, seconds: u32, inward: fc.boolean() }),
  fc.record({ kind: fc.constant('relayRefusal' as const), code: fc.constantFrom(...RELAY_CODES) }),
  fc.record({
    kind: fc.constantFrom('circuitOpen' as const, 'circuitOffer' as const),
    nodeId: key,
    number: leg,
  }),
  fc.record({
    kind: fc.constant('circuitClose' as const),
    number: leg,
    code: fc.constantFrom(...RELAY_CODES),
  }),
  fc.record({ kind: fc.constant('circuitEnd' as const), nodeId: key, address: socketAddress }),
  fc.record({ kind: fc.constant('relayCall' as const), relay: relayHint, padding: fc.nat(800) }),
  fc.record({
    kind: fc.constant('pathChallenge' as const),
    token: pathToken,
    full: fc.boolean(),
    padding,
    delayS: fc.nat(PATH_DELAY_MAX_S),
  }),
  fc.record({ kind: fc.constant('pathResponse' as const), token: pathToken, observed, padding }),
  fc.record({
    kind: fc.constant('punch' as const),
    round: u32,
    step: fc.constantFrom(...PUNCH_STEPS),
    addresses: fc.array(socketAddress, { maxLength: PUNCH_ADDRESSES_MAX }),
    mapping: fc.constantFrom(...NAT_BEHAVIOURS),
    filtering: fc.constantFrom(...NAT_BEHAVIOURS),
  }),
);

const digest = fc.oneof(key, fc.constant(new Uint8Array(0)));
const hashes = fc.array(key, { maxLength: REVOCATION_HASHES_MAX });

const revocationMessage: fc.Arbitrary<RevocationMessage> = fc.oneof(
  fc.record({ kind: fc.constant('revocationHead' as const), digest }),
  fc.record({
    kind: fc.constant('revocationQuery' as const),
    lower: digest,
    upper: digest,
    digest,
    wanted: hashes,
  }),
  fc.record({
    kind: fc.constant('revocationAnswer' as const),
    lower: digest,
    upper: digest,
    hashes,
    parts: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('revocationAnswer' as const),
    lower: digest,
    upper: digest,
    hashes: fc.constant([]),
    parts: fc.array(fc.record({ upper: digest, digest }), { maxLength: REVOCATION_PARTS_MAX }),
  }),
  fc.record({
    kind: fc.constant('revocations' as const),
    statements: fc.array(fc.uint8Array({ minLength: 1, maxLength: 500 }), { maxLength: 2 }),
  }),
);

const recordHead = { publisher: key, sequence: fc.maxSafeNat(), expires: fc.maxSafeNat() };
const nodeBody = fc.record({
  addresses: fc.array(socketAddress, { maxLength: RECORD_ADDRESSES_MAX }),
  core: fc.boolean(),
  relays,
});
const serviceBody = fc.record({
  selector: fc.integer({ min: 1, max: 65535 }),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
  port: fc.integer({ min: 1, max: 65535 }),
  weight: fc.nat(65535),
  ipv4: fc.boolean(),
  ipv6: fc.boolean(),
  healthy: fc.boolean(),
  addresses: fc.array(socketAddress, { maxLength: SERVICE_ADDRESSES_MAX }),
  relays,
});
const absent = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const value = upTo(VALUE_MAX);

export const dhtRecord: fc.Arbitrary<DhtRecord> = fc.oneof(
  fc.record({
    ...recordHead,
    kind: fc.constant('node' as const),
    name: fc.constant(''),
    body: absent(nodeBody),
  }),
  fc.record({ ...recordHead, kind: fc.constant('nodeName' as const), name, body: absent(nodeBody) }),
  fc.record({ ...recordHead, kind: fc.constant('service' as const), name, body: absent(serviceBody) }),
  fc.record({ ...recordHead, kind: fc.constant('user' as const), name, body: absent(value) }),
  fc.record({
    ...recordHead,
    kind: fc.constant('immutable' as const),
    name: fc.constant(''),
    body: absent(value),
  }),
  fc.record({
    ...recordHead,
    kind: fc.constant('sealed' as const),
    name: fc.constant(''),
    place: exactly(HASH_BYTES),
    epoch: exactly(HASH_BYTES),
    body: absent(exactly(SEALED_BYTES)),
  }),
);

export const signedRecord: fc.Arbitrary<SignedRecord> = fc.record({
  record: fc.uint8Array({ minLength: 1, maxLength: RECORD_MAX }),
  signature: exactly(64),
});

export const controlMessage: fc.Arbitrary<ControlMessage> = fc.oneof(
  fc.record({ kind: fc.constant('ping' as const), id: u32 }),
  fc.record({
    kind: fc.constant('pong' as const),
    id: u32,
    observed: fc.option(socketAddress, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('observedAddress' as const), address: socketAddress }),
  fc.record({ kind: fc.constant('admissionRequest' as const), tokenId: key, proof: key, name }),
  fc.record({
    kind: fc.constant('admissionAnswer' as const),
    chain: fc.uint8Array({ minLength: 1, maxLength: 500 }),
    nodes: fc.array(nodeRecord, { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('admissionRefusal' as const), code: fc.constantFrom(...REFUSAL_CODES) }),
  fc.record({ kind: fc.constant('guestQuestion' as const) }),
  fc.record({ kind: fc.constant('guestTerms' as const), hour: u32, difficulty: u32, signer: key }),
  fc.record({
    kind: fc.constant('flowRefusal' as const),
    family: fc.nat(8),
    protocol: fc.nat(255),
    selectors: u32,
    ports: u32,
    code: fc.constantFrom(...FLOW_REFUSAL_CODES),
  }),
  fc.record({
    kind: fc.constant('guestRequest' as const),
    hour: u32,
    difficulty: u32,
    solution: fc.uint8Array({ maxLength: 128 }),
  }),
  fc
    .record({
      kind: fc.constant('nodeRecords' as const),
      nodes: fc.array(nodeRecord, { maxLength: 3 }),
      leg: fc.option(fc.integer({ min: 0, max: LEG_MAX }), { nil: undefined }),
    })
    .map(({ leg, ...records }) => (leg === undefined ? records : { ...records, leg })),
  fc.record({ kind: fc.constant('close' as const), reason: fc.constantFrom(...CLOSE_REASONS) }),
  fc.record({
    kind: fc.constant('dialRequest' as const),
    nodeId: key,
    address: socketAddress,
    padding: fc.integer({ min: 0, max: 900 }),
  }),
  fc.record({ kind: fc.constant('confirmation' as const), wayToken: exactly(WAY_TOKEN_BYTES) }),
  dhtMessage,
  reachMessage,
  revocationMessage,
  epochMessage,
);

const handshakeOf = (chainMax: number, earlyMax: number): fc.Arbitrary<HandshakePayload> =>
  fc.record({
    kind: fc.constantFrom(...HANDSHAKE_KINDS),
    chain: upTo(chainMax),
    suites: fc.array(u32, { maxLength: SUITES_MAX }),
    freshness: fc.maxSafeNat(),
    revocationHead: fc.oneof(key, fc.constant(new Uint8Array(0))),
    early: upTo(earlyMax),
  });

/** Of an initiation with a long chain, or of a response with a long answer. */
export const handshakePayload: fc.Arbitrary<HandshakePayload> = fc.oneof(
  handshakeOf(CHAIN_MAX, EARLY_MAX),
  handshakeOf(40, EARLY_ANSWER_MAX),
);

const extensions: fc.Arbitrary<Extension[]> = fc.array(
  fc.record({ id: u32, critical: fc.boolean(), value: upTo(EXTENSION_VALUE_MAX / 4) }),
  { maxLength: 3 },
);

export const genesis: fc.Arbitrary<Genesis> = fc.record({
  network: name,
  threshold: fc.integer({ min: 0, max: 8 }),
  rootKeys: fc.array(key, { maxLength: 8 }),
  created: seconds,
  random: exactly(16),
  extensions,
});

export const organisationCertificate: fc.Arbitrary<OrganisationCertificate> = fc.record({
  organisation: key,
  signer: key,
  name,
  notBefore: seconds,
  notAfter: seconds,
  nonce: exactly(16),
  extensions,
});

export const memberCertificate: fc.Arbitrary<MemberCertificate> = fc.record({
  organisation: key,
  issuer: key,
  nodeId: key,
  name,
  notBefore: seconds,
  notAfter: seconds,
  nonce: exactly(16),
  provides: fc.array(fc.stringMatching(/^[a-z0-9*-]{1,10}$/), { maxLength: PROVIDES_MAX }),
  tags: fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { maxLength: 4 }),
  extensions,
});

export const guestCertificate: fc.Arbitrary<GuestCertificate> = fc.record({
  organisation: key,
  issuer: key,
  nodeId: key,
  notBefore: seconds,
  notAfter: seconds,
  extensions,
});

export const signedOrganisation = fc.record({
  certificate: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  signatures: fc.array(fc.record({ root: fc.nat(7), signature: exactly(64) }), { maxLength: 5 }),
});
const leaf = fc.record({
  certificate: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  signature: exactly(64),
});

export const chain: fc.Arbitrary<Chain | GuestChain> = fc.oneof(
  fc.record({ organisation: signedOrganisation, member: leaf }),
  fc.record({ organisation: signedOrganisation, guest: leaf }),
);

const signers = fc.array(
  fc.record({
    nodeId: key,
    addresses: fc.array(socketAddress, { maxLength: 4 }),
    hosts: fc.array(fc.record({ host: fc.stringMatching(/^[a-z]{1,12}$/), port: fc.nat(65535) }), {
      maxLength: 2,
    }),
  }),
  { maxLength: 3 },
);

export const joinToken: fc.Arbitrary<JoinToken> = fc.record({
  genesis: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  organisation: key,
  secret: exactly(16),
  expires: seconds,
  signers,
  extensions,
});

export const guestInvitation: fc.Arbitrary<GuestInvitation> = fc.record({
  genesis: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  organisation: key,
  signers,
  extensions,
});

export const revocation: fc.Arbitrary<Revocation> = fc.record({
  kind: fc.constantFrom(...REVOCATION_KINDS),
  target: key,
  since: seconds,
  issued: seconds,
  reason: fc.oneof(fc.string({ maxLength: 40 }), fc.constant('')),
  organisation: digest,
  issuer: digest,
  extensions: fc.array(fc.record({ id: u32, critical: fc.boolean(), value: upTo(16) }), { maxLength: 2 }),
});

export const signedRevocation: fc.Arbitrary<SignedRevocation> = fc.record({
  statement: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  signature: fc.oneof(exactly(64), fc.constant(new Uint8Array(0))),
  authority: fc.option(
    chain.map(({ organisation }) => organisation),
    { nil: undefined },
  ),
  signatures: fc.array(fc.record({ root: fc.nat(7), signature: exactly(64) }), { maxLength: 5 }),
});

export const wantedSigner: fc.Arbitrary<WantedSigner> = fc.record({
  networkId: fc.oneof(fc.constant(new Uint8Array(0)), key),
  organisation: key,
  signer: key,
  name,
  created: seconds,
  extensions,
});

export const signingRequest: fc.Arbitrary<SigningRequest> = fc.record({
  kind: fc.constant('organisation' as const),
  wanted: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  proof: exactly(64),
  sponsor: fc.option(signedOrganisation, { nil: undefined }),
  approval: fc.oneof(fc.constant(new Uint8Array(0)), exactly(64)),
});

export const signedDocument: fc.Arbitrary<SignedDocument> = fc.record({
  genesis: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  signatures: fc.array(fc.record({ root: fc.nat(7), signature: exactly(64) }), { maxLength: 5 }),
  contacts: signers,
  request: fc.uint8Array({ maxLength: 300 }),
  statement: fc.option(
    fc.record({
      kind: fc.constant('organisation' as const),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    }),
    { nil: undefined },
  ),
  extensions,
});

/** Bytes with a few of them changed, cut, doubled or inserted: near what a codec expects. */
export function damaged(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    at: fc.nat(2000),
    kind: fc.constantFrom('set', 'flip', 'insert', 'remove', 'cut', 'double'),
    value: fc.nat(255),
  });
  return fc.tuple(bytes, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([bytes, edits]) => {
    let list = [...bytes];
    for (const { at, kind, value } of edits) {
      const i = list.length === 0 ? 0 : at % list.length;
      if (kind === 'set') list[i] = value;
      else if (kind === 'flip') list[i] ^= 1 << (value & 7);
      else if (kind === 'insert') list.splice(i, 0, value);
      else if (kind === 'remove') list.splice(i, 1);
      else if (kind === 'cut') list = list.slice(0, i);
      else list = [...list.slice(0, i), ...list];
    }
    return Uint8Array.from(list);
  });
}
