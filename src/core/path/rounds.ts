// To which addresses a handshake's initiation goes, and its repetitions.
import { equalSocketAddress, type SocketAddress } from '../base/ip.ts';
import { NEVER } from '../base/time.ts';
import { inOrder, isTold } from './candidates.ts';
import type { Budget } from './told.ts';
import type { Candidate, PathOutbox } from './types.ts';

/** Addresses that get an initiation in one round; more take turns. */
export const ROUND_ADDRESSES = 4;
/** The address that worked last has this head start before the others get the initiation too. */
export const HEAD_START_MS = 250;

/** Of one remote. `candidates` is the path machine's list. */
export class Rounds {
  /** ms; when the others get the initiation under way: askForRest() is to be called. */
  restAt = NEVER;
  private readonly candidates: readonly Candidate[];
  /** Initiations of the attempt under way. */
  private rounds = 0;
  /** Addresses that the initiation under way was held back from. */
  private rest: readonly SocketAddress[] = [];
  /** The session was asked for the initiation, and has not answered yet. */
  private isAsked = false;

  constructor(candidates: readonly Candidate[]) {
    this.candidates = candidates;
  }

  /** An attempt ends, or another begins. */
  clear(rounds = 0): void {
    this.restAt = NEVER;
    this.rest = [];
    this.isAsked = false;
    this.rounds = rounds;
  }

  /** An attempt is over, while its initiation may still be repeated. */
  restart(): void {
    this.rounds = 0;
  }

  /** An address became known while an initiation is under way. */
  add(address: SocketAddress, out: PathOutbox): void {
    if (this.rest.length < ROUND_ADDRESSES) this.rest = [...this.rest, address];
    this.askForRest(out);
  }

  /** An address is gone. */
  remove(address: SocketAddress): void {
    this.rest = this.rest.filter((waiting) => !equalSocketAddress(waiting, address));
  }

  /** All are to get the initiation under way once more. */
  again(out: PathOutbox): void {
    this.rest = this.addressesOf(this.rounds).addresses;
    this.askForRest(out);
  }

  /** However many addresses become known at once, the session is asked once. */
  askForRest(out: PathOutbox): void {
    this.restAt = NEVER;
    if (this.isAsked || this.rest.length === 0) return;
    this.isAsked = true;
    out.emit({ kind: 'repeat' });
  }

  /** Sends the initiation at hand. `known`: the path of a living session, which alone gets its first one. True: to all candidates. */
  send(known: SocketAddress | undefined, budget: Budget, now: number, out: PathOutbox): boolean {
    this.isAsked = false;
    if (this.rest.length > 0) {
      const addresses = this.rest;
      this.rest = [];
      this.restAt = NEVER;
      this.sendTo(addresses, budget, now, out);
      return false;
    }
    const round = this.rounds++;
    if (known !== undefined && round === 0) {
      this.sendTo([known], budget, now, out);
      return false;
    }
    const { addresses, isFirstProven } = this.addressesOf(round);
    if (round === 0 && isFirstProven && addresses.length > 1) {
      this.rest = addresses.slice(1);
      this.restAt = now + HEAD_START_MS;
      this.sendTo(addresses.slice(0, 1), budget, now, out);
    } else {
      this.sendTo(addresses, budget, now, out);
    }
    return true;
  }

  private sendTo(wanted: readonly SocketAddress[], budget: Budget, now: number, out: PathOutbox): void {
    const addresses = wanted.filter((address) => {
      const candidate = this.candidates.find((known) => equalSocketAddress(known.address, address));
      const isFree = !budget.isForAll && (candidate === undefined || !isTold(candidate.source));
      return isFree || budget.take(address, now);
    });
    if (addresses.length > 0) out.emit({ kind: 'sendTo', addresses });
  }

  /** The best address always, the others by turns. */
  private addressesOf(round: number): { addresses: SocketAddress[]; isFirstProven: boolean } {
    const ordered = inOrder(this.candidates);
    const isFirstProven = ordered.length > 0 && ordered[0].source === 'proven';
    const addresses = ordered.map((candidate) => candidate.address);
    if (addresses.length <= ROUND_ADDRESSES) return { addresses, isFirstProven };
    const [best, ...others] = addresses;
    const turn = (round * (ROUND_ADDRESSES - 1)) % others.length;
    const taken = [best, ...others.slice(turn), ...others.slice(0, turn)].slice(0, ROUND_ADDRESSES);
    return { addresses: taken, isFirstProven };
  }
}
