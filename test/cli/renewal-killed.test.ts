// kill -9 while certificates are renewed: what is found on disk is the old one or a good new one, and the node is renewed at last.
import t from 'tap';
import { uniform } from '../../src/core/base/rng.ts';
import { DAY_MS } from '../../src/core/base/time.ts';
import { ChainVerifier, readGenesis } from '../../src/core/identity/identity.ts';
import type { Status } from '../../src/host/api/types.ts';
import { nodeCrypto } from '../../src/host/crypto/crypto.ts';
import type { Membership, Storage } from '../../src/host/storage/storage.ts';
import { privateNamespace } from '../native/twin.ts';
import { type Mortal, onDisk, setUp } from './mortal.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

const KILLS = 14;
/** Certificates last for thirty days. */
const LATER_MS = 31 * DAY_MS;

function membershipOf(storage: Storage): Membership {
  const membership = storage.membership();
  if (membership === undefined) throw new Error('no membership');
  return membership;
}

/** Whether the certificate on disk is good after LATER_MS, and the same in everything but its dates; the old one is not renewed. */
function isRenewed(storage: Storage, before: Membership): boolean {
  const { genesis, chain } = membershipOf(storage);
  if (Buffer.compare(chain, before.chain) === 0) return false;
  const network = readGenesis(nodeCrypto, genesis);
  if (!network.ok) throw new Error(network.reason);
  const verifier = new ChainVerifier(nodeCrypto, network.network);
  const renewed = verifier.verify(chain, (Date.now() + LATER_MS) / 1000);
  const old = verifier.verify(before.chain, Date.now() / 1000);
  if (!renewed.ok || !old.ok) throw new Error('neither the old certificate nor a new one');
  const { notBefore, notAfter, bytes, ...rest } = renewed.chain;
  const { notBefore: _, notAfter: __, bytes: ___, ...restBefore } = old.chain;
  if (JSON.stringify(rest) !== JSON.stringify(restBefore)) throw new Error('another certificate');
  return true;
}

/** Resolves when it says that its certificate is good, or when it was killed. */
async function renewed(node: Mortal): Promise<void> {
  for (;;) {
    const answer = await node.ask<Status>('GET', '/v1/status');
    if ('code' in answer) return;
    const { state, warnings } = answer.ok;
    if (state === 'running' && !warnings.some(({ code }) => code === 'CERTIFICATE_EXPIRED')) return;
  }
}

t.test('a member by its signer, and a signer by itself', async (t) => {
  const { signer, rng, invite, joiner } = await setUp(t, 'kill -9 and renew');
  const member = joiner('bravo');
  await member.start();
  await member.must('POST', '/v1/join', { token: await invite(), name: 'bravo' });
  await member.stop();
  await signer.stop();
  for (const node of [signer, member]) {
    if (node === member) await signer.start();
    const before = onDisk(node, membershipOf);
    const age = () =>
      onDisk(node, (storage) => {
        storage.setMembership(before);
        // The time that was saved last counts where the clock is behind it.
        storage.save([], Date.now() + LATER_MS);
      });
    age();
    node.diesAt(0);
    await node.start();
    await renewed(node);
    await node.stop();
    t.ok(onDisk(node, (storage) => isRenewed(storage, before)));
    let { steps } = node;
    let killed = 0;
    for (let i = 0; i < KILLS / 2; i++) {
      age();
      node.diesAt(1 + uniform(rng, steps));
      if (await node.start()) {
        await renewed(node);
        await node.stop();
      }
      if (node.isDead) killed++;
      // One renewal takes more steps than another.
      else steps = Math.min(steps, node.steps);
      onDisk(node, (storage) => isRenewed(storage, before));
      node.livesOn();
      await node.start();
      await renewed(node);
      await node.stop();
      t.ok(onDisk(node, (storage) => isRenewed(storage, before)));
    }
    t.ok(killed >= KILLS / 4, `${killed} times`);
  }
});
