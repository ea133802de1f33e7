// Control messages: the plaintext of a transport datagram that begins with Plaintext.control.

import { Plaintext } from '../base/batch-layout.generated.ts';
import { isName } from '../base/name.ts';
import { dhtFromProto, dhtToProto } from './dht.ts';
import { epochFromProto, epochToProto } from './epoch-messages.ts';
import { flowRefusalFromProto, flowRefusalToProto } from './flow-refusal.ts';
import { guestFromProto, guestToProto } from './guest.ts';
import { CONTROL_MAX, KEY_BYTES, PATH_TEST_MAX } from './limits.ts';
import { decodeAddress, decodeMessage, encodeAddress, encodeMessage, mcc, own } from './protobuf.ts';
import { reachFromProto, reachToProto, relayFromProto, relayToProto } from './reach.ts';
import { revocationFromProto, revocationToProto } from './revocation.ts';
import { CONTROL } from './rules.ts';
import {
  CLOSE_REASONS,
  type ControlMessage,
  type DecodedControl,
  type NodeRecord,
  REFUSAL_CODES,
} from './types.ts';
import { WireError } from './wire-error.ts';

/** First bytes of the tags of path_challenge (field 20) and path_response (21), length-delimited; the second byte is 1. */
const PATH_TEST_TAGS: readonly number[] = [20, 21].map((field) => 0x80 | ((field << 3) & 0x7f) | 2);

/**
 * The whole plaintext, leading byte included. RangeError when it is more than CONTROL_MAX bytes (tests of paths: PATH_TEST_MAX) or a
 * list too long.
 */
export function encodeControl(message: ControlMessage): Uint8Array {
  const body = encodeControlBody(message);
  const plaintext = new Uint8Array(1 + body.length);
  plaintext[0] = Plaintext.control;
  plaintext.set(body, 1);
  return plaintext;
}

/** The protobuf alone, as a handshake's `early` has it. */
export function encodeControlBody(message: ControlMessage): Uint8Array {
  return encodeMessage(mcc.Control, CONTROL, toProto(message), maxBytes(message.kind) - 1);
}

/** Of a whole plaintext. Throws WireError. */
export function decodeControl(plaintext: Uint8Array): DecodedControl {
  if (plaintext.length === 0 || plaintext[0] !== Plaintext.control)
    throw new WireError('malformed', 'Control: wrong leading byte');
  return decodeControlBody(plaintext.subarray(1));
}

/** Whether a whole plaintext is a test of a path or the answer to one, as far as its first field says. */
export function isPathTest(plaintext: Uint8Array): boolean {
  const isTwoByteTag = plaintext.length > 2 && plaintext[0] === Plaintext.control && plaintext[2] === 1;
  return isTwoByteTag && PATH_TEST_TAGS.includes(plaintext[1]);
}

/** Of the protobuf alone. Throws WireError. */
export function decodeControlBody(body: Uint8Array): DecodedControl {
  const message = fromProto(decodeMessage(mcc.Control, CONTROL, body, PATH_TEST_MAX - 1));
  if (body.length >= maxBytes(message.kind)) throw new WireError('tooLong', `Control: ${body.length} bytes`);
  return message;
}

function maxBytes(kind: DecodedControl['kind']): number {
  return kind === 'pathChallenge' || kind === 'pathResponse' ? PATH_TEST_MAX : CONTROL_MAX;
}

/** Bytes that one record takes within a message. */
export function nodeRecordBytes(record: NodeRecord): number {
  const body = mcc.NodeRecord.encode(recordToProto(record)).finish().length;
  return body + (body < 128 ? 2 : 3);
}

