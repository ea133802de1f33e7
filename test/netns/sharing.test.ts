// Who may use a service, on the wire: two organisations, real daemons, programs that know nothing of mcc.
import t, { type Test } from 'tap';
import { type Host, Lab, needsLab, until } from './lab.ts';
import { serve } from './members.ts';
import { networkOf, organisation, settle } from './membership.ts';
import { lastLine, Node, reach } from './node.ts';

needsLab(t);

/** Echoes what it gets, over any number of connections. */
const ECHO = `
import socket, threading
server = socket.socket(socket.AF_INET6)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("::", 7000)); server.listen()
def serve(flow):
  try:
    with flow, flow.makefile("rw") as stream:
      for line in stream:
        stream.write("echo " + line); stream.flush()
    print("closed", flush=True)
  except ConnectionError as error: print(type(error).__name__, flush=True)
print("ready", flush=True)
while True: threading.Thread(target=serve, args=(server.accept()[0],)).start()`;

/** What curl ends with, and after how many ms: 0 got the page, 7 connection refused, 28 a timeout. */
function fetch(host: Host, ip: string): { status: number | null; ms: number } {
  const begin = performance.now();
  const target = ip.includes(':') ? `[${ip}]` : ip;
  const words = ['curl', '-s', '--max-time', '20', `http://${target}:8080/`];
  const { status } = host.run(words, { timeoutMs: 60_000 });
  return { status, ms: performance.now() - begin };
}

function judge(
  t: Test,
  host: Host,
  to: { ipv4: string; ipv6: string },
  expected: number,
  what: string,
): void {
  for (const ip of [to.ipv4, to.ipv6]) t.equal(fetch(host, ip).status, expected, `${what}: ${ip}`);
}

async function four(lab: Lab) {
  const hosts = lab.star('alpha', 'tagged', 'plain', 'delta');
  const [alpha, tagged, plain, delta] = hosts.map((host) => new Node(lab, host, host.name)) as [
    Node,
    Node,
    Node,
    Node,
  ];
  const founding = ['init', '--organisation', 'acme', '--name', 'alpha'];
  const { nodeId, recoveryPhrase } = alpha.json<{ nodeId: string; recoveryPhrase: string }>(...founding);
  await alpha.up();
  const invite = (...words: string[]) => lastLine(alpha.mcc('invite', '--address', '10.1.0.2', ...words));
  const token = invite('--tag', 'web');
  tagged.join(token);
  plain.join(invite());
  const globex = organisation(networkOf(token), recoveryPhrase, 'globex');
  settle(delta, globex('delta'), { nodeId, address: '10.1.0.2:9376' });
  for (const node of [tagged, plain, delta]) await node.up();
  for (const node of [tagged, plain, delta]) {
    await until(
      `${node.name} has a session`,
      () => node.try(['ping', nodeId, '-c', '1']).status === 0 || undefined,
      30_000,
    );
  }
  return { alpha, tagged, plain, delta };
}

t.test('shared, unshared beside a running stream, narrowed by a tag, refused at once', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const { alpha, tagged, plain, delta } = await four(lab);
  const toAlpha = new Map([tagged, plain, delta].map((node) => [node, reach(node, 'alpha')]));
  const at = (node: Node) => toAlpha.get(node) as { ipv4: string; ipv6: string };
  await serve(alpha.host, 8080, 'page');
  const echo = alpha.host.start(['python3', '-u', '-c', ECHO]);
  await echo.waitFor(/ready/);
  alpha.mcc('service', 'add', 'web', '--port', '8080');
  alpha.mcc('service', 'add', 'echo', '--port', '7000', '--share', 'globex');

  judge(t, plain.host, at(plain), 0, 'the own organisation');
  for (const ip of [at(delta).ipv4, at(delta).ipv6]) {
    const { status, ms } = fetch(delta.host, ip);
    t.equal(status, 7, `another one is refused: ${ip}`);
    t.ok(ms < 10_000, `after ${Math.round(ms)} ms, not by a timeout`);
  }
  t.match(delta.json('status'), {
    refusals: [
      {
        direction: 'there',
        name: 'alpha',
        organisation: 'acme',
        protocol: 'tcp',
        port: 8080,
        reason: 'policy',
      },
    ],
  });
  t.match(alpha.json('status'), {
    refusals: [
      { direction: 'here', name: 'delta', organisation: 'globex', service: 'web', reason: 'notShared' },
    ],
  });
  t.match(alpha.try(['access', 'globex', 'web']), { status: 1, stdout: /^no: service web is not shared/ });
  alpha.mcc('service', 'share', 'web', '--share', 'globex');
  t.match(alpha.try(['access', 'delta.node.globex', 'web']), { status: 0, stdout: /^yes: / });
  judge(t, delta.host, at(delta), 0, 'shared');

  const held = delta.host.start(['socat', '-', `tcp6:[${at(delta).ipv6}]:7000`]);
  held.process.stdin?.write('one\n');
  await held.waitFor(/echo one/);
  alpha.mcc('service', 'unshare', 'echo', '--share', 'globex');
  const begin = performance.now();
  const ended = held.ended().then(() => performance.now() - begin);
  held.process.stdin?.write('two\n');
  const ms = await ended;
  t.ok(ms < 5000, `the stream ended after ${Math.round(ms)} ms`);
  t.notMatch(held.output(), /two/, 'and nothing came through');

  alpha.mcc('service', 'unshare', 'web');
  judge(t, delta.host, at(delta), 7, 'unshared');
  alpha.mcc('service', 'share', 'web', '--share', 'tag:web');
  judge(t, tagged.host, at(tagged), 0, 'with the tag');
  judge(t, plain.host, at(plain), 7, 'without it, at the address of the host');
  t.match(plain.json('status'), { refusals: [{ direction: 'there', name: 'alpha', reason: 'tag' }] });
  t.match(plain.json('resolve', 'alpha.node'), {
    namesakes: [],
    refused: [{ direction: 'there', name: 'alpha', reason: 'tag' }],
  });
  t.match(alpha.try(['access', 'plain', 'web']), {
    status: 1,
    stdout: /asks for tag:web; the certificate bears no tag/,
  });

  await alpha.down();
  await alpha.up();
  judge(t, tagged.host, at(tagged), 0, 'after a restart, with the tag');
  judge(t, plain.host, at(plain), 7, 'after a restart, without it');
  judge(t, delta.host, at(delta), 7, 'after a restart, another organisation');
});
