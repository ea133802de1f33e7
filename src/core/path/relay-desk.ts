// What this node relays for others: grants and circuits within the limits of its owner.

import type { Outbox } from '../base/outbox.ts';
import { type Rng, uniform } from '../base/rng.ts';
import { MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import { NUMBER_OF_LARGER, NUMBER_OF_RELAY } from '../wire/limits.ts';
import type { RelayCode } from '../wire/types.ts';
import type { RelayDeskInput, RelayLimits, RelaySend } from './relay-types.ts';

/** Seconds for which a grant holds. */
export const GRANT_S = 86_400;
/** A circuit that nobody asked for again within this time is gone. */
export const CIRCUIT_MS = 10 * MINUTE_MS;
/** How often that is looked at. */
const LOOK_MS = MINUTE_MS;
export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  scope: 'all',
  nodes: 1024,
  circuits: 1024,
  circuitsPerNode: 64,
};

interface Grant {
  /** The other's leg for this node. */
  leg: number;
  isInward: boolean;
  /** This node's ID is the larger of the two. */
  readonly isLarger: boolean;
  /** ms */
  until: number;
  /** Circuits that it opened, by its number. */
  readonly opened: Map<number, Circuit>;
  /** Circuits that others opened to it, by this node's number. */
  readonly offered: Map<number, Circuit>;
}

interface Circuit {
  readonly from: number;
  /** The opener's. */
  readonly number: number;
  readonly to: number;
  /** Ours, towards `to`. */
  readonly toNumber: number;
  /** ms */
  askedAt: number;
}

type Out = Outbox<RelaySend, never>;

/** One per node. A refusal changes nothing and says why. */
export class RelayDesk {
  /** ms; when onTimer() is to be called next. */
  wakeAt = NEVER;
  /** By slot; at most `limits.nodes`. */
  private readonly grants = new Map<number, Grant>();
  private circuits = 0;
  private readonly limits: RelayLimits;
  private readonly rng: Rng;

  constructor(limits: RelayLimits, rng: Rng) {
    this.limits = limits;
    this.rng = rng;
  }

  /** Nodes with a grant, and circuits through here. */
  get counts(): { readonly nodes: number; readonly circuits: number } {
    return { nodes: this.grants.size, circuits: this.circuits };
  }

  /** Whether nodes may ask at all. */
  offers(isColleague: boolean): boolean {
    const { scope } = this.limits;
    return scope === 'all' || (scope === 'organisation' && isColleague);
  }

  /** Whether somebody depends on this node's place here. */
  serves(slot: number): boolean {
    return this.grants.has(slot);
  }

  handle(input: RelayDeskInput, now: number, out: Out): void {
    switch (input.kind) {
      case 'request':
        this.onRequest(input, now, out);
        return;
      case 'open':
        this.onOpen(input, now, out);
        return;
      case 'close': {
        const grant = this.grants.get(input.slot);
        const circuit = grant?.opened.get(input.number) ?? grant?.offered.get(input.number);
        if (circuit !== undefined) this.end(circuit, input.slot, out);
        return;
      }
      case 'gone':
        this.forget(input.slot, out);
        return;
    }
  }

  onTimer(now: number, out: Out): void {
    this.wakeAt = this.grants.size === 0 ? NEVER : now + LOOK_MS;
    for (const [slot, grant] of this.grants) {
      for (const circuit of grant.opened.values())
        if (now - circuit.askedAt >= CIRCUIT_MS) this.end(circuit, undefined, out);
      if (now >= grant.until) this.forget(slot, out);
    }
  }

