// Services in the packet's way. A service has one address; each flow to it is pinned to one endpoint, and only that travels.
// What comes back gets the service's address as source by the same pin.
//
// A service that this host provides too may be reached here: what is pinned to the own endpoint never leaves, it is written back
// to the TUN with other addresses. Host -> service becomes service -> endpoint, and the endpoint's answer, endpoint ->
// service, becomes service -> host.

import { NONE, OWN_REMOTE } from '../addressing/types.ts';
import {
  Action,
  INFO_FAMILY,
  INFO_FIRST_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LAST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_SYN,
  INFO_TCP_END,
  InRow,
  OutRow,
} from '../base/batch-layout.generated.ts';
import { TCP, UDP } from '../base/ip.ts';
import { ANY_PORT } from './balance.ts';
import { flowKind, flowPorts, flowProtocol, flowRemote, NO_PORTS, turned } from './flow.ts';
import type { EngineState } from './state.ts';

/** "Remote slot" of this host's endpoints in their table. */
const HERE = 0;
/** The word of the own endpoints, in place of a remote slot and its generation. */
const OWN_WORD = (OWN_REMOTE << 16) >>> 0;
/** A first fragment that is also the last (RFC 6946) is followed by nothing. */
const FRAGMENTS = INFO_FIRST_FRAGMENT | INFO_LAST_FRAGMENT;

/**
 * Place of the pin by which the outbound packet at `at` goes, made if it opens a flow; NONE: there is nowhere to go. `own`: selector
 * of the own endpoint that it comes from.
 */
export function pinOutbound(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  service: number,
  own: number,
  now: number,
): number {
  const { pins, tables } = state;
  const info = rows[at + OutRow.info];
  const quoteInfo = rows[at + OutRow.quoteInfo];
  const family = info & INFO_FAMILY;
  const protocol = flowProtocol(info, quoteInfo);
  const from = ((service << 16) | own) >>> 0;
  if ((info & INFO_LATER_FRAGMENT) !== 0) {
    const place = state.pinnedOut.valueOf(from, rows[at + OutRow.fragmentId], protocol, family, now);
    return place !== NONE && pins.isFrom(place, from) ? place : NONE;
  }
  const ports = flowPorts(false, info, rows[at + OutRow.ports], quoteInfo, rows[at + OutRow.quotePorts]);
  if (ports === NO_PORTS) return NONE;
  const kind = ((tables.services.generation[service] << 16) | flowKind(protocol, family)) >>> 0;
  let place = pins.find(from, ports, kind, now);
  if ((info & INFO_ICMP_ERROR) !== 0) return place;
  const isUnderWay = protocol === TCP && (info & INFO_SYN) === 0;
  if (place === NONE || !holds(state, place, isUnderWay)) {
    place = pinAnew(state, from, ports, kind, isUnderWay, place, now);
    if (place === NONE) return NONE;
  }
  pins.touch(place, now);
  if (protocol === TCP && (info & (INFO_SYN | INFO_TCP_END)) !== 0) {
    pins.setClosing(place, (info & INFO_TCP_END) !== 0);
  }
  if ((info & FRAGMENTS) === INFO_FIRST_FRAGMENT) {
    state.pinnedOut.admit(from, rows[at + OutRow.fragmentId], protocol, family, now, place);
  }
  return place;
}

/** Place of the pin that an inbound packet of this remote answers, or NONE. Its source is then the service. */
export function pinInbound(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  remote: number,
  now: number,
): number {
  const { pins } = state;
  if (pins.isEmpty) return NONE;
  const info = rows[at + InRow.info];
  const quoteInfo = rows[at + InRow.quoteInfo];
  const word = flowRemote(state.tables, remote);
  const selectors = turned(rows[at + InRow.selectors]);
  const kind = flowKind(flowProtocol(info, quoteInfo), info & INFO_FAMILY);
  if ((info & INFO_LATER_FRAGMENT) !== 0) {
    const place = state.pinnedIn.valueOf(word, rows[at + InRow.fragmentId], selectors, kind, now);
    return place !== NONE && pins.isTo(place, word, selectors) ? place : NONE;
  }
  const ports = flowPorts(true, info, rows[at + InRow.ports], quoteInfo, rows[at + InRow.quotePorts]);
  if (ports === NO_PORTS) return NONE;
  const place = pins.findBack(word, selectors, ports, kind, now);
  if (place === NONE || (info & INFO_ICMP_ERROR) !== 0) return place;
  pins.touch(place, now);
  if ((info & FRAGMENTS) === INFO_FIRST_FRAGMENT) {
    state.pinnedIn.admit(word, rows[at + InRow.fragmentId], selectors, kind, now, place);
  }
  return place;
}

/**
 * Own selector to which a packet of an own endpoint to its service goes, being an answer to somebody here; NONE: it is none, but
 * of a program that uses the service from that address.
 */
