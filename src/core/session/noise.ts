// Noise_IK_25519_ChaChaPoly_SHA256, transcribed from the Noise Protocol Framework, revision 34. Pure: states are values,
// so a message that is refused leaves the state as it was, and the caller may try the next one on it.
import { concat, EMPTY, writeU64LE } from '../base/bytes.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Crypto } from '../identity/types.ts';
import type { ResponderNoise, SymmetricState } from './types.ts';

const PROTOCOL_NAME = encodeUtf8('Noise_IK_25519_ChaChaPoly_SHA256');
const KEY = 32;
const TAG = 16;

/** Bytes of the first message around its payload: e, s sealed, the payload's tag. */
export const MESSAGE1_OVERHEAD = KEY + KEY + TAG + TAG;
/** Bytes of the second message around its payload: e, the payload's tag. */
export const MESSAGE2_OVERHEAD = KEY + TAG;

export interface KeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** What the initiator keeps between the two messages. */
export interface InitiatorNoise {
  readonly symmetric: SymmetricState;
  readonly static: KeyPair;
  readonly ephemeral: KeyPair;
}

/** Both sides' result: Split() (section 5.2) and the handshake hash (section 11.2). */
export interface NoiseResult {
  readonly initiatorKey: Uint8Array;
  readonly responderKey: Uint8Array;
  readonly handshakeHash: Uint8Array;
}

export interface OpenedMessage1 extends ResponderNoise {
  readonly payload: Uint8Array;
}

/** Why a message is refused: it does not open, or a public key in it is of small order (section 12.1). */
export type NoiseRefusal = 'noise' | 'lowOrder';

// --- CipherState and SymmetricState (sections 5.1 and 5.2) ---

/** ChaChaPoly (section 12.3): 32 bits of zeros and the nonce in little-endian. */
export function chaChaPolyNonce(counter: number): Uint8Array {
  const nonce = new Uint8Array(12);
  writeU64LE(nonce, 4, counter);
  return nonce;
}

/** InitializeSymmetric: the name has exactly HASHLEN bytes, so it is the first hash. */
const INITIAL: SymmetricState = { chainingKey: PROTOCOL_NAME, hash: PROTOCOL_NAME, key: EMPTY, nonce: 0 };

function mixHash(crypto: Crypto, state: SymmetricState, data: Uint8Array): SymmetricState {
  return { ...state, hash: crypto.sha256(concat(state.hash, data)) };
}

function mixKey(crypto: Crypto, state: SymmetricState, material: Uint8Array): SymmetricState {
  const [chainingKey, key] = crypto.hkdf(state.chainingKey, material, 2);
  return { chainingKey, hash: state.hash, key, nonce: 0 };
}

function encryptAndHash(
  crypto: Crypto,
  state: SymmetricState,
  plaintext: Uint8Array,
): [Uint8Array, SymmetricState] {
  const nonce = chaChaPolyNonce(state.nonce);
  const sealed = crypto.chacha20Poly1305.seal(state.key, nonce, plaintext, state.hash);
  return [sealed, { ...mixHash(crypto, state, sealed), nonce: state.nonce + 1 }];
}

function decryptAndHash(
  crypto: Crypto,
  state: SymmetricState,
  sealed: Uint8Array,
): [Uint8Array, SymmetricState] | undefined {
  const nonce = chaChaPolyNonce(state.nonce);
  const opened = crypto.chacha20Poly1305.open(state.key, nonce, sealed, state.hash);
  return opened && [opened, { ...mixHash(crypto, state, sealed), nonce: state.nonce + 1 }];
}

function split(crypto: Crypto, state: SymmetricState): NoiseResult {
  const [initiatorKey, responderKey] = crypto.hkdf(state.chainingKey, EMPTY, 2);
  return { initiatorKey, responderKey, handshakeHash: state.hash };
}

/** DH with a public key that the caller vouches for. */
function checkedDh(crypto: Crypto, own: KeyPair, publicKey: Uint8Array): Uint8Array {
  const shared = crypto.x25519.sharedSecret(own.privateKey, publicKey);
  if (shared === undefined) throw new RangeError('a public key of small order');
  return shared;
}

// --- HandshakeState (section 5.3) for IK (section 7.5):  <- s   ...   -> e, es, s, ss   <- e, ee, se ---

