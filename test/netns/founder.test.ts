/** What is left when the founder's machine is destroyed: a second signer, and the root phrase on paper. */
import { rmSync } from 'node:fs';
import t from 'tap';
import { Calendar, needsCalendar } from './calendar.ts';
import { install, signed } from './documents.ts';
import { Lab, needsLab, until } from './lab.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);
needsCalendar();

const PATIENCE_MS = 60_000;

t.test('nodes are admitted and renewed, and another organisation comes in', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const calendar = new Calendar(lab);
  const [alpha, bravo, charlie, delta, golf] = lab
    .star('alpha', 'bravo', 'charlie', 'delta', 'golf')
    .map((host) => new Node(lab, host, host.name)) as [Node, Node, Node, Node, Node];
  for (const node of [alpha, bravo, charlie, delta, golf]) node.prefix = calendar.words;
  const { recoveryPhrase } = alpha.json<{ recoveryPhrase: string }>(
    ...['init', '--organisation', 'acme', '--name', 'alpha'],
  );
  await alpha.up('--advertise', '10.1.0.2');
  bravo.join(lastLine(alpha.mcc('invite', '--address', '10.1.0.2')));
  await bravo.up('--advertise', '10.2.0.2');
  const bare = lastLine(bravo.mcc('organisation', 'signer', 'request'));
  const approval = alpha.try(['organisation', 'signer', 'approve', '-'], bare);
  t.equal(approval.status, 0, approval.stderr);
  const network = alpha.mcc('organisation', 'show', '--genesis');
  install(bravo, signed(lab, lastLine(approval.stdout), network, [recoveryPhrase]));
  charlie.join(lastLine(bravo.mcc('invite', '--address', '10.2.0.2')));
  await charlie.up('--advertise', '10.3.0.2');

  await alpha.down('SIGKILL');
  rmSync(alpha.state, { recursive: true });
  await charlie.down();
  await bravo.down();
  calendar.set(13);
  await bravo.up('--advertise', '10.2.0.2');

  delta.join(lastLine(bravo.mcc('invite', '--address', '10.2.0.2')));
  await delta.up();
  t.equal(delta.status().organisation, 'acme', 'admitted');

  await charlie.up('--advertise', '10.3.0.2');
  await charlie.daemon.waitFor(/"event":"renewed"/, PATIENCE_MS);
  t.ok(calendar.left(charlie) > 29, 'renewed');

  // The phrase was on paper; what the network is, any node tells.
  const request = lastLine(golf.mcc('organisation', 'create', 'globex'));
  const document = signed(lab, request, bravo.mcc('organisation', 'show', '--genesis'), [recoveryPhrase]);
  t.equal(install(golf, document).peer?.name, 'bravo', 'the document leads to who is left');
  await golf.up();
  t.equal(golf.status().organisation, 'globex');
  const bravoId = bravo.status().nodeId;
  await until('golf reaches bravo', () => golf.try(['ping', bravoId, '-c', '1']).status === 0, PATIENCE_MS);
});
