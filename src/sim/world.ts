// The virtual world: time jumps from one thing that happens to the next.
import { IndexedHeap } from '../core/base/heap.ts';
import { type IpAddress, ipv4, type SocketAddress } from '../core/base/ip.ts';
import { type Rng, seededRng } from '../core/base/rng.ts';
import type { EngineLimits } from '../core/engine/types.ts';
import {
  createEpoch,
  createGenesis,
  generateNodeKeys,
  issueMember,
  type Network,
  signOrganisation,
} from '../core/identity/identity.ts';
import type { Crypto, NodeKeys } from '../core/identity/types.ts';
import type { Node } from '../core/node/node.ts';
import type { KeptEpoch, NodeConfig, NodeEvent } from '../core/node/types.ts';
import type { Chain } from '../core/wire/types.ts';
import { fakeCrypto } from './crypto.ts';
import { type HostParts, SimHost } from './host.ts';
import { NatBox, type NatOptions } from './nat.ts';
import { CLEAN_LINK, type Link, Network as Wire } from './network.ts';

/** Unix ms at world time 0. */
export const EPOCH_MS = 1_800_000_000_000;
const PORT = 9376;
/** Engines of hosts that carry hardly any packets. */
const SMALL_ENGINE: EngineLimits = { flows: 8, pins: 8, fragments: 8, held: 2, heldPerRemote: 1 };
/** Things that happen before the world is taken for running in circles. */
const STEPS_MAX = 5_000_000;

export interface WorldOptions {
  readonly seed: number | string;
  readonly link?: Partial<Link>;
  readonly crypto?: Crypto;
  readonly config?: Partial<NodeConfig>;
  /** Thousands of hosts: they keep no events and packets, have small engines and addresses in networks of their own. */
  readonly isLarge?: boolean;
}

export interface MemberOptions {
  /** It admits others. */
  readonly isSigner?: boolean;
  /** Whom it knows from the start. */
  readonly knows?: readonly SimHost[];
  /** Goes before the world's. */
  readonly config?: Partial<NodeConfig>;
  /** Patterns of services that it may provide; default: all. */
  readonly provides?: readonly string[];
  readonly tags?: readonly string[];
  /** Not running yet. */
  readonly isOff?: boolean;
  /** Called with every node that starts there. */
  readonly prepare?: (node: Node) => void;
  /** In the LAN of a router. Default: public. */
  readonly behind?: NatBox;
  /** It has an address of IPv6 too. */
  readonly hasIpv6?: boolean;
}

/** A router: `behind` another one, or public. */
export interface RouterOptions extends Omit<NatOptions, 'address' | 'inside'> {
  readonly behind?: NatBox;
  /** The first address of a LAN of 254, which other LANs may have too. Default 192.168.N.0. */
  readonly inside?: IpAddress;
}

/** An organisation with its signing key. */
export interface Organisation {
  readonly name: string;
  readonly signer: NodeKeys;
  readonly signed: Chain['organisation'];
  /** What its members were given when they were admitted; none: no signer has made an epoch yet. */
  readonly epochs: readonly KeptEpoch[];
}

/** Each in a /24 of its own, of 20,000. */
export function largeAddress(n: number): SocketAddress {
  return { ip: ipv4(11 + (n % 79), Math.floor(n / 79) & 255, n % 251, 7), port: PORT };
}

export class World {
  /** ms */
  now = 0;
  readonly rng: Rng;
  readonly wire: Wire;
  readonly hosts: SimHost[] = [];
  readonly network: Network;
  private readonly crypto: Crypto;
  private readonly options: WorldOptions;
  /** The root key. */
  readonly root: NodeKeys;
  /** Hosts by the time of their next turn. */
  private readonly due = new IndexedHeap<SimHost>();

  constructor(options: WorldOptions) {
    this.rng = seededRng(options.seed);
    this.crypto = options.crypto ?? fakeCrypto;
    this.options = options;
    this.wire = new Wire(this.rng, { ...CLEAN_LINK, ...options.link });
    this.root = generateNodeKeys(this.crypto, this.rng);
    this.network = createGenesis(this.crypto, {
      network: 'sim-net',
      rootKeys: [this.root.nodeId],
      threshold: 1,
      created: EPOCH_MS / 1000,
      random: this.rng.bytes(16),
    });
  }

  /** `hasEpoch` false: as it is before its first signer runs. */
  organisation(name: string, hasEpoch = true): Organisation {
    const signer = generateNodeKeys(this.crypto, this.rng);
    const certificate = {
      organisation: signer.nodeId,
      signer: signer.nodeId,
      name,
      notBefore: EPOCH_MS / 1000 - 3600,
      notAfter: EPOCH_MS / 1000 + 1e8,
      nonce: this.rng.bytes(16),
      extensions: [],
    };
    const signed = signOrganisation(this.crypto, this.network, certificate, [
      { root: 0, seed: this.root.seed },
    ]);
    return { name, signer, signed, epochs: hasEpoch ? [this.epochOf(signed, signer.seed)] : [] };
  }

  private epochOf(organisation: Chain['organisation'], signerSeed: Uint8Array): KeptEpoch {
    const created = Math.floor((EPOCH_MS + this.now) / 1000);
    const nothing = new Uint8Array(0);
    // Of the signer's seed: a secret that is drawn would be another world.
    let tries = 0;
    const random = (bytes: number) =>
      this.crypto.hmacSha256(signerSeed, Uint8Array.of(tries++)).subarray(0, bytes);
    const wanted = { organisation, signerSeed, number: 1, created, cause: nothing, random };
    const { bytes, secret } = createEpoch(this.crypto, this.network.id, wanted);
    return { bytes, secret, supersededMs: 0 };
  }

