// The three steps of a handshake as functions of their inputs: nothing here is remembered.
import { EMPTY, readU32LE } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import type { Rng } from '../base/rng.ts';
import type { Crypto, NodeId } from '../identity/types.ts';
import { EARLY_ANSWER_MAX } from '../wire/limits.ts';
import type { HandshakePayload } from '../wire/types.ts';
import type { Attempt } from './attempt.ts';
import { hasMac1, type PublicKeys, publicKeysOf, writeMacs } from './cookies.ts';
import type { Generation } from './generation.ts';
import {
  buildInitiation,
  buildResponse,
  chooseSuite,
  decodeMessage2Payload,
  encodeMessage1Payload,
  encodeMessage2Payload,
  isKnownSuite,
  message2Of,
  prologueOf,
  responseLength,
  senderIndexOf,
  transportKey,
} from './messages.ts';
import { type KeyPair, type NoiseResult, readMessage2, writeMessage1, writeMessage2 } from './noise.ts';
import type { OpenedInitiation, SessionContext } from './types.ts';

/** Field header and length around an answer in a response. */
const EARLY_FRAME = 3;

/** Keys of one side, and the index that the other put into the handshake. */
export interface AgreedKeys {
  readonly send: Uint8Array;
  readonly receive: Uint8Array;
  readonly remoteIndex: number;
}

export type Agreed<I> = Pick<Generation<I>, 'number' | 'handshakeHash' | 'suite' | 'introduction'>;

export type AnswerResult<I> =
  | { readonly kind: 'drop'; readonly reason: DropReason }
  | {
      readonly kind: 'answer';
      readonly datagram: Uint8Array;
      readonly index: number;
      readonly agreed: Agreed<I>;
      readonly keys: AgreedKeys;
    };

export type ResponseResult<I> =
  /** Not from the remote, or not for this attempt. `isForgery`: finding out cost work. */
  | { readonly kind: 'drop'; readonly reason: DropReason; readonly isForgery: boolean }
  /** From the remote indeed, but nothing can come of it. */
  | { readonly kind: 'refused'; readonly reason: DropReason }
  | {
      readonly kind: 'opened';
      readonly agreed: Agreed<I>;
      readonly keys: AgreedKeys;
      readonly early: Uint8Array;
    };

/** random16 << 16 | slot: whoever has not seen it guesses one in 65,536, and old datagrams do not fit a slot's next key. */
export function receiverIndex(rng: Rng, slot: number): number {
  return (((rng.u32() & 0xffff) << 16) | slot) >>> 0;
}

/** An initiation without MACs. */
export function prepareInitiation<I>(
  context: SessionContext<I>,
  nodeId: NodeId,
  remoteStatic: Uint8Array,
  receiveSlot: number,
  generation: number,
  early: Uint8Array,
): Pick<Attempt, 'index' | 'noise' | 'datagram'> {
  const { crypto, rng, local, suites } = context;
  const index = receiverIndex(rng, receiveSlot);
  const payload: HandshakePayload = {
    ...context.introduce(),
    suites,
    freshness: context.nextFreshness(),
    early,
  };
  const own: KeyPair = { privateKey: local.keys.x25519PrivateKey, publicKey: local.keys.x25519PublicKey };
  const content = encodeMessage1Payload({ nodeId: local.keys.nodeId, generation, payload });
  const prologue = prologueOf(local.networkId, nodeId);
  const written = writeMessage1(crypto, prologue, own, newKeyPair(crypto, rng), remoteStatic, content);
  return { index, noise: written.state, datagram: buildInitiation(index, written.message) };
}

/** Writes the response, unless nothing can come of it or it would be longer than the initiation. */
export function answerInitiation<I>(
  context: SessionContext<I>,
  remote: PublicKeys,
  initiation: OpenedInitiation<I>,
  number: number,
  receiveSlot: number,
): AnswerResult<I> {
  const { crypto, rng, suites } = context;
  const suite = chooseSuite(initiation.payload.suites, suites);
  if (suite === undefined) return { kind: 'drop', reason: 'handshakeCipher' };
  const content = responsePayload(context, initiation, number, suite);
  if (responseLength(content.length) > initiation.length) return { kind: 'drop', reason: 'datagramTooShort' };
  const written = writeMessage2(crypto, initiation.noise, newKeyPair(crypto, rng), content);
  const index = receiverIndex(rng, receiveSlot);
  const datagram = buildResponse(index, initiation.senderIndex, written.message);
  writeMacs(crypto, datagram, remote, undefined);
  const { handshakeHash } = written.result;
  return {
    kind: 'answer',
    datagram,
    index,
    agreed: { number, handshakeHash, suite, introduction: initiation.introduction },
    keys: agreedKeys(crypto, written.result, suite, 'responder', initiation.senderIndex),
  };
}

