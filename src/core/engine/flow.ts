// By which words a flow is told from others.

import type { Tables } from '../addressing/addressing.ts';
import {
  INFO_FAMILY,
  INFO_ICMP_ERROR,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_PROTOCOL_SHIFT,
  QUOTE_PORTS_KNOWN,
} from '../base/batch-layout.generated.ts';
import { ICMP, ICMP6, TCP, UDP } from '../base/ip.ts';

/** Instead of ports: nothing that a flow could be told by. */
export const NO_PORTS = -1;

/** First word of a flow: remote slot and its generation. */
export function flowRemote(tables: Tables, remote: number): number {
  return ((remote << 16) | tables.remotes.generation[remote]) >>> 0;
}

/** Fourth word of a flow. */
export function flowKind(protocol: number, family: number): number {
  return (protocol << 8) | family;
}

/** Halves of a word exchanged: the ports and selectors of an inbound row as a flow names them, own half first. */
export function turned(word: number): number {
  return ((word << 16) | (word >>> 16)) >>> 0;
}

/** Protocol of the flow that a packet belongs to: that of the packet it quotes, if it is an ICMP error. */
export function flowProtocol(info: number, quoteInfo: number): number {
  return (info & INFO_ICMP_ERROR) !== 0 ? quoteInfo & 0xff : (info >>> INFO_PROTOCOL_SHIFT) & 0xff;
}

/**
 * Ports of the flow that a packet belongs to, those of who opened it first (echo: identifier), or NO_PORTS. `isAnswer`: the packet
 * goes to who opened the flow. Arguments are the words of its row.
 */
export function flowPorts(
  isAnswer: boolean,
  info: number,
  ports: number,
  quoteInfo: number,
  quotePorts: number,
): number {
  const isError = (info & INFO_ICMP_ERROR) !== 0;
  if ((info & (INFO_NO_PORTS | INFO_LATER_FRAGMENT)) !== 0) return NO_PORTS;
  if (isError && (quoteInfo & QUOTE_PORTS_KNOWN) === 0) return NO_PORTS;
  const word = isError ? quotePorts : ports;
  // An error speaks of a packet that went the other way.
  const isBack = isAnswer !== isError;
  const protocol = flowProtocol(info, quoteInfo);
  if (protocol === TCP || protocol === UDP) return isBack ? turned(word) : word;
  const is6 = (info & INFO_FAMILY) === 6;
  if (protocol !== (is6 ? ICMP6 : ICMP)) return NO_PORTS;
  const request = is6 ? 128 : 8;
  const reply = is6 ? 129 : 0;
  return word >>> 24 === (isBack ? reply : request) ? word & 0xffff : NO_PORTS;
}
