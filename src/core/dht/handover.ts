// A client's way to publish: a few core nodes take its record and bring it to its place, so that it costs the client next to nothing.
import { EMPTY } from '../base/bytes.ts';
import { uniform } from '../base/rng.ts';
import type { DhtContact } from '../wire/types.ts';
import { type Env, questionOf } from './env.ts';
import { AGENTS } from './limits.ts';
import { placeOf } from './place.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';

export interface HandoverOwner {
  /** Once. `copies`: core nodes that took it. */
  onHandedOver(handover: Handover, copies: number, turn: Turn): void;
}

/** Core nodes that are asked at most. */
const TRIES = 6;

/** Whoever a session stands with first, of different organisations where there are such. */
export class Handover implements Asker {
  readonly rootKey: Uint8Array;
  private readonly env: Env;
  private readonly owner: HandoverOwner;
  private readonly bytes: Uint8Array;
  private readonly queue: { readonly id: string; readonly contact: DhtContact }[];
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
    this.queue = agentsFor(env, rootKey);
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
    while (this.accepted + this.waiting < AGENTS) {
      const agent = this.queue.shift();
      if (agent === undefined) break;
      const question = questionOf(this.env, this.rootKey, { records: false });
      this.env.requests.send(agent.id, agent.contact, question, this, turn);
      this.waiting++;
    }
    if (this.waiting > 0 || (this.slow.size > 0 && this.accepted < AGENTS)) return;
    this.isDone = true;
    this.owner.onHandedOver(this, this.accepted, turn);
  }

  onReply(request: Request, reply: Reply, turn: Turn): void {
    if (this.isDone) return;
    if (this.slow.delete(request.id)) this.waiting++;
    if (reply.kind === 'dhtAnswer') {
      const message = { kind: 'dhtStore' as const, token: reply.token, record: this.bytes };
      const store = { ...message, chain: EMPTY, shard: 0, replica: false, spread: 0 };
      this.env.requests.send(request.to, request.contact, store, this, turn);
      return;
    }
    this.waiting--;
    if (reply.code === 'done' || reply.code === 'old') this.accepted++;
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

function agentsFor(env: Env, key: Uint8Array): { readonly id: string; readonly contact: DhtContact }[] {
  const agents = new Map<string, DhtContact>();
  const connected = [...env.table.values()].filter(({ id }) => env.peers.peek(id)?.isConnected);
  while (connected.length > 0 && agents.size < TRIES) {
    const [chosen] = connected.splice(uniform(env.rng, connected.length), 1);
    agents.set(chosen.id, chosen.contact);
  }
  for (const { id, contact } of env.table.closest(placeOf(key), TRIES)) {
    if (agents.size < TRIES) agents.set(id, contact);
  }
  return [...agents].map(([id, contact]) => ({ id, contact }));
}