/** Whoever calls with an old counter is told, if it fits, which one it had: what it has on disk may be older than that. */
function bareResponse<I>(
  context: SessionContext<I>,
  { freshness, nodeId, length }: OpenedInitiation<I>,
  number: number,
  suite: number,
): { readonly payload: HandshakePayload; readonly bare: Uint8Array } {
  const plain = { ...context.introduce(), suites: [suite], freshness: 0, early: EMPTY };
  if (freshness === 'proven') {
    const payload = { ...plain, freshness: context.ledger.highest(nodeId) };
    const bare = encodeMessage2Payload(number, payload);
    if (responseLength(bare.length) <= length) return { payload, bare };
  }
  return { payload: plain, bare: encodeMessage2Payload(number, plain) };
}

/** With the answer to an early question, if it fits. */
function responsePayload<I>(
  context: SessionContext<I>,
  initiation: OpenedInitiation<I>,
  number: number,
  suite: number,
): Uint8Array {
  const { payload: asked, nodeId, introduction, length } = initiation;
  const { payload, bare } = bareResponse(context, initiation, number, suite);
  if (asked.early.length === 0) return bare;
  const roomBytes = Math.min(EARLY_ANSWER_MAX, length - responseLength(bare.length) - EARLY_FRAME);
  if (roomBytes < 1) return bare;
  const early = context.answerEarly(asked.early, nodeId, introduction, roomBytes);
  const isLeftOut = early.length === 0 || early.length > roomBytes;
  return isLeftOut ? bare : encodeMessage2Payload(number, { ...payload, early });
}

/** Opens a response to this attempt. */
export function openResponse<I>(
  context: SessionContext<I>,
  attempt: Attempt,
  nodeId: NodeId,
  datagram: Uint8Array,
): ResponseResult<I> {
  const { crypto, local } = context;
  if (readU32LE(datagram, 8) !== attempt.index) return ignore('handshakeWrongState');
  if (!hasMac1(crypto, datagram, publicKeysOf(crypto, local.networkId, local.keys.nodeId)))
    return ignore('handshakeMac1');
  const opened = readMessage2(crypto, attempt.noise, message2Of(datagram));
  if (opened === 'noise') return { kind: 'drop', reason: 'handshakeNoise', isForgery: true };
  if (opened === 'lowOrder') return { kind: 'drop', reason: 'handshakeLowOrderKey', isForgery: true };
  const content = decodeMessage2Payload(opened.payload);
  if (content === undefined || content.generation < attempt.generation) return refuse('handshakeMalformed');
  const suite = content.payload.suites[0];
  if (content.payload.suites.length !== 1 || !context.suites.includes(suite) || !isKnownSuite(suite))
    return refuse('handshakeCipher');
  const verified = context.verify(content.payload, nodeId);
  if (!verified.ok) return refuse(verified.reason);
  if (content.payload.freshness > 0) context.wasSeen?.(content.payload.freshness, verified.introduction);
  const { handshakeHash } = opened.result;
  return {
    kind: 'opened',
    agreed: { number: content.generation, handshakeHash, suite, introduction: verified.introduction },
    keys: agreedKeys(crypto, opened.result, suite, 'initiator', senderIndexOf(datagram)),
    early: content.payload.early,
  };
}

function agreedKeys(
  crypto: Crypto,
  result: NoiseResult,
  suite: number,
  role: 'initiator' | 'responder',
  remoteIndex: number,
): AgreedKeys {
  const fromInitiator = transportKey(crypto, result.initiatorKey, suite);
  const fromResponder = transportKey(crypto, result.responderKey, suite);
  return role === 'initiator'
    ? { send: fromInitiator, receive: fromResponder, remoteIndex }
    : { send: fromResponder, receive: fromInitiator, remoteIndex };
}

function newKeyPair(crypto: Crypto, rng: Rng): KeyPair {
  const privateKey = rng.bytes(32);
  return { privateKey, publicKey: crypto.x25519.publicKey(privateKey) };
}

function ignore(reason: DropReason): {
  readonly kind: 'drop';
  readonly reason: DropReason;
  readonly isForgery: false;
} {
  return { kind: 'drop', reason, isForgery: false };
}

function refuse(reason: DropReason): { readonly kind: 'refused'; readonly reason: DropReason } {
  return { kind: 'refused', reason };
}
