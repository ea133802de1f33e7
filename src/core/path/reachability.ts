// Whether others reach this node unasked: only who is reached may serve the DHT.
import { BoundedMap } from '../base/bounded-map.ts';
import {
  addressScope,
  formatIp,
  formatSocketAddress,
  type IpAddress,
  isIpv4,
  type SocketAddress,
} from '../base/ip.ts';
import { MINUTE_MS } from '../base/time.ts';

/** What was sent to an address may have opened a NAT's or firewall's way back for so long (RFC 4787 asks for 2 to 5 minutes). */
export const OPENED_MS = 10 * MINUTE_MS;
/** Addresses that were sent to within that time, as far as they are remembered: an older one counts as never called. */
const CALLED_MAX = 4096;
/** A proof is taken up again after so long: until then who comes says nothing new. */
export const RENEW_MS = 10 * MINUTE_MS;

/** What is proven: ms of the newest proof of either kind (-Infinity: none), and by which families others came. */
export interface ReachProof {
  readonly globalAt: number;
  readonly localAt: number;
  readonly families: { readonly ipv4: boolean; readonly ipv6: boolean };
}

/**
 * One per node. An initiation out of the blue is the proof; from a private address it proves reach within that private network alone.
 */
export class Reachability {
  /** An address of the Internet reached this node unasked. */
  isGlobal = false;
  /** By family: an address of the Internet did. Written by initiated() and reset(). */
  families = { ipv4: false, ipv6: false };
  /** An address of a private network did. */
  isLocal = false;
  /** An address of the Internet that this node had called did from another port: filtering does not look at ports. */
  isPortOpen = false;
  /** ms of the newest proof that is kept, of either kind. */
  globalAt = Number.NEGATIVE_INFINITY;
  localAt = Number.NEGATIVE_INFINITY;
  /** By address and port as text: ms of the last datagram to it. */
  private readonly called = new BoundedMap<string, number>(CALLED_MAX);
  /** The same by address alone, those of the Internet. */
  private readonly calledHosts = new BoundedMap<string, number>(CALLED_MAX);
  /** By address and port: ms when somebody came from there unasked. What was sent there since then is no reason to doubt that. */
  private readonly came = new BoundedMap<string, number>(CALLED_MAX);
  /** By address alone: ms until which a run before may have opened a way for it; '': for anybody. */
  private readonly recalled = new BoundedMap<string, number>(CALLED_MAX);

  /** A datagram went there; what is already known to be later stays. */
  sent(to: SocketAddress, at: number): void {
    note(this.called, formatSocketAddress(to), at);
    if (addressScope(to.ip) === 'global') note(this.calledHosts, formatIp(to.ip), at);
  }

  /** A run before this one may have called there, until then at the latest. `ip` undefined: anybody. Ports are not known. */
  recall(ip: IpAddress | undefined, latestAt: number): void {
    note(this.recalled, ip === undefined ? '' : formatIp(ip), latestAt);
  }

  /** What a run before this one had proven, with the time of it. */
  restore({ globalAt, localAt, families }: ReachProof): void {
    this.globalAt = globalAt;
    this.localAt = localAt;
    this.families = { ...families };
    this.isGlobal = families.ipv4 || families.ipv6;
    this.isLocal = localAt > Number.NEGATIVE_INFINITY;
  }

  /** Whether an initiation from there may say something: false while the proof of its kind is a new one. */
  isOfUse(from: SocketAddress, now: number): boolean {
    if (addressScope(from.ip) !== 'global') return now - this.localAt >= RENEW_MS;
    return !this.families[isIpv4(from.ip) ? 'ipv4' : 'ipv6'] || now - this.globalAt >= RENEW_MS;
  }

  /** An initiation came from there, whoever it is of. Nothing is proven before a member says that it is there. */
  noted(from: SocketAddress, now: number): void {
    const key = formatSocketAddress(from);
    const isCalled = isOpen(this.called.peek(key), now) || this.isHostCalled(from, now);
    if (!isCalled && !this.isRecalled(from, now)) this.came.set(key, now);
  }

  /** A member's authentic initiation came from there. Whether that says something new. */
  initiated(from: SocketAddress, now: number): boolean {
    this.noted(from, now);
    const at = this.came.get(formatSocketAddress(from));
    if (at === undefined || !isOpen(at, now)) {
      if (isOpen(this.called.get(formatSocketAddress(from)), now) || this.isRecalled(from, now)) return false;
      const isNews = !this.isPortOpen;
      this.isPortOpen = true;
      return isNews;
    }
    if (addressScope(from.ip) !== 'global') {
      const isNews = !this.isLocal;
      this.isLocal = true;
      this.localAt = Math.max(at, this.localAt);
      return isNews;
    }
    const family = isIpv4(from.ip) ? 'ipv4' : 'ipv6';
    const isNews = !this.families[family];
    this.isGlobal = true;
    this.families[family] = true;
    this.globalAt = Math.max(at, this.globalAt);
    return isNews;
  }

  private isRecalled({ ip }: SocketAddress, now: number): boolean {
    return isOpen(this.recalled.peek(formatIp(ip)), now) || isOpen(this.recalled.peek(''), now);
  }

  /** Another port of it, perhaps. */
  private isHostCalled({ ip }: SocketAddress, now: number): boolean {
    return addressScope(ip) === 'global' && isOpen(this.calledHosts.peek(formatIp(ip)), now);
  }

  /** An address of this host is gone: it may be the one by which others came. */
  reset(): void {
    this.isGlobal = false;
    this.isLocal = false;
    this.isPortOpen = false;
    this.families = { ipv4: false, ipv6: false };
    this.globalAt = Number.NEGATIVE_INFINITY;
    this.localAt = Number.NEGATIVE_INFINITY;
    this.came.clear();
  }
}

function isOpen(calledAt: number | undefined, now: number): boolean {
  return calledAt !== undefined && now - calledAt < OPENED_MS;
}

function note(called: BoundedMap<string, number>, key: string, at: number): void {
  called.set(key, Math.max(at, called.peek(key) ?? at));
}
