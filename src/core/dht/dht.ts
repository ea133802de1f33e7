// The door of the DHT: one machine per node.
import { toHex } from '../base/bytes.ts';
import type { DropReason } from '../base/drop-reason.ts';
import { NEVER } from '../base/time.ts';
import { dhtPlace } from '../identity/identity.ts';
import type { NodeId } from '../identity/types.ts';
import { CONTROL_MAX } from '../wire/limits.ts';
import type { DhtAnswer, DhtQuestion, DhtStore } from '../wire/types.ts';
import { RoutingTable } from './buckets.ts';
import { Budget } from './budget.ts';
import { answerContact, Contacts, TIMER_NEWCOMERS } from './contacts.ts';
import { createEnv, type Env, mayAsk, type Peer, placeOfNode, unixSeconds } from './env.ts';
import { Find } from './find.ts';
import { keyOfTimer, keyTimer, TIMER_SWEEP } from './keep.ts';
import { keptPage } from './kept.ts';
import { FINDS_MAX, OWN_RECORDS_MAX, SWEEP_MS } from './limits.ts';
import { placeOf } from './place.ts';
import { clientOfTimer, ownOfTimer, Publishing } from './publish.ts';
import { Replicator } from './replicate.ts';
import type { Reply, Turn } from './requests.ts';
import { answerTo, takeStore } from './serve.ts';
import type {
  CertifiedPeer,
  DhtIdentity,
  DhtInput,
  DhtOptions,
  DhtOutbox,
  DhtStatus,
  KeptPage,
} from './types.ts';
import { TIMER_BUCKETS, TIMER_REFRESH, Upkeep } from './upkeep.ts';

export { prefixOf } from './buckets.ts';
export { DEFAULT_DHT_LIMITS, FIND_LIMIT, FIND_LIMIT_MAX, FINDS_MAX } from './limits.ts';

type MessageInput = Extract<DhtInput, { kind: 'message' }>;

/**
 * Finds records and nodes, publishes own records, and in core mode keeps and routes for others. What a remote sends is refused
 * with `dropped` and changes nothing; the caller's mistakes (`publish` of what is no own record, a find's ID that is in use)
 * throw RangeError. Every map is bounded by limits.ts; a remote costs at most its buckets of questions and stores.
 */
export class Dht {
  /** ms; when onTimer is due. */
  wakeAt = NEVER;
  private readonly env: Env;
  private readonly contacts: Contacts;
  private readonly publishing: Publishing;
  private readonly replicator: Replicator;
  private readonly upkeep: Upkeep;
  /** By the caller's ID; at most FINDS_MAX. */
  private readonly finds = new Map<number, Find>();

  constructor(options: DhtOptions) {
    this.env = createEnv(options, OWN_RECORDS_MAX);
    const budget = new Budget(this.env.limits.upkeepBytesPerDay);
    this.contacts = new Contacts(this.env, budget);
    this.publishing = new Publishing(this.env);
    this.replicator = new Replicator(this.env, budget);
    this.upkeep = new Upkeep(this.env, budget);
    const { table } = this.env;
    for (const { nodeId, nonce, addresses, organisation } of options.contacts) {
      const place = placeOfNode(this.env, nodeId, nonce);
      const contact = { nodeId, nonce, addresses };
      table.offer(toHex(nodeId), place, contact, toHex(organisation), Number.NEGATIVE_INFINITY);
    }
    if (table.size > 0) this.env.timers.set(TIMER_REFRESH, 0);
    this.arm();
  }

  handle(input: DhtInput, now: number, out: DhtOutbox): void {
    const turn = { now, out };
    const reason = this.dispatch(input, turn);
    if (reason !== undefined) out.emit({ kind: 'dropped', reason });
    this.settle(turn);
  }

  onTimer(now: number, out: DhtOutbox): void {
    const turn = { now, out };
    for (const { to, sentAt } of this.failed(turn)) this.contacts.onSilent(to, sentAt, turn);
    for (
      let timer = this.env.timers.popUntil(now);
      timer !== undefined;
      timer = this.env.timers.popUntil(now)
    )
      this.onNamedTimer(timer, turn);
    this.settle(turn);
  }

