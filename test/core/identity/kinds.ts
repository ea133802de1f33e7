// One of everything that proves something: what is carried or kept whole, and what is signed within it.
import { encodeBase32 } from '../../../src/core/base/base32.ts';
import { concat, EMPTY, equalBytes } from '../../../src/core/base/bytes.ts';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import { encodeUtf8 } from '../../../src/core/base/utf8.ts';
import {
  addSignature,
  approveRequest,
  ChainVerifier,
  checkWork,
  decodeDocument,
  decodeInvitation,
  decodeRequest,
  decodeToken,
  generateNodeKeys,
  judgeRequest,
  makeRequest,
  makeRevocationRequest,
  prepareDocument,
  pseudonymOf,
  readEpoch,
  readGenesis,
  readNotice,
  readRecord,
  Solver,
  signNotice,
  type Work,
} from '../../../src/core/identity/identity.ts';
import { readInner } from '../../../src/core/identity/record.ts';
import * as rules from '../../../src/core/wire/rules.ts';
import type { MessageRule } from '../../../src/core/wire/scan.ts';
import type { Chain } from '../../../src/core/wire/types.ts';
import {
  decodeChain,
  decodeSignedEpoch,
  decodeSignedRevocation,
  encodeChain,
  encodeGuestInvitation,
  encodeJoinToken,
  encodeRecord,
  encodeSignedDocument,
  encodeSignedEpoch,
  encodeSignedRecord,
  encodeSignedRevocation,
  encodeSignerNotice,
  encodeSigningRequest,
  encodeWantedSigner,
} from '../../../src/core/wire/wire.ts';
import { nodeCrypto as crypto } from '../../../src/host/crypto/crypto.ts';
import { createEpochWorld } from './epoch-world.ts';
import { byRoots, bySigner, revocationVerifier } from './revocation-world.ts';
import { createWorld, makeChain, makeGuestChain, NOW } from './world.ts';

const { world, acme } = createEpochWorld(crypto, 'kinds');
export const { network } = world;
export const other = createWorld(crypto, 'another network').network;
const { roots, signer, member, rng } = world;
const globex = generateNodeKeys(crypto, rng);

/** What travels or is kept whole. */
export interface Kind {
  readonly name: string;
  /** undefined: it is no message. */
  readonly rule: MessageRule | undefined;
  readonly bytes: Uint8Array;
  believed(bytes: Uint8Array): boolean;
  /** Every bit of it is proven, not only its form. */
  readonly isProven: boolean;
  /** Of what people carry as text: bytes with their checksum, as they are written. */
  readonly text?: { readonly bytes: Uint8Array; believed(bytes: Uint8Array): boolean };
}

/** What a key signs, as part of something whole. */
export interface Signed {
  readonly name: string;
  /** undefined: it is no message. */
  readonly rule: MessageRule | undefined;
  readonly purpose: string;
  /** Whether the network's ID is signed with it. */
  readonly isOfNetwork: boolean;
  readonly content: Uint8Array;
  /** The whole with this content, signed over that input by the right key. */
  whole(content: Uint8Array, signed: Uint8Array): Uint8Array;
  believed(whole: Uint8Array): boolean;
}

const chain = makeChain(world);
const guestChain = makeGuestChain(world);
const pseudonym = pseudonymOf(crypto, network.id, member.seed, acme.epoch);
const sign = (keys: { readonly seed: Uint8Array }, input: Uint8Array) =>
  crypto.ed25519.sign(keys.seed, input);
/** Of root 0. */
const byRoot = (certificate: Uint8Array, input: Uint8Array): Chain['organisation'] => ({
  certificate,
  signatures: [{ root: 0, signature: sign(roots[0], input) }],
});
// Made anew each time: nothing is believed because it was before.
const chains = () => new ChainVerifier(crypto, network);
const isMember = (bytes: Uint8Array) => chains().verify(bytes, NOW).ok;
const isGuest = (bytes: Uint8Array) => chains().verifyAny(bytes, NOW, ['guest']).ok;
const isPseudonym = (bytes: Uint8Array) => chains().verifyPseudonym(bytes, NOW).ok;
const isEpoch = (bytes: Uint8Array) => readEpoch(crypto, network.id, chains(), bytes, NOW) !== undefined;
const isNotice = (bytes: Uint8Array) =>
  readNotice(crypto, network.id, chains(), member.nodeId, bytes, NOW) !== undefined;