  private onRequest(
    { slot, leg, isInward, isColleague, isLarger }: Extract<RelayDeskInput, { kind: 'request' }>,
    now: number,
    out: Out,
  ): void {
    const { nodes } = this.limits;
    const known = this.grants.get(slot);
    if (!this.offers(isColleague)) return refuse(slot, 'notOffered', out);
    if (known === undefined && this.grants.size >= nodes) return refuse(slot, 'full', out);
    const until = now + GRANT_S * SECOND_MS;
    if (known === undefined) {
      this.grants.set(slot, { leg, isInward, isLarger, until, opened: new Map(), offered: new Map() });
    } else {
      // Another leg is another run of that node: it knows nothing of its circuits.
      if (known.leg !== leg) this.endAll(known, slot, out);
      Object.assign(known, { leg, isInward, until });
    }
    this.wakeAt = Math.min(this.wakeAt, now + LOOK_MS);
    out.send({
      kind: 'say',
      slot,
      message: { kind: 'relayGrant', leg: slot, seconds: GRANT_S, inward: isInward },
    });
  }

  private onOpen(
    { slot, nodeId, number, target }: Extract<RelayDeskInput, { kind: 'open' }>,
    now: number,
    out: Out,
  ): void {
    const from = this.grants.get(slot);
    const to = target === undefined ? undefined : this.grants.get(target);
    if (from === undefined || number >>> 14 !== Number(!from.isLarger))
      return refuseCircuit(slot, number, 'noGrant', out);
    if (target === undefined || target === slot || !to?.isInward)
      return refuseCircuit(slot, number, 'noSuchNode', out);
    let circuit = from.opened.get(number);
    if (circuit !== undefined && circuit.to !== target) {
      this.end(circuit, slot, out);
      circuit = undefined;
    }
    if (circuit === undefined) {
      const isFull = from.opened.size >= this.limits.circuitsPerNode || this.circuits >= this.limits.circuits;
      if (isFull) return refuseCircuit(slot, number, 'full', out);
      circuit = this.begin(slot, from, number, target, to, now);
    }
    circuit.askedAt = now;
    const { toNumber } = circuit;
    out.send({ kind: 'forward', slot, number, toSlot: target, toLeg: to.leg, toNumber });
    out.send({
      kind: 'forward',
      slot: target,
      number: toNumber,
      toSlot: slot,
      toLeg: from.leg,
      toNumber: number,
    });
    out.send({ kind: 'say', slot: target, message: { kind: 'circuitOffer', nodeId, number: toNumber } });
    out.send({ kind: 'ends', slots: [slot, target] });
  }

  private begin(slot: number, from: Grant, number: number, target: number, to: Grant, now: number): Circuit {
    let toNumber = 0;
    // At most `limits.circuits` of 16,384 are taken.
    do
      toNumber = NUMBER_OF_RELAY + (to.isLarger ? NUMBER_OF_LARGER : 0) + uniform(this.rng, NUMBER_OF_LARGER);
    while (to.offered.has(toNumber));
    const circuit: Circuit = { from: slot, number, to: target, toNumber, askedAt: now };
    from.opened.set(number, circuit);
    to.offered.set(toNumber, circuit);
    this.circuits++;
    return circuit;
  }

  private forget(slot: number, out: Out): void {
    const grant = this.grants.get(slot);
    if (grant === undefined) return;
    this.endAll(grant, slot, out);
    this.grants.delete(slot);
  }

  private endAll(grant: Grant, slot: number, out: Out): void {
    for (const circuit of [...grant.opened.values(), ...grant.offered.values()]) this.end(circuit, slot, out);
  }

  /** `teller`: whoever knows it already. */
  private end(circuit: Circuit, teller: number | undefined, out: Out): void {
    const { from, number, to, toNumber } = circuit;
    const isKnown = this.grants.get(from)?.opened.delete(number);
    this.grants.get(to)?.offered.delete(toNumber);
    if (!isKnown) return;
    this.circuits--;
    out.send({ kind: 'clear', slot: from, number });
    out.send({ kind: 'clear', slot: to, number: toNumber });
    if (teller !== from) refuseCircuit(from, number, 'ended', out);
    if (teller !== to) refuseCircuit(to, toNumber, 'ended', out);
  }
}

function refuse(slot: number, code: RelayCode, out: Out): void {
  out.send({ kind: 'say', slot, message: { kind: 'relayRefusal', code } });
}

function refuseCircuit(slot: number, number: number, code: RelayCode, out: Out): void {
  out.send({ kind: 'say', slot, message: { kind: 'circuitClose', number, code } });
}
