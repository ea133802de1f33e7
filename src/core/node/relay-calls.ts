// The witness's side of a relay's trial: a node asks to be called through the relay that it names to everybody.
import { equalBytes } from '../base/bytes.ts';
import { circuitAddress, circuitOf } from '../base/circuit.ts';
import { equalSocketAddress, type SocketAddress } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';
import { RELAY_CALL_BYTES } from '../wire/limits.ts';
import type { ReachMessage } from '../wire/types.ts';
import { type NodeContext, toRelayUse, toSession } from './context.ts';
import { addCandidate, directAddress, meetNode } from './known.ts';
import type { Remote } from './remotes.ts';

/** A call goes through the relay alone for so long; whatever is left of its handshake then goes the usual way. */
const CALL_MS = 2 * SECOND_MS;
/** Longer where the round trips to relay and asker are long. */
const CALL_RTTS = 4;
/** Initiations to an address of the relay that proved nothing: what was asked is a third as long. */
const TOLD_TRIES = 1;

/**
 * A call looks to the relay like that of anybody who wants to reach the asker: a circuit, and a new handshake through it. It changes
 * nothing about where the two talk to each other.
 */
export function onRelayCall(
  c: NodeContext,
  asker: Remote,
  { relay: hint }: Extract<ReachMessage, { kind: 'relayCall' }>,
  bytes: number,
  now: number,
): void {
  const isSensible = !equalBytes(hint.nodeId, c.self.keys.nodeId) && !equalBytes(hint.nodeId, asker.nodeId);
  if (!isSensible || bytes < RELAY_CALL_BYTES || directAddress(asker) === undefined) {
    c.drops.count('controlNotAllowed');
    return;
  }
  const known = c.relayCalls.of(asker.slot);
  const relay = meetNode(c, asker, hint.nodeId, now);
  if (relay === undefined) return;
  // It was asked for again, as it may have been lost.
  if (known?.relay === relay.slot && now < known.until && known.circuit !== undefined) return;
  if (!asker.relayCalls.take(now)) {
    c.drops.count('controlRateLimited');
    return;
  }
  if (relay.path.current === undefined) {
    const [address] = hint.addresses;
    if (address !== undefined) addCandidate(c, relay, address, 'record', now);
    for (const way of relay.path.candidates) {
      const isNamed = address !== undefined && equalSocketAddress(way.address, address);
      c.paths.told.narrow(way.address, isNamed ? TOLD_TRIES : 0, now);
    }
  }
  const waitMs = Math.max(CALL_MS, CALL_RTTS * ((relay.rttMs ?? 0) + (asker.rttMs ?? 0)));
  leaveCall(c, asker);
  const number = c.relayUse.circuitTo(asker.slot, relay.slot);
  const isKept = number !== undefined;
  c.relayCalls.add(asker.slot, { relay: relay.slot, isKept, until: now + waitMs, circuit: undefined });
  const { slot, nodeId } = asker;
  toRelayUse(c, { kind: 'reach', remote: slot, nodeId, relays: [relay.slot], isSilent: true });
  if (number !== undefined) beginCall(c, asker, circuitAddress(relay.slot, number));
}

/** A circuit to that remote is open. Whether a call was to go through it. */
export function beginCall(c: NodeContext, remote: Remote, circuit: SocketAddress): boolean {
  const call = c.relayCalls.of(remote.slot);
  if (call === undefined) return false;
  const { slot } = circuitOf(circuit);
  if (slot !== call.relay) return false;
  call.circuit = circuit;
  toSession(c, remote, { kind: remote.session?.isConnecting ? 'repeat' : 'rekey' });
  return true;
}

/** Where an initiation to that remote is to go instead of where its path leads; undefined: as usual. */
export function callCircuit(c: NodeContext, remote: Remote, now: number): SocketAddress | undefined {
  const call = c.relayCalls.of(remote.slot);
  if (call === undefined || now < call.until) return call?.circuit;
  leaveCall(c, remote);
  return undefined;
}

/** The initiation goes there once more: what opened the circuit may have been lost. */
export function repeatCall(c: NodeContext, { slot, nodeId }: Remote): void {
  const call = c.relayCalls.of(slot);
  if (call !== undefined)
    toRelayUse(c, { kind: 'reach', remote: slot, nodeId, relays: [call.relay], isSilent: true });
}

/** A handshake was answered from there. Whether it was a call that only tried the relay: data goes where it went before. */
export function endCall(c: NodeContext, remote: Remote, from: SocketAddress, now: number): boolean {
  const circuit = callCircuit(c, remote, now);
  if (circuit === undefined || !equalSocketAddress(circuit, from)) return false;
  leaveCall(c, remote);
  return true;
}

/** A circuit that stayed would be ended by the relay when neither it nor the asker has keys any more. */
function leaveCall(c: NodeContext, { slot }: Remote): void {
  const call = c.relayCalls.of(slot);
  c.relayCalls.forget(slot);
  if (call !== undefined && !call.isKept) toRelayUse(c, { kind: 'leave', slot: call.relay, remote: slot });
}
