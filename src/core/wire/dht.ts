// The DHT's messages and records as bytes. Records are canonical: decoding accepts exactly what encoding gives.
import { TCP, UDP } from '../base/ip.ts';
import { isName } from '../base/name.ts';
import { HASH_BYTES, RECORD_MAX, SEALED_BYTES, SIGNED_RECORD_MAX } from './limits.ts';
import {
  decodeAddress,
  decodeCanonical,
  decodeMessage,
  encodeAddress,
  encodeMessage,
  mcc,
  own,
} from './protobuf.ts';
import { relayFromProto, relayToProto } from './reach.ts';
import { RECORD, SIGNED_RECORD } from './rules.ts';
import {
  DHT_STORE_CODES,
  type DhtAnswer,
  type DhtContact,
  type DhtMessage,
  type DhtQuestion,
  type DhtRecord,
  type DhtStore,
  type NodeBody,
  RECORD_KINDS,
  type ServiceBody,
  type SignedRecord,
} from './types.ts';
import { WireError } from './wire-error.ts';

const IPV4 = 1;
const IPV6 = 2;

export function dhtToProto(message: DhtMessage): mcc.Control.$Properties {
  switch (message.kind) {
    case 'dhtQuestion': {
      const { id, key, records, client, seed, offset, publisher } = message;
      return { dhtQuestion: { id, key, records, client, seed, offset, publisher } };
    }
    case 'dhtAnswer': {
      const { id, records, total, token, spread, chain } = message;
      const contacts = message.contacts.map(contactToProto);
      return { dhtAnswer: { id, contacts, records: [...records], total, token, spread, chain } };
    }
    case 'dhtStore': {
      const { id, token, record, chain, shard, replica, spread } = message;
      return { dhtStore: { id, token, record, chain, shard, replica, spread } };
    }
    case 'dhtStoreAnswer': {
      const { id, code, spread } = message;
      return { dhtStoreAnswer: { id, code: DHT_STORE_CODES.indexOf(code), spread } };
    }
  }
}

/** Undefined: the control message is no message of the DHT. */
export function dhtFromProto(control: mcc.Control.$Properties): DhtMessage | undefined {
  if (control.dhtQuestion) return question(control.dhtQuestion);
  if (control.dhtAnswer) return answer(control.dhtAnswer);
  if (control.dhtStore) return store(control.dhtStore);
  if (!control.dhtStoreAnswer) return undefined;
  const { id, code, spread } = control.dhtStoreAnswer;
  return {
    kind: 'dhtStoreAnswer',
    id: id ?? 0,
    code: DHT_STORE_CODES[code ?? 0] ?? 'refused',
    spread: spread ?? 0,
  };
}

function question(proto: mcc.DhtQuestion.$Properties): DhtQuestion {
  const { id, key, records, client, seed, offset, publisher } = proto;
  return {
    kind: 'dhtQuestion',
    id: id ?? 0,
    key: own(key),
    records: records ?? false,
    client: client ?? false,
    seed: seed ?? 0,
    offset: offset ?? 0,
    publisher: own(publisher),
  };
}

function answer(proto: mcc.DhtAnswer.$Properties): DhtAnswer {
  const { id, contacts, records, total, token, spread, chain } = proto;
  return {
    kind: 'dhtAnswer',
    id: id ?? 0,
    contacts: (contacts ?? []).map(contactFromProto),
    records: (records ?? []).map(own),
    total: total ?? 0,
    token: own(token),
    spread: spread ?? 0,
    chain: own(chain),
  };
}

function store(proto: mcc.DhtStore.$Properties): DhtStore {
  const { id, token, record, chain, shard, replica, spread } = proto;
  return {
    kind: 'dhtStore',
    id: id ?? 0,
    token: own(token),
    record: own(record),
    chain: own(chain),
    shard: shard ?? 0,
    replica: replica ?? false,
    spread: spread ?? 0,
  };
}

function contactToProto(contact: DhtContact): mcc.DhtContact.$Properties {
  const { nodeId, nonce, addresses } = contact;
  return { nodeId, nonce, addresses: addresses.map(encodeAddress) };
}

function contactFromProto(proto: mcc.DhtContact.$Properties): DhtContact {
  return {
    nodeId: own(proto.nodeId),
    nonce: own(proto.nonce),
    addresses: (proto.addresses ?? []).map(decodeAddress),
  };
}

/** Bytes that one contact takes within an answer. */
export function contactBytes(contact: DhtContact): number {
  const body = mcc.DhtContact.encode(contactToProto(contact)).finish().length;
  return body + (body < 128 ? 2 : 3);
}

export function encodeSignedRecord(signed: SignedRecord): Uint8Array {
  return encodeMessage(mcc.SignedRecord, SIGNED_RECORD, signed, SIGNED_RECORD_MAX);
}

/** Throws WireError, as all decoders here. The record in it is not looked at. */
export function decodeSignedRecord(bytes: Uint8Array): SignedRecord {
  return decodeCanonical(bytes, SIGNED_RECORD, encodeSignedRecord, () => {
    const { record, signature } = decodeMessage(mcc.SignedRecord, SIGNED_RECORD, bytes, SIGNED_RECORD_MAX);
    return { record: own(record), signature: own(signature) };
  });
}

