// What the engine has said to remotes of its own accord.
import { NONE } from '../addressing/types.ts';
import type { EngineVoice } from '../engine/types.ts';
import type { NodeContext } from './context.ts';
import { sendAck, sendParity } from './control.ts';
import type { NodeOutboxBuffer } from './outbox.ts';

/** `context`: asked when something is to be said. */
export function voiceOf(context: () => NodeContext, out: NodeOutboxBuffer): EngineVoice {
  return {
    acknowledge(slot, receiveKey, delayMs, from) {
      const c = context();
      const remote = c.remotes.at(slot);
      if (remote !== undefined) sendAck(c, remote, receiveKey, delayMs, from);
    },
    ask(slot) {
      const c = context();
      const remote = c.remotes.at(slot);
      if (remote !== undefined) sendAck(c, remote, NONE);
    },
    setParity(slot, parities, longest) {
      const key = context().tables.remotes.sendKey[slot];
      if (key >= 0) out.commands.push({ kind: 'setParity', key, parities, longest });
    },
    sendParity(slot, parities) {
      const c = context();
      const remote = c.remotes.at(slot);
      return remote === undefined ? -1 : sendParity(c, remote, parities);
    },
    setHold: (key, holdMs) => void out.commands.push({ kind: 'setHold', key, holdMs }),
  };
}
