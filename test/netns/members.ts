/** Members of one network on hosts of their own, whose programs ask mcc for names, and small servers and clients for them. */
import type { Host, Lab, Running } from './lab.ts';
import { until } from './lab.ts';
import { lastLine, Node } from './node.ts';

/** What `mcc resolve --json` tells, as far as scenarios look at it. */
export interface Resolution {
  addresses: string[];
  endpoints: { nodeName: string; address: string; port: number | null; healthy: boolean }[];
}

/** Starts one daemon per name; the first one founds the network, the others join by it. Host n (from 1) has the address 10.n.0.2. */
export async function members<Names extends readonly string[]>(
  lab: Lab,
  ...names: Names
): Promise<{ [I in keyof Names]: Node }> {
  const nodes = lab.star(...names).map((host) => new Node(lab, host, host.name));
  const [founder, ...others] = nodes as [Node, ...Node[]];
  founder.mcc('init', '--organisation', 'acme', '--name', founder.name);
  await founder.up();
  const token = lastLine(founder.mcc('invite', '--uses', '20', '--address', '10.1.0.2'));
  for (const node of others) {
    node.join(token);
    await node.up();
  }
  for (const node of nodes) node.host.nameservers(...resolverOf(node).slice(0, 1));
  return nodes as { [I in keyof Names]: Node };
}

/** Where a node answers DNS: its addresses, IPv4 and IPv6. */
export function resolverOf(node: Node): string[] {
  return node.json<{ dns: { addresses: string[] } }>('status').dns.addresses;
}

/** What a node knows of a name; undefined when it knows none. */
export function resolution(node: Node, name: string): Resolution | undefined {
  const done = node.try(['resolve', name, '--json']);
  return done.status === 0 ? (JSON.parse(done.stdout) as Resolution) : undefined;
}

/** Waits until the healthy providers of a service are exactly these; returns what was found. */
export function providers(node: Node, name: string, ...expected: string[]): Promise<Resolution> {
  return until(
    `${node.name} finds ${expected.join(', ')} for ${name}`,
    () => {
      const found = resolution(node, name);
      const healthy = (found?.endpoints ?? []).filter((row) => row.healthy).map((row) => row.nodeName);
      return found !== undefined && healthy.sort().join() === [...expected].sort().join() ? found : undefined;
    },
    30_000,
  );
}

/** A web server, on all addresses unless told, that says who it is. */
export async function serve(host: Host, port: number, text: string, bind = '::'): Promise<Running> {
  const page = `import http.server, socket, sys
class Page(http.server.BaseHTTPRequestHandler):
  protocol_version = "HTTP/1.0"
  def do_GET(self):
    self.send_response(200); self.end_headers(); self.wfile.write((sys.argv[3] + "\\n").encode())
  def log_message(self, *a): pass
class Server(http.server.ThreadingHTTPServer):
  address_family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
server = Server((sys.argv[1], int(sys.argv[2])), Page)
print("serving", flush=True)
server.serve_forever()`;
  const running = host.start(['python3', '-c', page, bind, String(port), text]);
  await running.waitFor(/serving/);
  return running;
}

export function curl(host: Host, url: string, ...options: string[]): string {
  return host.run(['curl', '-s', '--max-time', '8', ...options, url]).stdout.trim();
}

/** Whether a TCP connection to there comes about within `seconds`. */
export function connects(host: Host, ip: string, port: number, seconds = 0.7): boolean {
  const target = ip.includes(':') ? `[${ip}]` : ip;
  const way = `tcp:${target}:${port},connect-timeout=${seconds}`;
  return host.run(['socat', '-u', '/dev/null', way]).status === 0;
}
