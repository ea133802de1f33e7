// Names, services and nodes are found without any server, and without the node that everybody joined by.
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);

interface Resolution {
  addresses: string[];
  endpoints: { nodeName: string; healthy: boolean }[];
}

/** A web server that says who it is. */
function serve(node: Node, port: number, bind = '::'): Promise<unknown> {
  const page = `import http.server,sys
class Page(http.server.BaseHTTPRequestHandler):
  protocol_version = "HTTP/1.0"
  def do_GET(self):
    self.send_response(200); self.end_headers(); self.wfile.write(b"${node.name}\\n")
  def log_message(self, *a): pass
class Server(http.server.ThreadingHTTPServer):
  import socket
  address_family = socket.AF_INET6 if ":" in "${bind}" else socket.AF_INET
s = Server(("${bind}", ${port}), Page); print("serving", flush=True); s.serve_forever()`;
  return node.host.start(['python3', '-c', page]).waitFor(/serving/);
}

function curl(from: Node, url: string): string {
  return from.host.run(['curl', '-s', '--max-time', '8', url]).stdout.trim();
}

/** Members of one network; the first one invites. Programs of their hosts ask mcc for names. */
async function network(lab: Lab, ...names: string[]): Promise<Node[]> {
  const nodes = lab.star(...names).map((host) => new Node(lab, host, host.name));
  const [founder, ...others] = nodes as [Node, ...Node[]];
  founder.mcc('init', '--organisation', 'acme', '--name', founder.name);
  await founder.up();
  const token = lastLine(founder.mcc('invite', '--uses', '20', '--address', '10.1.0.2'));
  for (const node of others) {
    node.join(token);
    await node.up();
  }
  for (const node of nodes) {
    const { dns } = node.json<{ dns: { addresses: string[] } }>('status');
    node.host.nameservers(dns.addresses[0] ?? '');
  }
  return nodes;
}

t.test('a service of two providers, found by name after the founder left', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [boot, one, two, user] = (await network(lab, 'boot', 'one', 'two', 'user')) as [
    Node,
    Node,
    Node,
    Node,
  ];
  await serve(one, 8000);
  await serve(two, 8000);
  one.mcc('service', 'add', 'hello', '--port', '8000');
  two.mcc('service', 'add', 'hello', '--port', '8000');
  await boot.down();

  const found = await until('both providers', () => {
    const done = user.try(['resolve', 'hello', '--json']);
    const { endpoints = [] } = JSON.parse(done.stdout) as Partial<Resolution>;
    return endpoints.filter(({ healthy }) => healthy).length === 2 ? endpoints : undefined;
  });
  t.same(found.map(({ nodeName }) => nodeName).sort(), ['one', 'two']);
  const answers = new Set<string>();
  for (let i = 0; i < 40 && answers.size < 2; i++) answers.add(curl(user, 'http://hello.mcc:8000/'));
  t.same([...answers].sort(), ['one', 'two'], 'both providers are used');
  t.equal(curl(user, 'http://one.node.mcc:8000/'), 'one');
  t.equal(curl(user, 'http://hello.acme.mcc:8000/') !== '', true);
  await one.down('SIGKILL');
  const from = Date.now();
  await until('the other one answers', () =>
    curl(user, 'http://hello.mcc:8000/') === 'two' ? true : undefined,
  );
  t.comment(`failover after ${Date.now() - from} ms`);
  for (let i = 0; i < 10; i++) t.equal(curl(user, 'http://hello.mcc:8000/'), 'two');
});
