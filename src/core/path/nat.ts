// What a node learns of its own NAT from how others see it: public address, mapping, prediction (RFC 4787, RFC 5780).
import {
  addressScope,
  equalSocketAddress,
  formatIp,
  formatSocketAddress,
  type IpAddress,
  isIpv4,
  maskIp,
  type SocketAddress,
} from '../base/ip.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import type { NatBehaviour } from '../wire/types.ts';

/** Samples kept per address family, the newest. */
export const SAMPLES_MAX = 32;
/** Of these, of one other organisation, and of one network of other organisations: its size is the two leading bit counts. */
export const SAMPLES_PER_GROUP = 2;
const GROUP_BITS_4 = 96 + 24;
const GROUP_BITS_6 = 48;
/** So many say the same before it is believed; two suffice for a tentative answer while there are only two. */
export const QUORUM = 3;
/** So many liars change nothing once there are more than QUORUM samples; one while there are QUORUM. */
const LIARS = 2;
/** What is known is passed on when it did not change for so long. */
export const SETTLED_MS = 2 * SECOND_MS;
/** Peers that wanted to call this node would have done so after so long (their calls are arranged when they meet it). */
export const CALLS_MS = 5 * SECOND_MS;
/** Addresses that are guessed from single voices. */
const SEEN_MAX = 2;
/** Ports that a predictable NAT may have given to others between two of this node's. */
const STEP_MAX = 20;

/** How a remote saw this node, as it said in a session. */
export interface NatSample {
  /** Key of the remote. */
  readonly remote: string;
  /** Hex of its organisation's ID; '' for the own one, whose members are not counted as one voice. */
  readonly organisation: string;
  /** Where its answer came from: an address that it has proven. */
  readonly from: SocketAddress;
  readonly observed: SocketAddress;
}

interface Kept extends NatSample {
  /** ms */
  readonly at: number;
}

/** What is known of one address family. */
export interface NatView {
  /** Remotes that count. */
  readonly samples: number;
  /** Address that most of them see; undefined: they are too few, or do not agree. */
  readonly publicIp: IpAddress | undefined;
  /** Address and port that all remotes see, where the mapping does not depend on them. */
  readonly mapped: SocketAddress | undefined;
  readonly mapping: NatBehaviour;
  /** Two remotes alone agree on it. */
  readonly isTentative: boolean;
  /** The public address is one of this host's own. */
  readonly isOwn: boolean;
  /** The port seen outside is the one listened on; undefined: not known. */
  readonly isPortPreserving: boolean | undefined;
  /** Of a mapping that depends on the remote: the port that was given last, and between two of them; undefined: random. */
  readonly prediction: { readonly port: number; readonly step: number } | undefined;
  /** What was sent to the own public address came back in. False: that was not seen. */
  readonly isHairpin: boolean;
  /**
   * It does not depend on who is talked to, and yet some members of the own organisation see the port listened on, others another one: a
   * router that leaves ports as they are moved this node away from one that it took for its own, and may do so again.
   */
  readonly isMoved: boolean;
}

const NOTHING: NatView = {
  samples: 0,
  publicIp: undefined,
  mapped: undefined,
  mapping: 'unknown',
  isTentative: false,
  isOwn: false,
  isPortPreserving: undefined,
  prediction: undefined,
  isHairpin: false,
  isMoved: false,
};

export type Family = 'ipv4' | 'ipv6';

/**
 * One per node. Whoever lies is outvoted: a remote has one voice, another organisation two, and what is believed takes QUORUM
 * voices and most of them.
 */
