// A client's way to publish: a few core nodes take its record and bring it to its place, so that it costs the client next to nothing.
import { EMPTY, toHex } from '../base/bytes.ts';
import { shuffle } from '../base/rng.ts';
import { CERTIFICATE_NONCE_BYTES } from '../wire/limits.ts';
import type { DhtContact, DhtStore, DhtStoreCode } from '../wire/types.ts';
import type { TableContact } from './buckets.ts';
import { type Env, questionOf } from './env.ts';
import { AGENTS } from './limits.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';
import type { Publisher } from './rights.ts';

export interface HandoverOwner {
  /** Once. `copies`: core nodes that took it. */
  onHandedOver(handover: Handover, copies: number, turn: Turn): void;
}

export interface HandoverTask {
  readonly rootKey: Uint8Array;
  /** Encoded SignedRecord. */
  readonly bytes: Uint8Array;
  /** Who publishes it, if not this node itself. */
  readonly pseudonym: Publisher | undefined;
}

/** Core nodes that are asked at most. */
const TRIES = 6;

/**
 * The first agent is one that this node knows, the second the closest to the key that the first names: who is known are few, and
 * for all clients of a network the same.
 */
export class Handover implements Asker {
  readonly rootKey: Uint8Array;
  private readonly env: Env;
  private readonly owner: HandoverOwner;
  private readonly task: HandoverTask;
  private readonly queue: { readonly id: string; readonly contact: DhtContact }[];
  /** Node IDs in hex. */
  private readonly asked = new Set<string>();
  private hasAnswered = false;
  private accepted = 0;
  private waiting = 0;
  /** Requests that another agent was asked in place of; their answers still count. */
  private readonly slow = new Set<number>();
  /** Node IDs in hex of those that got the chain: once, whatever they say. */
  private readonly toldChain = new Set<string>();
  private isDone = false;

  constructor(env: Env, owner: HandoverOwner, task: HandoverTask) {
    this.env = env;
    this.owner = owner;
    this.task = task;
    this.rootKey = task.rootKey;
    this.queue = agentsFor(env, task.pseudonym !== undefined);
  }

  start(turn: Turn): void {
    this.proceed(turn);
  }

  cancel(): void {
    this.isDone = true;
    this.env.requests.forget(this);
  }

  private proceed(turn: Turn): void {
    if (this.isDone) return;
    while (this.mayAskNext()) {
      const agent = this.queue.shift();
      if (agent === undefined) break;
      if (this.asked.has(agent.id)) continue;
      this.asked.add(agent.id);
      const question = questionOf(this.env, this.rootKey, { records: false });
      this.env.requests.send(agent.id, agent.contact, question, this, turn);
      this.waiting++;
    }
    if (this.waiting > 0 || (this.slow.size > 0 && this.accepted < AGENTS)) return;
    this.isDone = true;
    this.owner.onHandedOver(this, this.accepted, turn);
  }

  /** Whoever is at hand is asked at once; before a handshake is spent on the second, the first may name a better one. */
  private mayAskNext(): boolean {
    const running = this.accepted + this.waiting;
    if (running === 0 || running >= AGENTS) return running === 0;
    const isAtHand = this.queue.length > 0 && this.env.peers.peek(this.queue[0].id)?.isConnected === true;
    return isAtHand || this.hasAnswered || this.slow.size > 0;
  }

  onReply(request: Request, reply: Reply, turn: Turn): void {
    if (this.isDone) return;
    if (this.slow.delete(request.id)) this.waiting++;
    if (reply.kind === 'dhtAnswer') {
      this.store(request, { token: reply.token, record: this.task.bytes, chain: EMPTY }, turn);
      if (!this.hasAnswered) this.onFirstAnswer(reply.contacts, turn);
      return;
    }
    if (this.goesOn(request, reply.code, turn)) return;
    this.waiting--;
    if (reply.code === 'done' || reply.code === 'old') this.accepted++;
    this.proceed(turn);
  }

  /** An agent knows this node, but not its pseudonym: it gets the chain of that, and then the record once more. */
  private goesOn({ to, contact, message }: Request, code: DhtStoreCode, turn: Turn): boolean {
    const { pseudonym, bytes } = this.task;
    if (pseudonym === undefined || message.kind !== 'dhtStore') return false;
    const { token, record } = message;
    if (code === 'chain' && !this.toldChain.has(to)) {
      this.toldChain.add(to);
      this.store({ to, contact }, { token, record: EMPTY, chain: pseudonym.chain }, turn);
      return true;
    }
    if (code !== 'done' || record.length > 0) return false;
    this.store({ to, contact }, { token, record: bytes, chain: EMPTY }, turn);
    return true;
  }

  private store(
    { to, contact }: Pick<Request, 'to' | 'contact'>,
    what: Pick<DhtStore, 'token' | 'record' | 'chain'>,
    turn: Turn,
  ): void {
    const store = { kind: 'dhtStore' as const, ...what, shard: 0, replica: false, spread: 0 };
    this.env.requests.send(to, contact, store, this, turn);
  }

  /** Whether anybody may be an agent; whose pseudonym this is others learn only where nobody of the own organisation is left to ask. */
  private get mayKnow(): boolean {
    if (this.task.pseudonym === undefined) return true;
    const own = toHex(this.env.self.organisation);
    return !this.queue.some(({ id }) => this.env.table.get(id)?.organisation === own);
  }

  private onFirstAnswer(named: readonly DhtContact[], turn: Turn): void {
    this.hasAnswered = true;
    // Closest first, as it says.
    const nearest = named
      .map((contact) => ({ id: toHex(contact.nodeId), contact }))
      .find(({ id, contact }) => contact.nonce.length === CERTIFICATE_NONCE_BYTES && !this.asked.has(id));
    if (nearest !== undefined && this.mayKnow) this.queue.unshift(nearest);
    this.proceed(turn);
  }

  /** It may well be gone: others can find what is published only once somebody has taken it. */
  onSlow(request: Request, turn: Turn): void {
    if (this.isDone || request.stage === 'slow') return;
    this.slow.add(request.id);
    this.waiting--;
    this.proceed(turn);
  }

  onFailed(request: Request, turn: Turn): void {
    if (!this.slow.delete(request.id)) this.waiting--;
    this.proceed(turn);
  }
}

/**
 * By chance, as the few that all clients of a network began with would have the work of all. `isPrivate`: those of the own organisation
 * first, since an agent learns who publishes.
 */
function agentsFor(
  { peers, rng, table, self }: Env,
  isPrivate: boolean,
): { readonly id: string; readonly contact: DhtContact }[] {
  const own = toHex(self.organisation);
  const costOf = ({ id, failures, organisation }: TableContact): number => {
    if (failures > 0) return 4;
    return (isPrivate && organisation !== own ? 2 : 0) + (peers.peek(id)?.isConnected ? 0 : 1);
  };
  const cheapestFirst = shuffle(rng, [...table.values()]).sort((a, b) => costOf(a) - costOf(b));
  return cheapestFirst.slice(0, TRIES);
}
