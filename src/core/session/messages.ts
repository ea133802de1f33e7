// What the two handshake datagrams look like around and inside the Noise messages, and what follows from them: prologue,
// suite, transport keys. Integers are little-endian.
//
//   initiation  type 1, 3 zero | sender index 4 | Noise message 1 | mac1 16 | way token 4 | mac2 12       always HANDSHAKE_MAX bytes
//   response    type 2, 3 zero | sender index 4 | receiver index 4 | Noise message 2 | mac1 16 | the initiation's way token 4
//               | way token 4 | zero 8
//   cookie      type 3, 3 zero | receiver index 4 | nonce 24 | sealed cookie 32
//
//   payload of message 1   node ID 32 | generation 4 | length 2 | HandshakePayload | zeros
//   payload of message 2   generation 4 | length 2 | HandshakePayload
import { DatagramType, Suite } from '../base/batch-layout.generated.ts';
import { concat, isAllZero, readU16LE, readU32LE, writeU16LE, writeU32LE } from '../base/bytes.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Crypto, NetworkId, NodeId } from '../identity/types.ts';
import {
  COOKIE_MAC_BYTES,
  EARLY_MAX,
  HANDSHAKE_MAX,
  KEY_BYTES,
  MAC_BYTES,
  WAY_TOKEN_BYTES,
} from '../wire/limits.ts';
import type { HandshakePayload } from '../wire/types.ts';
import {
  decodeHandshakePayload,
  encodeHandshakePayload,
  WireError,
  writeDatagramType,
} from '../wire/wire.ts';
import { MESSAGE1_OVERHEAD, MESSAGE2_OVERHEAD } from './noise.ts';

export const PROTOCOL_VERSION = 1;
/** Generations above this are refused: the number could not rise any more. */
export const GENERATION_MAX = 2 ** 31;

const MESSAGE1_AT = 8;
const MESSAGE2_AT = 12;
const MACS = 2 * MAC_BYTES;
const MESSAGE1_PAYLOAD = HANDSHAKE_MAX - MESSAGE1_AT - MESSAGE1_OVERHEAD - MACS;

/** Protocol version, network, responder: both sides must mean the same (Noise section 6). */
export function prologueOf(networkId: NetworkId, responder: NodeId): Uint8Array {
  return concat(encodeUtf8('mcc'), Uint8Array.of(PROTOCOL_VERSION), networkId, responder);
}

export interface Message1Payload {
  readonly nodeId: NodeId;
  readonly generation: number;
  readonly payload: HandshakePayload;
}

/** Padded, so that a response is never longer than the initiation. RangeError when the payload does not fit. */
export function encodeMessage1Payload(content: Message1Payload): Uint8Array {
  const payload = encodeHandshakePayload(content.payload);
  const bytes = new Uint8Array(MESSAGE1_PAYLOAD);
  bytes.set(content.nodeId);
  writeFramed(bytes, KEY_BYTES, content.generation, payload);
  return bytes;
}

/** Undefined when it is malformed. */
export function decodeMessage1Payload(bytes: Uint8Array): Message1Payload | undefined {
  const framed = readFramed(bytes, KEY_BYTES);
  if (framed === undefined || framed.payload.early.length > EARLY_MAX) return undefined;
  return { nodeId: bytes.slice(0, KEY_BYTES), ...framed };
}

export function encodeMessage2Payload(generation: number, payload: HandshakePayload): Uint8Array {
  const encoded = encodeHandshakePayload(payload);
  const bytes = new Uint8Array(FRAME + encoded.length);
  writeFramed(bytes, 0, generation, encoded);
  return bytes;
}

/** Undefined when it is malformed. */
export function decodeMessage2Payload(bytes: Uint8Array): Framed | undefined {
  return readFramed(bytes, 0);
}

export interface Framed {
  readonly generation: number;
  readonly payload: HandshakePayload;
}

const FRAME = 6;

function writeFramed(bytes: Uint8Array, at: number, generation: number, payload: Uint8Array): void {
  writeU32LE(bytes, at, generation);
  writeU16LE(bytes, at + 4, payload.length);
  bytes.set(payload, at + FRAME);
}

