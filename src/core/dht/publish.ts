// Own records, and those of clients: brought to their places, and tried again until they have copies there.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { fraction } from '../base/rng.ts';
import { NEVER } from '../base/time.ts';
import { decodeChain, decodeEpoch, decodeRecord, decodeSignedRecord } from '../wire/wire.ts';
import { type Env, unixSeconds } from './env.ts';
import { Handover, type HandoverOwner } from './handover.ts';
import {
  AGENT_JOBS_MAX,
  AGENTS,
  OWN_RECORDS_MAX,
  PASS_ON_MS,
  PUBLISH_AGAIN_MS,
  PUBLISH_RETRY_MAX_MS,
  PUBLISH_RETRY_MS,
} from './limits.ts';
import { placeOf } from './place.ts';
import { Placement, type PlacementOwner, type PlacementRound, type PlacementTask } from './placement.ts';
import type { Turn } from './requests.ts';
import { type Publisher, publisherIdOf, publisherOf, publisherOfPseudonym, rootKeyOf } from './rights.ts';
import type { Arrival } from './store.ts';
import type { DhtInput, OwnPseudonym } from './types.ts';

type PublishInput = Extract<DhtInput, { kind: 'publish' }>;

/** Keys and publishers whose shard is remembered. */
const SHARDS_MAX = 4096;
/** The first contact makes all that waits try again within this. */
const HURRY_MS = 500;

function ownTimer(id: string): string {
  return `own ${id}`;
}

/** The key in hex of an own record that a timer is of. */
export function ownOfTimer(timer: string): string | undefined {
  return timer.startsWith('own ') ? timer.slice(4) : undefined;
}

function clientTimer(name: string): string {
  return `client ${name}`;
}

/** The key and publisher of a client's record that a timer is of. */
export function clientOfTimer(timer: string): string | undefined {
  return timer.startsWith('client ') ? timer.slice(7) : undefined;
}

/** What the caller says of a pseudonym of its own. RangeError when its chain is none, or one of another organisation. */
function ownPseudonym(env: Env, { key, chain: bytes, notAfter }: OwnPseudonym): Publisher {
  const chain = decodeChain(bytes);
  if (!('pseudonym' in chain)) throw new RangeError('not the chain of a pseudonym');
  const { organisation, number, created: notBefore } = decodeEpoch(chain.pseudonym.epoch);
  if (!equalBytes(organisation, env.self.organisation)) throw new RangeError('of another organisation');
  const epoch = env.crypto.sha256(chain.pseudonym.epoch);
  return publisherOfPseudonym({ key, organisation, epoch, number, notBefore, notAfter, bytes });
}

/**
 * Bounded by OWN_RECORDS_MAX of this node's and AGENT_JOBS_MAX of clients. What was placed while this node was new is placed
 * once more: who starts while others do may not have met those closest to a key.
 */
export class Publishing implements PlacementOwner, HandoverOwner {
  private readonly env: Env;
  /** Own records under way, by key in hex. */
  private readonly own = new BoundedMap<string, Placement | Handover>(OWN_RECORDS_MAX);
  /** Clients' records under way, by key and publisher. */
  private readonly clients = new BoundedMap<string, Placement>(AGENT_JOBS_MAX);
  /** Those that are to be placed once more. */
  private readonly clientsAgain = new BoundedMap<string, PlacementTask>(AGENT_JOBS_MAX);
  /** The same of own ones, by key in hex. */
  private readonly ownAgain = new BoundedMap<string, PlacementRound>(OWN_RECORDS_MAX);
  /** Where records lie that are in shards, by key and publisher. */
  private readonly shards = new BoundedMap<string, number>(SHARDS_MAX);
  /** ms until the next try, by key in hex: records without enough copies. */
  private readonly retries = new BoundedMap<string, number>(OWN_RECORDS_MAX);

  constructor(env: Env) {
    this.env = env;
  }

  get size(): number {
    return this.own.size + this.clients.size;
  }

  /** RangeError when it is not an encoded SignedRecord of this node (or its pseudonym) with that key, or one too many. */
  publish({ key, record: bytes, publisher: own }: PublishInput, turn: Turn): void {
    const { env } = this;
    const record = decodeRecord(decodeSignedRecord(bytes).record);
    const place = rootKeyOf(env.crypto, env.networkId, record, env.self.organisation);
    const id = toHex(key);
    const pseudonym = own && ownPseudonym(env, own);
    const publisher = pseudonym ?? publisherOf(env.self);
    const isOwn = publisherIdOf(record) === publisher.id;
    if (!isOwn || place === undefined || toHex(place) !== id)
      throw new RangeError('not an own record of this key');
    if (!env.own.has(id) && env.own.size >= OWN_RECORDS_MAX) this.sweep(unixSeconds(env, turn.now));
    if (!env.own.has(id) && env.own.size >= OWN_RECORDS_MAX) throw new RangeError('too many own records');
    env.own.set(id, { key, bytes, record, pseudonym });
    this.retries.delete(id);
    this.ownAgain.delete(id);
    this.bring(id, turn);
  }

  onTimer(id: string, turn: Turn): void {
    this.bring(id, turn);
  }

  onClientTimer(name: string, turn: Turn): void {
    const task = this.clientsAgain.peek(name);
    if (task === undefined) return;
    this.clientsAgain.delete(name);
    if (this.clients.size < AGENT_JOBS_MAX) this.bringClients(name, task, turn);
  }

