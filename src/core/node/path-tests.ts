// Tests of paths: challenges over a given address, and their answers back to where they came from.
import { isDiscardOnly, type SocketAddress } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';
import { overhead, SEAL_BYTES } from '../path/path.ts';
import { PATH_TEST_MAX } from '../wire/limits.ts';
import type { ControlMessage } from '../wire/types.ts';
import { encodeControl } from '../wire/wire.ts';
import { type NodeContext, TIMER_DELAYED, toPath, toPunch } from './context.ts';
import { needsPunch, type Remote } from './remotes.ts';
import { isReached } from './role.ts';

type PathTest = Extract<ControlMessage, { kind: 'pathChallenge' | 'pathResponse' }>;
/** Length prefixes that grow with the padding: of the padding, and of the message around it. */
const PREFIX_BYTES = 6;

/**
 * Tests an address of a remote within its session. `bytes`: of the outer IP packet; 0: as short as can be. `isFull`: the answer is to
 * be as long. Who sends of itself, and not for the path machine, takes a token that nobody waits for: what comes of it is that the
 * remote gets to know the address. `ttl`: of this datagram, for opening a NAT without reaching anybody; absent: as usual.
 * `delayS`: seconds after which it is to be answered; absent: at once.
 */
export function sendChallenge(
  c: NodeContext,
  remote: Remote,
  test: {
    readonly address: SocketAddress;
    readonly token: Uint8Array;
    readonly bytes: number;
    readonly isFull: boolean;
    readonly ttl?: number;
    readonly delayS?: number;
  },
): void {
  const isProven = remote.introduced === 'member' || remote.introduced === 'guest';
  if (!remote.isEstablished || !isProven || c.self.chain === undefined) return;
  const { address, token, isFull, ttl, delayS = 0 } = test;
  const message = { kind: 'pathChallenge', token, full: isFull, padding: 0, delayS } as const;
  const plaintext = encodePadded(message, test.bytes - overhead(address) - SEAL_BYTES);
  c.work.push({ kind: 'sayTo', remote, plaintext, to: address, ttl });
}

export function onPathChallenge(
  c: NodeContext,
  remote: Remote,
  challenge: Extract<ControlMessage, { kind: 'pathChallenge' }>,
  bytes: number,
  from: SocketAddress,
  now: number,
): void {
  if (!isDiscardOnly(from.ip) && !c.paths.isOuter(from)) {
    c.drops.count('pathAddress');
    return;
  }
  if (challenge.delayS > 0) {
    // Says nothing of the way as it is now.
    const answer = { remote: remote.key, token: challenge.token, to: from };
    if (!c.delayedAnswers.hold(answer, now + challenge.delayS * SECOND_MS))
      c.drops.count('controlRateLimited');
    c.timers.set(TIMER_DELAYED, c.delayedAnswers.wakeAt);
    return;
  }
  const observed = isDiscardOnly(from.ip) ? undefined : from;
  const response = { kind: 'pathResponse', token: challenge.token, observed, padding: 0 } as const;
  const plaintext = encodePadded(response, challenge.full ? bytes : 0);
  c.work.push({ kind: 'sayTo', remote, plaintext, to: from, ttl: undefined });
  const isPunched = needsPunch(remote) && !isReached(c);
  toPath(c, remote, { kind: 'challenged', address: from, isFull: challenge.full, isPunched });
}

/** Challenges that asked to be answered after a while, and whose time has come. */
export function answerDelayed(c: NodeContext, now: number): void {
  for (let answer = c.delayedAnswers.take(now); answer !== undefined; answer = c.delayedAnswers.take(now)) {
    const remote = c.remotes.find(answer.remote);
    if (!remote?.isEstablished) continue;
    const plaintext = encodeControl({
      kind: 'pathResponse',
      token: answer.token,
      observed: undefined,
      padding: 0,
    });
    c.work.push({ kind: 'sayTo', remote, plaintext, to: answer.to, ttl: undefined });
  }
  c.timers.set(TIMER_DELAYED, c.delayedAnswers.wakeAt);
}

export function onPathResponse(c: NodeContext, remote: Remote, token: Uint8Array, from: SocketAddress): void {
  toPunch(c, { kind: 'answered', slot: remote.slot, address: from, token });
}

/** The message with as much padding as gives so many bytes of plaintext, or its shortest form where that is longer. */
function encodePadded(message: PathTest, bytes: number): Uint8Array {
  const wanted = Math.min(bytes, PATH_TEST_MAX);
  const bare = encodeControl(message);
  if (bare.length >= wanted) return bare;
  let best = bare;
  for (let padding = Math.max(1, wanted - bare.length - PREFIX_BYTES); ; padding++) {
    const padded = encodeControl({ ...message, padding });
    if (padded.length > wanted) return best;
    best = padded;
    if (padded.length === wanted) return best;
  }
}
