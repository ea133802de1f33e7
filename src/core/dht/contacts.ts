// Who is known, and what becomes of the routing table when somebody is heard, silent or gone.
import { toHex } from '../base/bytes.ts';
import { CONTACT_ADDRESSES_MAX } from '../wire/limits.ts';
import type { DhtContact } from '../wire/types.ts';
import type { TableContact } from './buckets.ts';
import type { Budget } from './budget.ts';
import { costOfContact, type Env, type Peer, placeOfNode, questionOf } from './env.ts';
import { PING_AFTER_MAX_MS, PING_AFTER_MS, PING_ALARM, PING_RELAX } from './limits.ts';
import type { Asker, Request, Turn } from './requests.ts';
import type { CertifiedPeer, KeptContact } from './types.ts';

export const TIMER_NEWCOMERS = 'newcomers';

/** ms; newcomers are looked at together. */
const NEWCOMERS_MS = 1000;
const NEWCOMERS_MAX = 256;
/** ms; a contact that is heard all the time is moved in its bucket only so often. */
const HEAR_MS = 10_000;
const PINGS_MAX = 16;

/** Asks the oldest of full buckets for signs of life; their answers count like all others. */
export class Contacts implements Asker {
  private readonly env: Env;
  private readonly budget: Budget;
  private newcomers: TableContact[] = [];
  /** Node IDs in hex of those that were asked for a sign of life; at most PINGS_MAX. */
  private readonly pings = new Set<string>();
  /** ms of silence; longer where contacts stay. */
  private pingAfterMs = PING_AFTER_MS;

  constructor(env: Env, budget: Budget) {
    this.env = env;
    this.budget = budget;
  }

  /** A session stands. Gives whether the table had nobody before and has somebody now. */
  see(peer: CertifiedPeer, turn: Turn): boolean {
    const { env } = this;
    const id = toHex(peer.nodeId);
    if (id === env.selfId) return false;
    env.heardAt = turn.now;
    env.firstHeardAt = Math.min(env.firstHeardAt, turn.now);
    const known = env.peers.get(id);
    const place = placeOfNode(env, peer.nodeId, peer.nonce);
    const isServing = peer.isCore || (known?.isServing ?? false);
    const { questions, stores, agency } = known ?? {
      questions: undefined,
      stores: undefined,
      agency: undefined,
    };
    const seen: Peer = { id, identity: peer, place, isConnected: true, isServing, questions, stores, agency };
    env.peers.set(id, seen);
    const contact = env.table.get(id);
    // What is known of it from an earlier certificate is no longer so.
    if (contact !== undefined && (contact.hi !== place.hi || contact.lo !== place.lo)) this.remove(id, turn);
    return this.hear(seen, turn, true);
  }

  /** A serving node said something: it enters the table, or stays. Gives whether it is the first. */
  hear(peer: Peer, turn: Turn, isNews = false): boolean {
    const { env } = this;
    env.heardAt = turn.now;
    if (!peer.isServing) return false;
    const known = env.table.get(peer.id);
    if (known !== undefined && !isNews && known.failures === 0 && turn.now - known.heardAt < HEAR_MS)
      return false;
    const before = env.table.size;
    const { identity, place } = peer;
    const organisation = toHex(identity.organisation);
    const offer = env.table.offer(peer.id, place, contactOf(identity), organisation, turn.now);
    if (offer.kind === 'added') this.onAdded(offer.contact, identity, turn);
    if (offer.kind === 'known' && offer.isChanged) persist(offer.contact, identity.organisation, turn);
    if (offer.kind === 'full') this.ping(offer.oldest, turn);
    return before === 0 && env.table.size > 0;
  }

  /** It said that it does not serve. */
  removeClient(peer: Peer, turn: Turn): void {
    peer.isServing = false;
    this.remove(peer.id, turn);
  }

