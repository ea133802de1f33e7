// One iterative lookup: towards a key over disjoint paths, until the nodes closest to it have answered.
import { BoundedMap } from '../base/bounded-map.ts';
import { toHex } from '../base/bytes.ts';
import { CERTIFICATE_NONCE_BYTES } from '../wire/limits.ts';
import type { DhtAnswer, DhtContact } from '../wire/types.ts';
import { type Env, placeOfContact, questionOf } from './env.ts';
import { ASKED_MAX, CANDIDATES_MAX, FALSE_NAMES_MAX } from './limits.ts';
import { compareDistance, type Place, placeOf } from './place.ts';
import type { Asker, Reply, Request, Turn } from './requests.ts';

export interface Candidate extends Place {
  /** Node ID in hex. */
  readonly id: string;
  readonly contact: DhtContact;
  /** Questions in sequence that end with the one to it. */
  readonly hops: number;
  /** Who named it first; undefined: known before. */
  readonly source: Candidate | undefined;
  /** Bit i: path i may ask it. Once asked: by whom. */
  paths: number;
  /** slow: asked, and others are asked meanwhile; late: not waited for. */
  state: 'new' | 'asked' | 'slow' | 'late' | 'answered' | 'failed';
  /** Others that named it too. */
  namers: number;
  /** Of those that it named. */
  answered: number;
  unanswered: number;
  /** Hex; '' until certified. */
  organisation: string;
  /** Write token for the key. */
  token: Uint8Array | undefined;
  /** It got the chain of a publisher: once, whatever it says. */
  isToldChain: boolean;
}

export interface LookupOwner {
  /** Before the lookup goes on. */
  onLookupAnswer(lookup: Lookup, candidate: Candidate, answer: DhtAnswer, turn: Turn): void;
  /**
   * Only those are still waited for that are late, as more are than have answered; comes again with each that answers. What need
   * not wait for all of them can begin.
   */
  onLookupLate?(lookup: Lookup, turn: Turn): void;
  /** Once. */
  onLookupDone(lookup: Lookup, turn: Turn): void;
}

export interface LookupTask {
  readonly key: Uint8Array;
  readonly records: boolean;
  /** Of the order in which records are drawn. */
  readonly seed: number;
  /** Nodes closest to the key that must have answered. */
  readonly width: number;
  /** Nodes asked at most; ASKED_MAX unless told. */
  readonly askedMax?: number;
  /** Nobody waits for it: each path asks one after the other, which spares two of five questions. */
  readonly isPatient?: boolean;
}

/**
 * Each path goes its own way: it asks only whom its own answers named, and no node is asked twice. Answers end it when the
 * `width` closest that are alive have answered, of one organisation at most half of them where there are several. Who is slow is
 * not waited for, but heard. Bounded by CANDIDATES_MAX and ASKED_MAX, whatever is answered.
 */
export class Lookup implements Asker {
  readonly task: LookupTask;
  /** May shrink and grow while it runs. */
  width: number;
  isDone = false;
  asked = 0;
  private readonly env: Env;
  private readonly owner: LookupOwner;
  private readonly place: Place;
  private readonly candidates = new BoundedMap<string, Candidate>(CANDIDATES_MAX);
  /** The same, closest first. */
  private readonly sorted: Candidate[] = [];
  /** By path: asked and waited for. */
  private readonly waiting: number[];
  private perPath: number;
  private readonly alpha: number;

  constructor(env: Env, owner: LookupOwner, task: LookupTask) {
    this.env = env;
    this.owner = owner;
    this.task = task;
    this.width = task.width;
    this.place = placeOf(task.key);
    const { paths, alpha, k } = env.limits;
    // Who knows a small network asks everybody at once.
    const isSmall = env.table.size <= k;
    this.alpha = task.isPatient ? 1 : alpha;
    this.perPath = isSmall ? k : this.alpha;
    this.waiting = new Array<number>(paths).fill(0);
    env.table.closest(this.place, k).forEach((contact, i) => {
      this.add(contact.id, contact.contact, contact, undefined, 1 << (i % paths));
    });
  }

  start(turn: Turn): void {
    this.step(turn);
  }

  cancel(): void {
    this.isDone = true;
    this.env.requests.forget(this);
  }

  /** Those that answered, closest first. */
  answered(count: number): Candidate[] {
    const found: Candidate[] = [];
    for (const candidate of this.sorted) {
      if (candidate.state === 'answered') found.push(candidate);
      if (found.length >= count) break;
    }
    return found;
  }

  /** Undefined: it did not answer. */
  answeredBy(id: string): Candidate | undefined {
    const candidate = this.candidates.peek(id);
    return candidate?.state === 'answered' ? candidate : undefined;
  }

  onReply(request: Request, reply: Reply, turn: Turn): void {
    const candidate = this.candidates.peek(request.to);
    if (candidate === undefined || reply.kind !== 'dhtAnswer' || this.isDone) return;
    this.stopWaiting(candidate);
    const peer = this.env.peers.peek(candidate.id);
    if (peer === undefined || peer.place.hi !== candidate.hi || peer.place.lo !== candidate.lo) {
      // It is real, but not where it was said to be.
      this.giveUp(candidate);
      this.step(turn);
      return;
    }
    candidate.state = 'answered';
    candidate.organisation = toHex(peer.identity.organisation);
    candidate.token = reply.token;
    if (candidate.source !== undefined) candidate.source.answered++;
    for (const contact of reply.contacts) this.name(contact, candidate);
    this.owner.onLookupAnswer(this, candidate, reply, turn);
    this.step(turn);
  }

