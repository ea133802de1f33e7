/** `mcc revoke` at one host ends what two others are doing, also through a relay, and the revoked one does not come back. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { members, resolution } from './members.ts';
import { lastLine, type Node, reach } from './node.ts';
import { relayed } from './relayed.ts';

needsLab(t);

interface Revoked {
  revocations: { kind: string; target: string; reason: string }[];
}

/** What is promised is 5 s; the rest is for machines that do other things as well. */
const PROMISED_MS = 5000;
const PATIENCE_MS = 60_000;

const peerNames = (node: Node) => node.status().peers.map(({ name }) => name);
const warnings = (node: Node) =>
  node.json<{ warnings: { code: string }[] }>('status').warnings.map(({ code }) => code);
const isReached = (from: Node, address: string) =>
  from.host.run(['ping', '-c', '1', '-W', '1', address]).status === 0;

/** ms until `to` is no peer of `from` any more. */
async function endOf(from: Node, to: string): Promise<number> {
  const begin = performance.now();
  await until(`${from.name} drops ${to}`, () => !peerNames(from).includes(to), PATIENCE_MS);
  return performance.now() - begin;
}

t.test('typed at a third host, in the midst of traffic', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [alpha, bravo, charlie, delta] = await members(lab, 'alpha', 'bravo', 'charlie', 'delta');
  await until(
    'bravo finds charlie',
    () => bravo.try(['ping', 'charlie', '-c', '1']).status === 0,
    PATIENCE_MS,
  );
  const address = reach(bravo, 'charlie').ipv4;
  t.ok(isReached(bravo, address));
  await delta.down();
  const traffic = bravo.host.start(['ping', '-i', '0.1', address]);
  await traffic.waitFor(/bytes from/);

  t.match(bravo.try(['revoke', 'charlie', '--reason', 'no']).stderr, /NOT_A_SIGNER/);
  t.match(alpha.try(['revoke', 'alpha', '--reason', 'oops']).stderr, /REVOKE_SELF/);
  t.match(alpha.try(['revoke', 'charlie']).stderr, /--reason/);
  const revoked = alpha.json<{ kind: string; target: string }>('revoke', 'charlie', '--reason', 'sold');
  t.match(revoked, { kind: 'node', target: charlie.status().nodeId, reason: 'sold' });
  const tookMs = await endOf(bravo, 'charlie');
  t.ok(tookMs <= PROMISED_MS, `${Math.round(tookMs)} ms`);
  await until('no packet passes', () => !isReached(bravo, address), PATIENCE_MS);
  await traffic.stop('SIGINT');
  t.match(alpha.try(['revoke', 'charlie', '--reason', 'again']).stderr, /ALREADY_REVOKED|PEER_UNKNOWN/);
  t.match(bravo.mcc('revoke', '--list'), /node .* of acme, by signer .*: sold/);

  await until('charlie says so itself', () => warnings(charlie).includes('NODE_REVOKED'), PATIENCE_MS);
  t.match(charlie.daemon.output(), /selfRevoked/);
  t.equal(resolution(bravo, 'charlie.node'), undefined, 'no name leads to it');

  // It starts again, and finds nobody.
  await charlie.down();
  await charlie.up();
  t.not(charlie.try(['ping', 'bravo', '-c', '1']).status, 0);
  t.notOk(peerNames(bravo).includes('charlie'));
  const token = lastLine(alpha.mcc('invite', '--address', '10.1.0.2'));
  await charlie.down();
  charlie.host.run(['sh', '-c', `rm -f ${charlie.state}/state.db*`]);
  t.match(charlie.try(['join', '-', '--name', 'charlie'], token).stderr, /NODE_REVOKED/);

  // Delta was off all the time.
  await delta.up();
  await until(
    'delta learns at its first handshake',
    () => delta.json<Revoked>('revoke', '--list').revocations.some(({ reason }) => reason === 'sold'),
    PATIENCE_MS,
  );
});

t.test('through a relay', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const nat = { kind: 'symmetric-random' } as const;
  const { hubs, ends, address } = await relayed(lab, { hubs: 1, ends: [nat, nat] });
  const [alpha, bravo] = ends.map(({ node }) => node);
  const traffic = alpha.host.start(['ping', '-i', '0.1', address]);
  await traffic.waitFor(/bytes from/);
  hubs[0].node.mcc('revoke', 'bravo', '--reason', 'lost');
  const tookMs = await endOf(alpha, 'bravo');
  t.ok(tookMs <= PROMISED_MS, `${Math.round(tookMs)} ms`);
  await traffic.stop('SIGINT');
  t.notOk(isReached(alpha, address));
  await until('bravo says so itself', () => warnings(bravo).includes('NODE_REVOKED'), PATIENCE_MS);
  await until(
    'the relay lets go of it',
    () => hubs[0].node.json<{ relaying: { circuits: number } }>('status').relaying.circuits === 0,
    PATIENCE_MS,
  );
});