const isRevocation = (bytes: Uint8Array) => revocationVerifier(world).verify(bytes).ok;
const isGenesis = (bytes: Uint8Array) => {
  const result = readGenesis(crypto, bytes);
  return result.ok && equalBytes(result.network.id, network.id);
};

/** Text of any bytes with the right checksum. */
function sealed(prefix: string, purpose: string, bytes: Uint8Array): Uint8Array {
  const named = prefix === 'mccr1' || prefix === 'mccs1' ? prefix : '';
  return concat(bytes, crypto.sha256(concat(encodeUtf8(`${purpose}\0${named}`), bytes)).subarray(0, 4));
}

function carried(
  kind: Pick<Kind, 'name' | 'rule' | 'bytes' | 'isProven'>,
  prefix: string,
  isGood: (text: string) => boolean,
): Kind {
  const purpose = prefix === 'mccr1' || prefix === 'mccs1' ? 'mcc document checksum' : 'mcc token checksum';
  const text = (bytes: Uint8Array) => isGood(prefix + encodeBase32(bytes));
  const seal = (bytes: Uint8Array) => sealed(prefix, purpose, bytes);
  return {
    ...kind,
    believed: (bytes) => text(seal(bytes)),
    text: { bytes: seal(kind.bytes), believed: text },
  };
}

const signers = [
  {
    nodeId: member.nodeId,
    addresses: [{ ip: ipv4(192, 0, 2, 1), port: 9376 }],
    hosts: [{ host: 'vpn.example', port: 1 }],
  },
];
const invitation = { genesis: network.bytes, organisation: signer.nodeId, signers, extensions: [] };
const wanted = {
  networkId: network.id,
  organisation: signer.nodeId,
  signer: globex.nodeId,
  name: 'acme',
  created: NOW,
  extensions: [],
};
const request = approveRequest(
  crypto,
  network,
  makeRequest(crypto, globex.seed, wanted),
  chain.organisation,
  signer.seed,
);
const isRequest = (text: string) => {
  const result = decodeRequest(crypto, text);
  return result.ok && judgeRequest(crypto, network, result.read, NOW) === undefined;
};
const isRequestBytes = (bytes: Uint8Array) =>
  isRequest(`mccr1${encodeBase32(sealed('mccr1', 'mcc document checksum', bytes))}`);
const revocation = decodeSignedRevocation(byRoots(world)).statement;
const revocationRequest = makeRevocationRequest(network, {
  kind: 'signer',
  target: signer.nodeId,
  since: NOW,
  issued: NOW,
  reason: 'lost',
  organisation: EMPTY,
  issuer: EMPTY,
  extensions: [],
});

/** Signed by root 0, with no contacts: nobody proves those. */
function documentOf(text: string): Uint8Array {
  const read = decodeRequest(crypto, text);
  if (!read.ok) throw new Error(read.code);
  const terms = { notBefore: NOW, notAfter: NOW + 365 * DAY_S, nonce: rng.bytes(16), contacts: [] };
  const document = addSignature(crypto, network, prepareDocument(network, read.read, terms), roots[0].seed);
  if (typeof document === 'string') throw new Error(document);
  return encodeSignedDocument(document);
}

/** What is left when all but the genesis document is cut off says what the network is, no more. */
const isDocument = (text: string) => {
  const result = decodeDocument(crypto, text);
  if (!result.ok || !equalBytes(result.read.network.id, network.id)) return false;
  const { organisation, revocation, missing } = result.read;
  return missing === 0 && (organisation ?? revocation) !== undefined;
};
const textOfRequest = (bytes: Uint8Array) =>
  `mccr1${encodeBase32(sealed('mccr1', 'mcc document checksum', bytes))}`;

const WORK: Work = {
  networkId: network.id,
  nodeId: member.nodeId,
  signer: signer.nodeId,
  hour: Math.floor(NOW / 3600),
  difficulty: 20,
};
function solution(): Uint8Array {
  const solver = new Solver(crypto, WORK);
  while (!solver.run(1_000_000));
  return solver.solution;
}