function toProto(message: ControlMessage): mcc.Control.$Properties {
  switch (message.kind) {
    case 'ping':
      return { ping: { id: message.id } };
    case 'pong': {
      const observed = message.observed === undefined ? undefined : encodeAddress(message.observed);
      return { pong: { id: message.id, observed } };
    }
    case 'observedAddress':
      return { observedAddress: encodeAddress(message.address) };
    case 'admissionRequest':
      return { admissionRequest: { tokenId: message.tokenId, proof: message.proof, name: message.name } };
    case 'renewalRequest':
      return { renewalRequest: {} };
    case 'admissionAnswer':
      return { admissionAnswer: { chain: message.chain, nodes: message.nodes.map(recordToProto) } };
    case 'admissionRefusal':
      return { admissionRefusal: { code: REFUSAL_CODES.indexOf(message.code) } };
    case 'nodeRecords':
      return {
        nodeRecords: { nodes: message.nodes.map(recordToProto), relayLeg: (message.leg ?? -1) + 1 },
      };
    case 'close':
      return { close: { reason: CLOSE_REASONS.indexOf(message.reason) } };
    case 'confirmation':
      return { confirmation: { wayToken: message.wayToken } };
    case 'dialRequest': {
      const { nodeId, padding } = message;
      return {
        dialRequest: { nodeId, address: encodeAddress(message.address), padding: new Uint8Array(padding) },
      };
    }
    case 'flowRefusal':
      return flowRefusalToProto(message);
    case 'guestQuestion':
    case 'guestTerms':
    case 'guestRequest':
      return guestToProto(message);
    case 'dhtQuestion':
    case 'dhtAnswer':
    case 'dhtStore':
    case 'dhtStoreAnswer':
      return dhtToProto(message);
    case 'revocationHead':
    case 'revocationQuery':
    case 'revocationAnswer':
    case 'revocations':
      return revocationToProto(message);
    case 'epochHeld':
    case 'epochDelivery':
      return epochToProto(message);
    default:
      return reachToProto(message);
  }
}

function fromProto(control: mcc.Control.$Properties): DecodedControl {
  if (control.ping) return { kind: 'ping', id: control.ping.id ?? 0 };
  if (control.pong) {
    const observed = control.pong.observed ? decodeAddress(control.pong.observed) : undefined;
    return { kind: 'pong', id: control.pong.id ?? 0, observed };
  }
  if (control.observedAddress)
    return { kind: 'observedAddress', address: decodeAddress(control.observedAddress) };
  if (control.admissionRequest) {
    const { tokenId, proof, name } = control.admissionRequest;
    return { kind: 'admissionRequest', tokenId: own(tokenId), proof: own(proof), name: name ?? '' };
  }
  if (control.renewalRequest) return { kind: 'renewalRequest' };
  if (control.admissionAnswer) {
    const { chain, nodes } = control.admissionAnswer;
    return { kind: 'admissionAnswer', chain: own(chain), nodes: (nodes ?? []).map(recordFromProto) };
  }
  if (control.admissionRefusal)
    return { kind: 'admissionRefusal', code: REFUSAL_CODES[control.admissionRefusal.code ?? 0] ?? 'other' };
  if (control.nodeRecords) {
    const { nodes, relayLeg } = control.nodeRecords;
    const leg = relayLeg ? { leg: relayLeg - 1 } : {};
    return { kind: 'nodeRecords', nodes: (nodes ?? []).map(recordFromProto), ...leg };
  }
  if (control.close) return { kind: 'close', reason: CLOSE_REASONS[control.close.reason ?? 0] ?? 'other' };
  if (control.confirmation) return { kind: 'confirmation', wayToken: own(control.confirmation.wayToken) };
  if (control.dialRequest) {
    const { nodeId, address, padding } = control.dialRequest;
    return {
      kind: 'dialRequest',
      nodeId: own(nodeId),
      address: decodeAddress(address ?? {}),
      padding: padding?.length ?? 0,
    };
  }
  return (
    dhtFromProto(control) ??
    reachFromProto(control) ??
    guestFromProto(control) ??
    flowRefusalFromProto(control) ??
    revocationFromProto(control) ??
    epochFromProto(control) ?? { kind: 'unknown' }
  );
}

function recordToProto(record: NodeRecord): mcc.NodeRecord.$Properties {
  const { nodeId, name, organisation, core } = record;
  const addresses = record.addresses.map(encodeAddress);
  return { nodeId, name, organisation, core, addresses, relays: record.relays.map(relayToProto) };
}

function recordFromProto(record: mcc.NodeRecord.$Properties): NodeRecord {
  const name = record.name ?? '';
  if (name !== '' && !isName(name)) throw new WireError('malformed', 'NodeRecord: not a name');
  const organisation = own(record.organisation);
  if (organisation.length !== 0 && organisation.length !== KEY_BYTES)
    throw new WireError('malformed', 'NodeRecord: not an organisation ID');
  return {
    nodeId: own(record.nodeId),
    name,
    organisation,
    addresses: (record.addresses ?? []).map(decodeAddress),
    core: record.core ?? false,
    relays: (record.relays ?? []).map(relayFromProto),
  };
}