  /**
   * What a question gets that rides in a handshake: changes nothing. `roomBytes`: of the encoded Control message without its
   * leading byte. Undefined: this node does not serve.
   */
  answer(question: DhtQuestion, from: NodeId, roomBytes: number, now: number): DhtAnswer | undefined {
    return answerTo(this.env, question, from, roomBytes, now);
  }

  status(): DhtStatus {
    const { isCore, table, store } = this.env;
    return {
      isCore,
      contacts: table.size,
      keys: store.size,
      records: store.records,
      storedBytes: store.bytes,
      lookups: this.finds.size + this.publishing.size,
      estimatedNodes: table.estimateNodes(),
    };
  }

  /** What lies here for the network, from record `from` on. */
  kept(from: number): KeptPage {
    return keptPage(this.env.store, from);
  }

  /** Gives the reason when something of a remote is refused. */
  private dispatch(input: DhtInput, turn: Turn): DropReason | undefined {
    const { env } = this;
    switch (input.kind) {
      case 'mode':
        this.setMode(input.isCore, turn);
        return undefined;
      case 'renewed':
        this.renew(input.self);
        return undefined;
      case 'wallClock':
        env.wallOffsetMs = input.wallOffsetMs;
        return undefined;
      case 'revoked':
        this.contacts.revoke(turn);
        for (const id of env.store.revoke(({ chain }) => env.verifier.isRevoked(chain)))
          env.timers.delete(keyTimer(id));
        return undefined;
      case 'seen':
        this.see(input.peer, turn);
        return undefined;
      case 'gone': {
        const peer = env.peers.peek(toHex(input.nodeId));
        if (peer !== undefined) peer.isConnected = false;
        return undefined;
      }
      case 'unreachable':
        this.onUnreachable(toHex(input.nodeId), turn);
        return undefined;
      case 'message':
        return this.receive(input, turn);
      case 'find':
        this.find(input, turn);
        return undefined;
      case 'cancel':
        this.finds.get(input.id)?.cancel();
        this.finds.delete(input.id);
        return undefined;
      case 'publish':
        this.publishing.publish(input, turn);
        return undefined;
    }
  }

  private setMode(isCore: boolean, turn: Turn): void {
    if (isCore === this.env.isCore) return;
    this.env.isCore = isCore;
    if (isCore) this.upkeep.hurry(turn.now);
  }

  private renew(self: DhtIdentity): void {
    const { env } = this;
    const before = env.table;
    env.self = self;
    env.selfId = toHex(self.nodeId);
    const place = placeOf(dhtPlace(env.crypto, env.networkId, self.nodeId, self.nonce));
    if (place.hi === env.place.hi && place.lo === env.place.lo) return;
    env.place = place;
    env.table = new RoutingTable(place, env.limits.k);
    for (const { id, hi, lo, contact, organisation, heardAt } of before.values())
      env.table.offer(id, { hi, lo }, contact, organisation, heardAt);
  }

  private see(peer: CertifiedPeer, turn: Turn): void {
    if (this.contacts.see(peer, turn)) this.onFirstContact(turn);
  }

  private onFirstContact(turn: Turn): void {
    this.upkeep.hurry(turn.now);
    this.publishing.hurry(turn.now);
  }

  private onUnreachable(id: string, turn: Turn): void {
    for (const request of this.env.requests.takeAllTo(id)) {
      this.contacts.onSilent(id, request.sentAt, turn);
      request.asker.onFailed(request, turn);
    }
  }

  private receive({ from, message, address }: MessageInput, turn: Turn): DropReason | undefined {
    const peer = this.env.peers.get(toHex(from));
    if (peer === undefined) return 'dhtUnexpected';
    switch (message.kind) {
      case 'dhtQuestion':
        return this.onQuestion(peer, message, turn);
      case 'dhtStore':
        return this.onStore(peer, message, address, turn);
      default:
        return this.onReply(peer, message, turn);
    }
  }

