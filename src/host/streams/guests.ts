// How many connections others may have here.
import { type IpAddress, isIpv4 } from '../../core/base/ip.ts';

/** In all, and from one place: an IPv4 address, behind which many may be, or an IPv6 /64. */
export const GUESTS_MAX = 512;
export const GUESTS_PER_PLACE = 64;
const PLACE_BYTES = 8;

export class Guests {
  /** Connections by place: at most GUESTS_MAX. */
  readonly #places = new Map<string, number>();
  #count = 0;

  /** False: there are too many already. Otherwise one more counts until it leaves. */
  enter(ip: IpAddress): boolean {
    const place = placeOf(ip);
    const others = this.#places.get(place) ?? 0;
    if (this.#count >= GUESTS_MAX || others >= GUESTS_PER_PLACE) return false;
    this.#places.set(place, others + 1);
    this.#count++;
    return true;
  }

  leave(ip: IpAddress): void {
    const place = placeOf(ip);
    const left = (this.#places.get(place) ?? 0) - 1;
    if (left > 0) this.#places.set(place, left);
    else this.#places.delete(place);
    this.#count--;
  }
}

function placeOf(ip: IpAddress): string {
  return Buffer.from(isIpv4(ip) ? ip : ip.subarray(0, PLACE_BYTES)).toString('hex');
}