export class NatObserver {
  /** ms; when settle() is to be called next. */
  wakeAt = NEVER;
  /** The view did not change for SETTLED_MS. */
  isSettled = false;
  /** Public addresses and ports that hold for everybody, of both families, other than this host's own. Written by settle(). */
  mapped: readonly SocketAddress[] = [];
  private readonly listenPort: number;
  private local: readonly IpAddress[] = [];
  /** By key of the remote, oldest first. */
  private readonly kept: Readonly<Record<Family, Map<string, Kept>>> = { ipv4: new Map(), ipv6: new Map() };
  private views: Readonly<Record<Family, NatView>> = { ipv4: NOTHING, ipv6: NOTHING };
  /** ms; first sample since the last reset. */
  private since = NEVER;
  private hadCalls = false;

  constructor(listenPort: number) {
    this.listenPort = listenPort;
  }

  view(family: Family): NatView {
    return this.views[family];
  }

  /**
   * What remotes said of where this node is, each address once: for guessing. First where the port is the one listened on, as most NATs
   * leave it, then what most say, then what was said last.
   */
  seen(family: Family): SocketAddress[] {
    const newest = [...this.kept[family].values()].reverse().map(({ observed }) => observed);
    const countOf = (a: SocketAddress) => newest.filter((b) => equalSocketAddress(a, b)).length;
    const different = newest.filter((a, i) => newest.findIndex((b) => equalSocketAddress(a, b)) === i);
    const worth = (a: SocketAddress) => countOf(a) + (a.port === this.listenPort ? SAMPLES_MAX : 0);
    return different.sort((a, b) => worth(b) - worth(a)).slice(0, SEEN_MAX);
  }

  /** Whoever was to call this node had the time for it, and there were enough to do so. */
  get hadTimeForCalls(): boolean {
    return this.hadCalls && Math.max(this.views.ipv4.samples, this.views.ipv6.samples) >= QUORUM;
  }

  /** This host has further addresses; what others said of the ones before holds. */
  extend(local: readonly IpAddress[]): void {
    this.local = local;
  }

  /** This host's addresses changed: what was seen before says nothing. */
  reset(local: readonly IpAddress[]): void {
    this.local = local;
    this.kept.ipv4.clear();
    this.kept.ipv6.clear();
    this.views = { ipv4: NOTHING, ipv6: NOTHING };
    this.mapped = [];
    this.isSettled = false;
    this.since = NEVER;
    this.hadCalls = false;
    this.wakeAt = NEVER;
  }

  /** True: the same remote saw another address before, so that the others' samples may be out of date. */
  sample(sample: NatSample, now: number): boolean {
    const family = familyOf(sample.observed.ip);
    if (family !== familyOf(sample.from.ip) || sample.observed.port === 0) return false;
    const kept = this.kept[family];
    const before = kept.get(sample.remote);
    kept.delete(sample.remote);
    this.makeRoom(family, sample);
    kept.set(sample.remote, { ...sample, at: now });
    if (this.since === NEVER) this.since = now;
    const old = this.views[family];
    this.views = { ...this.views, [family]: this.judge(family) };
    if (!isSame(old, this.views[family])) {
      this.isSettled = false;
      this.wakeAt = now + SETTLED_MS;
    } else if (!this.hadCalls && this.isSettled) {
      this.wakeAt = Math.min(this.wakeAt, this.since + CALLS_MS);
    }
    return (
      before !== undefined &&
      equalSocketAddress(before.from, sample.from) &&
      !equalSocketAddress(before.observed, sample.observed)
    );
  }

  /** Takes up what held long enough. */
  settle(now: number): void {
    if (now < this.wakeAt) return;
    this.hadCalls = now >= this.since + CALLS_MS;
    this.isSettled = true;
    this.wakeAt = this.hadCalls ? NEVER : this.since + CALLS_MS;
    const { ipv4, ipv6 } = this.views;
    // While nothing is known, what was known last is the best guess.
    this.mapped = [ipv4, ipv6].flatMap((view, i) => {
      if (view.mapping === 'unknown' || view.isTentative)
        return this.mapped.filter(({ ip }) => isIpv4(ip) === (i === 0));
      const { mapped } = view;
      return mapped === undefined || view.isOwn || addressScope(mapped.ip) !== 'global' ? [] : [mapped];
    });
  }