  /** It did not answer what was sent at `sentAt`. */
  onSilent(id: string, sentAt: number, turn: Turn): void {
    // Where nobody is heard, the fault is on this side.
    if (this.env.heardAt < sentAt) return;
    // Without it there is nobody to ask at all, and nothing that brings anybody back.
    if (this.env.table.size === 1) return;
    const outcome = this.env.table.fail(id);
    if (outcome === undefined) return;
    this.pingAfterMs = Math.max(PING_AFTER_MS, PING_ALARM * this.pingAfterMs);
    turn.out.persist({ kind: 'forgetContact', nodeId: outcome.gone.contact.nodeId });
    this.onSuccessor(outcome.successor, turn);
  }

  /** Those that entered since the last time. */
  takeNewcomers(): TableContact[] {
    const taken = this.newcomers.filter(({ id }) => this.env.table.get(id) !== undefined);
    this.newcomers = [];
    return taken;
  }

  /** Those whose chains are void: neither asked nor answered any more. */
  revoke(turn: Turn): void {
    const { env } = this;
    for (const [id, { identity }] of [...env.peers]) {
      if (!env.verifier.isRevoked(identity.chain)) continue;
      env.peers.delete(id);
      this.remove(id, turn);
    }
    for (const known of [env.chains, env.pseudonyms])
      for (const [id, { chain }] of [...known]) if (env.verifier.isRevoked(chain)) known.delete(id);
  }

  private remove(id: string, turn: Turn): void {
    const contact = this.env.table.get(id);
    if (contact === undefined) return;
    const successor = this.env.table.remove(id);
    turn.out.persist({ kind: 'forgetContact', nodeId: contact.contact.nodeId });
    this.onSuccessor(successor, turn);
  }

  private onSuccessor(successor: TableContact | undefined, turn: Turn): void {
    const peer = successor === undefined ? undefined : this.env.peers.peek(successor.id);
    if (successor !== undefined && peer !== undefined) this.onAdded(successor, peer.identity, turn);
  }

  private onAdded(contact: TableContact, { organisation }: CertifiedPeer, turn: Turn): void {
    persist(contact, organisation, turn);
    const { env } = this;
    if (!env.isCore || env.store.size === 0 || this.newcomers.length >= NEWCOMERS_MAX) return;
    this.newcomers.push(contact);
    if (env.timers.get(TIMER_NEWCOMERS) === undefined)
      env.timers.set(TIMER_NEWCOMERS, turn.now + NEWCOMERS_MS);
  }

  private ping(oldest: TableContact, turn: Turn): void {
    const { env } = this;
    // Those known from an earlier run have as long to be heard as this node has been able to hear.
    const silentMs = turn.now - Math.max(oldest.heardAt, env.firstHeardAt);
    if (silentMs < this.pingAfterMs || this.pings.has(oldest.id)) return;
    if (this.pings.size >= PINGS_MAX || !this.budget.take(costOfContact(env, oldest.id), turn.now)) return;
    this.pings.add(oldest.id);
    const question = questionOf(env, env.self.nodeId, { records: false });
    env.requests.send(oldest.id, oldest.contact, question, this, turn);
  }

  onReply(request: Request): void {
    this.pings.delete(request.to);
    this.pingAfterMs = Math.min(PING_AFTER_MAX_MS, PING_RELAX * this.pingAfterMs);
  }

  onSlow(): void {}

  onFailed(request: Request): void {
    this.pings.delete(request.to);
  }
}

function contactOf({ nodeId, nonce, addresses }: CertifiedPeer): DhtContact {
  return { nodeId, nonce, addresses: addresses.slice(0, CONTACT_ADDRESSES_MAX) };
}

function persist({ contact }: TableContact, organisation: Uint8Array, turn: Turn): void {
  const { nodeId, nonce, addresses } = contact;
  const kept: KeptContact = { nodeId, nonce, addresses, organisation };
  turn.out.persist({ kind: 'contact', contact: kept });
}

/** Where answers to a peer go. */
export function answerContact(peer: Peer): DhtContact {
  return contactOf(peer.identity);
}