  /** A host that is a member from the start. */
  member(name: string, organisation: Organisation, options: boolean | MemberOptions = {}): SimHost {
    const { isSigner, provides, tags, ...parts } =
      typeof options === 'boolean' ? ({ isSigner: options } as MemberOptions) : options;
    const keys = generateNodeKeys(this.crypto, this.rng);
    const chain = issueMember(this.crypto, this.network, organisation.signed, organisation.signer.seed, {
      nodeId: keys.nodeId,
      name,
      now: Math.floor((EPOCH_MS + this.now) / 1000),
      nonce: this.rng.bytes(16),
      ...(provides === undefined ? {} : { provides }),
      ...(tags === undefined ? {} : { tags }),
    });
    const signerSeed = isSigner ? organisation.signer.seed : undefined;
    const { epochs } = organisation;
    return this.add({ name, keys, chain, signerSeed, epochs, ...parts });
  }

  /** A host that belongs to nobody yet. */
  stranger(name: string, options: Pick<MemberOptions, 'behind' | 'hasIpv6'> = {}): SimHost {
    const keys = generateNodeKeys(this.crypto, this.rng);
    return this.add({ name, keys, chain: undefined, signerSeed: undefined, epochs: [], ...options });
  }

  /** A router with an address of its own and a LAN behind it. */
  router({ behind, inside, ...options }: RouterOptions): NatBox {
    const lan = inside ?? ipv4(192, 168, ++this.routers & 255, 0);
    const { ip: address } = behind?.freshAddress(PORT) ?? this.freshAddress();
    return new NatBox(behind ?? this.wire, this.rng, {
      ...options,
      address,
      inside: { ip: lan, bits: 120 },
    });
  }

  /** 203.0.113.n:9376, counted up; in a large world largeAddress. */
  freshAddress(): SocketAddress {
    const n = ++this.addresses;
    if (this.options.isLarge) return largeAddress(n);
    return { ip: ipv4(203, 0, 113 + (n >> 8), n & 255), port: PORT };
  }

  /** [2001:db8::n]:9376, counted up. */
  freshAddress6(): SocketAddress {
    const n = ++this.addresses6;
    const ip = new Uint8Array(16);
    ip.set([0x20, 0x01, 0x0d, 0xb8]);
    ip.set([n >> 8, n & 255], 14);
    return { ip, port: PORT };
  }

  /** Runs until `done` or for at most `ms`. Whether it was done. */
  runUntil(done: () => boolean, ms: number): boolean {
    const end = this.now + ms;
    for (let step = 0; step < STEPS_MAX; step++) {
      if (done()) return true;
      const at = this.nextAt();
      if (at > end) {
        this.now = end;
        return done();
      }
      this.now = Math.max(this.now, at);
      this.wire.deliver(this.now);
      const woken: SimHost[] = [];
      for (let host = this.due.popUntil(this.now); host !== undefined; host = this.due.popUntil(this.now))
        woken.push(host);
      for (const host of woken) {
        host.tick(this.now);
        host.flush(this.now);
        this.due.set(host, host.wakeAt);
      }
    }
    throw new Error(`running in circles at ${this.now} ms`);
  }

  run(ms: number): void {
    this.runUntil(() => false, ms);
  }

  /** Runs until a host said such a thing; undefined: it did not within `ms`. Looks at what is said from now on. */
  waitFor<K extends NodeEvent['kind']>(
    host: SimHost,
    kind: K,
    ms: number,
    isWanted: (event: Extract<NodeEvent, { kind: K }>) => boolean = () => true,
  ): Extract<NodeEvent, { kind: K }> | undefined {
    let at = host.events.length;
    let found: Extract<NodeEvent, { kind: K }> | undefined;
    this.runUntil(() => {
      for (; at < host.events.length && found === undefined; at++) {
        const event = host.events[at];
        if (event.kind !== kind) continue;
        const wanted = event as Extract<NodeEvent, { kind: K }>;
        if (isWanted(wanted)) found = wanted;
      }
      return found !== undefined;
    }, ms);
    return found;
  }

  /** ms; when anything happens next. */
  nextAt(): number {
    return Math.min(this.wire.nextAt, this.due.next);
  }

  private addresses = 0;
  private addresses6 = 0;
  private routers = 0;

  private add(
    parts: Pick<HostParts, 'name' | 'keys' | 'chain' | 'signerSeed' | 'epochs'> &
      Pick<MemberOptions, 'knows' | 'config' | 'prepare' | 'isOff' | 'behind' | 'hasIpv6'>,
  ): SimHost {
    const { isLarge = false, config } = this.options;
    const { behind } = parts;
    const address = behind?.freshAddress(PORT) ?? this.freshAddress();
    const host = new SimHost(
      {
        ...parts,
        crypto: this.crypto,
        rng: this.rng,
        network: behind ?? this.wire,
        address,
        ...(parts.hasIpv6 === true ? { otherAddress: this.freshAddress6() } : {}),
        genesis: this.network.bytes,
        wallOffsetMs: EPOCH_MS,
        config: { ...(isLarge ? { engineLimits: SMALL_ENGINE } : {}), ...config, ...parts.config },
        isForgetful: isLarge,
        onTurn: (turned) => this.due.set(turned, turned.wakeAt),
      },
      this.now,
    );
    this.hosts.push(host);
    return host;
  }
}