export function answeredHere(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  service: number,
  own: number,
  now: number,
): number {
  if (own === 0) return NONE;
  const { pins, pinnedIn, pinnedOut, tables } = state;
  const info = rows[at + OutRow.info];
  const quoteInfo = rows[at + OutRow.quoteInfo];
  const id = rows[at + OutRow.fragmentId];
  const protocol = flowProtocol(info, quoteInfo);
  const kind = flowKind(protocol, info & INFO_FAMILY);
  if ((info & INFO_LATER_FRAGMENT) !== 0) {
    const place = pinnedIn.valueOf(OWN_WORD, id, own, kind, now);
    if (place !== NONE) return pins.isTo(place, OWN_WORD, own) ? pins.ownSelector(place) : NONE;
    const isAsked = pinnedOut.follows(((service << 16) | own) >>> 0, id, protocol, info & INFO_FAMILY, now);
    return isAsked || tables.services.find(service, OWN_REMOTE, own) === NONE ? NONE : 0;
  }
  const ports = flowPorts(true, info, rows[at + OutRow.ports], quoteInfo, rows[at + OutRow.quotePorts]);
  if (ports === NO_PORTS || (info & INFO_SYN) !== 0) return NONE;
  const place = pins.findBack(OWN_WORD, own, ports, kind, now);
  if (place === NONE || pins.serviceSlot(place) !== service) {
    // Without a pin, after a restart for example, it is the host itself that asked, as it is nearly always.
    return isServedAt(state, service, own, protocol, ports) ? 0 : NONE;
  }
  pins.touch(place, now);
  if ((info & FRAGMENTS) === INFO_FIRST_FRAGMENT) pinnedIn.admit(OWN_WORD, id, own, kind, now, place);
  return pins.ownSelector(place);
}

/** Whether the own endpoint serves the port of a flow. */
function isServedAt(
  state: EngineState,
  service: number,
  own: number,
  protocol: number,
  ports: number,
): boolean {
  const { services } = state.tables;
  const place = services.find(service, OWN_REMOTE, own);
  if (place === NONE) return false;
  if (protocol !== TCP && protocol !== UDP) return true;
  return services.protocol[place] === protocol && services.port[place] === (ports & 0xffff);
}

/** Turns the row at `at` into one from the service to an own endpoint. Action.drop: one of them has no address in this family. */
export function loopBack(
  state: EngineState,
  rows: Uint32Array,
  at: number,
  service: number,
  selector: number,
): Action {
  const { services, ownEndpoints } = state.tables;
  const is6 = (rows[at + OutRow.info] & INFO_FAMILY) === 6;
  const to = ownEndpoints.find(HERE, selector);
  if (to === NONE) return Action.drop;
  const hasSource = writeWords(services.address6, services.alias, service, is6, rows, at + OutRow.loopSource);
  const { address6, alias } = ownEndpoints;
  const hasTarget = writeWords(address6, alias, to, is6, rows, at + OutRow.loopDestination);
  return hasSource && hasTarget ? Action.loop : Action.drop;
}

/** Four words of a service's address in a family; false: it has none there. */
export function writeServiceAddress(
  state: EngineState,
  service: number,
  family: number,
  rows: Uint32Array,
  at: number,
): boolean {
  const { address6, alias } = state.tables.services;
  return writeWords(address6, alias, service, family === 6, rows, at);
}

/** Whether a flow may stay where it is pinned to. `isUnderWay`: it would not survive to go elsewhere. */
function holds(state: EngineState, place: number, isUnderWay: boolean): boolean {
  const { pins, tables } = state;
  const word = pins.remoteWord(place);
  const remote = word >>> 16;
  const isThere =
    remote === OWN_REMOTE
      ? tables.ownEndpoints.find(HERE, pins.remoteSelector(place)) !== NONE
      : tables.remotes.generation[remote] === (word & 0xffff);
  if (!isThere || isUnderWay) return isThere;
  const endpoint = pins.endpointOf(place);
  return endpoint !== NONE && state.balancer.isUp(endpoint);
}

/** `before`: the pin that does not hold any more, or NONE. */
function pinAnew(
  state: EngineState,
  from: number,
  ports: number,
  kind: number,
  isUnderWay: boolean,
  before: number,
  now: number,
): number {
  const { balancer, pins } = state;
  const protocol = (kind >>> 8) & 0xff;
  const family = kind & 0xff;
  const service = from >>> 16;
  const port = protocol === TCP || protocol === UDP ? ports & 0xffff : ANY_PORT;
  const identity = before === NONE ? 0 : pins.identity(before);
  if (before !== NONE) pins.remove(before);
  const endpoint = isUnderWay
    ? balancer.recall(service, family, protocol, ports, identity)
    : balancer.draw(service, family, protocol, port);
  if (endpoint === NONE) return NONE;
  return pins.add(from, ports, kind, endpoint, balancer.identityOf(endpoint), now);
}

function writeWords(
  address6: Uint32Array,
  alias: Uint32Array,
  place: number,
  is6: boolean,
  rows: Uint32Array,
  at: number,
): boolean {
  rows[at] = is6 ? address6[4 * place] : 0;
  rows[at + 1] = is6 ? address6[4 * place + 1] : 0;
  rows[at + 2] = is6 ? address6[4 * place + 2] : 0xffff;
  rows[at + 3] = is6 ? address6[4 * place + 3] : alias[place];
  return is6 || alias[place] !== 0;
}
