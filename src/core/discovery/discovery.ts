// The door of discovery: own records, names and what they lead to, providers of services.
import { toHex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { serviceNameFault } from '../base/name.ts';
import type { OwnEpoch } from '../identity/identity.ts';
import { DiscoveryContext, type DiscoveryOutbox } from './context.ts';
import { LOOKUP_MS, type Lookup, Lookups } from './lookups.ts';
import { Nodes } from './nodes.ts';
import { OwnRecords } from './own-records.ts';
import { refusalOf } from './provider-set.ts';
import { Services } from './services.ts';
import type { DiscoveryInput, DiscoveryOptions, OwnService, PeerInput, ResolveResult } from './types.ts';
import { Values } from './values.ts';
import { foundNode } from './views.ts';

export type { DiscoveryOutbox } from './context.ts';
export { formatName, parseName } from './names.ts';
export { SEALED_MAX } from './own-sealed.ts';

type Input<Kind extends DiscoveryInput['kind']> = Extract<DiscoveryInput, { kind: Kind }>;

/** For `status` and metrics. */
export interface DiscoveryStatus {
  /** Services whose providers are kept. */
  readonly services: number;
  /** Lookups under way. */
  readonly lookups: number;
  readonly ownServices: number;
  readonly ownValues: number;
}

/** One per node. `dropped` events count remote misbehaviour; CodedError is thrown as DiscoveryInput says. */
export class Discovery {
  private readonly context: DiscoveryContext;
  private readonly lookups: Lookups;
  private readonly own: OwnRecords;
  private readonly services: Services;
  private readonly nodes: Nodes;
  private readonly values: Values;

  constructor(options: DiscoveryOptions) {
    const { lastSequence, values } = options.state;
    this.context = new DiscoveryContext(options);
    this.lookups = new Lookups(this.context);
    this.own = new OwnRecords(this.context, lastSequence, values);
    this.services = new Services(this.context, this.lookups);
    this.nodes = new Nodes(this.context, this.lookups);
    this.values = new Values(this.context, this.lookups, this.own);
    this.context.remember(options.keys.nodeId);
  }

  /** ms */
  get wakeAt(): number {
    return Math.min(
      this.lookups.wakeAt,
      this.own.wakeAt,
      this.services.wakeAt,
      this.values.wakeAt,
      this.context.wants.wakeAt,
    );
  }

  get status(): DiscoveryStatus {
    return {
      services: this.services.sets.size,
      lookups: this.lookups.size,
      ownServices: this.own.services.size,
      ownValues: this.own.values.size,
    };
  }

  handle(input: DiscoveryInput, now: number, out: DiscoveryOutbox): void {
    this.take(input, now, out);
    this.own.tick(now, out);
    this.context.wants.tick(now, out);
    this.services.sets.flush(out);
  }

  onTimer(now: number, out: DiscoveryOutbox): void {
    for (let lookup = this.lookups.due(now); lookup !== undefined; lookup = this.lookups.due(now)) {
      this.onLookupTimer(lookup, now, out);
    }
    this.services.tick(now, out);
    this.values.tick(now, out);
    this.own.tick(now, out);
    this.context.wants.tick(now, out);
    this.services.sets.flush(out);
  }

  private take(input: DiscoveryInput, now: number, out: DiscoveryOutbox): void {
    switch (input.kind) {
      case 'self':
        this.context.isCore = input.isCore;
        return this.own.place(input, now);
      case 'wallClock': {
        const step = input.wallOffsetMs - this.context.wallOffsetMs;
        this.context.wallOffsetMs = input.wallOffsetMs;
        this.services.sets.onWallClock();
        return this.own.onWallClock(step, now);
      }
      case 'organisation':
        if (this.context.organisations.learn(input.name, input.id)) this.services.sets.renamed();
        return;
      case 'peer':
        return this.onPeer(input, now, out);
      case 'revoked': {
        for (const nodeId of input.nodeIds) this.context.forget(nodeId);
        const nodes = new Set(input.nodeIds.map(toHex));
        this.services.sets.revoke(nodes, input.isWide);
        return this.nodes.revoke(nodes, input.isWide);
      }
      case 'epochs':
        return this.onEpochs(input.own, now, out);
      case 'foreignEpochs':
        return this.onForeignEpochs(input, now, out);
      case 'offer':
        return this.offer(input.service, now, out);
      case 'unoffer':
        this.own.unoffer(input.name, now, out);
        return this.services.setOwn(input.name, undefined, now, out);
      case 'stop':
        return this.own.stop(now, out);
      case 'resolve':
        return this.resolve(input, now, out);
      case 'used':
        return this.services.used(input.organisation, input.service, input.isQuiet ?? false, now, out);
      case 'wantNode':
        return this.nodes.want(input.nodeId, now, out, true, input.isUrgent);
      case 'put':
        return this.values.put(input.id, input.name, input.value, now, out);
      case 'unput':
        return this.values.unput(input.key, now, out);
      case 'get':
        return this.values.get(input.id, input.key, input.organisation, now, out);
      case 'found':
        return this.onFound(input, now, out);
      case 'published':
        return this.values.onPublished(input.key, input.copies, out);
    }
  }

  private offer(service: OwnService, now: number, out: DiscoveryOutbox): void {
    const { name } = service;
    const fault = serviceNameFault(name);
    if (fault !== undefined) throw new CodedError('NAME_RESERVED', fault);
    const { member } = this.context;
    if (member === undefined) return;
    if (refusalOf(member, member.organisation, name) !== undefined)
      throw new CodedError('SERVICE_NOT_PROVIDED', `"${name}"`);
    this.own.offer(service, now, out);
    this.services.setOwn(name, service, now, out);
  }

  private onEpochs(own: readonly OwnEpoch[], now: number, out: DiscoveryOutbox): void {
    const { places } = this.context;
    const isFirst = places.own.length === 0;
    if (!places.setOwn(own)) return;
    this.own.onEpochs(isFirst, now, out);
    this.services.onEpochs(undefined, true, now, out);
  }

  private onForeignEpochs(input: Input<'foreignEpochs'>, now: number, out: DiscoveryOutbox): void {
    const { organisation, epochs } = input;
    const { places } = this.context;
    if (places.isOwn(organisation)) return;
    const isFirst = !places.hasForeign(organisation);
    const isChanged = places.setForeign(organisation, epochs);
    if (isChanged) this.own.onEpochs(isFirst, now, out);
    this.services.onEpochs(organisation, isChanged, now, out);
  }

  private onPeer(input: PeerInput, now: number, out: DiscoveryOutbox): void {
    const node = toHex(input.nodeId);
    if (node === this.context.self) return;
    const { peers, organisations } = this.context;
    const isNew = peers.get(node) === undefined;
    const peer = peers.learn(input);
    if (isNew) this.context.remember(input.nodeId);
    const { member } = peer;
    if (member !== undefined && organisations.learn(member.organisationName, member.organisation))
      this.services.sets.renamed();
    this.services.onPeer(node, peer, now, out);
    this.nodes.onPeer(node, now, out);
  }

  private resolve(input: Input<'resolve'>, now: number, out: DiscoveryOutbox): void {
    const { id, name } = input;
    const waiter = { kind: 'resolve', id, name, isWhole: input.isWhole ?? false } as const;
    const tell = (result: ResolveResult) => out.emit({ kind: 'resolved', id, result });
    if (name.kind === 'address') return tell(this.nameOf(name.address));
    if (name.kind === 'nodeId') return this.nodes.resolveId(name.nodeId, waiter, now, out);
    const organisation = this.context.organisations.find(name.organisation);
    if (organisation.kind !== 'known') return tell(organisation);
    if (name.kind === 'node') this.nodes.resolve(organisation.id, name.name, waiter, now, out);
    else this.services.resolve(organisation.id, waiter, now, out);
  }

  private nameOf(address: Uint8Array): ResolveResult {
    const owner = this.context.addresses.get(toHex(address));
    const found =
      owner?.kind === 'node'
        ? foundNode(this.context, owner.nodeId)
        : owner && this.services.nameOf(owner.set, owner.endpoint);
    return found ?? { kind: 'notFound' };
  }

  private onFound(input: Input<'found'>, now: number, out: DiscoveryOutbox): void {
    const found = this.lookups.ofFind(input.id);
    // Ended meanwhile.
    if (found === undefined) return;
    const { lookup, find } = found;
    find.isHeard ||= input.contacts.length > 0;
    find.isComplete = input.isComplete;
    const { subject } = lookup;
    switch (subject.kind) {
      case 'service':
        return this.services.onFound(lookup, subject, find, input, now, out);
      case 'nodeName':
        return this.nodes.onFoundName(lookup, subject, input, now, out);
      case 'node':
        return this.nodes.onFoundNode(lookup, subject, input, now, out);
      case 'value':
        return this.values.onFound(lookup, subject, input, now, out);
    }
  }

  private onLookupTimer(lookup: Lookup, now: number, out: DiscoveryOutbox): void {
    const isOver = now - lookup.startedAt >= LOOKUP_MS;
    const { subject } = lookup;
    this.lookups.rearm(lookup);
    switch (subject.kind) {
      case 'service':
        return this.services.onTimer(lookup, subject, isOver, now, out);
      case 'nodeName':
        return this.nodes.onTimerName(lookup, subject, isOver, now, out);
      case 'node':
        return this.nodes.onNodeEnd(lookup, subject, now, out);
      case 'value':
        return this.values.onEnd(lookup, subject, out);
    }
  }
}