const token = encodeJoinToken({ ...invitation, secret: rng.bytes(16), expires: NOW + DAY_S });
const invited = encodeGuestInvitation(invitation);
const asked = encodeSigningRequest(request);
const askedToRevoke = encodeSigningRequest(revocationRequest);

export const KINDS: readonly Kind[] = [
  {
    name: 'genesis document',
    rule: rules.GENESIS,
    bytes: network.bytes,
    believed: isGenesis,
    isProven: true,
  },
  {
    name: 'chain of a member',
    rule: rules.CHAIN,
    bytes: encodeChain(chain),
    believed: isMember,
    isProven: true,
  },
  {
    name: 'chain of a guest',
    rule: rules.CHAIN,
    bytes: encodeChain(guestChain),
    believed: isGuest,
    isProven: true,
  },
  {
    name: 'chain of a pseudonym',
    rule: rules.CHAIN,
    bytes: pseudonym.chain,
    believed: isPseudonym,
    isProven: true,
  },
  { name: 'epoch', rule: rules.SIGNED_EPOCH, bytes: acme.epoch.bytes, believed: isEpoch, isProven: true },
  {
    name: 'signer notice',
    rule: rules.SIGNER_NOTICE,
    bytes: signNotice(crypto, network.id, member.nodeId, chain.organisation, signer.seed),
    believed: isNotice,
    isProven: true,
  },
  {
    name: 'revocation by a signer',
    rule: rules.SIGNED_REVOCATION,
    bytes: bySigner(world),
    believed: isRevocation,
    isProven: true,
  },
  {
    name: 'revocation by roots',
    rule: rules.SIGNED_REVOCATION,
    bytes: byRoots(world),
    believed: isRevocation,
    isProven: true,
  },
  // Whoever can change these could as well make others.
  carried(
    { name: 'join token', rule: rules.JOIN_TOKEN, bytes: token, isProven: false },
    'mcc1',
    (text) => decodeToken(crypto, text).ok,
  ),
  carried(
    { name: 'guest invitation', rule: rules.GUEST_INVITATION, bytes: invited, isProven: false },
    'mccg1',
    (text) => decodeInvitation(crypto, text).ok,
  ),
  carried(
    { name: 'request of a signer', rule: rules.SIGNING_REQUEST, bytes: asked, isProven: true },
    'mccr1',
    isRequest,
  ),
  carried(
    { name: 'request of a revocation', rule: rules.SIGNING_REQUEST, bytes: askedToRevoke, isProven: false },
    'mccr1',
    isRequest,
  ),
  carried(
    {
      name: 'signed document',
      rule: rules.SIGNED_DOCUMENT,
      bytes: documentOf(textOfRequest(asked)),
      isProven: true,
    },
    'mccs1',
    isDocument,
  ),
  carried(
    {
      name: 'signed document of a revocation',
      rule: rules.SIGNED_DOCUMENT,
      bytes: documentOf(textOfRequest(askedToRevoke)),
      isProven: true,
    },
    'mccs1',
    isDocument,
  ),
  {
    name: 'proof of work of a guest',
    rule: undefined,
    bytes: solution(),
    believed: (bytes) => checkWork(crypto, WORK, bytes),
    isProven: true,
  },
];

const epoch = decodeSignedEpoch(acme.epoch.bytes);
const pseudonymChain = decodeChain(pseudonym.chain);
if (!('pseudonym' in pseudonymChain)) throw new Error('no pseudonym');
const vouched = pseudonymChain.pseudonym;
/** As createEpoch derives it from the secret. */
const voucher = { seed: crypto.hmacSha256(acme.epoch.secret, encodeUtf8('mcc vouching')) };
const signerRevocation = decodeSignedRevocation(bySigner(world));

const record = encodeRecord({
  kind: 'nodeName',
  publisher: member.nodeId,
  sequence: NOW * 1000,
  expires: NOW + DAY_S,
  name: 'alpha',
  body: { addresses: [], core: true, relays: [] },
});

