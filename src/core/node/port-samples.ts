// Which ports this host's NAT gives out just now: seen by a member to whom further sockets say something, one after another.
import { equalBytes, toHex } from '../base/bytes.ts';
import { isDialable, isIpv4, type SocketAddress } from '../base/ip.ts';
import { uniform } from '../base/rng.ts';
import { SAMPLE_FRESH_MS } from '../path/path.ts';
import { PATH_TOKEN_BYTES } from '../wire/limits.ts';
import { type NodeContext, toPunch } from './context.ts';
import { directAddress } from './known.ts';
import { closeSocket, openSocket } from './open-sockets.ts';
import { sendChallenge } from './path-tests.ts';
import type { Remote } from './remotes.ts';

/** Sockets of a sample: from two steps that are equal the next one is foreseen. */
const SOCKETS = 3;

/** Who asked hears `sampled` when all is known, at once where a sample is fresh or nobody can be asked. */
export function samplePorts(c: NodeContext, now: number): void {
  const { samples } = c;
  if (now - samples.at <= SAMPLE_FRESH_MS) {
    if (samples.isWhole) toPunch(c, { kind: 'sampled' });
    return;
  }
  closeSamples(c);
  samples.at = now;
  samples.said = [];
  const [peer] = observers(c);
  const to = peer === undefined ? undefined : directAddress(peer);
  if (peer === undefined || to === undefined) {
    toPunch(c, { kind: 'sampled' });
    return;
  }
  const sockets = Array.from({ length: SOCKETS }, () => openSocket(c, 'punch')?.number);
  samples.sockets = sockets.filter((number) => number !== undefined);
  for (const via of samples.sockets) {
    const token = c.rng.bytes(PATH_TOKEN_BYTES);
    samples.said.push({ token, observed: undefined });
    sendChallenge(c, peer, { address: { ip: to.ip, port: to.port, via }, token, bytes: 0, isFull: false });
  }
}

/** Whoever asked hears `observed`; at once where nobody can be asked. Not always the same member: it may be wrong. */
export function observeSocket(c: NodeContext, slot: number, socket: number): void {
  const able = observers(c);
  const peer = able.length === 0 ? undefined : able[uniform(c.rng, able.length)];
  const to = peer === undefined ? undefined : directAddress(peer);
  if (peer === undefined || to === undefined) {
    toPunch(c, { kind: 'observed', slot, socket, address: undefined });
    return;
  }
  const token = c.rng.bytes(PATH_TOKEN_BYTES);
  c.samples.asked.set(toHex(token), { slot, socket });
  const address = { ip: to.ip, port: to.port, via: socket };
  sendChallenge(c, peer, { address, token, bytes: 0, isFull: false });
}

/** False: it answers no question of a sample. */
export function takeSample(c: NodeContext, token: Uint8Array, observed: SocketAddress | undefined): boolean {
  const { samples } = c;
  const asked = samples.asked.get(toHex(token));
  if (asked !== undefined) {
    samples.asked.delete(toHex(token));
    const isUsable = observed !== undefined && isIpv4(observed.ip) && isDialable(observed);
    toPunch(c, { kind: 'observed', ...asked, address: isUsable ? observed : undefined });
    return true;
  }
  const said = samples.said.find((one) => equalBytes(one.token, token));
  if (said === undefined || observed === undefined) return said !== undefined;
  said.observed = observed;
  if (samples.isWhole) toPunch(c, { kind: 'sampled' });
  return true;
}

/** To be called now and then. */
export function endSamples(c: NodeContext, now: number): void {
  if (c.samples.sockets.length > 0 && now - c.samples.at > SAMPLE_FRESH_MS) closeSamples(c);
}

function closeSamples(c: NodeContext): void {
  for (const number of c.samples.sockets) closeSocket(c, number);
  c.samples.sockets = [];
}

/** Rather those that relay nothing for this node. */
function observers(c: NodeContext): Remote[] {
  const able = [...c.remotes.values()].filter((remote) => {
    const to = directAddress(remote);
    const isMember = remote.isEstablished && remote.introduced === 'member' && remote.isCore;
    return isMember && to !== undefined && isIpv4(to.ip) && (to.via ?? 0) === 0;
  });
  const others = able.filter(({ slot }) => !c.relayUse.knows(slot));
  return others.length > 0 ? others : able;
}
