// What a node does about statements that take keys back: keeps them, puts out whom they name, and sees that all others learn of them.
import { EMPTY, equalBytes, toHex } from '../base/bytes.ts';
import { fraction, type Rng, shuffle } from '../base/rng.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { bundle, type RevocationExchange } from '../consortium/consortium.ts';
import {
  type CertifiedKeys,
  readRevocation,
  revocationDropReason,
  type VerifiedChain,
  type VerifiedRevocation,
} from '../identity/identity.ts';
import { type NodeContext, say, TIMER_REVOKING, toDht, toDiscovery, toSession, wallMs } from './context.ts';
import { tellEpochs } from './epoch-causes.ts';
import { releaseAlias } from './known.ts';
import type { Remote } from './remotes.ts';

/** ms after which digests are compared with all sessions: what was lost on the way, and who came meanwhile. */
const ROUNDS_MS: readonly number[] = [4 * SECOND_MS, 30 * SECOND_MS, 120 * SECOND_MS];
/**
 * Nodes without a session that are called because of a statement, of those that serve the network and of others: fewer where many sessions
 * stand, and in each later round. Whoever said since that it knows is not called.
 */
/** Statements by which one node hears that it was put out. */
const TOLD_STATEMENTS = 4;
const CALLS = 8;
const CALLS_MIN = 3;
const OTHER_CALLS = 8;
/** Those that depend on this node as their relay, or the other way round, are called all, up to so many. */
const RELAYED_CALLS = 64;

export function keysOf({ nodeId, admittedBy, signer, notBefore }: VerifiedChain): CertifiedKeys {
  return { nodeId, organisation: admittedBy.id, signer, notBefore };
}

/** Whether a node of which no chain is known was put out of that organisation; of an unknown one: of the own, or of all. */
export function isPutOut(c: NodeContext, nodeId: Uint8Array, organisation: Uint8Array | undefined): boolean {
  const { set } = c.revoking;
  if (set.size === 0 || !set.isNamed(nodeId)) return false;
  const known =
    organisation === undefined || organisation.length === 0 ? c.self.chain?.organisation : organisation;
  return set.covering('node', nodeId, 0, known ?? EMPTY) !== undefined;
}

/** Looks at the own certificate: at the start, and when there are new statements. */
export function judgeSelf(c: NodeContext): void {
  const { chain } = c.self;
  c.revoking.own = chain === undefined ? undefined : c.revoking.set.voiding(keysOf(chain));
}

/**
 * Takes statements up, from a remote or made here, and does what they say: at once, or when those made here are on disk. Gives how many
 * are new. What is refused is counted, and changes nothing.
 */
export function takeStatements(
  c: NodeContext,
  statements: readonly Uint8Array[],
  from: Remote | undefined,
  now: number,
): number {
  const { set, verifier } = c.revoking;
  const added: VerifiedRevocation[] = [];
  for (const bytes of statements) {
    const read = readRevocation(c.crypto, bytes);
    if (read !== undefined && set.get(read.hash) !== undefined) continue;
    if (from !== undefined && !from.statements.take(now)) {
      c.drops.count('revocationRateLimited');
      continue;
    }
    const result = verifier.verify(bytes);
    if (!result.ok) {
      c.drops.count(revocationDropReason(result.reason));
      // Nobody honest passes on a forged one: whoever does waits.
      if (result.reason === 'signature') from?.statements.drain();
      continue;
    }
    const { outcome, removed } = set.add(result.verified);
    if (outcome === 'full') c.drops.count('revocationTableFull');
    if (outcome !== 'added') continue;
    added.push(result.verified);
    keep(c, result.verified, from === undefined);
    for (const { hash } of removed) c.out.persists.push({ kind: 'forgetRevocation', hash });
  }
  if (from === undefined) {
    c.revoking.made.push(...added);
    arm(c, now);
  } else if (added.length > 0) enforce(c, added, from, now);
  return added.length;
}

function keep(c: NodeContext, { hash, bytes }: VerifiedRevocation, isOwn: boolean): void {
  c.out.persists.push({ kind: 'revocation', hash, bytes, isOwn });
}

/** The disk refused: what was made here did not happen; what others say stays in force, and is written later. */
export function takeBackStatement(c: NodeContext, hash: Uint8Array, isOwn: boolean): void {
  const { set, unsaved, made } = c.revoking;
  const statement = set.get(hash);
  if (statement === undefined) return;
  if (isOwn) {
    set.remove(statement);
    made.splice(0);
  } else unsaved.add(toHex(hash));
}

