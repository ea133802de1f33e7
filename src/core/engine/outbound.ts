// The way out, from the TUN to the wire: route, source, session, flow, path, counters. One row is one super-packet of one flow.

import { NONE, OWN_REMOTE, REMOTE_MEMBER, REMOTE_MTU_KNOWN, SERVICE_BASE } from '../addressing/types.ts';
import {
  Action,
  INFO_DONT_FRAGMENT,
  INFO_FAMILY,
  INFO_ICMP_ERROR,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_PROTOCOL_SHIFT,
  INFO_SYN,
  OutRow,
  QUOTE_MATCHES,
  ROW_WORDS,
  SLOT_BYTES,
  SLOT_HEADROOM,
} from '../base/batch-layout.generated.ts';
import { DROP_REASON_ID } from '../base/drop-reason.ts';
import { TCP, UDP } from '../base/ip.ts';
import { SECOND_MS } from '../base/time.ts';
import { isFragmented, planDatagrams, SHORTER6 } from './datagrams.ts';
import { flowKind, flowRemote } from './flow.ts';
import { reportedMtu, tooBig, unreachable } from './icmp.ts';
import { mayLeave } from './policy.ts';
import { refusal } from './refusal.ts';
import { isResolver, toResolver } from './resolver.ts';
import { isSealable, sealRow } from './sealing.ts';
import type { Sender } from './sender.ts';
import { answeredHere, loopBack, pinOutbound } from './services.ts';
import type { EngineState } from './state.ts';
import type { EngineSink } from './types.ts';

/** Who opens many flows to a service is told of this often at most. */
export const SERVICE_TOLD_MS = 200;

const DROP_NO_ROUTE = DROP_REASON_ID.outboundNoRoute;
const DROP_MULTICAST = DROP_REASON_ID.outboundMulticast;
const DROP_SOURCE = DROP_REASON_ID.outboundSource;
const DROP_QUOTE = DROP_REASON_ID.outboundQuote;
const DROP_NO_ENDPOINT = DROP_REASON_ID.outboundNoEndpoint;
const DROP_POLICY = DROP_REASON_ID.outboundPolicy;
const DROP_QUEUE_FULL = DROP_REASON_ID.outboundQueueFull;
const DROP_TOO_BIG = DROP_REASON_ID.outboundTooBig;

/** Decides on the first `count` rows of `rows` in place; the packets stand in `bytes` (PacketPort.outBytes). */
export function outbound(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  count: number,
  now: number,
  sink: EngineSink,
): void {
  state.batch++;
  for (let row = 0; row < count; row++) {
    const at = row * ROW_WORDS;
    rows[at + OutRow.action] = outboundRow(state, rows, bytes, at, now, sink);
  }
}

function outboundRow(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  now: number,
  sink: EngineSink,
): Action {
  const { tables } = state;

  // Where to: the remote and its endpoint.
  const route = tables.routes.find(rows, at + OutRow.destination);
  if (route === NONE) return withoutRoute(state, rows, bytes, at, now, sink);
  const remote = tables.routes.remote[route];

  // Where from: an endpoint of this host, whatever a program has bound.
  const source = tables.ownRoutes.find(rows, at + OutRow.source);
  if (source === NONE) return drop(state, DROP_SOURCE);
  const own = tables.ownRoutes.selector[source];

  // What: an ICMP error travels only if what it quotes came from where it goes.
  const info = rows[at + OutRow.info];
  if ((info & INFO_ICMP_ERROR) !== 0 && (rows[at + OutRow.quoteInfo] & QUOTE_MATCHES) === 0) {
    return drop(state, DROP_QUOTE);
  }
  if (remote >= SERVICE_BASE) return toService(state, rows, bytes, at, remote - SERVICE_BASE, own, now, sink);
  rows[at + OutRow.selectors] = (own << 16) | tables.routes.selector[route];
  return toRemote(state, rows, bytes, at, remote, now, sink);
}

/** OutRow.selectors is written. */
function toRemote(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  remote: number,
  now: number,
  sink: EngineSink,
): Action {
  if (!mayLeave(state, rows, at, remote, now)) return refuse(state, rows, bytes, at, now, sink);
  if ((rows[at + OutRow.info] & INFO_SYN) !== 0) noteFirst(state, rows, bytes, at, remote, now);
  if (state.asked.mayBeRefused(now) && isMarked(state, rows, at, remote, now)) {
    tellRefused(state, rows, bytes, at, now, sink);
    // A reset ends the flow; of all others the remote may think better, after a restart of its own for example.
    if (((rows[at + OutRow.info] >>> INFO_PROTOCOL_SHIFT) & 0xff) === TCP) return drop(state, DROP_POLICY);
  }
  state.tables.activity.lastSentMs[remote] = now;

  // How: under the session's key by its path, or later.
  const sender = state.control?.governing(remote, now);
  const isGoverned = sender !== undefined && isSealable(state.tables, remote, now);
  const action = isGoverned
    ? govern(state, sender, rows, at, now)
    : sealAndNote(state, rows, at, remote, now);
  if (action === Action.hold && !isGoverned) return hold(state, rows, at, remote, now, sink);
  if (action === Action.drop) return Action.drop;
  askForKeys(state, remote, now, sink);
  tellTooBig(state, rows, bytes, at, remote, now, sink);
  return action;
}

