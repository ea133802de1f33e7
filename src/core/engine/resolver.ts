// The resolver's virtual address: queries go up to the node. It has no route, so the ordinary way never comes here.

import { NONE } from '../addressing/types.ts';
import {
  Action,
  INFO_FAMILY,
  INFO_FIRST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_PROTOCOL_SHIFT,
  OutRow,
  ROW_WORDS,
  SLOT_BYTES,
  SLOT_HEADROOM,
} from '../base/batch-layout.generated.ts';
import { DROP_REASON_ID } from '../base/drop-reason.ts';
import { ICMP, ICMP6, UDP } from '../base/ip.ts';
import { echoReply } from './icmp.ts';
import type { EngineState } from './state.ts';
import type { EngineSink } from './types.ts';

const DNS_PORT = 53;
/** Bytes of an echo request that is answered. */
const MAX_ECHO = 1500;
const NOT_A_MESSAGE = INFO_FIRST_FRAGMENT | INFO_LATER_FRAGMENT | INFO_NO_PORTS;

const DROP_RESOLVER = DROP_REASON_ID.outboundResolver;
const DROP_SOURCE = DROP_REASON_ID.outboundSource;

/** Whether the packet at `at` goes to the resolver, by either address. */
export function isResolver(state: EngineState, rows: Uint32Array, at: number): boolean {
  const { resolver } = state.tables;
  const to = at + OutRow.destination;
  if ((rows[at + OutRow.info] & INFO_FAMILY) === 4) return resolver[4] !== 0 && rows[to + 3] === resolver[4];
  return (
    resolver[0] !== 0 &&
    rows[to + 3] === resolver[3] &&
    rows[to + 2] === resolver[2] &&
    rows[to + 1] === resolver[1] &&
    rows[to] === resolver[0]
  );
}

/** Queries by UDP go to `sink`, pings are answered, anything else is nothing: TCP the host takes away before the TUN. */
export function toResolver(
  state: EngineState,
  rows: Uint32Array,
  bytes: Uint8Array,
  at: number,
  now: number,
  sink: EngineSink,
): Action {
  if (state.tables.ownRoutes.find(rows, at + OutRow.source) === NONE) return refuse(state, DROP_SOURCE);
  const info = rows[at + OutRow.info];
  const ports = rows[at + OutRow.ports];
  const protocol = (info >>> INFO_PROTOCOL_SHIFT) & 0xff;
  if ((info & NOT_A_MESSAGE) !== 0 || rows[at + OutRow.segmentBytes] !== 0)
    return refuse(state, DROP_RESOLVER);
  if (protocol === UDP && (ports & 0xffff) === DNS_PORT) {
    sink.dns(at / ROW_WORDS);
    return Action.drop;
  }
  const is6 = (info & INFO_FAMILY) === 6;
  const length = rows[at + OutRow.length];
  const isEcho = protocol === (is6 ? ICMP6 : ICMP) && ports >>> 24 === (is6 ? 128 : 8);
  const header = rows[at + OutRow.headerBytes];
  if (!isEcho || length > MAX_ECHO || (is6 && header !== 40)) return refuse(state, DROP_RESOLVER);
  if (!state.unreachableLimit.allows(now)) return refuse(state, DROP_RESOLVER);
  sink.inject(echoReply(bytes, rows[at + OutRow.slot] * SLOT_BYTES + SLOT_HEADROOM, length, header));
  return Action.drop;
}

function refuse(state: EngineState, reason: number): Action {
  state.drops.counts[reason]++;
  return Action.drop;
}
