/**
 * Certificates that come to their end, with real daemons under a clock that is moved (faketime): renewed, warned of, renewed late, and with
 * nobody left to renew them refused with a message that says who can help.
 */
import { join } from 'node:path';
import t from 'tap';
import { Calendar, DAY_MS, needsCalendar } from './calendar.ts';
import { Lab, needsLab, until } from './lab.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);

needsCalendar();

const PATIENCE_MS = 60_000;

interface Health {
  warnings: { code: string; message: string }[];
}

const warningOf = (node: Node, code: string) =>
  node.json<Health>('status').warnings.find((warning) => warning.code === code)?.message;
const metricOf = (node: Node, name: string) =>
  Number(
    new RegExp(`^${name} (\\S+)$`, 'm').exec(
      node.host.run(['curl', '-s', '--unix-socket', join(node.state, 'mcc.sock'), 'http://mcc/metrics'])
        .stdout,
    )?.[1],
  );

async function upAndRenewed(node: Node): Promise<void> {
  await node.up('--advertise', '10.2.0.2');
  await node.daemon.waitFor(/"event":"renewed"/, PATIENCE_MS);
}

t.test('a certificate is renewed, warned of, renewed late, and at last refused', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const calendar = new Calendar(lab);
  const [alpha, bravo] = lab.star('alpha', 'bravo').map((host) => new Node(lab, host, host.name)) as [
    Node,
    Node,
  ];
  for (const node of [alpha, bravo]) node.prefix = calendar.words;
  alpha.mcc('init', '--organisation', 'acme', '--name', 'alpha');
  await alpha.up('--advertise', '10.1.0.2');
  bravo.join(lastLine(alpha.mcc('invite', '--address', '10.1.0.2')));
  await bravo.up('--advertise', '10.2.0.2');
  await until('they talk', () => bravo.try(['ping', 'alpha', '-c', '1']).status === 0, PATIENCE_MS);
  t.ok(calendar.left(bravo) > 29);

  // Two hosts that were off for that long: what they published of themselves has ended.
  await bravo.down();
  await alpha.down();
  calendar.set(13);
  await alpha.up('--advertise', '10.1.0.2');
  await alpha.daemon.waitFor(/"event":"renewed"/);
  await upAndRenewed(bravo);
  for (const node of [alpha, bravo]) t.ok(calendar.left(node) > 29, `${node.name} is renewed`);
  t.match(alpha.daemon.output(), /"event":"memberRenewed"/);
  t.equal(warningOf(bravo, 'CERTIFICATE_EXPIRING'), undefined);
  const ends = metricOf(bravo, 'mcc_certificate_expiry_timestamp_seconds') * 1000;
  t.ok(Math.abs(ends - Date.now() - 43 * DAY_MS) < DAY_MS, 'the metric says when it ends');

  // It has nobody who signs any more.
  await alpha.down();
  calendar.set(36);
  // A lookup of signers, and one that does not answer, take half a minute at most.
  await bravo.daemon.waitFor(/"event":"renewalFailed"/, PATIENCE_MS);
  const warning = await until('bravo warns', () => warningOf(bravo, 'CERTIFICATE_EXPIRING'), PATIENCE_MS);
  t.match(warning, /ends in [67] days, and no signer of acme has renewed it/);
  t.match(bravo.mcc('status'), /CERTIFICATE_EXPIRING|no signer of acme/);

  calendar.set(45);
  const ended = await until('it has ended', () => warningOf(bravo, 'CERTIFICATE_EXPIRED'), PATIENCE_MS);
  t.match(ended, /signers? of acme/, 'and it is said who can help');
  await bravo.down();
  await bravo.up('--advertise', '10.2.0.2');
  t.match(warningOf(bravo, 'CERTIFICATE_EXPIRED'), /the signers of acme are asked for another until/);
  t.match(bravo.daemon.output(), /"event":"certificateEnded"/);

  // A signer is back: its own has ended too, which it mends by itself.
  await bravo.down();
  await alpha.up('--advertise', '10.1.0.2');
  t.ok(calendar.left(alpha) > 29);
  await upAndRenewed(bravo);
  t.ok(calendar.left(bravo) > 29, 'late');
  t.equal(warningOf(bravo, 'CERTIFICATE_EXPIRED'), undefined);
  await until('and is a member', () => bravo.try(['ping', 'alpha', '-c', '1']).status === 0, PATIENCE_MS);

  // Nobody signs for so long that not even a signer may renew it.
  await alpha.down();
  await bravo.down();
  calendar.set(120);
  bravo.start();
  await bravo.daemon.waitFor(/"event":"noMember"/);
  const refused = await until('bravo says so', () => warningOf(bravo, 'CERTIFICATE_EXPIRED'), PATIENCE_MS);
  t.match(refused, /join/i);
  t.match(refused, /signers? of acme/);
  // Alpha is asked for a token, and knows it again.
  await bravo.down();
  await alpha.up('--advertise', '10.1.0.2');
  bravo.join(lastLine(alpha.mcc('invite', '--address', '10.1.0.2')));
  await bravo.up('--advertise', '10.2.0.2');
  await until(
    'bravo is a member again',
    () => bravo.try(['ping', 'alpha', '-c', '1']).status === 0,
    PATIENCE_MS,
  );
});