function readFramed(bytes: Uint8Array, at: number): Framed | undefined {
  const start = at + FRAME;
  if (bytes.length < start) return undefined;
  const generation = readU32LE(bytes, at);
  const end = start + readU16LE(bytes, at + 4);
  if (generation < 1 || generation > GENERATION_MAX) return undefined;
  if (end > bytes.length || !isAllZero(bytes.subarray(end))) return undefined;
  try {
    return { generation, payload: decodeHandshakePayload(bytes.subarray(start, end)) };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

// --- Datagrams. The MACs at the end are written by cookies.ts ---

export function buildInitiation(senderIndex: number, message: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(MESSAGE1_AT + message.length + MACS);
  writeDatagramType(datagram, DatagramType.initiation);
  writeU32LE(datagram, 4, senderIndex);
  datagram.set(message, MESSAGE1_AT);
  return datagram;
}

export function buildResponse(senderIndex: number, receiverIndex: number, message: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(MESSAGE2_AT + message.length + MACS);
  writeDatagramType(datagram, DatagramType.response);
  writeU32LE(datagram, 4, senderIndex);
  writeU32LE(datagram, 8, receiverIndex);
  datagram.set(message, MESSAGE2_AT);
  return datagram;
}

export function message1Of(initiation: Uint8Array): Uint8Array {
  return initiation.subarray(MESSAGE1_AT, initiation.length - MACS);
}

export function message2Of(response: Uint8Array): Uint8Array {
  return response.subarray(MESSAGE2_AT, response.length - MACS);
}

/** Bytes of a response whose Noise payload has so many. */
export function responseLength(payloadLength: number): number {
  return MESSAGE2_AT + MESSAGE2_OVERHEAD + payloadLength + MACS;
}

export function senderIndexOf(handshake: Uint8Array): number {
  return readU32LE(handshake, 4);
}

// --- Way tokens: of an initiation or a response, the same for all that goes to one address ---

/** A copy of a handshake datagram for the address that the token stands for. */
export function addressed(handshake: Uint8Array, token: Uint8Array): Uint8Array {
  const copy = handshake.slice();
  wayTokenOf(copy).set(token);
  return copy;
}

/** A copy of a response to the initiation that carried the token. */
export function returning(response: Uint8Array, token: Uint8Array): Uint8Array {
  const copy = response.slice();
  returnedTokenOf(copy).set(token);
  return copy;
}

/** What its sender wants back. */
export function wayTokenOf(handshake: Uint8Array): Uint8Array {
  const at = handshake.length - (handshake[0] === DatagramType.response ? COOKIE_MAC_BYTES : MAC_BYTES);
  return handshake.subarray(at, at + WAY_TOKEN_BYTES);
}

/** What came back with a response. */
export function returnedTokenOf(response: Uint8Array): Uint8Array {
  const at = response.length - MAC_BYTES;
  return response.subarray(at, at + WAY_TOKEN_BYTES);
}

// --- Suites ---

/**
 * The responder's choice among the suites that both can do: AES-256-GCM only where both prefer it, since without
 * instructions for it the slow side would hold up the other.
 */
export function chooseSuite(offered: readonly number[], own: readonly number[]): number | undefined {
  if (offered.length > 0 && own.length > 0 && offered[0] === own[0]) return own[0];
  if (offered.includes(Suite.chacha20Poly1305) && own.includes(Suite.chacha20Poly1305))
    return Suite.chacha20Poly1305;
  return own.find((suite) => offered.includes(suite));
}

const SUITE_LABELS: Readonly<Record<number, Uint8Array>> = {
  [Suite.aes256Gcm]: encodeUtf8('mcc transport AES-256-GCM'),
  [Suite.chacha20Poly1305]: encodeUtf8('mcc transport ChaCha20-Poly1305'),
};

export function isKnownSuite(suite: number): boolean {
  return SUITE_LABELS[suite] !== undefined;
}

/** The transport key of one direction: what Split gave, bound to the suite that is used with it. */
export function transportKey(crypto: Crypto, splitKey: Uint8Array, suite: number): Uint8Array {
  return crypto.hmacSha256(splitKey, SUITE_LABELS[suite]);
}
