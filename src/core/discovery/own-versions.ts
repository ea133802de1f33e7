// What the records of this node say: their keys, their content, their signatures.
import { EMPTY, toHex } from '../base/bytes.ts';
import type { SocketAddress } from '../base/ip.ts';
import { uniform } from '../base/rng.ts';
import { DAY_S, HOUR_MS, SECOND_MS } from '../base/time.ts';
import {
  coverRecord,
  type RecordAddress,
  recordKey,
  sealRecord,
  signInner,
  signRecord,
} from '../identity/identity.ts';
import { RECORD_ADDRESSES_MAX, RELAYS_MAX, SERVICE_ADDRESSES_MAX } from '../wire/limits.ts';
import type { DhtRecord, RelayHint } from '../wire/types.ts';
import { encodeRecord } from '../wire/wire.ts';
import type { DiscoveryContext } from './context.ts';
import type { Slot } from './own-sealed.ts';
import type { DiscoverySend, Membership, OwnService, OwnValue } from './types.ts';

/** Seconds after which a record is void, unless it is signed anew. */
export const LIFETIME_S = DAY_S;
/** A sealed record is void earlier by up to so much: its end does not tell either when it was made. */
const SEALED_SHORTER_S = (2 * HOUR_MS) / SECOND_MS;

export type Subject =
  | { readonly kind: 'node' | 'nodeName' }
  /** For all to see. */
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'sealed'; readonly slot: Slot }
  | { readonly kind: 'value'; readonly value: OwnValue };

/** kept: as things are; withdrawn: its place says that there is nothing; open: anybody sees that it is withdrawn. */
export type Version = 'kept' | 'withdrawn' | 'openlyWithdrawn';

interface Times {
  readonly sequence: number;
  /** Unix s. */
  readonly expires: number;
}

export class OwnVersions {
  readonly services = new Map<string, OwnService>();
  addresses: readonly SocketAddress[] = [];
  private relays: readonly RelayHint[] = [];
  private readonly context: DiscoveryContext;

  constructor(context: DiscoveryContext) {
    this.context = context;
  }

  place(where: {
    readonly addresses: readonly SocketAddress[];
    readonly relays: readonly RelayHint[];
  }): void {
    this.addresses = where.addresses.slice(0, RECORD_ADDRESSES_MAX);
    this.relays = where.relays.slice(0, RELAYS_MAX);
  }

  get isReached(): boolean {
    return this.addresses.length > 0 || this.relays.length > 0;
  }

  keyOf(subject: Subject): Uint8Array {
    return recordKey(this.context.crypto, this.context.networkId, this.addressOf(subject));
  }

  /** Equal for versions that say the same. */
  saysOf(subject: Subject): string {
    if (subject.kind !== 'sealed') return toHex(encodeRecord(this.publicVersion(subject, true, NO_TIMES)));
    const { state, service } = subject.slot;
    if (state === 'retired') return state;
    // A cover is made anew when the others are: what never changes would be known for one.
    const body = this.publicVersion(
      state === 'cover' ? { kind: 'nodeName' } : nameOf(service),
      true,
      NO_TIMES,
    );
    return `${state === 'cover' ? state : ''}${toHex(encodeRecord(body))}`;
  }

  /** Unix s; when a version signed now expires. */
  expiresOf(subject: Subject, now: number): number {
    const { rng } = this.context;
    const expires = Math.floor(this.context.wallMs(now) / SECOND_MS) + LIFETIME_S;
    if (subject.kind !== 'sealed') return expires;
    return Math.min(expires - uniform(rng, SEALED_SHORTER_S), subject.slot.pseudonym.notAfter);
  }

  /** For the DHT. */
  sign(key: Uint8Array, subject: Subject, version: Version, times: Times): DiscoverySend {
    const { crypto, networkId, keys } = this.context;
    if (subject.kind === 'sealed') {
      const { pseudonym: publisher } = subject.slot;
      return { kind: 'publish', key, record: this.seal(subject.slot, version, times), publisher };
    }
    const record = this.publicVersion(subject, version === 'kept', times);
    return { kind: 'publish', key, record: signRecord(crypto, networkId, keys.seed, record) };
  }

  private seal(slot: Slot, version: Version, times: Times): Uint8Array {
    const { crypto, networkId, keys, rng } = this.context;
    const { place, pseudonym, audience, service, state } = slot;
    const head = { place, pseudonym, ...times };
    if (version === 'openlyWithdrawn')
      return sealRecord(crypto, networkId, { ...head, audience: { key: EMPTY }, inner: undefined });
    if (audience === undefined) {
      const random = (bytes: number) => rng.bytes(bytes);
      return coverRecord(crypto, networkId, { ...head, random });
    }
    const isKept = version === 'kept' && state !== 'retired';
    const record = this.publicVersion(nameOf(service), isKept, times);
    const inner = signInner(crypto, networkId, keys.seed, record);
    return sealRecord(crypto, networkId, { ...head, audience, inner });
  }

  private publicVersion(
    subject: Exclude<Subject, { kind: 'sealed' }>,
    isKept: boolean,
    times: Times,
  ): DhtRecord {
    const { keys, member, isCore } = this.context;
    const { addresses, relays } = this;
    const head = { publisher: keys.nodeId, ...times };
    switch (subject.kind) {
      case 'node':
      case 'nodeName': {
        const name = subject.kind === 'node' ? '' : (member as Membership).name;
        const body = isKept ? { addresses, core: isCore, relays } : undefined;
        return { ...head, kind: subject.kind, name, body };
      }
      case 'service': {
        const service = this.services.get(subject.name);
        const told = addresses.slice(0, SERVICE_ADDRESSES_MAX);
        const body = isKept && service !== undefined ? { ...service, addresses: told, relays } : undefined;
        return { ...head, kind: 'service', name: subject.name, body };
      }
      case 'value': {
        const { name, value } = subject.value;
        const body = isKept ? value : undefined;
        return { ...head, kind: name === '' ? 'immutable' : 'user', name, body };
      }
    }
  }

  private addressOf(subject: Subject): RecordAddress {
    const { keys, member, crypto } = this.context;
    const { organisation, name } = member as Membership;
    switch (subject.kind) {
      case 'node':
        return { kind: 'node', nodeId: keys.nodeId };
      case 'nodeName':
        return { kind: 'nodeName', organisation, name };
      case 'service':
        return { kind: 'service', organisation, name: subject.name };
      case 'sealed': {
        const { place, pseudonym } = subject.slot;
        return { kind: 'sealed', epoch: pseudonym.epoch, place };
      }
      case 'value': {
        const { name, value } = subject.value;
        return name === ''
          ? { kind: 'immutable', hash: crypto.sha256(value) }
          : { kind: 'user', organisation, name };
      }
    }
  }
}

const NO_TIMES: Times = { sequence: 0, expires: 0 };

function nameOf(name: string): { readonly kind: 'service'; readonly name: string } {
  return { kind: 'service', name };
}