function initializeIk(crypto: Crypto, prologue: Uint8Array, responderStatic: Uint8Array): SymmetricState {
  const state = mixHash(crypto, INITIAL, prologue);
  return mixHash(crypto, state, responderStatic);
}

/** -> e, es, s, ss. RangeError when `responderStatic` is of small order. */
export function writeMessage1(
  crypto: Crypto,
  prologue: Uint8Array,
  own: KeyPair,
  ephemeral: KeyPair,
  responderStatic: Uint8Array,
  payload: Uint8Array,
): { readonly message: Uint8Array; readonly state: InitiatorNoise } {
  let state = initializeIk(crypto, prologue, responderStatic);
  state = mixHash(crypto, state, ephemeral.publicKey);
  state = mixKey(crypto, state, checkedDh(crypto, ephemeral, responderStatic));
  const [sealedStatic, withStatic] = encryptAndHash(crypto, state, own.publicKey);
  state = mixKey(crypto, withStatic, checkedDh(crypto, own, responderStatic));
  const [sealedPayload, symmetric] = encryptAndHash(crypto, state, payload);
  const message = concat(ephemeral.publicKey, sealedStatic, sealedPayload);
  return { message, state: { symmetric, static: own, ephemeral } };
}

/** -> e, es, s, ss, at the responder. `message` has at least MESSAGE1_OVERHEAD bytes. */
export function readMessage1(
  crypto: Crypto,
  prologue: Uint8Array,
  own: KeyPair,
  message: Uint8Array,
): OpenedMessage1 | NoiseRefusal {
  const remoteEphemeral = message.slice(0, KEY);
  const es = crypto.x25519.sharedSecret(own.privateKey, remoteEphemeral);
  if (es === undefined) return 'lowOrder';
  let state = initializeIk(crypto, prologue, own.publicKey);
  state = mixHash(crypto, state, remoteEphemeral);
  state = mixKey(crypto, state, es);
  const openedStatic = decryptAndHash(crypto, state, message.subarray(KEY, 2 * KEY + TAG));
  if (openedStatic === undefined) return 'noise';
  const [remoteStatic, withStatic] = openedStatic;
  const ss = crypto.x25519.sharedSecret(own.privateKey, remoteStatic);
  if (ss === undefined) return 'lowOrder';
  state = mixKey(crypto, withStatic, ss);
  const openedPayload = decryptAndHash(crypto, state, message.subarray(2 * KEY + TAG));
  if (openedPayload === undefined) return 'noise';
  return { payload: openedPayload[0], symmetric: openedPayload[1], remoteEphemeral, remoteStatic };
}

/** <- e, ee, se. `opened` is what readMessage1 gave: its keys are not of small order. */
export function writeMessage2(
  crypto: Crypto,
  opened: ResponderNoise,
  ephemeral: KeyPair,
  payload: Uint8Array,
): { readonly message: Uint8Array; readonly result: NoiseResult } {
  let state = mixHash(crypto, opened.symmetric, ephemeral.publicKey);
  state = mixKey(crypto, state, checkedDh(crypto, ephemeral, opened.remoteEphemeral));
  state = mixKey(crypto, state, checkedDh(crypto, ephemeral, opened.remoteStatic));
  const [sealed, last] = encryptAndHash(crypto, state, payload);
  return { message: concat(ephemeral.publicKey, sealed), result: split(crypto, last) };
}

/** <- e, ee, se, at the initiator. `message` has at least MESSAGE2_OVERHEAD bytes; `initiator` serves for the next try too. */
export function readMessage2(
  crypto: Crypto,
  initiator: InitiatorNoise,
  message: Uint8Array,
): { readonly payload: Uint8Array; readonly result: NoiseResult } | NoiseRefusal {
  const remoteEphemeral = message.slice(0, KEY);
  const ee = crypto.x25519.sharedSecret(initiator.ephemeral.privateKey, remoteEphemeral);
  const se = crypto.x25519.sharedSecret(initiator.static.privateKey, remoteEphemeral);
  if (ee === undefined || se === undefined) return 'lowOrder';
  let state = mixHash(crypto, initiator.symmetric, remoteEphemeral);
  state = mixKey(crypto, state, ee);
  state = mixKey(crypto, state, se);
  const opened = decryptAndHash(crypto, state, message.subarray(KEY));
  if (opened === undefined) return 'noise';
  return { payload: opened[0], result: split(crypto, opened[1]) };
}