  /** Groups of other organisations have so many places, everybody together SAMPLES_MAX. */
  private makeRoom(family: Family, { organisation, from }: NatSample): void {
    const kept = this.kept[family];
    if (organisation !== '') {
      const group = groupOf(from.ip);
      const isAlike = [
        (other: Kept) => other.organisation === organisation,
        (other: Kept) => other.organisation !== '' && groupOf(other.from.ip) === group,
      ];
      for (const is of isAlike) {
        const alike = [...kept.values()].filter(is);
        for (const { remote } of alike.slice(0, Math.max(0, alike.length + 1 - SAMPLES_PER_GROUP)))
          kept.delete(remote);
      }
    }
    for (const key of kept.keys()) {
      if (kept.size < SAMPLES_MAX) return;
      kept.delete(key);
    }
  }

  private judge(family: Family): NatView {
    const all = [...this.kept[family].values()];
    const isGlobal = ({ from, observed }: Kept) =>
      addressScope(from.ip) === 'global' && addressScope(observed.ip) === 'global';
    // Who is in the same private network sees the inside of a NAT.
    const outside = all.some(isGlobal) ? all.filter(isGlobal) : all;
    const publicIp = winner(outside.map(({ observed }) => formatIp(observed.ip)));
    const isBack = ({ from }: Kept) => publicIp !== undefined && formatIp(from.ip) === publicIp.value;
    const voices = outside.filter((sample) => !isBack(sample));
    const ip = outside.find(({ observed }) => formatIp(observed.ip) === publicIp?.value)?.observed.ip;
    const isOwn = ip !== undefined && this.local.some((local) => formatIp(local) === publicIp?.value);
    const verdict = mappingOf(voices);
    const isPreserving = winner(voices.map(({ observed }) => String(observed.port === this.listenPort)));
    return {
      samples: voices.length,
      publicIp: ip,
      ...verdict,
      isTentative: verdict.isTentative || publicIp?.isTentative === true,
      isOwn,
      isPortPreserving: isPreserving === undefined ? undefined : isPreserving.value === 'true',
      isHairpin:
        !isOwn &&
        outside.some((sample) => isBack(sample) && formatIp(sample.observed.ip) === publicIp?.value),
      isMoved: isMoved(verdict, voices, this.listenPort),
    };
  }
}

type Verdict = Pick<NatView, 'mapping' | 'mapped' | 'isTentative' | 'prediction'>;

/** One voice per address of the remotes: a mapping that depends on the address is the same for all of one address. */
function mappingOf(voices: readonly Kept[]): Verdict {
  const byIp = new Map(voices.map((voice) => [formatIp(voice.from.ip), voice]));
  const seen = [...byIp.values()];
  const best = winner(seen.map(({ observed }) => formatSocketAddress(observed)));
  if (best !== undefined) {
    const mapped = seen.find(({ observed }) => formatSocketAddress(observed) === best.value)?.observed;
    return { mapping: 'endpointIndependent', mapped, isTentative: best.isTentative, prediction: undefined };
  }
  const nothing: Verdict = {
    mapping: 'unknown',
    mapped: undefined,
    isTentative: false,
    prediction: undefined,
  };
  if (seen.length < QUORUM) return nothing;
  const liars = seen.length === QUORUM ? 1 : LIARS;
  // In order, so that of two that are as common it is always the same.
  const said = seen.map(({ observed }) => formatSocketAddress(observed)).sort();
  const common = mostCommon(said);
  // If it depended on them, those who tell the truth would all say something else. Two ports for four: one lies at most.
  if (new Set(said).size < seen.length - (seen.length === QUORUM + 1 ? 1 : liars)) {
    const mapped = seen.find(({ observed }) => formatSocketAddress(observed) === common.value)?.observed;
    return { ...nothing, mapping: 'endpointIndependent', mapped };
  }
  // If not, they would agree.
  if (common.count >= seen.length - liars) return nothing;
  const mapping = isByAddress(voices) ? 'addressDependent' : 'addressAndPortDependent';
  return { ...nothing, mapping, prediction: predictionOf(seen) };
}

