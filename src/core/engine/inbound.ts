// The way in, from the wire to the TUN: key, remote, path, source, destination, policy. One row is one super-packet of one flow,
// opened and checked against replay by the addon.

import type { EndpointTable } from '../addressing/addressing.ts';
import { NONE, ORGANISATION_NONE, REMOTE_GUEST, REMOTE_MEMBER } from '../addressing/types.ts';
import {
  Action,
  INFO_FAMILY,
  INFO_ICMP_ERROR,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_PROTOCOL_SHIFT,
  InRow,
  Kind,
  Plaintext,
  ROW_WORDS,
} from '../base/batch-layout.generated.ts';
import { DROP_REASON_ID } from '../base/drop-reason.ts';
import { ICMP, ICMP6, TCP, UDP } from '../base/ip.ts';
import type { FlowControl } from './flow-control.ts';
import { ADMITTED, judge } from './policy.ts';
import { pinInbound, writeServiceAddress } from './services.ts';
import type { EngineState } from './state.ts';
import type { EngineSink } from './types.ts';

const DROP_UNKNOWN_KEY = DROP_REASON_ID.inboundUnknownKey;
const DROP_NOT_MEMBER = DROP_REASON_ID.inboundNotMember;
const DROP_SOURCE = DROP_REASON_ID.inboundSource;
const DROP_PORT = DROP_REASON_ID.inboundPort;
const DROP_FLOW = DROP_REASON_ID.inboundFlow;
const DROP_DESTINATION = DROP_REASON_ID.inboundDestination;
/** A remote whose address changes with every datagram moves its path this often at most: each move has its cost ... */
export const ROAM_EVERY_MS = 200;
/** ... but so many times at once: hosts leave a network and are back in no time, and what is missed here may not come again. */
export const ROAMS_AT_ONCE = 3;
/** Bytes of IP and UDP headers. */
const OUTER_HEADERS = 28;
/** "Remote slot" of this host's endpoints in their table. */
const OWN = 0;

/** Decides on the first `count` rows of `rows` in place; control and raw rows go to `sink`, what they carry stands in `bytes`. */
export function inbound(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  count: number,
  now: number,
  sink: EngineSink,
): void {
  const { control } = state;
  for (let row = 0; row < count; row++) {
    const at = row * ROW_WORDS;
    rows[at + InRow.action] = Action.drop;
    const kind = rows[at + InRow.kind];
    if (kind === Kind.raw) {
      sink.raw(row);
      continue;
    }
    const isAck = isAcknowledgement(rows, bytes, at);
    const remote = authenticated(state, rows, at, row, isAck, now, sink);
    if (remote === NONE) state.drops.counts[DROP_UNKNOWN_KEY]++;
    else if (kind === Kind.control) {
      control?.onOther(remote, rows[at + InRow.key], now);
      if (isAck) control?.onAck(remote, payload(rows, bytes, at), now);
      else sink.control(remote, row);
    } else if (kind === Kind.data || kind === Kind.heard) {
      if (control !== undefined) noteData(control, rows, at, remote, now);
      if (kind === Kind.heard) continue;
      rows[at + InRow.action] = inboundRow(state, rows, at, row, remote, now, sink);
    }
  }
}

/** The engine's own; all other control rows are node's. */
function isAcknowledgement(rows: Uint32Array, bytes: Uint8Array, at: number): boolean {
  if (rows[at + InRow.kind] !== Kind.control || rows[at + InRow.length] === 0) return false;
  return bytes[rows[at + InRow.offset]] === Plaintext.ack;
}

function payload(rows: Uint32Array, bytes: Uint8Array, at: number): Uint8Array {
  const offset = rows[at + InRow.offset];
  return bytes.subarray(offset, offset + rows[at + InRow.length]);
}

/** What policy makes of it is another matter: it arrived. What waited for its order was told of then. */
function noteData(control: FlowControl, rows: Uint32Array, at: number, remote: number, now: number): void {
  const counter = rows[at + InRow.counterHigh] * 0x1_0000_0000 + rows[at + InRow.counterLow];
  const datagrams = rows[at + InRow.datagrams];
  if (rows[at + InRow.outerBytes] === 0) return;
  const bytes = rows[at + InRow.outerBytes] + datagrams * OUTER_HEADERS;
  control.onData(remote, rows[at + InRow.key], counter, datagrams, bytes, now);
}

/**
 * Remote slot of an opened row, after what its key and its outer source say; NONE: the key is gone. Acknowledgements are no signs that the
 * path carries data: they are short and sent again and again, and a bad path lets pass enough of them.
 */
