// Founding a network: the part that the daemon does with its own keys. The root key's part happens in the cli.
import { EMPTY, equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import {
  ChainVerifier,
  generateNodeKeys,
  issueMember,
  type Network,
  type NewMember,
  nodeKeysFromSeed,
  RENEWAL_GRACE_S,
  readGenesis,
  type VerifiedChain,
} from '../../core/identity/identity.ts';
import type { NodeKeys } from '../../core/identity/types.ts';
import { CLOCK_SKEW_S } from '../../core/wire/limits.ts';
import type { Chain } from '../../core/wire/types.ts';
import {
  decodeChain,
  decodeMemberCertificate,
  decodeOrganisationCertificate,
  WireError,
} from '../../core/wire/wire.ts';
import type { InitInput } from '../api/types.ts';
import { nodeCrypto, systemRng } from '../crypto/crypto.ts';
import type { WallClock } from '../io/io.ts';
import type { KeyName, Membership, Storage } from '../storage/storage.ts';

/** Keys of the state directory; made, and on disk before they are used, when there are none. */
export function ensureKeys(storage: Storage, name: KeyName): NodeKeys {
  const found = readKeys(storage, name);
  if (found !== undefined) return found;
  const keys = generateNodeKeys(nodeCrypto, systemRng);
  storage.writeSeed(name, keys.seed);
  return keys;
}

export function readKeys(storage: Storage, name: KeyName): NodeKeys | undefined {
  const seed = storage.readSeed(name);
  if (seed === undefined) return undefined;
  const keys = nodeKeysFromSeed(nodeCrypto, seed);
  if (keys === undefined) throw new CodedError('STATE_DAMAGED', `${name}.key holds no valid key`);
  return keys;
}

/** The identity that the certificate names: a new one, which was admitted, takes the place of the old one here. */
export function nodeKeys(storage: Storage, membership: Membership): NodeKeys | undefined {
  const next = readKeys(storage, 'node-new');
  if (next === undefined || !equalBytes(next.nodeId, subjectOf(membership) ?? EMPTY))
    return readKeys(storage, 'node');
  storage.writeSeed('node', next.seed);
  storage.removeSeed('node-new');
  return next;
}

function subjectOf({ chain }: Membership): Uint8Array | undefined {
  try {
    const decoded = decodeChain(chain);
    return 'member' in decoded ? decodeMemberCertificate(decoded.member.certificate).nodeId : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/**
 * The key that signs for the organisation, if this node has one: the one that its certificate names. A new one, whose
 * certificate is installed, takes the place of the old one here.
 */
export function signerKeys(storage: Storage, membership: Membership): NodeKeys | undefined {
  const next = readKeys(storage, 'signer-new');
  if (next === undefined || !equalBytes(next.nodeId, issuerOf(membership) ?? EMPTY))
    return readKeys(storage, 'signer');
  storage.writeSeed('signer', next.seed);
  storage.removeSeed('signer-new');
  return next;
}

function issuerOf({ chain }: Membership): Uint8Array | undefined {
  try {
    return decodeOrganisationCertificate(decodeChain(chain).organisation.certificate).signer;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/**
 * The membership of a signer that certifies its own node: what `before` says of it stays. Throws a CodedError when the
 * organisation's certificate does not let it.
 */
export function signerMembership(
  network: Network,
  organisation: Chain['organisation'],
  signer: NodeKeys,
  node: Omit<NewMember, 'now'>,
  nowMs: number,
): Membership {
  let chain: Uint8Array;
  try {
    const member = { ...node, now: seconds(nowMs) };
    chain = issueMember(nodeCrypto, network, organisation, signer.seed, member);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CodedError('DOCUMENT_REFUSED', error.message);
  }
  const verified = new ChainVerifier(nodeCrypto, network).verify(chain, seconds(nowMs));
  if (!verified.ok) throw new CodedError('DOCUMENT_REFUSED', verified.reason);
  return { genesis: network.bytes, chain };
}

/** The founder's membership: its organisation's certificate from the root key, its own from its signer key. */
export function foundMembership(storage: Storage, input: InitInput, name: string, nowMs: number): Membership {
  const network = readGenesis(nodeCrypto, bytes(input.genesis));
  if (!network.ok)
    throw new CodedError('REQUEST_INVALID', `the genesis document is refused (${network.reason})`);
  const organisation = {
    certificate: bytes(input.organisation.certificate),
    signatures: input.organisation.signatures.map(({ root, signature }) => ({
      root,
      signature: bytes(signature),
    })),
  };
  let chain: Uint8Array;
  try {
    chain = issueMember(nodeCrypto, network.network, organisation, ensureKeys(storage, 'signer').seed, {
      nodeId: ensureKeys(storage, 'node').nodeId,
      name,
      now: seconds(nowMs),
      nonce: systemRng.bytes(16),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodedError('REQUEST_INVALID', `the organisation certificate is refused (${reason})`);
  }
  const verified = new ChainVerifier(nodeCrypto, network.network).verify(chain, seconds(nowMs));
  if (!verified.ok) {
    throw new CodedError('REQUEST_INVALID', `the organisation certificate is refused (${verified.reason})`);
  }
  return { genesis: network.network.bytes, chain };
}

export interface Standing {
  readonly network: Network;
  readonly chain: VerifiedChain;
  /** The certificate has ended, and what to do; a signer may still renew it. */
  readonly lapsed: CodedError | undefined;
}

/**
 * What the stored membership proves now. Throws a CodedError when it proves nothing, telling a clock that is far off
 * from a certificate that is too old.
 */
export function verifyMembership(membership: Membership, clock: WallClock): Standing {
  const network = readNetwork(membership);
  const verifier = new ChainVerifier(nodeCrypto, network);
  const result = verifier.verifyAny(membership.chain, seconds(clock.now()));
  if (result.ok) return { network, chain: result.chain, lapsed: undefined };
  const here = new Date(clock.now()).toISOString().slice(0, 10);
  const since = clock.behindMs > 0 ? `it was ${here} when the state was last saved` : `it is ${here} here`;
  if (result.reason === 'notYetValid') {
    throw new CodedError('CLOCK_WRONG', `${since}, before the certificate of this node begins`);
  }
  if (result.reason === 'expired') {
    const lapsed = verifier.verifyLapsed(membership.chain, seconds(clock.now()));
    if (!lapsed.ok && lapsed.reason === 'guest')
      throw new CodedError('CERTIFICATE_EXPIRED', `${since}; a guest comes in again with mcc join --guest`);
    if (!lapsed.ok) {
      const was = verifier.verifyAny(
        membership.chain,
        seconds(clock.now()),
        ['member'],
        Number.MAX_SAFE_INTEGER,
      );
      const who = was.ok
        ? `the signers of ${was.chain.organisationName} give tokens (mcc invite)`
        : lapsed.reason;
      throw new CodedError('CERTIFICATE_EXPIRED', `${since} (if that is wrong, set the clock); ${who}`);
    }
    const { notAfter, organisationName } = lapsed.chain;
    const until = new Date((notAfter + RENEWAL_GRACE_S) * 1000).toISOString().slice(0, 10);
    const who = `the signers of ${organisationName} are asked for another until ${until}; one has to run where this node reaches it`;
    return {
      network,
      chain: lapsed.chain,
      lapsed: new CodedError('CERTIFICATE_EXPIRED', `${since}; ${who}`),
    };
  }
  throw new CodedError('CERTIFICATE_INVALID', result.reason);
}

/**
 * A new certificate by the own signing key, with everything but the dates as before; undefined when the one in use is good, as a node that
 * runs renews it in time, or when the key is not the one that signed it.
 */
export function renewOwn(
  membership: Membership,
  signer: NodeKeys | undefined,
  nowMs: number,
): Membership | undefined {
  if (signer === undefined) return undefined;
  const network = readNetwork(membership);
  try {
    const chain = decodeChain(membership.chain);
    // A guest signs nothing.
    if (!('member' in chain)) return undefined;
    const member = decodeMemberCertificate(chain.member.certificate);
    if (!equalBytes(member.issuer, signer.nodeId)) return undefined;
    // One that begins in the future was issued while the clock was wrong.
    const isFuture = nowMs + CLOCK_SKEW_S * 1000 < member.notBefore * 1000;
    if (!isFuture && nowMs < member.notAfter * 1000) return undefined;
    const { nodeId, name, nonce, provides, tags } = member;
    const wanted = { nodeId, name, nonce, provides, tags, now: seconds(nowMs) };
    const renewed = issueMember(nodeCrypto, network, chain.organisation, signer.seed, wanted);
    const verified = new ChainVerifier(nodeCrypto, network).verify(renewed, seconds(nowMs));
    return verified.ok ? { genesis: membership.genesis, chain: renewed } : undefined;
  } catch (error) {
    // A chain that does not decode, or an organisation whose own certificate has ended.
    if (error instanceof WireError || error instanceof RangeError) return undefined;
    throw error;
  }
}

export function readNetwork(membership: Pick<Membership, 'genesis'>): Network {
  const genesis = readGenesis(nodeCrypto, membership.genesis);
  if (genesis.ok) return genesis.network;
  throw new CodedError('STATE_DAMAGED', `the genesis document is refused (${genesis.reason})`);
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function bytes(base64url: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}
