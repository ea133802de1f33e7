// What the two Noise messages carry.
import { RESPONSE_PAYLOAD_MAX, REVOCATION_HEAD_BYTES } from './limits.ts';
import { decodeMessage, encodeMessage, mcc, own } from './protobuf.ts';
import { HANDSHAKE_PAYLOAD } from './rules.ts';
import { HANDSHAKE_KINDS, type HandshakePayload } from './types.ts';
import { WireError } from './wire-error.ts';

/** RangeError when a field exceeds its limit. */
export function encodeHandshakePayload(payload: HandshakePayload): Uint8Array {
  const { chain, suites, freshness, revocationHead, early } = payload;
  const kind = HANDSHAKE_KINDS.indexOf(payload.kind);
  return encodeMessage(
    mcc.HandshakePayload,
    HANDSHAKE_PAYLOAD,
    { kind, chain, suites: [...suites], freshness, revocationHead, early },
    RESPONSE_PAYLOAD_MAX,
  );
}

/** Throws WireError; a kind of a later version is one. */
export function decodeHandshakePayload(bytes: Uint8Array): HandshakePayload {
  const payload = decodeMessage(mcc.HandshakePayload, HANDSHAKE_PAYLOAD, bytes, RESPONSE_PAYLOAD_MAX);
  const kind = HANDSHAKE_KINDS[payload.kind ?? 0];
  if (kind === undefined) throw new WireError('malformed', `HandshakePayload: kind ${payload.kind}`);
  const revocationHead = own(payload.revocationHead);
  if (revocationHead.length !== 0 && revocationHead.length !== REVOCATION_HEAD_BYTES)
    throw new WireError('malformed', 'HandshakePayload: not a revocation digest');
  return {
    kind,
    chain: own(payload.chain),
    suites: [...(payload.suites ?? [])],
    freshness: payload.freshness ?? 0,
    revocationHead,
    early: own(payload.early),
  };
}