function authenticated(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  row: number,
  isAck: boolean,
  now: number,
  sink: EngineSink,
): number {
  const { receiveKeys, remotes, activity } = state.tables;
  const key = rows[at + InRow.key];
  let remote = key < receiveKeys.remote.length ? receiveKeys.remote[key] : NONE;
  if (remote === NONE) return NONE;

  if (receiveKeys.confirmed[key] === 0) {
    receiveKeys.confirmed[key] = 1;
    sink.keyConfirmed(remote, key, row);
    remote = receiveKeys.remote[key];
    if (remote === NONE) return NONE;
  }
  const isData = rows[at + InRow.kind] !== Kind.control;
  if (isData) activity.lastHeardMs[remote] = now;

  const counter = rows[at + InRow.counterHigh] * 0x1_0000_0000 + rows[at + InRow.counterLow];
  if (counter > receiveKeys.highestCounter[key]) {
    receiveKeys.highestCounter[key] = counter;
    const isCurrent = remotes.receiveKey[remote] === key;
    if (isCurrent && !hasMoved(state, rows, at, remotes.path[remote])) {
      if (!isAck) activity.heardOnPathMs[remote] = now;
      if (isData) activity.dataOnPathMs[remote] = now;
    } else if (isCurrent && activity.roamedUntilMs[remote] - now <= (ROAMS_AT_ONCE - 1) * ROAM_EVERY_MS) {
      const until = Math.max(now, activity.roamedUntilMs[remote]) + ROAM_EVERY_MS;
      if (sink.roamed(remote, row)) activity.roamedUntilMs[remote] = until;
      remote = receiveKeys.remote[key];
    }
  }
  return remote;
}

function hasMoved(state: EngineState, rows: Uint32Array, at: number, path: number): boolean {
  if (path === NONE) return true;
  const { address, port } = state.tables.paths;
  const from = at + InRow.outerSource;
  const known = 4 * path;
  return (
    rows[from + 3] !== address[known + 3] ||
    rows[at + InRow.outerPort] !== port[path] ||
    rows[from + 2] !== address[known + 2] ||
    rows[from + 1] !== address[known + 1] ||
    rows[from] !== address[known]
  );
}

function inboundRow(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  row: number,
  remote: number,
  now: number,
  sink: EngineSink,
): Action {
  const { tables } = state;
  if ((tables.remotes.flags[remote] & REMOTE_MEMBER) === 0) return drop(state, DROP_NOT_MEMBER);

  // From whom: only addresses of this remote can be written here, whatever it claims.
  const selectors = rows[at + InRow.selectors];
  const family = rows[at + InRow.info] & INFO_FAMILY;
  const from = selectors >>> 16;
  const pin = from === 0 ? NONE : pinInbound(state, rows, at, remote, now);
  if (pin === NONE) {
    const source = tables.endpoints.find(remote, from);
    if (source === NONE || !writeAddress(tables.endpoints, source, family, rows, at + InRow.source)) {
      return drop(state, DROP_SOURCE);
    }
  } else {
    const service = state.pins.serviceSlot(pin);
    if (!writeServiceAddress(state, service, family, rows, at + InRow.source))
      return drop(state, DROP_SOURCE);
    tables.services.lastUsedMs[service] = now;
  }

  // To whom: only this host's own endpoints, so nobody is routed through it.
  const own = tables.ownEndpoints.find(OWN, selectors & 0xffff);
  if (own === NONE || !writeAddress(tables.ownEndpoints, own, family, rows, at + InRow.destination)) {
    return refuse(state, rows, at, row, remote, DROP_DESTINATION, now, sink);
  }

  // May it?
  const reason = judge(state, rows, at, remote, now);
  if (reason !== ADMITTED) return refuse(state, rows, at, row, remote, reason, now, sink);

  const { activity } = tables;
  activity.lastReceivedMs[remote] = now;
  activity.rxBytes[remote] += rows[at + InRow.length];
  activity.rxPackets[remote] += rows[at + InRow.datagrams];
  return Action.send;
}

/** Four words of an endpoint's address in a family; false: it has none there. */
function writeAddress(
  endpoints: EndpointTable,
  place: number,
  family: number,
  rows: Uint32Array,
  at: number,
): boolean {
  if (family === 6) {
    const from = 4 * place;
    rows[at] = endpoints.address6[from];
    rows[at + 1] = endpoints.address6[from + 1];
    rows[at + 2] = endpoints.address6[from + 2];
    rows[at + 3] = endpoints.address6[from + 3];
    return true;
  }
  const alias = endpoints.alias[place];
  rows[at] = 0;
  rows[at + 1] = 0;
  rows[at + 2] = 0xffff;
  rows[at + 3] = alias;
  return alias !== 0;
}

/** Members learn what policy refuses, so that their programs do; guests and what only looks like an answer meet silence. */
function refuse(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  row: number,
  remote: number,
  reason: number,
  now: number,
  sink: EngineSink,
): Action {
  const { remotes } = state.tables;
  const isMember =
    remotes.organisation[remote] !== ORGANISATION_NONE && (remotes.flags[remote] & REMOTE_GUEST) === 0;
  if (isMember && asksSomething(rows, at, reason) && state.refusedLimit.allows(now))
    sink.refused(remote, row, reason);
  return drop(state, reason);
}

/** Not an ICMP error, an answer to an echo, a piece of a packet, or something without ports. */
function asksSomething(rows: Uint32Array, at: number, reason: number): boolean {
  const info = rows[at + InRow.info];
  if ((info & (INFO_ICMP_ERROR | INFO_LATER_FRAGMENT | INFO_NO_PORTS)) !== 0) return false;
  if (reason !== DROP_PORT && reason !== DROP_DESTINATION && reason !== DROP_FLOW) return false;
  const protocol = (info >>> INFO_PROTOCOL_SHIFT) & 0xff;
  const type = rows[at + InRow.ports] >>> 24;
  if (protocol === ICMP) return type === 8;
  return protocol === ICMP6 ? type === 128 : protocol === TCP || protocol === UDP;
}

function drop(state: EngineState, reason: number): Action {
  state.drops.counts[reason]++;
  return Action.drop;
}