function enforce(
  c: NodeContext,
  added: readonly VerifiedRevocation[],
  from: Remote | undefined,
  now: number,
): void {
  for (const { revocation } of added) c.out.events.push({ kind: 'revoked', statement: revocation });
  const gone = namedBy(c, added);
  const wasMember = c.revoking.own === undefined;
  judgeSelf(c);
  tellEpochs(c, added, from === undefined);
  // First of all, so that what they stand for in tables goes before they do.
  const nodeIds = [
    ...added.flatMap(({ revocation }) => (revocation.kind === 'node' ? revocation.target : [])),
    ...gone.map(({ nodeId }) => nodeId),
  ].filter(
    (nodeId) => gone.some((remote) => equalBytes(remote.nodeId, nodeId)) || isPutOut(c, nodeId, undefined),
  );
  const isWide = added.some(({ revocation }) => revocation.kind !== 'node');
  toDht(c, { kind: 'revoked' });
  toDiscovery(c, { kind: 'revoked', nodeIds, isWide });
  const { own } = c.revoking;
  spread(c, added, new Set(from === undefined ? gone : [from, ...gone]), now);
  for (const remote of gone) putOut(c, remote, added);
  if (own !== undefined && wasMember) {
    c.out.events.push({ kind: 'selfRevoked', statement: own.revocation });
    closeAll(c);
  }
}

/** Those that are members no longer. */
function namedBy(c: NodeContext, added: readonly VerifiedRevocation[]): Remote[] {
  const isWide = added.some(({ revocation }) => revocation.kind !== 'node');
  const candidates = isWide
    ? [...c.remotes.values()]
    : added.flatMap(({ revocation }) => c.remotes.get(revocation.target) ?? []);
  return [...new Set(candidates)].filter((remote) => isVoid(c, remote));
}

/** What is known of a remote says that it was put out. */
export function isVoid(c: NodeContext, remote: Remote): boolean {
  const { verified, chain } = remote;
  if (verified !== undefined) return c.revoking.set.voiding(keysOf(verified)) !== undefined;
  if (chain.length > 0) return c.verifier.isRevoked(chain);
  return isPutOut(c, remote.nodeId, remote.organisation);
}

/** It is told why, and has no session, route, circuit or record here any more. */
export function putOut(c: NodeContext, remote: Remote, because: readonly VerifiedRevocation[]): void {
  if (remote.isEstablished) {
    if (isListening(remote))
      for (const message of bundle(because.map(({ bytes }) => bytes))) say(c, remote, message);
    say(c, remote, { kind: 'close', reason: 'revoked' });
    const { nodeId, name } = remote;
    c.out.events.push({ kind: 'peerDown', nodeId, name, reason: 'revoked' });
  }
  toSession(c, remote, { kind: 'close' });
  toDht(c, { kind: 'gone', nodeId: remote.nodeId });
  if (remote.kind === 'member' || remote.kind === 'told')
    c.out.persists.push({ kind: 'forgetNode', nodeId: remote.nodeId });
  releaseAlias(c, remote);
  c.work.push({ kind: 'forget', remote });
}

/** Whether a node that was put out is told why, as it shakes hands again. */
export function mayTell(c: NodeContext, nodeId: Uint8Array): boolean {
  const { set, told, own } = c.revoking;
  return own === undefined && set.isNamed(nodeId) && told.take(c.wallNow);
}

/** To a node whose session is up for nothing else. */
export function tellWhy(c: NodeContext, remote: Remote): void {
  const statements = c.revoking.set.naming(remote.nodeId).slice(0, TOLD_STATEMENTS);
  for (const message of bundle(statements.map(({ bytes }) => bytes))) say(c, remote, message);
  say(c, remote, { kind: 'close', reason: 'revoked' });
  c.work.push({ kind: 'closed', remote, reason: 'revoked' });
}

/** This node is no member any more: it keeps nobody waiting for what it may no longer do. */
function closeAll(c: NodeContext): void {
  for (const remote of c.remotes.values()) {
    if (!remote.isEstablished) continue;
    say(c, remote, { kind: 'close', reason: 'revoked' });
    c.work.push({ kind: 'closed', remote, reason: 'revoked' });
  }
}

