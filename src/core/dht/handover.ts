// A client's way to publish: a few core nodes take its record and bring it to its place, so that it costs the client next to nothing.
import { EMPTY, toHex } from '../base/bytes.ts';
import { shuffle } from '../base/rng.ts';
import { CERTIFICATE_NONCE_BYTES } from '../wire/limits.ts';
import type { DhtContact } from '../wire/types.ts';
import type { TableContact } from './buckets.ts';
import { type Env, questionOf } from './env.ts';
import { AGENTS } from './limits.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';

export interface HandoverOwner {
  /** Once. `copies`: core nodes that took it. */
  onHandedOver(handover: Handover, copies: number, turn: Turn): void;
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
  private readonly bytes: Uint8Array;
  private readonly queue: { readonly id: string; readonly contact: DhtContact }[];
  /** Node IDs in hex. */
  private readonly asked = new Set<string>();
  private hasAnswered = false;
  private accepted = 0;
  private waiting = 0;
  /** Requests that another agent was asked in place of; their answers still count. */
  private readonly slow = new Set<number>();
  private isDone = false;

  constructor(env: Env, owner: HandoverOwner, rootKey: Uint8Array, bytes: Uint8Array) {
    this.env = env;
    this.owner = owner;
    this.rootKey = rootKey;
    this.bytes = bytes;
    this.queue = agentsFor(env);
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
      const message = { kind: 'dhtStore' as const, token: reply.token, record: this.bytes };
      const store = { ...message, chain: EMPTY, shard: 0, replica: false, spread: 0 };
      this.env.requests.send(request.to, request.contact, store, this, turn);
      if (!this.hasAnswered) this.onFirstAnswer(reply.contacts, turn);
      return;
    }
    this.waiting--;
    if (reply.code === 'done' || reply.code === 'old') this.accepted++;
    this.proceed(turn);
  }

  private onFirstAnswer(named: readonly DhtContact[], turn: Turn): void {
    this.hasAnswered = true;
    // Closest first, as it says.
    const nearest = named
      .map((contact) => ({ id: toHex(contact.nodeId), contact }))
      .find(({ id, contact }) => contact.nonce.length === CERTIFICATE_NONCE_BYTES && !this.asked.has(id));
    if (nearest !== undefined) this.queue.unshift(nearest);
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

/** By chance, as the few that all clients of a network began with would have the work of all. */
function agentsFor({ peers, rng, table }: Env): { readonly id: string; readonly contact: DhtContact }[] {
  const costOf = ({ id, failures }: TableContact): number => {
    if (failures > 0) return 2;
    return peers.peek(id)?.isConnected ? 0 : 1;
  };
  const cheapestFirst = shuffle(rng, [...table.values()]).sort((a, b) => costOf(a) - costOf(b));
  return cheapestFirst.slice(0, TRIES);
}