export const SIGNED: readonly Signed[] = [
  {
    name: 'certificate of an organisation',
    rule: rules.ORGANISATION_CERTIFICATE,
    purpose: 'mcc organisation certificate\0',
    isOfNetwork: true,
    content: chain.organisation.certificate,
    whole: (content, signed) => encodeChain({ ...chain, organisation: byRoot(content, signed) }),
    believed: isMember,
  },
  {
    name: 'certificate of a member',
    rule: rules.MEMBER_CERTIFICATE,
    purpose: 'mcc member certificate\0',
    isOfNetwork: true,
    content: chain.member.certificate,
    whole: (certificate, signed) =>
      encodeChain({ ...chain, member: { certificate, signature: sign(signer, signed) } }),
    believed: isMember,
  },
  {
    name: 'certificate of a guest',
    rule: rules.GUEST_CERTIFICATE,
    purpose: 'mcc guest certificate\0',
    isOfNetwork: true,
    content: guestChain.guest.certificate,
    whole: (certificate, signed) =>
      encodeChain({ ...guestChain, guest: { certificate, signature: sign(signer, signed) } }),
    believed: isGuest,
  },
  {
    name: 'statement of an epoch',
    rule: rules.EPOCH,
    purpose: 'mcc epoch\0',
    isOfNetwork: true,
    content: epoch.epoch,
    whole: (content, signed) =>
      encodeSignedEpoch({ ...epoch, epoch: content, signature: sign(signer, signed) }),
    believed: isEpoch,
  },
  {
    name: 'pseudonym',
    rule: rules.PSEUDONYM,
    purpose: 'mcc pseudonym\0',
    isOfNetwork: true,
    content: vouched.pseudonym,
    whole: (content, signed) =>
      encodeChain({
        ...pseudonymChain,
        pseudonym: { ...vouched, pseudonym: content, signature: sign(voucher, signed) },
      }),
    believed: isPseudonym,
  },
  {
    name: 'statement of a revocation by a signer',
    rule: rules.REVOCATION,
    purpose: 'mcc revocation\0',
    isOfNetwork: true,
    content: signerRevocation.statement,
    whole: (statement, signed) =>
      encodeSignedRevocation({ ...signerRevocation, statement, signature: sign(signer, signed) }),
    believed: isRevocation,
  },
  {
    name: 'statement of a revocation by roots',
    rule: rules.REVOCATION,
    purpose: 'mcc revocation\0',
    isOfNetwork: true,
    content: revocation,
    whole: (statement, signed) =>
      encodeSignedRevocation({
        statement,
        signature: EMPTY,
        authority: undefined,
        signatures: byRoot(statement, signed).signatures,
      }),
    believed: isRevocation,
  },
  {
    name: 'what a signer says of its node',
    rule: undefined,
    purpose: 'mcc signer notice\0',
    isOfNetwork: true,
    content: member.nodeId,
    whole: (_content, signed) =>
      encodeSignerNotice({ organisation: chain.organisation, signature: sign(signer, signed) }),
    believed: isNotice,
  },
  {
    name: 'what a new signer wants',
    rule: rules.WANTED_SIGNER,
    purpose: 'mcc signing request\0',
    // Who asks may be in no network yet; where it asks stands in what it wants.
    isOfNetwork: false,
    content: encodeWantedSigner({ ...wanted, organisation: globex.nodeId }),
    whole: (content, signed) =>
      encodeSigningRequest({
        kind: 'organisation',
        wanted: content,
        proof: sign(globex, signed),
        sponsor: undefined,
        approval: EMPTY,
      }),
    believed: isRequestBytes,
  },
  {
    name: 'what a signer approves',
    rule: undefined,
    purpose: 'mcc approval of a signer\0',
    isOfNetwork: true,
    content: request.wanted,
    whole: (_content, signed) => encodeSigningRequest({ ...request, approval: sign(signer, signed) }),
    believed: isRequestBytes,
  },
  {
    name: 'record',
    rule: rules.RECORD,
    purpose: 'mcc record\0',
    isOfNetwork: true,
    content: record,
    whole: (content, signed) => encodeSignedRecord({ record: content, signature: sign(member, signed) }),
    believed: (bytes) => readRecord(crypto, network.id, bytes) !== undefined,
  },
  {
    name: 'record inside a sealed one',
    rule: rules.RECORD,
    purpose: 'mcc sealed record\0',
    isOfNetwork: true,
    content: record,
    whole: (content, signed) => encodeSignedRecord({ record: content, signature: sign(member, signed) }),
    believed: (bytes) => readInner(crypto, network.id, bytes) !== undefined,
  },
];
