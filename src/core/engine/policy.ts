// What may come in. The source is the remote's and the destination is this host's by construction: both are
// written here from selectors. What is judged is which port, which flow, which protocol.
//
// A host stands open to its own organisation. A service's endpoint shows its service and nothing else, to the own organisation
// as well.
//
//                        own organisation,     own organisation,      another, or a guest
//                        to this host          to an endpoint here
//   TCP, not a SYN       in                    in                     in, but to a guarded port
//   TCP SYN              in                    the service's port     port open to it
//   UDP                  in                    the service's port,    port open to it,
//                                              or answers a flow      or answers a flow, unless guarded
//   ICMP echo request    in                    in                     -
//   ICMP echo reply      in                    answers a flow         answers a flow
//   ICMP error           quotes this host      and quotes TCP, a flow, or an answer of an open UDP port
//   other ICMP           -                     -                      -
//   later fragment       in                    its first fragment came in
//   any other protocol   in                    -                      -
//
// Any TCP packet but a SYN is let in where nobody serves, so that a restart loses no connection. The ports of services are known
// after a restart as well: they are guarded (OpenPorts), and nothing comes or goes there of whoever may not use them, so that a right
// that is taken back ends what runs. Where a service asks the own organisation for tags, what is "in" above is judged too.

import { MARK_NARROWED, MARK_TCP, MARK_UDP } from '../addressing/addressing.ts';
import { ORGANISATION_OWN, REMOTE_GUEST } from '../addressing/types.ts';
import {
  INFO_FAMILY,
  INFO_FIRST_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LAST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_PROTOCOL_SHIFT,
  INFO_SYN,
  InRow,
  OutRow,
  QUOTE_MATCHES,
  QUOTE_PORTS_KNOWN,
} from '../base/batch-layout.generated.ts';
import { DROP_REASON_ID } from '../base/drop-reason.ts';
import { ICMP, ICMP6, TCP, UDP } from '../base/ip.ts';
import { flowKind, flowRemote, turned } from './flow.ts';
import type { EngineState } from './state.ts';

/** A first fragment that is also the last (RFC 6946) is followed by nothing. */
const FRAGMENTS = INFO_FIRST_FRAGMENT | INFO_LAST_FRAGMENT;

/** Instead of a drop reason. */
export const ADMITTED = -1;

const DROP_PORT = DROP_REASON_ID.inboundPort;
const DROP_PROTOCOL = DROP_REASON_ID.inboundProtocol;
const DROP_FRAGMENT = DROP_REASON_ID.inboundFragment;
const DROP_QUOTE = DROP_REASON_ID.inboundQuote;
const DROP_ICMP_TYPE = DROP_REASON_ID.inboundIcmpType;
const DROP_FLOW = DROP_REASON_ID.inboundFlow;

/** ADMITTED, or the drop reason of the inbound packet at `at`. */
export function judge(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  now: number,
): number {
  const info = rows[at + InRow.info];
  const family = info & INFO_FAMILY;
  const protocol = (info >>> INFO_PROTOCOL_SHIFT) & 0xff;
  const isTrusted = isTrustedWith(state, remote, rows[at + InRow.selectors] & 0xffff);
  if ((info & INFO_LATER_FRAGMENT) !== 0) {
    if (isTrusted) return ADMITTED;
    const selectors = turned(rows[at + InRow.selectors]);
    const id = rows[at + InRow.fragmentId];
    return state.fragments.follows(flowRemote(state.tables, remote), id, selectors, family, now)
      ? ADMITTED
      : DROP_FRAGMENT;
  }
  if (protocol === (family === 6 ? ICMP6 : ICMP)) return judgeIcmp(state, rows, at, remote, isTrusted, now);
  const own = rows[at + InRow.ports] & 0xffff;
  const mark = state.tables.openPorts.marks[own];
  if (isTrusted && (mark & MARK_NARROWED) === 0) return ADMITTED;
  if ((info & INFO_NO_PORTS) !== 0) return DROP_PROTOCOL;
  const selector = rows[at + InRow.selectors] & 0xffff;
  if (protocol === TCP) {
    if ((info & INFO_SYN) !== 0 || isGuarded(state, mark & MARK_TCP, selector, TCP, own)) {
      if (!allows(state, remote, selector, TCP, own)) return DROP_PORT;
    }
  } else if (protocol === UDP) {
    if (
      isGuarded(state, mark & MARK_UDP, selector, UDP, own) ||
      !answersFlow(state, rows, at, remote, UDP, turned(rows[at + InRow.ports]), now)
    ) {
      if (!allows(state, remote, selector, UDP, own)) return DROP_PORT;
    }
  } else {
    return DROP_PROTOCOL;
  }
  if ((info & FRAGMENTS) === INFO_FIRST_FRAGMENT) admitFragments(state, rows, at, remote, family, now);
  return ADMITTED;
}

function isOwnOrganisation(state: EngineState, remote: number): boolean {
  return state.tables.remotes.organisation[remote] === ORGANISATION_OWN;
}

/** Whether everything that the remote sends to this own selector comes in: the host itself, for its own organisation. */
function isTrustedWith(state: EngineState, remote: number, own: number): boolean {
  return own === 0 && isOwnOrganisation(state, remote);
}

