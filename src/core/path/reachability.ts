// Whether others reach this node unasked: only who is reached may serve the DHT.
import { BoundedMap } from '../base/bounded-map.ts';
import { addressScope, formatIp, formatSocketAddress, isIpv4, type SocketAddress } from '../base/ip.ts';
import { MINUTE_MS } from '../base/time.ts';

/** What was sent to an address may have opened a NAT's or firewall's way back for so long (RFC 4787 asks for 2 to 5 minutes). */
export const OPENED_MS = 10 * MINUTE_MS;
/** Addresses that were sent to within that time, as far as they are remembered: an older one counts as never called. */
const CALLED_MAX = 4096;

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
  /** By address and port as text: ms of the last datagram to it. */
  private readonly called = new BoundedMap<string, number>(CALLED_MAX);
  /** The same by address alone, those of the Internet. */
  private readonly calledHosts = new BoundedMap<string, number>(CALLED_MAX);

  /** A datagram goes there. */
  sent(to: SocketAddress, now: number): void {
    this.called.set(formatSocketAddress(to), now);
    if (addressScope(to.ip) === 'global') this.calledHosts.set(formatIp(to.ip), now);
  }

  /** An authentic initiation came from there. Whether that says something new. */
  initiated(from: SocketAddress, now: number): boolean {
    const calledAt = this.called.get(formatSocketAddress(from));
    if (calledAt !== undefined && now - calledAt < OPENED_MS) return false;
    const isGlobal = addressScope(from.ip) === 'global';
    const hostCalledAt = isGlobal ? this.calledHosts.get(formatIp(from.ip)) : undefined;
    if (hostCalledAt !== undefined && now - hostCalledAt < OPENED_MS) {
      const isNews = !this.isPortOpen;
      this.isPortOpen = true;
      return isNews;
    }
    if (isGlobal) this.families[isIpv4(from.ip) ? 'ipv4' : 'ipv6'] = true;
    if (isGlobal ? this.isGlobal : this.isLocal) return false;
    if (isGlobal) this.isGlobal = true;
    else this.isLocal = true;
    return true;
  }

  /** An address of this host is gone: it may be the one by which others came. */
  reset(): void {
    this.isGlobal = false;
    this.isLocal = false;
    this.isPortOpen = false;
    this.families = { ipv4: false, ipv6: false };
  }
}
