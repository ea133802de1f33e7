// A node that its own owner revokes by mistake: refused, with what would break, until it is meant.
import { join } from 'node:path';
import t from 'tap';
import type { RevocationList, RevocationView, Status } from '../../src/host/api/types.ts';
import { errorOf, folder, mcc } from './run.ts';

t.setTimeout(115_000);

t.test('of oneself: only with --yes, and what will break is said', async (t) => {
  const state = join(folder(t), 'a');
  const at = ['--state', state];
  t.equal(mcc(['init', '--organisation', 'acme', '--name', 'alpha', ...at]).status, 0);
  t.equal(mcc(['service', 'add', 'web', '--port', '80', ...at]).status, 0);
  const { nodeId } = JSON.parse(mcc(['status', '--json', ...at]).stdout) as Status;
  for (const name of ['alpha', String(nodeId)]) {
    const done = mcc(['revoke', name, '--reason', 'a slip', ...at]);
    t.equal(done.status, 1);
    t.equal(done.stdout, '');
    t.match(done.stderr, /this node offers web\n/);
    t.match(done.stderr, /signs for its organisation: with it goes one that admits and renews others\n/);
    t.match(
      done.stderr,
      /alpha\. .*leave the network for good.*a new key and a new invitation.*`--yes`.*\(REVOKE_SELF\)/,
    );
    t.equal(errorOf(mcc(['revoke', name, '--reason', 'a slip', '--json', ...at])).code, 'REVOKE_SELF');
  }
  const list = () => JSON.parse(mcc(['revoke', '--list', '--json', ...at]).stdout) as RevocationList;
  t.equal(list().revocations.length, 0, 'nothing was done');
  const meant = mcc(['revoke', 'alpha', '--reason', 'sold', '--yes', '--json', ...at]);
  t.match(JSON.parse(meant.stdout) as RevocationView, { kind: 'node', target: nodeId, reason: 'sold' });
  const { warnings } = JSON.parse(mcc(['status', '--json', ...at]).stdout) as Status;
  t.ok(warnings.some(({ code, message }) => code === 'NODE_REVOKED' && /\(sold\)/.test(message)));
  t.equal(list().revocations.length, 1);
});
