// What discovery wants of the DHT and of the paths, and who is told what it found.
import { OutboxBuffer } from '../../base/outbox.ts';
import type {
  DiscoveryEvent,
  DiscoveryInput,
  DiscoveryPersist,
  DiscoverySend,
  PeerState,
} from '../../discovery/types.ts';
import { remoteOf } from '../contacts.ts';
import { type NodeContext, TIMER_DISCOVERY, toDht, toDiscovery, toDns, toSession } from '../context.ts';
import { noteRelays } from '../relaying.ts';
import type { Remote } from '../remotes.ts';
import { dropProviders, setProviders } from '../service-sets.ts';
import { onSignersFound } from '../signers.ts';

type DiscoveryOut = OutboxBuffer<DiscoverySend, DiscoveryEvent, DiscoveryPersist>;

/** Initiations without an answer after which a node counts as silent: it may be gone, although no attempt has failed yet. */
const UNANSWERED_MAX = 2;

/** `input` undefined: its timer is due. Throws a CodedError when it refuses a command of the host. */
export function feedDiscovery(c: NodeContext, input: DiscoveryInput | undefined, now: number): void {
  const { discovery } = c;
  if (discovery === undefined) return;
  const out: DiscoveryOut = new OutboxBuffer();
  try {
    if (input === undefined) discovery.onTimer(now, out);
    else discovery.handle(input, now, out);
  } finally {
    for (const send of out.sends) toDht(c, send);
    for (const event of out.events) onDiscoveryEvent(c, event, now);
    for (const record of out.persists) c.out.persists.push({ kind: 'discovery', record });
    c.timers.set(TIMER_DISCOVERY, discovery.wakeAt);
  }
}

function onDiscoveryEvent(c: NodeContext, event: DiscoveryEvent, now: number): void {
  switch (event.kind) {
    case 'service':
      setProviders(c, event, now);
      return;
    case 'serviceGone':
      dropProviders(c, event.key);
      return;
    case 'node': {
      const remote =
        event.addresses.length === 0 && event.relays.length === 0
          ? undefined
          : remoteOf(c, event.nodeId, event.addresses, 'own', now);
      if (remote === undefined) return;
      noteRelays(c, remote, event.relays, now);
      if (remote.kind === 'told' && remote.name === '') remote.name = event.name;
      if (remote.kind === 'told' && remote.organisation.length === 0)
        remote.organisation = event.organisation;
      // Packets or a ping wait for it: now there is somewhere to go.
      if (remote.isWanted && !remote.isEstablished) {
        toSession(c, remote, { kind: 'connect' });
      }
      return;
    }
    case 'warm': {
      const remote = remoteOf(c, event.nodeId, event.addresses, 'own', now);
      if (remote === undefined) return;
      if (event.relays.length > 0) noteRelays(c, remote, event.relays, now);
      want(c, remote);
      return;
    }
    case 'resolved': {
      const asker = c.questions.take(event.id);
      if (asker?.kind === 'dns') toDns(c, { kind: 'resolved', id: asker.id, result: event.result });
      else if (asker?.kind === 'request')
        c.out.events.push({ kind: 'resolved', requestId: asker.requestId, result: event.result });
      return;
    }
    case 'stored':
    case 'got': {
      const asker = c.questions.take(event.id);
      if (asker?.kind === 'renewal' && event.kind === 'got') onSignersFound(c, event.result, now);
      if (asker?.kind === 'epoch' && event.kind === 'got')
        c.work.push({ kind: 'epochsFound', organisation: asker.organisation, result: event.result });
      if (asker?.kind !== 'request') return;
      const { requestId } = asker;
      if (event.kind === 'got') c.out.events.push({ kind: 'got', requestId, result: event.result });
      else {
        const { key, sequence, expires, copies } = event;
        c.out.events.push({ kind: 'stored', requestId, key, sequence, expires, copies });
      }
      return;
    }
    case 'wantEpochs':
      c.work.push({ ...event, kind: 'epochsWanted' });
      return;
    case 'dropped':
      c.drops.count(event.reason);
      return;
  }
}

/** A session should stand; where no address is known, the DHT is asked. */
export function want(c: NodeContext, remote: Remote): void {
  remote.isWanted = true;
  toSession(c, remote, { kind: 'connect' });
  if (remote.path.candidates.length === 0) toDiscovery(c, { kind: 'wantNode', nodeId: remote.nodeId });
}

/** Discovery learns of every change in how a remote is. */
export function tellState(c: NodeContext, remote: Remote): void {
  const state = stateOf(remote);
  if (state === remote.toldState) return;
  remote.toldState = state;
  tellPeer(c, remote);
}

export function tellPeer(c: NodeContext, remote: Remote): void {
  const { nodeId, verified, toldState } = remote;
  const member =
    verified?.tier !== 'member'
      ? undefined
      : {
          name: verified.name,
          organisation: verified.organisation,
          organisationName: verified.organisationName,
          provides: verified.provides,
        };
  toDiscovery(c, { kind: 'peer', nodeId, state: toldState, member });
}

function stateOf(remote: Remote): PeerState {
  const isUp = remote.isEstablished && remote.introduced === 'member';
  if (isUp && remote.path.phase === 'up' && remote.unanswered < UNANSWERED_MAX) return 'up';
  if (isUp || remote.unanswered >= UNANSWERED_MAX) return remote.hasFailed ? 'down' : 'suspect';
  return remote.hasFailed ? 'down' : 'idle';
}