/** RangeError when it exceeds a limit, or a sealed one is not as long as all are. */
export function encodeRecord(record: DhtRecord): Uint8Array {
  if (record.kind === 'sealed') checkSealed(record);
  const { publisher, sequence, expires, name } = record;
  const kind = RECORD_KINDS.indexOf(record.kind);
  const place = record.kind === 'sealed' ? { place: record.place, epoch: record.epoch } : {};
  const head = { kind, publisher, sequence, expires, name, withdrawn: record.body === undefined, ...place };
  return encodeMessage(mcc.Record, RECORD, { ...head, ...bodyToProto(record) }, RECORD_MAX);
}

export function decodeRecord(bytes: Uint8Array): DhtRecord {
  return decodeCanonical(bytes, RECORD, encodeRecord, () =>
    fromProto(decodeMessage(mcc.Record, RECORD, bytes, RECORD_MAX)),
  );
}

function bodyToProto(record: DhtRecord): mcc.Record.$Properties {
  if (record.body === undefined) return {};
  switch (record.kind) {
    case 'node':
    case 'nodeName': {
      const { addresses, core, relays } = record.body;
      return {
        node: { addresses: addresses.map(encodeAddress), core, relays: relays.map(relayToProto) },
      };
    }
    case 'service': {
      const { selector, port, weight, healthy, ipv4, ipv6, addresses, relays } = record.body;
      const protocol = record.body.protocol === 'tcp' ? TCP : UDP;
      const families = (ipv4 ? IPV4 : 0) | (ipv6 ? IPV6 : 0);
      const unhealthy = !healthy;
      return {
        service: {
          selector,
          protocol,
          port,
          weight,
          families,
          unhealthy,
          addresses: addresses.map(encodeAddress),
          relays: relays.map(relayToProto),
        },
      };
    }
    default:
      return { value: record.body };
  }
}

function fromProto(proto: mcc.Record.$Properties): DhtRecord {
  const kind = RECORD_KINDS[proto.kind ?? 0];
  if (kind === undefined) throw new WireError('malformed', `Record: kind ${proto.kind}`);
  const head = {
    publisher: own(proto.publisher),
    sequence: proto.sequence ?? 0,
    expires: proto.expires ?? 0,
    name: nameOf(kind, proto.name ?? ''),
  };
  const isWithdrawn = proto.withdrawn ?? false;
  switch (kind) {
    case 'node':
    case 'nodeName':
      return { ...head, kind, body: isWithdrawn ? undefined : nodeBody(present(proto.node)) };
    case 'service':
      return { ...head, kind, body: isWithdrawn ? undefined : serviceBody(present(proto.service)) };
    case 'sealed':
      return {
        ...head,
        kind,
        place: ofLength(HASH_BYTES, proto.place),
        epoch: ofLength(HASH_BYTES, proto.epoch),
        body: isWithdrawn ? undefined : ofLength(SEALED_BYTES, proto.value),
      };
    default:
      return { ...head, kind, body: isWithdrawn ? undefined : own(proto.value) };
  }
}

function nameOf(kind: DhtRecord['kind'], name: string): string {
  const isFree =
    kind === 'user' ? name !== '' : kind === 'nodeName' || kind === 'service' ? isName(name) : name === '';
  if (!isFree) throw new WireError('malformed', 'Record: name');
  return name;
}

function checkSealed({ place, epoch, body }: Extract<DhtRecord, { kind: 'sealed' }>): void {
  if (
    place.length !== HASH_BYTES ||
    epoch.length !== HASH_BYTES ||
    (body !== undefined && body.length !== SEALED_BYTES)
  )
    throw new RangeError('cannot be encoded: fields of a sealed record');
}

/** Whoever sees sealed records shall see no difference between them. */
function ofLength(length: number, bytes: Uint8Array | null | undefined): Uint8Array {
  if (bytes?.length !== length) throw new WireError('malformed', 'Record: place, epoch or value');
  return own(bytes);
}

function present<T>(body: T | null | undefined): T {
  if (body === null || body === undefined) throw new WireError('malformed', 'Record: no body');
  return body;
}

function nodeBody(proto: mcc.NodeBody.$Properties): NodeBody {
  return {
    addresses: (proto.addresses ?? []).map(decodeAddress),
    core: proto.core ?? false,
    relays: (proto.relays ?? []).map(relayFromProto),
  };
}

function serviceBody(proto: mcc.ServiceBody.$Properties): ServiceBody {
  const { protocol, families } = proto;
  if (protocol !== TCP && protocol !== UDP) throw new WireError('malformed', 'ServiceBody: protocol');
  if (!proto.selector || !proto.port) throw new WireError('malformed', 'ServiceBody: selector or port');
  return {
    selector: proto.selector,
    protocol: protocol === TCP ? 'tcp' : 'udp',
    port: proto.port,
    weight: proto.weight ?? 0,
    ipv4: ((families ?? 0) & IPV4) !== 0,
    ipv6: ((families ?? 0) & IPV6) !== 0,
    healthy: !(proto.unhealthy ?? false),
    addresses: (proto.addresses ?? []).map(decodeAddress),
    relays: (proto.relays ?? []).map(relayFromProto),
  };
}
