// kill -9 while a signer admits and revokes: what is found on disk is from before or from after.
import t from 'tap';
import { uniform } from '../../src/core/base/rng.ts';
import type { JoinResult, RevocationView } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { type Mortal, onDisk, setUp } from './mortal.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

const KILLS = 12;
/** And two in which it survives. */
const REVOCATION_STEPS = 7;

const admitted = (signer: Mortal) =>
  onDisk(signer, (storage) => storage.loadState().tokens.map((token) => token.admitted.length));

t.test('while it admits and revokes', async (t) => {
  const { signer, rng, invite, joiner } = await setUp(t, 'kill -9 the signer');
  const revoke = (node: string) =>
    signer.ask<RevocationView>('POST', '/v1/revocations', { node, reason: 'sold' });
  const revoked = async () => {
    const list = await signer.must<{ revocations: RevocationView[] }>('GET', '/v1/revocations');
    return list.revocations.map(({ target }) => target);
  };
  const admission = { name: 'first', token: await invite() };
  const first = joiner('first');
  await first.start();
  signer.diesAt(0);
  const { nodeId } = await first.must<JoinResult>('POST', '/v1/join', admission);
  await first.stop();
  const { steps } = signer;
  t.ok(steps > 5, `an admission takes ${steps} steps`);

  let [killed, tokens] = [0, 1];
  /** What is on disk after an admission that was cut off, and a second attempt. */
  const admits = async (name: string): Promise<string> => {
    const node = joiner(name);
    const [token] = await Promise.all([invite(), node.start()]);
    tokens++;
    signer.diesAt(1 + uniform(rng, steps));
    const asked = node.ask<JoinResult>('POST', '/v1/join', { token, name });
    await Promise.race([asked, signer.ended()]);
    await node.kill();
    await asked;
    if (signer.isDead) killed++;
    else await signer.stop();
    const used = admitted(signer).filter((count) => count > 0).length;
    const isMember = onDisk(node, (storage) => storage.membership() !== undefined);
    t.ok(used === tokens || (used === tokens - 1 && !isMember), 'what left the signer is on its disk');
    signer.livesOn();
    await Promise.all([signer.start(), node.start()]);
    const { nodeId } = await node.must<JoinResult>('POST', '/v1/join', { token, name });
    await node.stop();
    return nodeId;
  };
  const gone: string[] = [];
  const revokes = async (node: string): Promise<void> => {
    signer.diesAt(1 + uniform(rng, REVOCATION_STEPS));
    const answer = await revoke(node);
    signer.livesOn();
    await signer.ask('GET', '/v1/status');
    if (signer.isDead) {
      killed++;
      await signer.start();
    }
    const isListed = (await revoked()).includes(node);
    t.ok(isListed || !('ok' in answer), 'what was said to be done is done');
    if (isListed) t.match(await revoke(node), { code: 'ALREADY_REVOKED' });
    else t.match(await revoke(node), { ok: { target: node } });
    gone.push(node);
    t.strictSame((await revoked()).toSorted(), gone.toSorted());
  };
  await revokes(nodeId);
  for (let i = 0; i < KILLS; i++) await revokes(await admits(`node-${i}`));
  t.ok(killed >= KILLS, `${killed} times`);
  await signer.stop();
  t.strictSame([...new Set(admitted(signer))], [1], 'each token was used once');
});