function judgeIcmp(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  isTrusted: boolean,
  now: number,
): number {
  const info = rows[at + InRow.info];
  const family = info & INFO_FAMILY;
  if ((info & INFO_NO_PORTS) !== 0) return DROP_ICMP_TYPE;
  const type = rows[at + InRow.ports] >>> 24;
  if ((info & INFO_ICMP_ERROR) !== 0) {
    return mayReport(type, family) ? judgeQuote(state, rows, at, remote, isTrusted, now) : DROP_ICMP_TYPE;
  }
  const isRequest = type === (family === 6 ? 128 : 8);
  if (isRequest && !isOwnOrganisation(state, remote)) return DROP_FLOW;
  if (!isRequest && type !== (family === 6 ? 129 : 0)) return DROP_ICMP_TYPE;
  if (isTrusted) return ADMITTED;
  const identifier = rows[at + InRow.ports] & 0xffff;
  const protocol = family === 6 ? ICMP6 : ICMP;
  if (!isRequest && !answersFlow(state, rows, at, remote, protocol, identifier, now)) return DROP_FLOW;
  if ((info & FRAGMENTS) === INFO_FIRST_FRAGMENT) admitFragments(state, rows, at, remote, family, now);
  return ADMITTED;
}

/** Unreachable, time exceeded, parameter problem, Packet Too Big; not source quench (RFC 6633). */
function mayReport(type: number, family: number): boolean {
  return family === 6 ? type >= 1 && type <= 4 : type === 3 || type === 11 || type === 12;
}

function judgeQuote(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  isTrusted: boolean,
  now: number,
): number {
  const quote = rows[at + InRow.quoteInfo];
  if ((quote & QUOTE_MATCHES) === 0) return DROP_QUOTE;
  if (isTrusted) return ADMITTED;
  if ((quote & QUOTE_PORTS_KNOWN) === 0) return DROP_QUOTE;
  const family = rows[at + InRow.info] & INFO_FAMILY;
  const selectors = turned(rows[at + InRow.selectors]);
  // The quoted packet went out, so its first port is this host's.
  const ports = rows[at + InRow.quotePorts];
  const protocol = quote & 0xff;
  // Whoever may send any TCP packet but a SYN gains nothing by an error about one.
  if (protocol === TCP) return ADMITTED;
  const word = flowRemote(state.tables, remote);
  if (protocol === UDP) {
    if (state.flows.has(word, ports, selectors, flowKind(UDP, family), now)) return ADMITTED;
    return allows(state, remote, selectors >>> 16, UDP, ports >>> 16) ? ADMITTED : DROP_FLOW;
  }
  if (protocol !== (family === 6 ? ICMP6 : ICMP) || ports >>> 24 !== (family === 6 ? 128 : 8))
    return DROP_FLOW;
  return state.flows.has(word, ports & 0xffff, selectors, flowKind(protocol, family), now)
    ? ADMITTED
    : DROP_FLOW;
}

/** `mark`: what OpenPorts.marks says of the port and protocol. */
function isGuarded(
  state: EngineState,
  mark: number,
  selector: number,
  protocol: number,
  port: number,
): boolean {
  return mark !== 0 && state.tables.openPorts.isGuarded(selector, protocol, port);
}

function allows(
  state: EngineState,
  remote: number,
  selector: number,
  protocol: number,
  port: number,
): boolean {
  const { remotes, openPorts } = state.tables;
  const isGuest = (remotes.flags[remote] & REMOTE_GUEST) !== 0;
  return openPorts.allows(
    selector,
    protocol,
    port,
    remotes.organisation[remote],
    isGuest,
    openPorts.tagsOf(remote),
  );
}

function answersFlow(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  protocol: number,
  ports: number,
  now: number,
): boolean {
  const kind = flowKind(protocol, rows[at + InRow.info] & INFO_FAMILY);
  const selectors = turned(rows[at + InRow.selectors]);
  return state.flows.answers(flowRemote(state.tables, remote), ports, selectors, kind, now);
}

function admitFragments(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  family: number,
  now: number,
): void {
  const selectors = turned(rows[at + InRow.selectors]);
  state.fragments.admit(
    flowRemote(state.tables, remote),
    rows[at + InRow.fragmentId],
    selectors,
    family,
    now,
  );
}

/**
 * Remembers an outbound packet whose answers would be judged. False: it may not leave, since it comes from a guarded port and goes
 * to who may not use that. OutRow.selectors is written.
 */
export function mayLeave(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  now: number,
): boolean {
  const info = rows[at + OutRow.info];
  if ((info & (INFO_LATER_FRAGMENT | INFO_NO_PORTS)) !== 0) return true;
  const selectors = rows[at + OutRow.selectors];
  const family = info & INFO_FAMILY;
  const protocol = (info >>> INFO_PROTOCOL_SHIFT) & 0xff;
  const ports = rows[at + OutRow.ports];
  const isTrusted = isTrustedWith(state, remote, selectors >>> 16);
  if (protocol === TCP || protocol === UDP) {
    const own = ports >>> 16;
    const mark = state.tables.openPorts.marks[own];
    const guard = mark & (protocol === TCP ? MARK_TCP : MARK_UDP);
    const isHere = isGuarded(state, guard, selectors >>> 16, protocol, own);
    if (protocol === TCP) return !isHere || allows(state, remote, selectors >>> 16, TCP, own);
    if (isTrusted && (mark & MARK_NARROWED) === 0) return true;
    // What leaves an open port needs no entry: a remote that asks from many ports would push out other remotes' flows.
    if (allows(state, remote, selectors >>> 16, UDP, own)) return true;
    if (isHere) return false;
    state.flows.note(flowRemote(state.tables, remote), ports, selectors, flowKind(UDP, family), now);
    return true;
  }
  if (isTrusted || protocol !== (family === 6 ? ICMP6 : ICMP)) return true;
  if (ports >>> 24 !== (family === 6 ? 128 : 8)) return true;
  state.flows.note(
    flowRemote(state.tables, remote),
    ports & 0xffff,
    selectors,
    flowKind(protocol, family),
    now,
  );
  return true;
}
