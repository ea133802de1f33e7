// DNS queries of local programs, and the names that discovery found for them.
import { OutboxBuffer } from '../../base/outbox.ts';
import type { DnsEvent, DnsInput, DnsSend } from '../../dns/types.ts';
import { udpPacket } from '../../engine/engine.ts';
import { type NodeContext, TIMER_DNS, toDiscovery } from '../context.ts';
import { meaningOf } from '../imports.ts';
import type { DnsAsker } from '../questions.ts';

/** `input` undefined: its timer is due. */
export function feedDns(c: NodeContext, input: DnsInput<DnsAsker> | undefined, now: number): void {
  const { dns } = c;
  if (dns === undefined) return;
  const out = new OutboxBuffer<DnsSend<DnsAsker>, DnsEvent<DnsAsker>>();
  if (input === undefined) dns.onTimer(now, out);
  else dns.handle(input, now, out);
  for (const { token, bytes } of out.sends) answer(c, token, bytes);
  for (const event of out.events) {
    if (event.kind === 'resolve') {
      const id = c.questions.ask({ kind: 'dns', id: event.id });
      toDiscovery(c, { kind: 'resolve', id, name: meaningOf(c, event.name) });
      continue;
    }
    if (event.kind === 'foreign') {
      const forwardId = c.questions.forward(event.token);
      c.out.events.push({ kind: 'foreignQuery', forwardId, bytes: event.bytes, maxBytes: event.maxBytes });
      continue;
    }
    c.drops.count(event.reason);
    if (event.token.kind === 'request')
      c.out.events.push({ kind: 'dnsAnswer', requestId: event.token.requestId, bytes: undefined });
  }
  c.timers.set(TIMER_DNS, dns.wakeAt);
}

/** What the host found for a foreign query; undefined: nothing. */
export function onForwarded(c: NodeContext, forwardId: number, bytes: Uint8Array | undefined): void {
  const asker = c.questions.takeForward(forwardId);
  if (asker === undefined) return;
  if (bytes !== undefined) answer(c, asker, bytes);
  else if (asker.kind === 'request')
    c.out.events.push({ kind: 'dnsAnswer', requestId: asker.requestId, bytes: undefined });
}

function answer(c: NodeContext, asker: DnsAsker, bytes: Uint8Array): void {
  if (asker.kind === 'request') {
    c.out.events.push({ kind: 'dnsAnswer', requestId: asker.requestId, bytes });
    return;
  }
  const { from, fromPort, to, toPort } = asker.query;
  c.out.commands.push({ kind: 'inject', packet: udpPacket(to, toPort, from, fromPort, bytes) });
}
