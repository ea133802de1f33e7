// State folders that come back from a backup older than a revocation.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import t from 'tap';
import type { PingResult, RevocationView, Status } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { type Mortal, setUp } from './mortal.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

const save = (node: Mortal) => spawnSync('cp', ['-a', node.state, `${node.state}.backup`]);

function restore(node: Mortal): void {
  rmSync(node.state, { recursive: true });
  spawnSync('cp', ['-a', `${node.state}.backup`, node.state]);
}

async function isRevokedAt(node: Mortal, target: string): Promise<boolean> {
  const list = await node.must<{ revocations: RevocationView[] }>('GET', '/v1/revocations');
  return list.revocations.some((revocation) => revocation.target === target);
}

async function reaches(node: Mortal, target: string): Promise<boolean> {
  const answer = await node.ask<PingResult>('POST', '/v1/ping', { target, count: 1 });
  return 'ok' in answer && answer.ok.lost === 0;
}

const peers = async (node: Mortal) =>
  (await node.must<Status>('GET', '/v1/status')).peers.map(({ name }) => name);

/** Handshakes of those who were revoked. */
const dropped = async (node: Mortal) =>
  (await node.must<Status>('GET', '/v1/status')).drops.certificateRevoked ?? 0;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

t.test('a restored node learns again, and a restored revoked one stays out', async (t) => {
  const { signer: alpha, invite, joiner } = await setUp(t, 'rolled back');
  const [bravo, charlie] = [joiner('bravo', 9377), joiner('charlie', 9378)];
  for (const [name, node] of [
    ['bravo', bravo],
    ['charlie', charlie],
  ] as const) {
    await node.start();
    await node.must('POST', '/v1/join', { token: await invite(), name });
  }
  await until(() => reaches(bravo, 'charlie'));
  const nodeId = (await charlie.must<Status>('GET', '/v1/status')).nodeId ?? '';
  for (const node of [bravo, charlie]) {
    await node.stop();
    save(node);
    await node.start();
  }
  await until(() => reaches(bravo, 'charlie'));
  await alpha.must('POST', '/v1/revocations', { node: 'charlie', reason: 'sold' });
  await until(() => isRevokedAt(bravo, nodeId));
  t.notOk(await reaches(bravo, 'charlie'));

  // Both have forgotten it, and nobody is there who knows.
  for (const node of [alpha, bravo, charlie]) await node.stop();
  for (const node of [bravo, charlie]) {
    restore(node);
    await node.start();
  }
  t.notOk(await isRevokedAt(bravo, nodeId));
  await until(() => reaches(bravo, 'charlie'));

  await alpha.start();
  await until(() => reaches(bravo, 'alpha'));
  await until(() => isRevokedAt(bravo, nodeId));
  await until(async () => !(await peers(bravo)).includes('charlie'));
  t.notOk(await reaches(bravo, 'charlie'), 'from its first handshake with others on');

  // The revoked one once more: what it was told since is gone again.
  await charlie.stop();
  restore(charlie);
  await charlie.start();
  const before = await dropped(alpha);
  for (const target of ['alpha', 'bravo'])
    t.notOk(await reaches(charlie, target), `${target} is lost for it`);
  t.ok((await dropped(alpha)) > before, 'its handshakes are dropped, and counted');
  for (const node of [alpha, bravo]) t.notOk((await peers(node)).includes('charlie'));

  const meetsAlpha = async (): Promise<string[]> => {
    await bravo.start();
    await until(() => reaches(bravo, 'alpha'));
    const { warnings } = await bravo.must<Status>('GET', '/v1/status');
    await bravo.stop();
    return warnings.map(({ code }) => code);
  };
  await bravo.stop();
  t.notOk((await meetsAlpha()).includes('STATE_OLDER'));
  restore(bravo);
  t.ok((await meetsAlpha()).includes('STATE_OLDER'), 'alpha remembers that it was further');
});
