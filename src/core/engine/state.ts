import type { Tables } from '../addressing/addressing.ts';
import type { DropCounters } from '../base/drop-reason.ts';
import type { Rng } from '../base/rng.ts';
import { AskedFlows } from './asked.ts';
import { Balancer } from './balance.ts';
import { FlowCache } from './flow-cache.ts';
import { FlowControl } from './flow-control.ts';
import { FragmentTable } from './fragment-table.ts';
import { HeldPackets } from './held-packets.ts';
import { IcmpLimit } from './icmp.ts';
import { PinTable } from './pin-table.ts';
import type { EngineLimits, EngineVoice, FlowSettings } from './types.ts';

/** "No such host" for local programs, in all. */
const UNREACHABLE_PER_SECOND = 20;
/** Packet Too Big, in all; one remote gets one per second and family. */
const TOO_BIG_PER_SECOND = 100;

/** Refusals that remotes are told of, in all. */
const REFUSED_PER_SECOND = 200;

/** What outbound and inbound share. */
export class EngineState {
  readonly tables: Tables;
  readonly drops: DropCounters;
  readonly flows: FlowCache;
  readonly fragments: FragmentTable;
  /** Which endpoint each flow to a service goes to, and who decides it. */
  readonly pins: PinTable;
  readonly balancer: Balancer;
  /** Pins that later fragments follow: to services, and from them. */
  readonly pinnedOut: FragmentTable;
  readonly pinnedIn: FragmentTable;
  readonly held: HeldPackets;
  /** undefined: it is switched off. */
  readonly control: FlowControl | undefined;
  readonly unreachableLimit = new IcmpLimit(UNREACHABLE_PER_SECOND, UNREACHABLE_PER_SECOND);
  readonly refusedLimit = new IcmpLimit(REFUSED_PER_SECOND, REFUSED_PER_SECOND);
  /** Flows that remotes refuse. */
  readonly asked: AskedFlows;
  readonly tooBigLimit = new IcmpLimit(TOO_BIG_PER_SECOND, TOO_BIG_PER_SECOND);
  /** Outbound batches so far: what ActivityColumns.askedInBatch counts in. */
  batch = 0;

  constructor(
    tables: Tables,
    drops: DropCounters,
    rng: Rng,
    limits: EngineLimits,
    voice: EngineVoice | undefined,
    flow: FlowSettings,
  ) {
    this.tables = tables;
    this.drops = drops;
    this.flows = new FlowCache(tables.hashKey, limits.flows);
    this.fragments = new FragmentTable(tables.hashKey, limits.fragments);
    this.asked = new AskedFlows(tables.hashKey);
    this.pins = new PinTable(tables.hashKey, limits.pins, tables.services);
    this.balancer = new Balancer(tables, rng);
    this.pinnedOut = new FragmentTable(tables.hashKey, limits.fragments);
    this.pinnedIn = new FragmentTable(tables.hashKey, limits.fragments);
    this.held = new HeldPackets(limits.held, limits.heldPerRemote);
    if (voice !== undefined)
      this.control = new FlowControl(tables, drops, rng, this.held.leaving, voice, flow);
  }
}
