/**
 * ssh, psql and MQTT's clients reach real servers by name; who offers, who uses and who was the bootstrap are different
 * daemons, and the bootstrap is dead.
 */
import t from 'tap';
import { Capture } from './capture.ts';
import { Lab, needsLab } from './lab.ts';
import { connects, curl, members, providers, resolution, serve } from './members.ts';
import { findPrograms, sshWords, startMosquitto, startPostgres, startSshd } from './servers.ts';

needsLab(t);
const programs = findPrograms();
if (typeof programs === 'string') {
  console.log(`TAP version 14\n1..0 # SKIP ${programs}`);
  process.exit(0);
}

t.test('programs that know nothing but names', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [boot, one, two, user] = await members(lab, 'boot', 'one', 'two', 'user');
  await startPostgres(lab, one.host, programs);
  await startSshd(lab, one.host, programs, '127.0.0.1:22');
  await serve(one.host, 8000, 'one');
  const sshd = await startSshd(lab, two.host, programs, '0.0.0.0:22', '[::]:22');
  await startMosquitto(lab, two.host, programs);
  one.mcc('service', 'add', 'db', '--port', '5432', '--target', '127.0.0.1:5432');
  two.mcc('service', 'add', 'shell', '--port', '22');
  two.mcc('service', 'add', 'broker', '--port', '1883');
  await boot.down('SIGKILL');
  await providers(user, 'db', 'one');
  await providers(user, 'shell', 'two');
  await providers(user, 'broker', 'two');

  await t.test('ssh', async (t) => {
    const words = sshWords(lab, sshd, ['shell.mcc', 'two.node.mcc']);
    const ssh = (family: string, name: string, command: string): string =>
      user.host.must([...words, family, `root@${name}`, command]).trim();
    for (const family of ['-4', '-6']) {
      for (const name of ['shell.mcc', 'two.node.mcc']) {
        t.equal(ssh(family, name, 'echo $((6 * 7))'), '42', `${name} ${family}`);
      }
    }
    const bytes = ssh(
      '-6',
      'shell.mcc',
      'head -c 3000000 /dev/zero | wc -c; ip -br link show dev mcc0 | wc -l',
    );
    t.equal(bytes, '3000000\n1');
  });

  await t.test('psql, to a server that listens on 127.0.0.1 alone', async (t) => {
    t.equal(one.host.must(['ss', '-Hlnt', 'sport = :5432']).trim().split(/\s+/)[3], '127.0.0.1:5432');
    const psql = (sql: string): string =>
      user.host.must(['psql', '-X', '-h', 'db.mcc', '-U', 'app', '-d', 'postgres', '-Atc', sql]).trim();
    t.equal(psql('select inet_server_addr(), inet_server_port()'), '127.0.0.1|5432');
    psql("create table t as select n, repeat('x', 1000) as x from generate_series(1, 2000) n");
    t.equal(psql('select count(*), sum(length(x)) from t'), '2000|2000000');
    t.equal(psql('select x from t').length, 2000 * 1001 - 1);
  });

  await t.test('mosquitto_sub and mosquitto_pub, from different nodes', async (t) => {
    const at = ['-h', 'broker.mcc', '-t', 'plant/1/temperature'];
    const sub = user.host.start([
      'stdbuf',
      '-oL',
      'mosquitto_sub',
      '-d',
      ...at,
      '-q',
      '1',
      '-C',
      '2',
      '-W',
      '30',
    ]);
    await sub.waitFor(/Subscribed/);
    for (const value of ['21.5', '22.0']) one.host.must(['mosquitto_pub', ...at, '-q', '1', '-m', value]);
    const { status, stdout } = await sub.ended();
    t.equal(status, 0);
    t.same(stdout.match(/^\d+\.\d$/gm), ['21.5', '22.0']);
  });

  await t.test('nothing but the service of what listens on 127.0.0.1', async (t) => {
    t.ok(connects(one.host, '127.0.0.1', 22), 'sshd is there');
    t.equal(curl(user.host, 'http://one.node.mcc:8000/'), 'one', 'and the host answers');
    const names = ['one.node', 'db', 'db.one.node'];
    const addresses = new Set<string>();
    for (const name of names) {
      const found = resolution(user, name);
      for (const address of found?.addresses ?? []) addresses.add(address);
    }
    for (const type of ['A', 'AAAA']) {
      for (const name of names) {
        const answers = user.host
          .must(['dig', '+short', `${name}.mcc`, type])
          .split('\n')
          .filter(Boolean);
        for (const address of answers) addresses.add(address);
      }
    }
    t.ok(addresses.size >= 4, `${[...addresses]}`);
    for (const address of [...addresses, '10.2.0.2']) {
      t.notOk(connects(user.host, address, 22), `port 22 of ${address}`);
    }
  });

  await t.test('nor by packets to 127.0.0.1 in the overlay', async (t) => {
    const capture = await Capture.on(one.host, 'mcc0', 'dst net 127.0.0.0/8');
    const { host } = user;
    host.must(['sysctl', '-qw', 'net.ipv4.conf.mcc0.route_localnet=1', 'net.ipv4.conf.all.route_localnet=1']);
    const source = /inet (100\.[\d.]+)/.exec(host.ip('-o', 'address', 'show', 'dev', 'mcc0'))?.[1] ?? '';
    host.ip('route', 'add', '127.0.0.1', 'dev', 'mcc0', 'src', source, 'table', '201');
    host.ip('rule', 'add', 'lookup', 'local', 'priority', '1');
    host.ip('rule', 'del', 'lookup', 'local', 'priority', '0');
    host.ip('rule', 'add', 'to', '127.0.0.1', 'lookup', '201', 'priority', '0');
    const left = await Capture.on(host, 'mcc0', 'dst net 127.0.0.0/8');
    for (const port of [22, 5432]) t.notOk(connects(host, '127.0.0.1', port), `port ${port}`);
    t.ok((await left.lines()).length > 0, 'packets to 127.0.0.1 did reach the interface');
    t.same(await capture.lines(), [], 'but none left it at the other end');
  });
});
