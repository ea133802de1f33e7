import { equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import { decodeToken, idToText, type Network, tokenId, tokenVerifier } from '../../core/identity/identity.ts';
import type { JoinRequest } from '../../core/node/types.ts';
import type { JoinToken, TokenSigner } from '../../core/wire/types.ts';
import { nodeCrypto } from '../crypto/crypto.ts';
import { resolveAddresses } from '../io/io.ts';

/** A token that may be tried: its signers' host names are resolved. */
export interface JoinTarget {
  readonly request: Omit<JoinRequest, 'name'>;
  readonly genesis: Uint8Array;
  /** Node ID of the first signer, as text. */
  readonly signer: string;
  readonly network: Network;
  /** undefined: a guest's. */
  readonly tokenId: Uint8Array | undefined;
}

/**
 * Throws a CodedError for a token that cannot work here: mistyped, expired, of another network than the `own` one. A node
 * whose certificate has ended joins its own network again.
 */
export async function readToken(
  text: string,
  nowMs: number,
  own: Network | undefined,
  isRunning: boolean,
): Promise<JoinTarget> {
  const decoded = decodeToken(nodeCrypto, text);
  if (!decoded.ok) throw new CodedError(decoded.code);
  const { token, network } = decoded;
  if (own !== undefined && own.idText !== network.idText) throw new CodedError('TOKEN_OTHER_NETWORK');
  if (isRunning) throw new CodedError('ALREADY_INITIALISED');
  const lateMs = nowMs - token.expires * 1000;
  if (lateMs > 0) {
    const now = new Date(nowMs).toISOString().slice(0, 16).replace('T', ' ');
    throw new CodedError(
      'TOKEN_EXPIRED',
      `it expired ${span(lateMs)} ago, if this host's clock is right (${now} UTC)`,
    );
  }
  return { ...(await targetOf(text, token.signers, network)), tokenId: idOf(token) };
}

/** With the signers' host names resolved. */
export async function targetOf(
  text: string,
  signers: readonly TokenSigner[],
  network: Network,
): Promise<JoinTarget> {
  const resolved = await Promise.all(
    signers.map(async ({ nodeId, hosts }) => {
      const names = hosts.map(({ host, port }) => `${host}:${port}`);
      return { nodeId, addresses: await resolveAddresses(names, 1).catch(() => []) };
    }),
  );
  return {
    request: { token: text, resolved },
    genesis: network.bytes,
    signer: idToText(signers[0].nodeId),
    network,
    tokenId: undefined,
  };
}

/**
 * Node ID of the first signer, as text, when it is this very token that made this node the member of `organisation` that it is: whoever
 * was interrupted just before the answer asks once more.
 */
export function joinedBefore(
  text: string,
  joinedBy: Uint8Array | undefined,
  organisation: Uint8Array,
): string | undefined {
  const decoded = decodeToken(nodeCrypto, text);
  if (!decoded.ok || joinedBy === undefined) return undefined;
  const { token } = decoded;
  if (!equalBytes(token.organisation, organisation) || !equalBytes(idOf(token), joinedBy)) return undefined;
  return idToText(token.signers[0].nodeId);
}

function idOf({ secret }: JoinToken): Uint8Array {
  return tokenId(nodeCrypto, tokenVerifier(nodeCrypto, secret));
}

function span(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours < 1) return `${Math.ceil(ms / 60_000)} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} d`;
}
