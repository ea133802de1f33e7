/** The first datagram of a handshake, by somebody who runs no node of the world. */
import { Suite } from '../../src/core/base/batch-layout.generated.ts';
import { EMPTY } from '../../src/core/base/bytes.ts';
import { OutboxBuffer } from '../../src/core/base/outbox.ts';
import type { NodeKeys } from '../../src/core/identity/types.ts';
import { DEFAULT_LIMITS, Ledger, Session } from '../../src/core/session/session.ts';
import type { SessionCommand, SessionEvent } from '../../src/core/session/types.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import type { World } from '../../src/sim/world.ts';

interface Shown {
  readonly kind: 'member' | 'joiner';
  readonly chain: Uint8Array;
  readonly freshness: number;
}

export function initiationTo(world: World, to: SimHost, keys: NodeKeys, shown: Shown): Uint8Array {
  const { kind, chain, freshness } = shown;
  const slots = { allocate: () => 7, release: () => undefined };
  const session = new Session<undefined>(
    {
      crypto: fakeCrypto,
      rng: world.rng,
      local: { keys, networkId: world.network.id },
      limits: DEFAULT_LIMITS,
      suites: [Suite.aes256Gcm],
      sendSlots: slots,
      receiveSlots: slots,
      ledger: new Ledger(),
      nextFreshness: () => freshness,
      introduce: () => ({ kind, chain, revocationHead: EMPTY }),
      answerEarly: () => EMPTY,
      verify: () => ({ ok: true, introduction: undefined }),
    },
    to.keys.nodeId,
  );
  const out = new OutboxBuffer<SessionCommand, SessionEvent<undefined>>();
  session.handle({ kind: 'connect' }, world.now, out);
  const [command] = out.sends;
  if (command?.kind !== 'datagram') throw new Error('no initiation');
  return command.bytes;
}
