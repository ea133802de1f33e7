// Two nodes on one host, through the program alone: founding, inviting, joining, the daemon's life and what bad input gets.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import type {
  InitResult,
  InviteResult,
  JoinResult,
  OrganisationView,
  PeerList,
  PingResult,
  ServiceView,
  Status,
} from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { daemon, ended, errorOf, folder, mcc, mccAsNobody, until } from './run.ts';

privateNamespace(import.meta.filename);

t.setTimeout(115_000);

const ADDRESS = '192.0.2.1';

function ip(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
  return stdout;
}

ip('link', 'set', 'lo', 'up');
ip('link', 'add', 'outer', 'type', 'veth', 'peer', 'name', 'other');
ip('address', 'add', `${ADDRESS}/24`, 'dev', 'outer');
ip('link', 'set', 'outer', 'up');
ip('link', 'set', 'other', 'up');

function json<T>(args: string[], input = ''): T {
  const done = mcc([...args, '--json'], { input });
  if (done.status !== 0) throw new Error(`mcc ${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

/** Whether there is an interface of this name. */
function isLink(name: string): boolean {
  return spawnSync('ip', ['link', 'show', name]).status === 0;
}

/** In hex, of a state that no daemon holds. */
function epochSecrets(state: string): string[] {
  const database = new DatabaseSync(join(state, 'state.db'));
  const rows = database.prepare('SELECT hex(secret) AS secret FROM epochs').all();
  database.close();
  return rows.map(({ secret }) => String(secret).toLowerCase());
}

t.test('two nodes become one network', async (t) => {
  const home = folder(t);
  const a = join(home, 'a');
  const b = join(home, 'b');

  const founded = json<InitResult & { recoveryPhrase: string }>([
    'init',
    '--network',
    'plant-net',
    '--organisation',
    'acme',
    '--name',
    'alpha',
    '--state',
    a,
  ]);
  t.match(founded, { network: 'plant-net', organisation: 'acme', name: 'alpha' });
  t.match(founded.nodeId, /^[0-9a-z]{52}$/);
  t.match(founded.networkId, /^[0-9a-z]{52}$/);
  t.equal(founded.recoveryPhrase.split(' ').length, 24);
  t.match(founded.addresses.ipv6, /^fd/);
  t.equal(statSync(a).mode & 0o777, 0o700);
  for (const name of ['node.key', 'signer.key', 'state.db']) {
    t.equal(statSync(join(a, name)).mode & 0o777, 0o600, name);
    t.notMatch(readFileSync(join(a, name), 'latin1'), founded.recoveryPhrase.slice(0, 30));
  }
  t.notOk(existsSync(join(a, 'mcc.sock')), 'the child took its socket with it');
  t.equal(errorOf(mcc(['init', '--json', '--state', a])).code, 'ALREADY_INITIALISED');

  const alpha = await daemon(t, ['--state', a, '--listen', `${ADDRESS}:0`, '--interface', 'mcca']);
  t.ok(isLink('mcca'));
  const [listen] = json<Status>(['status', '--state', a]).listen;
  const invited = mcc(['invite', '--address', listen, '--state', a]);
  const token = invited.stdout.trim().split('\n').at(-1) ?? '';
  t.match(token, /^mcc1[0-9a-z]+$/, 'the token stands alone on the last line');
  t.equal(invited.stdout.trim().split('\n').length, 1);

  await t.test('what a bad token gets', async (t) => {
    const bad = join(home, 'bad');
    const refused = (text: string, state = bad) =>
      errorOf(mcc(['join', '-', '--json', '--state', state], { input: text }));
    t.equal(refused('hello').code, 'TOKEN_MALFORMED');
    t.equal(refused('').code, 'TOKEN_MALFORMED');
    const at = token.length >> 1;
    t.equal(
      refused(token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1)).code,
      'TOKEN_MISTYPED',
    );
    t.equal(refused(token.slice(0, -9)).code, 'TOKEN_MISTYPED');
    t.equal(refused(token, a).code, 'ALREADY_INITIALISED');
    const short = json<InviteResult>(['invite', '--expires', '1s', '--address', listen, '--state', a]);
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, Date.parse(short.expires) + 1100 - Date.now())),
    );
    t.equal(refused(short.token).code, 'TOKEN_EXPIRED');
    const missing = mcc(['join', '--token-file', join(home, 'none'), '--json', '--state', bad]);
    t.equal(errorOf(missing).code, 'TOKEN_MALFORMED');
    const other = join(home, 'other');
    json(['init', '--network', 'other', '--name', 'x', '--state', other]);
    t.equal(refused(token, other).code, 'TOKEN_OTHER_NETWORK');
  });

  const joined = json<JoinResult>(['join', '-', '--name', 'bravo', '--state', b], token);
  t.match(joined, {
    network: 'plant-net',
    organisation: 'acme',
    name: 'bravo',
    networkId: founded.networkId,
  });
  t.equal(joined.admittedBy, 'alpha');
  t.equal(joined.peer?.rttMs.length, 1);
  const used = mcc(['join', '-', '--json', '--name', 'charlie', '--state', join(home, 'c')], {
    input: token,
  });
  t.equal(errorOf(used).code, 'TOKEN_USED_UP');
  const taken = json<InviteResult>(['invite', '--address', listen, '--state', a]);
  const twin = mcc(['join', '-', '--json', '--name', 'bravo', '--state', join(home, 'c')], {
    input: taken.token,
  });
  t.equal(errorOf(twin).code, 'NAME_TAKEN');
  t.equal(errorOf(mcc(['invite', '--json', '--state', b])).code, 'NOT_A_SIGNER');

  const bravo = await daemon(t, ['--state', b, '--listen', `${ADDRESS}:0`, '--interface', 'mccb']);
  for (const [from, to] of [
    [a, 'bravo'],
    [b, 'alpha'],
  ]) {
    const { peers } = json<PeerList>(['peers', '--state', from]);
    const peer = peers.find((candidate) => candidate.name === to);
    for (const target of [to, peer?.nodeId, peer?.addresses.ipv4, peer?.addresses.ipv6]) {
      const ping = json<PingResult>(['ping', String(target), '-c', '2', '--state', from]);
      t.match(ping, { name: to, lost: 0, path: { kind: 'direct' } });
      t.equal(ping.rttMs.length, 2);
    }
    const status = json<Status>(['status', '--state', from]);
    t.match(status, { network: 'plant-net', organisation: 'acme', state: 'running' });
    t.match(status.peers[0], { name: to, state: 'connected', path: { kind: 'direct' } });
  }
  const human = mcc(['status', '--state', a]).stdout;
  t.match(human, /^alpha \(acme\) in plant-net\s+healthy\s+up /);
  t.match(human, /PEER\s+ORG\s+PATH\s+RTT\s+SENT\s+RECV\s+SEEN\nbravo\s+acme\s+direct 192\.0\.2\.1:/);
  t.equal(errorOf(mcc(['ping', 'nobody', '--json', '--state', a])).code, 'PEER_UNKNOWN');

  await t.test('services', async (t) => {
    const service = json<ServiceView>([
      'service',
      'add',
      'web',
      '--port',
      '80',
      '--share',
      'all',
      '--state',
      a,
    ]);
    t.match(service, { name: 'web', port: 80, protocol: 'tcp', share: ['all'], target: null });
    json(['service', 'add', 'web', '--port', '80', '--share', 'all', '--state', a]);
    t.equal(
      errorOf(mcc(['service', 'add', 'web', '--port', '81', '--json', '--state', a])).code,
      'SERVICE_EXISTS',
    );
    const lan = [
      'service',
      'add',
      'cam',
      '--port',
      '554',
      '--target',
      '192.168.1.50:554',
      '--json',
      '--state',
      a,
    ];
    const cam = JSON.parse(mcc(lan).stdout) as ServiceView;
    t.match(
      cam,
      { name: 'cam', target: '192.168.1.50:554', check: 'tcp' },
      'whoever does not answer is offered',
    );
    const listed = mcc(['service', 'list', '--state', a]).stdout;
    t.match(
      listed,
      /web\s+tcp\s+80\s+this host\s+100\s+(unknown|unhealthy.*|healthy)\s+own organisation, all/,
    );
    t.match(
      listed,
      /cam\s+tcp\s+554\s+192\.168\.1\.50:554\s+100\s+(unknown|unhealthy.*|healthy)\s+own organisation\n/,
    );
    json(['service', 'remove', 'cam', '--state', a]);
    json(['service', 'remove', 'web', '--state', a]);
    t.equal(errorOf(mcc(['service', 'remove', 'web', '--json', '--state', a])).code, 'SERVICE_UNKNOWN');
  });

  await t.test('what a daemon refuses at its start', async (t) => {
    const second = mcc(['run', '--json', '--state', a]);
    t.equal(errorOf(second).code, 'ALREADY_RUNNING');
    t.match(errorOf(second).message, `process ${alpha.pid}`);
    const port = listen.split(':')[1];
    const other = join(home, 'other');
    const taken = mcc([
      'run',
      '--json',
      '--state',
      other,
      '--listen',
      `${ADDRESS}:${port}`,
      '--interface',
      'mccx',
    ]);
    t.equal(errorOf(taken).code, 'PORT_TAKEN');
    t.notOk(isLink('mccx'), 'nothing is left behind');
    const name = mcc(['run', '--json', '--state', other, '--listen', `${ADDRESS}:0`, '--interface', 'mcca']);
    t.equal(errorOf(name).code, 'INTERFACE_TAKEN');
    chmodSync(other, 0o750);
    const open = mcc(['run', '--json', '--state', other]);
    t.equal(errorOf(open).code, 'STATE_READABLE_BY_OTHERS');
    t.match(errorOf(open).message, `chmod 700 ${other}`);
    const stranger = mccAsNobody(['status', '--json', '--state', a]);
    t.equal(stranger.status, 1);
    t.match(errorOf(stranger).code, /^(PERMISSION_DENIED|DAEMON_UNREACHABLE)$/);
  });

  await t.test('a crash leaves the interface and the epoch, a clean stop removes the former', async (t) => {
    const { epoch } = json<OrganisationView>(['organisation', 'show', '--state', a]);
    t.match(epoch, { number: 1, created: /^20.*Z$/, ageS: Number });
    t.match(mcc(['organisation', 'show', '--state', a]).stdout, /^epoch {9}1, for /m);
    bravo.kill('SIGKILL');
    await ended(bravo);
    t.ok(isLink('mccb'));
    t.equal(epochSecrets(b).length, 1);
    const again = await daemon(t, ['--state', b, '--listen', `${ADDRESS}:0`, '--interface', 'mccb']);
    const { created, number } = json<OrganisationView>(['organisation', 'show', '--state', b]).epoch ?? {};
    t.match(epoch, { created, number });
    t.equal(json<PingResult>(['ping', 'alpha', '--state', b]).lost, 0);
    again.kill('SIGTERM');
    t.equal(await ended(again), 0);
    t.notOk(isLink('mccb'));
    t.notOk(existsSync(join(b, 'mcc.sock')));
    t.match(again.text(), /"event":"stopped"/);
  });

  await t.test('a running daemon joins without a restart', async (t) => {
    const d = join(home, 'd');
    const delta = await daemon(t, ['--state', d, '--listen', `${ADDRESS}:0`, '--interface', 'mccd']);
    const { token: fresh } = json<InviteResult>(['invite', '--address', listen, '--state', a]);
    const joined = json<JoinResult>(['join', '-', '--name', 'delta', '--state', d], fresh);
    t.equal(joined.peer?.lost, 0);
    t.ok(isLink('mccd'));
    t.match(ip('address', 'show', 'mccd'), joined.addresses.ipv4 ?? '?');
    t.equal(json<PingResult>(['ping', 'delta', '--state', a]).lost, 0);
    delta.kill('SIGTERM');
    t.equal(await ended(delta), 0);
  });

  await t.test('a damaged certificate is replaced by joining again, under the same name', (t) => {
    const database = new DatabaseSync(join(b, 'state.db'));
    const row = database.prepare("SELECT value FROM meta WHERE key = 'chain'").get() as { value: Uint8Array };
    row.value[row.value.length - 1] ^= 1;
    database.prepare("UPDATE meta SET value = ? WHERE key = 'chain'").run(row.value);
    database.close();
    t.equal(errorOf(mcc(['ping', 'alpha', '--json', '--state', b])).code, 'CERTIFICATE_INVALID');
    const { token: fresh } = json<InviteResult>(['invite', '--address', listen, '--state', a]);
    t.match(json<JoinResult>(['join', '-', '--name', 'bravo', '--state', b], fresh), { name: 'bravo' });
    t.equal(json<PingResult>(['ping', 'alpha', '-c', '1', '--state', b]).lost, 0);
    t.end();
  });

  alpha.kill('SIGINT');
  t.equal(await ended(alpha), 0);
  t.notOk(isLink('mcca'));
  for (const state of [a, b]) {
    const secret = readFileSync(join(state, 'node.key'), 'utf8').split('\n')[1];
    t.notMatch(alpha.text() + bravo.text(), secret, 'no secret in the log');
  }
  const [epoch] = epochSecrets(a);
  t.same(epochSecrets(b), [epoch]);
  t.notMatch(alpha.text() + bravo.text(), epoch);
  t.notMatch(alpha.text(), token.slice(4, 40));
});

t.test('an unconfigured daemon is switched on without a restart', async (t) => {
  const state = folder(t);
  chmodSync(state, 0o700);
  const child = await daemon(t, ['--state', state, '--listen', `${ADDRESS}:0`, '--interface', 'mccu']);
  t.notOk(isLink('mccu'));
  t.match(json<Status>(['status', '--state', state]), { state: 'unconfigured', nodeId: null });
  t.equal(errorOf(mcc(['ping', 'x', '--json', '--state', state])).code, 'NOT_INITIALISED');
  writeFileSync(join(state, 'passphrase'), 'correct horse battery\n', { mode: 0o600 });
  const file = join(state, 'root.key');
  const init = [
    'init',
    '--root-key-file',
    file,
    '--passphrase-file',
    join(state, 'passphrase'),
    '--name',
    'uniform',
  ];
  const founded = json<InitResult & { recoveryPhrase?: string }>([...init, '--state', state]);
  t.equal(founded.recoveryPhrase, undefined);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.ok(isLink('mccu'));
  t.match(json<Status>(['status', '--state', state]), {
    state: 'running',
    name: 'uniform',
    interface: 'mccu',
  });
  t.match(ip('address', 'show', 'mccu'), founded.addresses.ipv6 ?? '?');

  const { ipv6, ipv4 } = founded.addresses;
  ip('address', 'flush', 'dev', 'mccu');
  await child.says(/interfaceChanged.*"reason":"address"/);
  await until(() => ip('address', 'show', 'mccu').includes(ipv6 ?? '?'));
  ip('link', 'set', 'mccu', 'mtu', '1300');
  await child.says(/interfaceChanged.*"reason":"mtu"/);
  t.match(ip('link', 'show', 'mccu'), 'mtu 1420');
  ip('link', 'delete', 'mccu');
  await child.says(/interfaceGone[\s\S]*"event":"started"/);
  t.match(ip('address', 'show', 'mccu'), ipv4 ?? '?', 'a deleted interface is made again');
  child.kill('SIGTERM');
  t.equal(await ended(child), 0);
});