  /** Others can be reached from now on. */
  hurry(now: number): void {
    for (const id of [...this.retries.keys()]) {
      const at = now + fraction(this.env.rng) * HURRY_MS;
      this.retries.set(id, PUBLISH_RETRY_MS);
      this.env.timers.set(ownTimer(id), at);
    }
  }

  /** What has expired was not published again: nobody wants it any more. */
  private sweep(nowS: number): void {
    for (const [id, { record }] of [...this.env.own]) {
      if (record.expires > nowS) continue;
      this.own.peek(id)?.cancel();
      for (const known of [this.env.own, this.own, this.ownAgain, this.retries]) known.delete(id);
      this.env.timers.delete(ownTimer(id));
    }
  }

  private bring(id: string, turn: Turn): void {
    const { env } = this;
    const own = env.own.peek(id);
    if (own === undefined) return;
    env.timers.delete(ownTimer(id));
    this.own.peek(id)?.cancel();
    const { key, bytes, record } = own;
    const publisher = own.pseudonym ?? publisherOf(env.self);
    const formerShard = this.shards.get(`${id} ${publisher.id}`) ?? 0;
    const round = this.ownAgain.peek(id) ?? 'first';
    const job = env.isCore
      ? new Placement(env, this, {
          rootKey: key,
          record,
          bytes,
          publisher,
          formerShard,
          round,
          isForClient: false,
        })
      : new Handover(env, this, { rootKey: key, bytes, pseudonym: own.pseudonym });
    this.own.set(id, job);
    job.start(turn);
  }

  /** Whether a client's record could be taken on. */
  bringFor({ key, record, bytes, publisher }: Arrival, turn: Turn): boolean {
    const name = `${toHex(key)} ${publisher.id}`;
    const running = this.clients.peek(name);
    if (running === undefined && this.clients.size >= AGENT_JOBS_MAX) return false;
    running?.cancel();
    this.clientsAgain.delete(name);
    this.env.timers.delete(clientTimer(name));
    const formerShard = this.shards.get(name) ?? 0;
    this.bringClients(
      name,
      { rootKey: key, record, bytes, publisher, formerShard, round: 'first', isForClient: true },
      turn,
    );
    return true;
  }

  private bringClients(name: string, task: PlacementTask, turn: Turn): void {
    const job = new Placement(this.env, this, task);
    this.clients.set(name, job);
    job.start(turn);
  }

  onPlaced(placement: Placement, copies: number, turn: Turn): void {
    const { rootKey, publisher } = placement.task;
    const id = toHex(rootKey);
    const name = `${id} ${publisher.id}`;
    if (copies > 0 && placement.shard > 0) this.shards.set(name, placement.shard);
    else if (copies > 0) this.shards.delete(name);
    const again = copies > 0 ? this.againAfter(placement, turn.now) : undefined;
    if (this.clients.peek(name) === placement) {
      this.clients.delete(name);
      if (again !== undefined) this.clientsAgain.set(name, { ...placement.task, round: again.round });
      this.env.timers.set(clientTimer(name), again?.at ?? NEVER);
    }
    if (this.own.peek(id) !== placement) return;
    const known = this.env.table.size + 1;
    const isPlaced =
      placement.task.round !== 'first' ||
      this.finish(id, rootKey, copies, Math.min(this.env.limits.copies, known), turn);
    if (!isPlaced) return;
    this.own.delete(id);
    if (again === undefined) this.ownAgain.delete(id);
    else this.ownAgain.set(id, again.round);
    this.env.timers.set(ownTimer(id), again?.at ?? NEVER);
  }

  /** Whether it is to be placed once more, and at what time (ms). */
  private againAfter(
    placement: Placement,
    now: number,
  ): { readonly at: number; readonly round: PlacementRound } | undefined {
    const { task, isCrowded, isContested } = placement;
    if (task.record.body === undefined || task.round === 'settled') return undefined;
    // Those who took it have brought it to the others by then, or were refused.
    if (isContested && task.round === 'first')
      return { at: now + PASS_ON_MS * (2 + fraction(this.env.rng)), round: 'contested' };
    const settledAt = this.env.firstHeardAt + PUBLISH_AGAIN_MS;
    // Not where many publish: they would end up under the key and in a shard.
    if (isCrowded || now >= settledAt) return undefined;
    // One after the other, as their keys lie anywhere.
    const at = settledAt + (placeOf(task.rootKey).hi / 2 ** 32) * (PUBLISH_AGAIN_MS / 2);
    return { at, round: 'settled' };
  }

  onHandedOver(handover: Handover, copies: number, turn: Turn): void {
    const id = toHex(handover.rootKey);
    if (this.own.peek(id) !== handover) return;
    this.finish(id, handover.rootKey, copies, Math.max(1, Math.min(AGENTS, this.env.table.size)), turn);
  }

  /** Gives whether it has the copies that are wanted. */
  private finish(id: string, key: Uint8Array, copies: number, wanted: number, turn: Turn): boolean {
    const { env } = this;
    this.own.delete(id);
    turn.out.emit({ kind: 'published', key, copies });
    // A node alone has told nobody yet, though it keeps its own records.
    if (copies >= wanted && env.table.size > 0) {
      this.retries.delete(id);
      if (env.own.peek(id)?.record.body === undefined) env.own.delete(id);
      return true;
    }
    const waitMs = this.retries.peek(id) ?? PUBLISH_RETRY_MS;
    this.retries.set(id, Math.min(PUBLISH_RETRY_MAX_MS, 2 * waitMs));
    env.timers.set(ownTimer(id), turn.now + waitMs * (0.75 + fraction(env.rng) / 2));
    return false;
  }
}