/** The remote said a moment ago that it refuses this flow. */
function isMarked(state: EngineState, rows: Uint32Array, at: number, remote: number, now: number): boolean {
  const info = rows[at + OutRow.info];
  if ((info & (INFO_LATER_FRAGMENT | INFO_NO_PORTS | INFO_ICMP_ERROR)) !== 0) return false;
  const protocol = (info >>> INFO_PROTOCOL_SHIFT) & 0xff;
  const ports = rows[at + OutRow.ports];
  const word = protocol === TCP || protocol === UDP ? ports : ports & 0xffff;
  const kind = flowKind(protocol, info & INFO_FAMILY);
  return state.asked.isRefused(
    flowRemote(state.tables, remote),
    word,
    rows[at + OutRow.selectors],
    kind,
    now,
  );
}

function noteFirst(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  remote: number,
  now: number,
): void {
  state.asked.note(
    flowRemote(state.tables, remote),
    rows[at + OutRow.ports],
    rows[at + OutRow.selectors],
    flowKind(TCP, rows[at + OutRow.info] & INFO_FAMILY),
    bytes,
    packetAt(rows, at),
    rows[at + OutRow.length],
    rows[at + OutRow.headerBytes],
    now,
  );
}

/** A flow that is not, or no longer, allowed: its program learns that at once. */
function refuse(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  now: number,
  sink: EngineSink,
): Action {
  tellRefused(state, rows, bytes, at, now, sink);
  return drop(state, DROP_POLICY);
}

function tellRefused(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  now: number,
  sink: EngineSink,
): void {
  if (state.unreachableLimit.allows(now)) {
    const answer = refusal(
      bytes,
      packetAt(rows, at),
      rows[at + OutRow.length],
      rows[at + OutRow.headerBytes],
    );
    if (answer !== undefined) sink.inject(answer);
  }
}

/** By the pin of its flow, to a remote's endpoint or to one of this host. `own`: selector of its source. */
function toService(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  service: number,
  own: number,
  now: number,
  sink: EngineSink,
): Action {
  const { pins, tables } = state;
  const answered = answeredHere(state, rows, at, service, own, now);
  if (answered !== NONE) return loop(state, rows, at, service, answered);
  tables.services.lastUsedMs[service] = now;
  const before = pins.added;
  const pin = pinOutbound(state, rows, at, service, own, now);
  let action: Action;
  if (pin === NONE) {
    action = tellUnreachable(state, rows, bytes, at, now, sink, DROP_NO_ENDPOINT);
  } else {
    const remote = pins.remoteWord(pin) >>> 16;
    const selector = pins.remoteSelector(pin);
    rows[at + OutRow.selectors] = (own << 16) | selector;
    action =
      remote === OWN_REMOTE
        ? loop(state, rows, at, service, selector)
        : toRemote(state, rows, bytes, at, remote, now, sink);
  }
  // Last, since the sink may change the tables.
  if (pin === NONE || pins.added !== before) tellUsed(state, service, now, sink);
  return action;
}

function tellUsed(state: EngineState, service: number, now: number, sink: EngineSink): void {
  const { services } = state.tables;
  if (now - services.toldMs[service] < SERVICE_TOLD_MS) return;
  services.toldMs[service] = now;
  sink.serviceUsed(service);
}

function loop(state: EngineState, rows: Uint32Array, at: number, service: number, selector: number): Action {
  const action = loopBack(state, rows, at, service, selector);
  return action === Action.drop ? drop(state, DROP_NO_ENDPOINT) : action;
}

/** Action.hold: it waits for its turn. */
function govern(state: EngineState, sender: Sender, rows: Uint32Array, at: number, now: number): Action {
  if ((state.tables.remotes.flags[sender.remote] & REMOTE_MEMBER) === 0) return drop(state, DROP_POLICY);
  return state.control?.enqueue(sender, rows, at, now) ?? Action.drop;
}

/** As seal(), and congestion control learns of it. */
export function sealAndNote(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  now: number,
): Action {
  const action = seal(state, rows, at, remote, now);
  if (action === Action.send) state.control?.sent(remote, rows, at, now);
  return action;
}

/**
 * Gives a row its key, path and counters. Action.hold: there is no session to send it on, and nothing was reserved.
 * OutRow.selectors is written.
 */