  private onQuestion(peer: Peer, question: DhtQuestion, turn: Turn): DropReason | undefined {
    const { env } = this;
    if (!mayAsk(peer, 'questions', turn.now)) return 'dhtRateLimited';
    env.tokens.rotate(turn.now);
    const answer = answerTo(env, question, peer.identity.nodeId, CONTROL_MAX - 1, turn.now);
    if (answer !== undefined) turn.out.send({ to: answerContact(peer), message: answer });
    if (question.client) {
      if (peer.isServing) this.contacts.removeClient(peer, turn);
    } else {
      peer.isServing = true;
      if (this.contacts.hear(peer, turn)) this.onFirstContact(turn);
    }
    return answer === undefined ? 'dhtNotServing' : undefined;
  }

  private onStore(
    peer: Peer,
    store: DhtStore,
    address: MessageInput['address'],
    turn: Turn,
  ): DropReason | undefined {
    const { env } = this;
    const outcome = takeStore(env, peer, store, address, turn);
    const { forClient } = outcome;
    const isBusy = forClient !== undefined && !this.publishing.bringFor(forClient, turn);
    const code = isBusy ? 'busy' : outcome.code;
    const answer = { kind: 'dhtStoreAnswer' as const, id: store.id, code, spread: outcome.spread };
    turn.out.send({ to: answerContact(peer), message: answer });
    return outcome.dropped;
  }

  private onReply(peer: Peer, reply: Reply, turn: Turn): DropReason | undefined {
    const request = this.env.requests.take(peer.id, reply, turn.now);
    if (request === undefined) return 'dhtUnexpected';
    if (reply.kind === 'dhtAnswer') peer.isServing = true;
    if (this.contacts.hear(peer, turn)) this.onFirstContact(turn);
    request.asker.onReply(request, reply, turn);
    return undefined;
  }

  private find(input: Extract<DhtInput, { kind: 'find' }>, turn: Turn): void {
    const { id } = input;
    if (this.finds.has(id)) throw new RangeError(`find ${id} is under way`);
    if (this.finds.size >= FINDS_MAX) {
      const nothing = { records: [], withdrawn: [], total: 0, contacts: [], hops: 0 };
      turn.out.emit({ kind: 'found', id, ...nothing, isComplete: true });
      return;
    }
    const find = new Find(this.env, input);
    this.finds.set(id, find);
    find.start(turn);
  }

  /** Requests that failed; their askers were told. */
  private failed(turn: Turn): readonly { readonly to: string; readonly sentAt: number }[] {
    const failed = this.env.requests.onTimer(turn);
    for (const request of failed) request.asker.onFailed(request, turn);
    return failed;
  }

  private onNamedTimer(timer: string, turn: Turn): void {
    const { env } = this;
    const key = keyOfTimer(timer);
    const own = ownOfTimer(timer);
    const client = clientOfTimer(timer);
    if (key !== undefined) this.replicator.onKeyTimer(key, turn);
    else if (own !== undefined) this.publishing.onTimer(own, turn);
    else if (client !== undefined) this.publishing.onClientTimer(client, turn);
    else if (timer === TIMER_REFRESH) this.upkeep.onRefreshTimer(turn);
    else if (timer === TIMER_BUCKETS) this.upkeep.onBucketsTimer(turn);
    else if (timer === TIMER_NEWCOMERS) this.replicator.onNewcomers(this.contacts.takeNewcomers(), turn);
    else if (timer === TIMER_SWEEP) {
      for (const id of env.store.sweep(unixSeconds(env, turn.now), turn.now)) env.timers.delete(keyTimer(id));
      if (env.store.size > 0) env.timers.set(TIMER_SWEEP, turn.now + SWEEP_MS);
    }
  }

  /** What ended makes room, and the next timer is known. */
  private settle(turn: Turn): void {
    for (const [id, find] of this.finds) if (find.isDone) this.finds.delete(id);
    this.replicator.proceed(turn);
    this.arm();
  }

  private arm(): void {
    this.wakeAt = Math.min(this.env.timers.next, this.env.requests.wakeAt);
  }
}