  onSlow(request: Request, turn: Turn): void {
    const candidate = this.candidates.peek(request.to);
    if (candidate?.state === 'asked') {
      this.stopWaiting(candidate);
      candidate.state = 'slow';
    } else if (candidate?.state === 'slow') {
      candidate.state = 'late';
      if (candidate.source !== undefined) candidate.source.unanswered++;
    }
    this.step(turn);
  }

  onFailed(request: Request, turn: Turn): void {
    const candidate = this.candidates.peek(request.to);
    if (candidate === undefined) return;
    this.stopWaiting(candidate);
    this.giveUp(candidate);
    this.step(turn);
  }

  private giveUp(candidate: Candidate): void {
    if (candidate.state !== 'late' && candidate.source !== undefined) candidate.source.unanswered++;
    candidate.state = 'failed';
  }

  private stopWaiting(candidate: Candidate): void {
    if (candidate.state === 'asked') this.waiting[Math.log2(candidate.paths)]--;
  }

  private name(contact: DhtContact, by: Candidate): void {
    if (contact.nonce.length !== CERTIFICATE_NONCE_BYTES) return;
    const id = toHex(contact.nodeId);
    if (id === this.env.selfId) return;
    const known = this.candidates.peek(id);
    if (known !== undefined) {
      known.namers++;
      if (known.state === 'new') known.paths |= by.paths;
      return;
    }
    const place = placeOfContact(this.env, id, contact);
    // Whose place is certified is nowhere else.
    const certified = this.env.peers.peek(id)?.place ?? this.env.table.get(id);
    if (certified !== undefined && (certified.hi !== place.hi || certified.lo !== place.lo)) return;
    this.add(id, contact, place, by, by.paths);
    if (this.candidates.size > 2 * this.env.limits.k) this.perPath = this.alpha;
  }

  private add(
    id: string,
    contact: DhtContact,
    place: Place,
    source: Candidate | undefined,
    paths: number,
  ): void {
    if (this.candidates.size >= CANDIDATES_MAX) return;
    const { hi, lo } = place;
    const peer = this.env.peers.peek(id);
    const candidate: Candidate = {
      id,
      hi,
      lo,
      contact,
      hops: (source?.hops ?? 0) + 1,
      source,
      paths,
      state: 'new',
      namers: 0,
      answered: 0,
      unanswered: 0,
      organisation: peer === undefined ? '' : toHex(peer.identity.organisation),
      token: undefined,
      isToldChain: false,
    };
    this.candidates.set(id, candidate);
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareDistance(this.place, this.sorted[middle], candidate) < 0) low = middle + 1;
      else high = middle;
    }
    this.sorted.splice(low, 0, candidate);
  }

  private step(turn: Turn): void {
    if (this.isDone) return;
    const { paths } = this.env.limits;
    for (let path = 0; path < paths; path++) {
      while (this.waiting[path] < this.perPath && this.asked < (this.task.askedMax ?? ASKED_MAX)) {
        const next = this.next(path);
        if (next === undefined) break;
        this.ask(next, path, turn);
      }
    }
    const awaited = this.awaited();
    if (awaited === 'late') this.owner.onLookupLate?.(this, turn);
    if (awaited !== 'nobody') return;
    this.isDone = true;
    this.owner.onLookupDone(this, turn);
  }

  private ask(candidate: Candidate, path: number, turn: Turn): void {
    const { env, task } = this;
    candidate.paths = 1 << path;
    candidate.state = 'asked';
    this.waiting[path]++;
    this.asked++;
    const question = questionOf(env, task.key, { records: task.records, seed: task.seed });
    env.requests.send(candidate.id, candidate.contact, question, this, turn);
  }

  /** The closest that this path may ask and that matters: for the whole, or for the path's own part of it. */
  private next(path: number): Candidate | undefined {
    const ownWidth = Math.ceil(this.width / this.env.limits.paths) + 1;
    let alive = 0;
    let own = 0;
    const shares = this.shares();
    for (const candidate of this.sorted) {
      if (alive >= this.width && own >= ownWidth) return undefined;
      const isOwn = (candidate.paths & (1 << path)) !== 0;
      if (candidate.state === 'new') {
        if (isOwn && this.isListenedTo(candidate)) return candidate;
        continue;
      }
      if (candidate.state !== 'answered' && candidate.state !== 'asked') continue;
      if (!shares(candidate)) continue;
      alive++;
      if (isOwn) own++;
    }
    return undefined;
  }

  /** Who of the closest is still to answer: also those that are late, where most are. */
  private awaited(): 'some' | 'late' | 'nobody' {
    let alive = 0;
    let answered = 0;
    let late = 0;
    const shares = this.shares();
    for (const candidate of this.sorted) {
      if (alive >= this.width) return 'nobody';
      if (candidate.state === 'asked' || candidate.state === 'slow') return 'some';
      if (candidate.state === 'late') late++;
      if (candidate.state !== 'answered') continue;
      answered++;
      if (shares(candidate)) alive++;
    }
    return late > answered ? 'late' : 'nobody';
  }

  /** Whether one more of its organisation counts. */
  private shares(): (candidate: Candidate) => boolean {
    if (!this.env.table.isDiverse) return () => true;
    const share = Math.max(1, this.width >> 1);
    const taken = new Map<string, number>();
    return ({ organisation }) => {
      if (organisation === '') return true;
      const count = (taken.get(organisation) ?? 0) + 1;
      taken.set(organisation, count);
      return count <= share;
    };
  }

  private isListenedTo({ source, namers }: Candidate): boolean {
    return source === undefined || namers > 0 || source.answered > 0 || source.unanswered < FALSE_NAMES_MAX;
  }
}