function seal(state: EngineState, rows: Uint32Array, at: number, remote: number, now: number): Action {
  const { remotes, activity } = state.tables;
  if (!isSealable(state.tables, remote, now)) return Action.hold;
  if ((remotes.flags[remote] & REMOTE_MEMBER) === 0) return drop(state, DROP_POLICY);

  const fragmentAt = remotes.maxPlaintext[remote];
  const datagrams = planDatagrams(rows, at, fragmentAt);
  if (datagrams < 1) return drop(state, DROP_TOO_BIG);

  if (remotes.nextCounter[remote] + datagrams > remotes.counterLimit[remote]) return Action.hold;
  rows[at + OutRow.datagrams] = datagrams;
  rows[at + OutRow.fragmentAt] = fragmentAt;
  rows[at + OutRow.firstSegment] = 0;
  rows[at + OutRow.segmentCount] = 0;
  sealRow(state.tables, rows, at, remote, 0);
  activity.lastSealedMs[remote] = now;
  activity.txBytes[remote] += rows[at + OutRow.length];
  activity.txPackets[remote] += datagrams;
  return Action.send;
}

function drop(state: EngineState, reason: number): Action {
  state.drops.counts[reason]++;
  return Action.drop;
}

function hold(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  now: number,
  sink: EngineSink,
): Action {
  // Told before the row is kept: the port holds its slot from `send` on only, so nothing may decide on it until then.
  if (state.tables.activity.askedInBatch[remote] !== state.batch) {
    state.tables.activity.askedInBatch[remote] = state.batch;
    sink.wanted(remote);
  }
  return state.held.add(rows, at, remote, now) ? Action.hold : drop(state, DROP_QUEUE_FULL);
}

function askForKeys(state: EngineState, remote: number, now: number, sink: EngineSink): void {
  const { remotes, activity } = state.tables;
  if (now < remotes.rekeyAtMs[remote] && remotes.nextCounter[remote] < remotes.rekeyAtCounter[remote]) return;
  if (activity.askedInBatch[remote] === state.batch) return;
  activity.askedInBatch[remote] = state.batch;
  sink.rekey(remote);
}

/** Multicast and link-local noise of the kernel goes silently; a program that asks for a host of ours learns that there is none. */
function withoutRoute(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  now: number,
  sink: EngineSink,
): Action {
  const { prefix6, aliasPrefix, ownRoutes } = state.tables;
  const to = at + OutRow.destination;
  if (isResolver(state, rows, at)) return toResolver(state, rows, bytes, at, now, sink);
  const info = rows[at + OutRow.info];
  let isInside: boolean;
  if ((info & INFO_FAMILY) === 6) {
    const top = rows[to] >>> 16;
    if (top >>> 8 === 0xff || (top & 0xffc0) === 0xfe80) return drop(state, DROP_MULTICAST);
    isInside = rows[to] === prefix6[0] && rows[to + 1] >>> 16 === prefix6[1] >>> 16;
  } else {
    const address = rows[to + 3];
    if (address >>> 28 >= 0xe || (address & 0xffff) === 0xffff) return drop(state, DROP_MULTICAST);
    isInside = (address ^ aliasPrefix) >>> 16 === 0;
  }
  if (!isInside || ownRoutes.find(rows, at + OutRow.source) === NONE) return drop(state, DROP_NO_ROUTE);
  return tellUnreachable(state, rows, bytes, at, now, sink, DROP_NO_ROUTE);
}

function tellUnreachable(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  now: number,
  sink: EngineSink,
  reason: number,
): Action {
  const mayAnswer = (rows[at + OutRow.info] & (INFO_ICMP_ERROR | INFO_LATER_FRAGMENT)) === 0;
  if (mayAnswer && state.unreachableLimit.allows(now)) {
    sink.inject(unreachable(bytes, packetAt(rows, at), rows[at + OutRow.length]));
  }
  return drop(state, reason);
}

/** Packets that travel as tunnel fragments arrive, but their sender had better send smaller ones. */
function tellTooBig(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  remote: number,
  now: number,
  sink: EngineSink,
): void {
  if ((state.tables.remotes.flags[remote] & REMOTE_MTU_KNOWN) === 0) return;
  const fragmentAt = rows[at + OutRow.fragmentAt];
  if (!isFragmented(rows, at, fragmentAt, rows[at + OutRow.datagrams])) return;
  const info = rows[at + OutRow.info];
  if ((info & INFO_DONT_FRAGMENT) === 0 || (info & (INFO_ICMP_ERROR | INFO_LATER_FRAGMENT)) !== 0) return;
  const family = info & INFO_FAMILY;
  const mtu = reportedMtu(family, family === 6 ? fragmentAt + SHORTER6 : fragmentAt);
  const segment = rows[at + OutRow.segmentBytes];
  const length = segment === 0 ? rows[at + OutRow.length] : rows[at + OutRow.headerBytes] + segment;
  if (length <= mtu) return;
  const { tooBig4Ms, tooBig6Ms } = state.tables.activity;
  const toldMs = family === 6 ? tooBig6Ms : tooBig4Ms;
  if (now - toldMs[remote] < SECOND_MS || !state.tooBigLimit.allows(now)) return;
  toldMs[remote] = now;
  sink.inject(tooBig(bytes, packetAt(rows, at), rows[at + OutRow.length], mtu));
}

function packetAt(rows: Uint32Array, at: number): number {
  return rows[at + OutRow.slot] * SLOT_BYTES + SLOT_HEADROOM;
}
