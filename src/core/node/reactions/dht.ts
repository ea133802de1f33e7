// What the DHT wants of the sessions, and what its answers mean to discovery.
import { OutboxBuffer } from '../../base/outbox.ts';
import type { DhtEvent, DhtInput, DhtPersist, DhtSend } from '../../dht/types.ts';
import type { DhtMessage } from '../../wire/types.ts';
import { sendToContact } from '../contacts.ts';
import { type NodeContext, TIMER_DHT, toDht, toDiscovery } from '../context.ts';
import { addressesOf, directAddress } from '../known.ts';
import type { Remote } from '../remotes.ts';

type DhtOut = OutboxBuffer<DhtSend, DhtEvent, DhtPersist>;

/** `input` undefined: its timer is due. */
export function feedDht(c: NodeContext, input: DhtInput | undefined, now: number): void {
  const { dht } = c;
  if (dht === undefined) return;
  const out: DhtOut = new OutboxBuffer();
  if (input === undefined) dht.onTimer(now, out);
  else dht.handle(input, now, out);
  for (const { to, message } of out.sends) sendToContact(c, to, message, now);
  for (const event of out.events) onDhtEvent(c, event);
  for (const record of out.persists) c.out.persists.push(dhtRecord(record));
  c.timers.set(TIMER_DHT, dht.wakeAt);
}

function dhtRecord(record: DhtPersist) {
  return record.kind === 'contact'
    ? ({ kind: 'dhtContact', contact: record.contact } as const)
    : ({ kind: 'forgetDhtContact', nodeId: record.nodeId } as const);
}

function onDhtEvent(c: NodeContext, event: DhtEvent): void {
  switch (event.kind) {
    case 'found':
    case 'published':
      toDiscovery(c, event);
      return;
    case 'dropped':
      c.drops.count(event.reason);
      return;
  }
}

/** A session with a member stands, or it said something new of itself. */
export function seen(c: NodeContext, remote: Remote): void {
  const { verified, nodeId, isCore, rttMs } = remote;
  if (verified?.tier !== 'member') return;
  const { nonce, organisation, name, provides, bytes, notAfter } = verified;
  const peer = {
    nodeId,
    nonce,
    organisation,
    name,
    provides,
    chain: bytes,
    notAfter,
    addresses: addressesOf(remote),
    isCore,
  };
  toDht(c, { kind: 'seen', peer: rttMs === undefined ? peer : { ...peer, rttMs } });
}

export function onDhtMessage(c: NodeContext, remote: Remote, message: DhtMessage): void {
  const address = directAddress(remote);
  toDht(c, {
    kind: 'message',
    from: remote.nodeId,
    message,
    ...(address === undefined ? {} : { address }),
  });
}
