// Which members carry what their signers state of the current epoch: signers say so themselves, but nobody has to be up for others to be found.
import { equalBytes, readU32BE } from '../base/bytes.ts';
import { HOUR_MS, MINUTE_MS } from '../base/time.ts';
import type { NodeContext } from './context.ts';
import type { Remote } from './remotes.ts';
import { isVoid } from './revoking.ts';
import { isCore } from './role.ts';

/** Core nodes of one organisation that carry it besides its signers; more where they do not all know each other. */
export const CARRIERS = 3;
/** A node that starts or becomes a core node looks then, knowing others by that time, and at most so much later. */
const FIRST_LOOK_MS = 10 * MINUTE_MS;
const LOOK_SPREAD_MS = 50 * MINUTE_MS;
/** From then on whether others came or went. */
const LOOK_MS = 6 * HOUR_MS;
/** Who carries it goes on until so many more are nearer: it takes turns with nobody. */
const SPARE = 1;

/** ms from now. Each node at another time, the same one always. */
export function firstLookMs(c: NodeContext): number {
  return FIRST_LOOK_MS + placeOf(c.self.keys.nodeId) * LOOK_SPREAD_MS;
}

export function nextLookMs(c: NodeContext): number {
  return LOOK_MS + placeOf(c.self.keys.nodeId) * LOOK_SPREAD_MS;
}

/** Whether this node is among the nearest to the epoch of those who could carry it, as far as it knows them. */
export function isCarrier(c: NodeContext, epochId: Uint8Array, isItNow: boolean): boolean {
  if (!isCore(c)) return false;
  const own = distance(c.self.keys.nodeId, epochId);
  let nearer = 0;
  for (const remote of c.remotes.values())
    if (mayCarry(c, remote) && distance(remote.nodeId, epochId) < own) nearer++;
  return nearer < CARRIERS + (isItNow ? SPARE : 0);
}

function mayCarry(c: NodeContext, remote: Remote): boolean {
  if (remote.kind !== 'member' || !remote.isCore || remote.hasFailed) return false;
  return c.organisations.isOwn(remote.organisation) && !isSigner(c, remote) && !isVoid(c, remote);
}

/** As far as is known: those that nobody told of count until they are not there any more. */
function isSigner(c: NodeContext, { nodeId }: Remote): boolean {
  return c.signers.some((signer) => equalBytes(signer, nodeId));
}

function distance(nodeId: Uint8Array, epochId: Uint8Array): number {
  return (readU32BE(nodeId, 0) ^ readU32BE(epochId, 0)) >>> 0;
}

/** 0 .. 1 */
function placeOf(nodeId: Uint8Array): number {
  return readU32BE(nodeId, 0) / 2 ** 32;
}