function isMoved({ mapping }: Verdict, voices: readonly Kept[], listenPort: number): boolean {
  if (mapping !== 'endpointIndependent' && mapping !== 'unknown') return false;
  const own = voices.filter(({ organisation }) => organisation === '');
  const isKept = own.map(({ observed }) => observed.port === listenPort);
  return isKept.includes(true) && isKept.includes(false);
}

/** Two ports of one remote's address see the same: then the mapping depends on the address alone. */
function isByAddress(voices: readonly Kept[]): boolean {
  let isShown = false;
  for (const [i, a] of voices.entries()) {
    for (const b of voices.slice(i + 1)) {
      if (formatIp(a.from.ip) !== formatIp(b.from.ip) || a.from.port === b.from.port) continue;
      if (!equalSocketAddress(a.observed, b.observed)) return false;
      isShown = true;
    }
  }
  return isShown;
}

/** Ports close together were given one after the other. One voice in three may be wrong, or the NAT was busy. */
function predictionOf(voices: readonly Kept[]): NatView['prediction'] {
  const ports = voices.map(({ observed }) => observed.port).sort((a, b) => a - b);
  const middle = ports[ports.length >> 1];
  const reach = STEP_MAX * voices.length;
  const near = voices.filter(({ observed }) => Math.abs(observed.port - middle) <= reach);
  if (near.length < QUORUM || near.length * 3 < voices.length * 2) return undefined;
  const sorted = [...new Set(near.map(({ observed }) => observed.port))].sort((a, b) => a - b);
  const gaps = sorted
    .slice(1)
    .map((port, i) => port - sorted[i])
    .sort((a, b) => a - b);
  const size = gaps[gaps.length >> 1] ?? 0;
  if (size === 0 || size > STEP_MAX) return undefined;
  // Voices are in the order of their answers, which is about that of the mappings.
  const isRising = near[0].observed.port <= near[near.length - 1].observed.port;
  return { port: isRising ? sorted[sorted.length - 1] : sorted[0], step: isRising ? size : -size };
}

/** What QUORUM and most of them say; two of two are enough for a tentative answer. */
function winner(
  votes: readonly string[],
): { readonly value: string; readonly isTentative: boolean } | undefined {
  const { value, count } = mostCommon(votes);
  if (count >= QUORUM && 2 * count > votes.length) return { value, isTentative: false };
  return count === 2 && votes.length === 2 ? { value, isTentative: true } : undefined;
}

function mostCommon(votes: readonly string[]): { readonly value: string; readonly count: number } {
  const counts = new Map<string, number>();
  let best = { value: '', count: 0 };
  for (const value of votes) {
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (count > best.count) best = { value, count };
  }
  return best;
}

/** Whether nothing changed that others are told. */
function isSame(a: NatView, b: NatView): boolean {
  return (
    a.mapping === b.mapping &&
    a.isTentative === b.isTentative &&
    a.isPortPreserving === b.isPortPreserving &&
    text(a.publicIp) === text(b.publicIp) &&
    a.mapped?.port === b.mapped?.port &&
    (a.prediction === undefined) === (b.prediction === undefined)
  );
}

function text(ip: IpAddress | undefined): string {
  return ip === undefined ? '' : formatIp(ip);
}

function familyOf(ip: IpAddress): Family {
  return isIpv4(ip) ? 'ipv4' : 'ipv6';
}

function groupOf(ip: IpAddress): string {
  return formatIp(maskIp(ip, isIpv4(ip) ? GROUP_BITS_4 : GROUP_BITS_6));
}
