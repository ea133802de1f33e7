// Whether the relays of this node carry what they say: who is asked to call it through them, and what is made of that.
import { isDialable } from '../base/ip.ts';
import { OutboxBuffer } from '../base/outbox.ts';
import type { RelayTrialEvent, RelayTrialInput, RelayTrialSend, TrialWitness } from '../path/types.ts';
import { RELAY_ADDRESSES_MAX, RELAY_CALL_BYTES } from '../wire/limits.ts';
import type { ControlMessage } from '../wire/types.ts';
import { encodeControl } from '../wire/wire.ts';
import { sayOrConnect } from './contacts.ts';
import { type NodeContext, TIMER_RELAY_TRIALS, toRelayUse } from './context.ts';
import { addressesOf, directAddress } from './known.ts';
import type { Remote } from './remotes.ts';

/** `input` undefined: its timer is due. */
export function feedRelayTrials(c: NodeContext, input: RelayTrialInput | undefined, now: number): void {
  const out = new OutboxBuffer<RelayTrialSend, RelayTrialEvent>();
  if (input === undefined) c.relayTrials.onTimer(now, out);
  else c.relayTrials.handle(input, now, out);
  for (const send of out.sends) askWitness(c, send);
  for (const { relay, verdict } of out.events) {
    if (verdict === 'failed') c.drops.count('relayFailed');
    toRelayUse(c, { kind: 'judged', slot: relay, verdict });
  }
  c.timers.set(TIMER_RELAY_TRIALS, c.relayTrials.wakeAt);
}

/**
 * Members that this node talks to directly, those that serve the DHT if there are any: they reach many, so that a relay cannot know them
 * for somebody's witnesses. A relay that lies is a liar when it is asked about another one, too. Where there is a session with some of
 * these, only they are asked.
 */
export function relayWitnesses(c: NodeContext, relay: number, now: number): TrialWitness[] {
  const members = [...c.remotes.values()].filter(
    (remote) => remote.slot !== relay && remote.kind === 'member' && directAddress(remote) !== undefined,
  );
  const { standing } = c.relayUse;
  const able = [
    ({ isCore }: Remote) => isCore,
    ({ slot }: Remote) => !standing.isSuspect(slot, now),
    ({ hasFailed }: Remote) => !hasFailed,
    (remote: Remote) => remote.isEstablished && remote.introduced === 'member',
  ].reduce(best, members);
  return able.map(({ slot, isEstablished }) => ({ slot, isReady: isEstablished }));
}

/** Those that are, if there are any. */
function best(remotes: Remote[], isBetter: (remote: Remote) => boolean): Remote[] {
  const better = remotes.filter(isBetter);
  return better.length > 0 ? better : remotes;
}

function askWitness(c: NodeContext, { relay: slot, witness }: RelayTrialSend): void {
  const relay = c.remotes.at(slot);
  const to = c.remotes.at(witness);
  if (relay === undefined || to === undefined) return;
  const addresses = addressesOf(relay).filter(isDialable).slice(0, RELAY_ADDRESSES_MAX);
  const bare: ControlMessage = {
    kind: 'relayCall',
    relay: { nodeId: relay.nodeId, addresses },
    padding: 0,
  };
  const padding = Math.max(1, RELAY_CALL_BYTES - encodeControl(bare).length);
  sayOrConnect(c, to, { ...bare, padding });
}
