// Node IDs and what is derived from them: text, keys, endpoint IDs.
import { decodeBase32, encodeBase32 } from '../base/base32.ts';
import { concat } from '../base/bytes.ts';
import type { Rng } from '../base/rng.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { Crypto, EndpointId, NodeId, NodeIdText, NodeKeys, OrganisationId, ServiceId } from './types.ts';

/** Characters of a 32-byte ID as text. */
export const ID_TEXT_LENGTH = 52;

const ENDPOINT_PURPOSE = encodeUtf8('mcc endpoint');
const SERVICE_PURPOSE = encodeUtf8('mcc service');

/** Any 32-byte ID: node, organisation, network, endpoint. */
export function idToText(id: Uint8Array): string {
  return encodeBase32(id);
}

/** 32 bytes of 52 characters of either case; whether they are a key is not asked. */
export function idFromText(text: string): Uint8Array | undefined {
  return text.length === ID_TEXT_LENGTH ? decodeBase32(text) : undefined;
}

export function nodeIdToText(nodeId: NodeId): NodeIdText {
  return encodeBase32(nodeId);
}

/** Undefined when the text is no ID or the ID no valid key. */
export function nodeIdFromText(crypto: Crypto, text: string): NodeId | undefined {
  const id = idFromText(text);
  return id !== undefined && crypto.ed25519.isValidPublicKey(id) ? id : undefined;
}

/** New keys: seeds are drawn until the public key has sign bit 0. */
export function generateNodeKeys(crypto: Crypto, rng: Rng): NodeKeys {
  for (;;) {
    const keys = nodeKeysFromSeed(crypto, rng.bytes(32));
    if (keys !== undefined) return keys;
  }
}

/** Undefined when the seed's public key may not be a node ID (every second seed). */
export function nodeKeysFromSeed(crypto: Crypto, seed: Uint8Array): NodeKeys | undefined {
  const nodeId = crypto.ed25519.publicKey(seed);
  // Cheap part of isValidPublicKey first; the rest holds for every key that comes of a seed.
  if ((nodeId[31] & 0x80) !== 0) return undefined;
  const x25519PublicKey = crypto.ed25519.toX25519PublicKey(nodeId);
  if (x25519PublicKey === undefined) return undefined;
  return { nodeId, seed, x25519PrivateKey: crypto.ed25519.toX25519PrivateKey(seed), x25519PublicKey };
}

/**
 * SHA-256("mcc endpoint" || node ID || service || 0 || instance). The host itself is service "", instance "". A service
 * name holds no zero byte, so that no two pairs run together.
 */
export function endpointId(crypto: Crypto, nodeId: NodeId, service = '', instance = ''): EndpointId {
  return crypto.sha256(
    concat(ENDPOINT_PURPOSE, nodeId, encodeUtf8(service), Uint8Array.of(0), encodeUtf8(instance)),
  );
}

/** SHA-256("mcc service" || organisation ID || name): what the service's virtual address is made of, the same on every host. */
export function serviceId(crypto: Crypto, organisation: OrganisationId, name: string): ServiceId {
  return crypto.sha256(concat(SERVICE_PURPOSE, organisation, encodeUtf8(name)));
}