/** To all sessions at once, but for those in `except`; and calls some that have none. */
function spread(
  c: NodeContext,
  added: readonly VerifiedRevocation[],
  except: ReadonlySet<Remote>,
  now: number,
): void {
  const pushed = added.filter(() => c.revoking.pushed.take(now));
  const messages = bundle(pushed.map(({ bytes }) => bytes));
  let listeners = 0;
  for (const remote of c.remotes.values()) {
    if (!isListening(remote)) continue;
    listeners++;
    if (except.has(remote)) continue;
    // What others learn from this node is on its disk before; if it has to go itself, there is no time for that.
    for (const message of messages) say(c, remote, message, c.revoking.own === undefined);
  }
  call(c, Math.max(CALLS_MIN, CALLS - listeners), true);
  const rounds = ROUNDS_MS.map((ms) => now + ms * (0.5 + fraction(c.rng)));
  // The earliest of those that were planned already stays.
  const next = Math.min(c.revoking.rounds.at(0) ?? NEVER, rounds[0]);
  c.revoking.rounds = [next, ...rounds.slice(1)];
  arm(c, now);
}

/** Joiners are told nothing. */
function isListening({ isEstablished, introduced }: Remote): boolean {
  return isEstablished && (introduced === 'member' || introduced === 'guest');
}

/** Digests are compared with every session, a few further nodes are called, and what the disk refused is tried again. */
export function onRevokingTimer(c: NodeContext, now: number): void {
  const { revoking } = c;
  const { set, unsaved, made } = revoking;
  if (made.length > 0) enforce(c, made.splice(0), undefined, now);
  const { rounds } = revoking;
  if ((rounds.at(0) ?? NEVER) <= now) {
    revoking.rounds = rounds.slice(1);
    for (const id of unsaved) {
      const statement = set.values().find(({ hash }) => toHex(hash) === id);
      unsaved.delete(id);
      if (statement !== undefined) keep(c, statement, false);
    }
    for (const remote of c.remotes.values()) {
      if (!isListening(remote) || equalBytes(remote.revocationHead, set.digest)) continue;
      say(c, remote, { kind: 'revocationHead', digest: set.digest });
    }
    call(c, CALLS_MIN, false);
  }
  revoking.exchange.onTimer(now, exchangeOut(c));
  arm(c, now);
}

/** What was made here has its turn when this one is on disk. */
export function arm(c: NodeContext, now: number): void {
  const { rounds, exchange, made } = c.revoking;
  c.timers.set(TIMER_REVOKING, made.length > 0 ? now + 1 : Math.min(rounds.at(0) ?? NEVER, exchange.wakeAt));
}

export function exchangeOut(c: NodeContext) {
  return {
    send: ({ to, message }: Parameters<Parameters<RevocationExchange['handle']>[2]['send']>[0]) => {
      const remote = c.remotes.find(to);
      if (remote !== undefined && isListening(remote)) say(c, remote, message);
    },
    emit: ({ reason }: Parameters<Parameters<RevocationExchange['handle']>[2]['emit']>[0]) =>
      c.drops.count(reason),
  };
}

/**
 * Handshakes compare digests, so that whoever is called learns what it lacks. Nodes that can be reached by anybody, drawn by lot: each
 * calls others in turn. `isFirst`: and those that only a relay's call reaches.
 */
function call(c: NodeContext, count: number, isFirst: boolean): void {
  if (c.self.chain === undefined || c.revoking.own !== undefined) return;
  const { digest } = c.revoking.set;
  const relayed: Remote[] = [];
  const core: Remote[] = [];
  const others: Remote[] = [];
  for (const remote of c.remotes.values()) {
    if (isListening(remote) || (remote.kind !== 'member' && remote.kind !== 'told')) continue;
    if (remote.path.current === undefined && remote.path.candidates.length === 0) continue;
    if (equalBytes(remote.revocationHead, digest)) continue;
    const isRelayed = c.relayDesk.serves(remote.slot) || c.relayUse.isUsed(remote.slot);
    if (isRelayed) relayed.push(remote);
    else if (remote.isCore) core.push(remote);
    else others.push(remote);
  }
  const chosen = [...drawn(c.rng, core, count), ...drawn(c.rng, others, OTHER_CALLS)];
  for (const remote of isFirst ? [...relayed.slice(0, RELAYED_CALLS), ...chosen] : chosen)
    toSession(c, remote, { kind: 'connect' });
}

function drawn(rng: Rng, remotes: Remote[], count: number): Remote[] {
  return shuffle(rng, remotes).slice(0, count);
}

/** Seconds of Unix time. */
export function nowS(c: NodeContext, now: number): number {
  return Math.floor(wallMs(c, now) / 1000);
}
