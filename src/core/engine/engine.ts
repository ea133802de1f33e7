// The door of the engine: the packet's way between the port's rows and the tables, nothing else.
import type { Tables } from '../addressing/addressing.ts';
import { Action, SLAB_SLOTS } from '../base/batch-layout.generated.ts';
import { DROP_REASON_ID, type DropCounters } from '../base/drop-reason.ts';
import type { Rng } from '../base/rng.ts';
import { flowKind, flowRemote } from './flow.ts';
import { inbound } from './inbound.ts';
import { outbound, sealAndNote } from './outbound.ts';
import { EngineState } from './state.ts';
import type { EngineLimits, EngineSink, EngineVoice, FlowSettings, FlowView } from './types.ts';

export { applyPortCommand } from './commands.ts';
export { FLOW_ANSWERED_MS, FLOW_UNANSWERED_MS } from './flow-cache.ts';
export { HELD_MS } from './held-packets.ts';
export { ROAM_EVERY_MS, ROAMS_AT_ONCE } from './inbound.ts';
export { SERVICE_TOLD_MS } from './outbound.ts';
export { readUdp, type UdpDatagram, udpPacket } from './udp.ts';

const DROP_HOLD_EXPIRED = DROP_REASON_ID.outboundHoldExpired;

/** What a daemon uses; a simulator of many nodes takes less. */
export const ENGINE_LIMITS: EngineLimits = {
  flows: 32768,
  pins: 32768,
  fragments: 1024,
  held: 96,
  heldPerRemote: 8,
};

/** Everything that helps. */
export const DEFAULT_FLOW: FlowSettings = { control: true, repair: true, correction: true };

/**
 * One per node. `outbound` and `inbound` are called once per batch, decide every row in place and tell `sink` the rest;
 * after `established`, `forget` and `onTimer` there may be held rows to be taken: takeHeld. Never throws over a packet.
 */
export class Engine {
  private readonly state: EngineState;

  /** `rng` decides where new flows to a service go. Without `voice` nothing is acknowledged, and nothing governed. */
  constructor(
    tables: Tables,
    drops: DropCounters,
    rng: Rng,
    limits: EngineLimits = ENGINE_LIMITS,
    voice?: EngineVoice,
    flow: FlowSettings = DEFAULT_FLOW,
  ) {
    if (limits.held > SLAB_SLOTS / 2) throw new RangeError('more held packets than half of the slab');
    this.state = new EngineState(tables, drops, rng, limits, flow.control ? voice : undefined, flow);
  }

  /** Rows read from the TUN. `bytes`: PacketPort.outBytes. */
  outbound(rows: Uint32Array, bytes: Uint8Array, count: number, now: number, sink: EngineSink): void {
    outbound(this.state, rows, bytes, count, now, sink);
    this.state.control?.endBatch(now);
  }

  /** Rows read from the sockets. `bytes`: PacketPort.inBytes. */
  inbound(rows: Uint32Array, bytes: Uint8Array, count: number, now: number, sink: EngineSink): void {
    inbound(this.state, rows, bytes, count, now, sink);
    this.state.control?.endBatch(now);
    this.state.control?.onTimer(now);
  }

  /** The tables now hold a session of this remote (again): what waited for it leaves, in order. */
  established(remote: number, now: number): void {
    const { state } = this;
    state.held.decide(remote, (at) => sealAndNote(state, state.held.rows, at, remote, now));
    state.control?.endBatch(now);
    state.control?.onEstablished(remote, now);
  }

  /** The remote is not to be reached, or its slot is about to be freed: lets go of what waits for it. */
  forget(remote: number): void {
    this.state.held.decide(remote, () => {
      this.state.drops.counts[DROP_HOLD_EXPIRED]++;
      return Action.drop;
    });
    this.state.control?.forget(remote);
  }

  /** The path of a remote leads to another address, or to one for the first time. */
  onPath(remote: number, now: number): void {
    this.state.control?.onPath(remote, now);
  }

  /** The path of a remote carries less than was thought: what is under way may be too large. */
  onNarrower(remote: number, now: number): void {
    this.state.control?.onNarrower(remote, now);
  }

  /** What congestion control knows of a remote's path; undefined: nothing was sent there of late, or it is switched off. */
  flow(remote: number): FlowView | undefined {
    return this.state.control?.view(remote);
  }

  /** Whether packets wait for a session of this remote. */
  hasHeld(remote: number): boolean {
    const { held } = this.state;
    return held.remote.subarray(0, held.waiting).includes(remote);
  }

  /**
   * A remote refused a packet with these selectors and ports (as it had them; of ICMP the identifier). The flow's next
   * packet is answered; what is to be told at once, for the TUN; undefined: nothing.
   */
  refusedBy(
    remote: number,
    selectors: number,
    ports: number,
    protocol: number,
    family: number,
    now: number,
  ): Uint8Array | undefined {
    const { asked, tables } = this.state;
    return asked.refuse(flowRemote(tables, remote), ports, selectors, flowKind(protocol, family), now);
  }

  /** ms; when onTimer wants to be called next. */
  get wakeAt(): number {
    const { held, control } = this.state;
    return control === undefined ? held.wakeAt : Math.min(held.wakeAt, control.wakeAt);
  }

  onTimer(now: number): void {
    this.state.drops.counts[DROP_HOLD_EXPIRED] += this.state.held.expire(now);
    this.state.control?.onTimer(now);
  }

  /**
   * Moves rows decided upon to the beginning of `heldRows` (PacketPort.heldRows) and returns how many: to be asked after
   * commands were carried out, before `send` or `deliver`; then PacketPort.sendHeld.
   */
  takeHeld(heldRows: Uint32Array): number {
    return this.state.held.leaving.take(heldRows);
  }

  /** Rows have their counters and wait for takeHeld: nothing may be sealed for their remotes before. */
  get isReleasing(): boolean {
    return this.state.held.leaving.isSealed;
  }

  /** Flows to services that are pinned to an endpoint. Walks the table. */
  pins(now: number): number {
    return this.state.pins.count(now);
  }

  /** Flows alive whose answers may come in. Walks the table. */
  flows(now: number): number {
    return this.state.flows.count(now);
  }
}
