// What dig hears from the resolver of a node, while the node that everybody joined by is dead.
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { curl, members, providers, resolverOf, serve } from './members.ts';

needsLab(t);

interface Answer {
  status: string;
  flags: string[];
  /** `NAME TTL TYPE DATA` of the answer section. */
  records: string[];
  text: string;
}

t.test('dig', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [boot, one, two, user] = await members(lab, 'boot', 'one', 'two', 'user');
  for (const node of [one, two]) {
    await serve(node.host, 8000, node.name);
    node.mcc('service', 'add', 'hello', '--port', '8000');
  }
  two.mcc('service', 'add', 'database', '--port', '5432', '--target', '127.0.0.1:5432');
  await boot.down('SIGKILL');
  const found = await providers(user, 'hello', 'one', 'two');
  const servers = resolverOf(user);
  t.equal(servers.length, 2, 'the resolver has an address of each family');
  const [v6, v4] = found.addresses as [string, string];

  function dig(...words: string[]): Answer {
    const { stdout: text } = user.host.run(['dig', `@${servers[0]}`, '+tries=1', '+time=6', ...words]);
    const section = /;; ANSWER SECTION:\n((?:.+\n)+)/.exec(text)?.[1] ?? '';
    return {
      status: /status: (\w+)/.exec(text)?.[1] ?? 'none',
      flags: /;; flags: ([a-z ]*);/.exec(text)?.[1]?.split(' ') ?? [],
      records: section
        .split('\n')
        .filter(Boolean)
        .map((line) =>
          line
            .split(/\s+/)
            .filter((word) => word !== 'IN')
            .join(' '),
        ),
      text,
    };
  }
  const data = (...words: string[]): string[] =>
    dig(...words).records.map((record) => record.split(' ').slice(3).join(' '));

  await t.test(
    'one address of each family for a service, by UDP and TCP and at both addresses',
    async (t) => {
      const names = ['hello.mcc', 'hello.acme.mcc', 'HELLO.mcc'];
      for (const name of names) {
        t.same(data(name, 'A'), [v4], name);
        t.same(data(name, 'AAAA'), [v6], name);
      }
      for (const server of servers) {
        for (const way of ['+notcp', '+tcp']) {
          const answer = dig(`@${server}`, way, 'hello.mcc', 'AAAA');
          t.same(answer.records, [`hello.mcc. 5 AAAA ${v6}`], `${server} ${way}`);
          t.match(answer.flags.join(' '), /qr.* aa/);
          t.match(answer.text, new RegExp(`SERVER: .*\\(${way === '+tcp' ? 'TCP' : 'UDP'}\\)`));
        }
      }
    },
  );

  await t.test('SRV names the providers one by one, with their addresses', async (t) => {
    const expected = ['0 100 8000 hello.one.node.mcc.', '0 100 8000 hello.two.node.mcc.'];
    for (const name of ['hello.mcc', '_hello._tcp.mcc', '_hello._tcp.acme.mcc']) {
      t.same(data(name, 'SRV').sort(), expected, name);
    }
    t.same(data('_hello._tcp.mcc', 'SRV', '+tcp').sort(), expected);
    for (const { nodeName, address } of found.endpoints) {
      t.same(data(`hello.${nodeName}.node.mcc`, 'AAAA'), [address]);
      t.match(dig('hello.mcc', 'SRV').text, new RegExp(`hello.${nodeName}.node.mcc.*AAAA\\s+${address}`));
    }
  });

  await t.test('nodes, and PTR of both families for all that has an address', async (t) => {
    for (const name of ['hello.mcc', 'one.node.mcc', 'two.node.mcc', 'hello.one.node.mcc']) {
      const addresses = [...data(name, 'A'), ...data(name, 'AAAA')];
      t.equal(addresses.length, 2, name);
      for (const address of addresses) t.same(data('-x', address), [`${name}.`], `${address} is ${name}`);
    }
    t.same(dig('one.node.mcc', 'AAAA').records[0]?.split(' ')[1], '60', 'nodes hold for a minute');
  });

  await t.test('empty answers for other types, NXDOMAIN for unknown names alone', async (t) => {
    for (const [name, type] of [
      ['hello.mcc', 'TXT'],
      ['hello.mcc', 'MX'],
      ['one.node.mcc', 'SRV'],
      ['_hello._tcp.mcc', 'A'],
      ['_hello._tcp.mcc', 'AAAA'],
      ['node.mcc', 'A'],
      ['acme.mcc', 'AAAA'],
      ['mcc', 'A'],
      ['database.mcc', 'AAAA'],
    ] as const) {
      const { status, records, text } = dig(name, type);
      t.same([status, records], ['NOERROR', []], `${name} ${type}`);
      t.match(text, /AUTHORITY SECTION:\nmcc\..*SOA/);
    }
    t.match(data('database.mcc', 'A')[0], /^\d+\.\d+\.\d+\.\d+$/, 'a target of IPv4 has an address of IPv4');
    for (const name of ['nothing.mcc', 'nothing.one.node.mcc', 'nobody.node.mcc', '_nothing._tcp.mcc']) {
      const { status, text } = dig(name, 'A');
      t.equal(status, 'NXDOMAIN', name);
      t.match(text, /AUTHORITY SECTION:\nmcc\..*SOA/);
    }
    t.equal(dig('_hello._udp.mcc', 'SRV').records.length, 0, 'no such protocol');
  });

  await t.test('EDNS, other versions of it, and other zones', async (t) => {
    t.match(dig('hello.mcc', 'A').text, /EDNS: version: 0, flags:; udp: 1232/);
    t.notMatch(dig('hello.mcc', 'A', '+noedns').text, /EDNS/);
    t.same(data('hello.mcc', 'A', '+noedns'), [v4]);
    t.equal(dig('hello.mcc', 'A', '+edns=1', '+noednsneg').status, 'BADVERS');
    for (const name of ['example.org', '.', 'mcc.example.org', '8.8.8.8.in-addr.arpa']) {
      const { status, flags } = dig(name, 'A');
      t.equal(status, 'REFUSED', name);
      t.notOk(flags.includes('ra'), 'no recursion');
    }
    t.equal(dig('mcc', 'AXFR', '+tcp').records.length, 0);
  });
});

t.test('a question about a service makes the session with its provider ready', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [boot, one, user] = await members(lab, 'boot', 'one', 'user');
  await serve(one.host, 8000, 'one');
  one.mcc('service', 'add', 'hello', '--port', '8000');
  await providers(user, 'hello', 'one');
  await boot.down('SIGKILL');
  // Started anew, it has no session with anybody.
  await user.down();
  await user.up();
  const [server] = resolverOf(user);
  const ask = ['dig', '+short', '+tries=1', '+time=6', `@${server}`, 'hello.mcc', 'AAAA'];
  const address = await until('an answer', () => user.host.run(ask).stdout.trim() || undefined, 20_000);
  const ready = await until('a session', () =>
    user.status().peers.find((peer) => peer.name === 'one' && peer.path.kind === 'direct'),
  );
  t.match(ready, { path: { kind: 'direct', remote: '10.2.0.2:9376' } });
  const [page, seconds] = curl(user.host, `http://[${address}]:8000/`, '-w', '%{time_connect}').split('\n');
  t.equal(page, 'one');
  t.ok(Number(seconds) < 0.5, `and the first connection takes no second try of SYN: ${seconds} s`);
});
