/**
 * `npm run demo`: four hosts on this machine become one private network in which a service has a name and outlives both the host
 * that founded the network and one of those that serve it. Ordinary programs use it. Then a second organisation comes in, and reaches
 * what is shared with it and nothing else. Everything it makes goes away at the end, also on Ctrl-C.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Capture, NO_NEIGHBOURS } from './capture.ts';
import { impossible, Lab, must, until } from './lab.ts';
import { lastLine, Node } from './node.ts';

const FILE_BYTES = 64 << 20;
const PORT = 8000;
const HELLO = `http://hello.mcc:${PORT}/`;
/** A service of acme's own, at the same web server. */
const LEDGER_PORT = 8001;
/** Answers that are fetched to see who serves. */
const CURLS = 12;

const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
const bold = (text: string): string => (colour ? `\x1b[1m${text}\x1b[0m` : text);
const dim = (text: string): string => (colour ? `\x1b[2m${text}\x1b[0m` : text);

let steps = 0;
function step(text: string): void {
  console.log(`\n${bold(`${++steps}. ${text}`)}`);
}
function say(text: string): void {
  console.log(`   ${text}`);
}
/** A command and the host that it runs on. */
function shell(host: Node, command: string): void {
  console.log(`   ${dim(`${host.name}$ ${command}`)}`);
}

/** alpha founds and invites; bravo and charlie will serve; delta only uses; echo is another organisation's. */
interface Cast {
  alpha: Node;
  bravo: Node;
  charlie: Node;
  delta: Node;
  echo: Node;
}

function makeHosts(lab: Lab): Cast {
  const hosts = lab.star('alpha', 'bravo', 'charlie', 'delta', 'echo');
  const [alpha, bravo, charlie, delta, echo] = hosts.map((host) => new Node(lab, host, host.name)) as [
    Node,
    Node,
    Node,
    Node,
    Node,
  ];
  say('alpha 10.1.0.2, bravo 10.2.0.2, charlie 10.3.0.2, delta 10.4.0.2; echo 10.5.0.2 for later');
  return { alpha, bravo, charlie, delta, echo };
}

/** The 24 words of the root key, which the founder writes on paper. */
async function formNetwork({ alpha, bravo, charlie, delta }: Cast): Promise<string> {
  shell(alpha, 'mcc init --network lab --organisation acme && mcc run');
  const founding = ['init', '--network', 'lab', '--organisation', 'acme', '--name', 'alpha'];
  const { recoveryPhrase } = alpha.json<{ recoveryPhrase: string }>(...founding);
  await alpha.up();
  shell(alpha, 'mcc invite --uses 3');
  const token = lastLine(alpha.mcc('invite', '--uses', '3'));
  for (const node of [bravo, charlie, delta]) {
    shell(node, 'mcc join mcc1... && mcc run');
    node.join(token);
    await node.up();
  }
  const { networkId, addresses, dns } = delta.json<{
    networkId: string;
    addresses: { ipv4: string; ipv6: string };
    dns: { addresses: string[] };
  }>('status');
  say(`network ${networkId.slice(0, 12)}..., delta has ${addresses.ipv4} and ${addresses.ipv6}`);
  shell(delta, 'mcc ping alpha');
  const ping = delta.json<{ rttMs: number[]; lost: number; path: { kind: string } }>('ping', 'alpha');
  const best = Math.min(...ping.rttMs).toFixed(2);
  say(`${ping.rttMs.length} answers, ${ping.lost} lost, ${best} ms, path ${ping.path.kind}`);
  // A namespace has no resolver of its own that the daemon could tell.
  delta.host.nameservers(...dns.addresses);
  return recoveryPhrase;
}

async function offer(lab: Lab, node: Node, file: Uint8Array): Promise<void> {
  const folder = join(lab.folder, `www-${node.name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.html'), `hello from ${node.name}\n`);
  writeFileSync(join(folder, 'file.bin'), file);
  shell(node, `python3 -m http.server ${PORT}`);
  const words = ['http.server', String(PORT), '--bind', '::', '--directory', folder];
  await node.host.start(['python3', '-u', '-m', ...words]).waitFor(/Serving HTTP/);
  shell(node, `mcc service add hello --port ${PORT}`);
  say(node.mcc('service', 'add', 'hello', '--port', String(PORT)).trim());
}

/** Both providers are found by a node that was told of neither. */
async function findService(delta: Node): Promise<void> {
  await until('both providers are found', () => {
    const { stdout } = delta.try(['resolve', 'hello.mcc', '--json']);
    const { endpoints = [] } = JSON.parse(stdout) as { endpoints?: { healthy: boolean }[] };
    return endpoints.filter(({ healthy }) => healthy).length === 2 ? true : undefined;
  });
  shell(delta, 'mcc resolve hello.mcc');
  for (const line of delta.mcc('resolve', 'hello.mcc').trim().split('\n')) say(line);
}

/** Who answers an unmodified curl, in order, and how long the slowest took, in seconds. */
function whoAnswers(delta: Node, times: number): { names: string[]; slowest: number } {
  const names: string[] = [];
  let slowest = 0;
  for (let i = 0; i < times; i++) {
    const text = delta.host.must(['curl', '-sS', '-f', '-m', '10', '-w', '%{time_total}', HELLO]);
    const [, name = '', seconds = '0'] = /^hello from (\w+)\n([\d.]+)$/.exec(text) ?? [];
    names.push(name);
    slowest = Math.max(slowest, Number(seconds));
  }
  return { names, slowest };
}

function tally(names: string[]): string {
  const counts = [...new Set(names)]
    .sort()
    .map((name) => `${name} ${names.filter((other) => other === name).length}`);
  return counts.join(', ');
}

async function curlByName(delta: Node): Promise<void> {
  say(
    "Here programs of delta ask mcc's resolver, as on a real host, where the daemon tells systemd-resolved or dnsmasq.",
  );
  shell(delta, `for i in $(seq ${CURLS}); do curl ${HELLO}; done`);
  const { names } = whoAnswers(delta, CURLS);
  // Chance chooses: one of 2,048 runs may need more.
  while (new Set(names).size < 2 && names.length < 5 * CURLS) names.push(...whoAnswers(delta, 1).names);
  if (new Set(names).size < 2) throw new Error(`only ${names[0]} answered, ${names.length} times`);
  say(`answers: ${tally(names)}`);
}

async function killProvider({ bravo, delta }: Cast): Promise<void> {
  shell(bravo, 'kill -9 $(pidof mcc)');
  await bravo.down('SIGKILL');
  shell(delta, `for i in $(seq ${CURLS}); do curl ${HELLO}; done`);
  const { names, slowest } = whoAnswers(delta, CURLS);
  if (names.some((name) => name !== 'charlie')) throw new Error(`somebody else answered: ${tally(names)}`);
  say(`answers: ${tally(names)}; none failed, the slowest took ${slowest.toFixed(2)} s`);
}

async function fetchFile(lab: Lab, delta: Node, file: Uint8Array): Promise<void> {
  const hash = createHash('sha256').update(file).digest('hex');
  const [{ dev: wire }] = JSON.parse(delta.host.must(['ip', '-j', 'route', 'get', '10.3.0.2'])) as [
    { dev: string },
  ];
  // bravo's kernel tells that nobody listens there any more: ICMP type 3.
  const bare = await Capture.on(
    delta.host,
    wire,
    `${NO_NEIGHBOURS} and not udp port 9376 and not (icmp and icmp[0] = 3)`,
  );
  const url = `http://charlie.node.mcc:${PORT}/file.bin`;
  for (const family of ['-4', '-6']) {
    const copy = join(lab.folder, 'copy.bin');
    shell(delta, `curl -O ${family} ${url}`);
    const curl = ['curl', '-sS', '-f', family, '-o', copy, '-w', '%{time_total}', url];
    const seconds = Number(delta.host.must(curl));
    const got = must(['sha256sum', copy]).split(' ')[0];
    if (got !== hash) throw new Error(`the file came through with hash ${got} instead of ${hash}`);
    say(`${FILE_BYTES >> 20} MB in ${seconds.toFixed(2)} s, sha256 ${hash.slice(0, 16)}... is right`);
  }
  const seen = await bare.lines();
  if (seen.length > 0) throw new Error(`not everything went through the tunnel:\n${seen[0]}`);
  say('On the wire tcpdump saw nothing but encrypted UDP on port 9376.');
}

async function measureSpeed({ charlie, delta }: Cast): Promise<void> {
  const server = charlie.host.start(['iperf3', '-s', '-1', '--forceflush']);
  await server.waitFor(/listening/);
  shell(delta, 'iperf3 -c charlie.node.mcc');
  const report = JSON.parse(
    delta.host.must(['iperf3', '-c', 'charlie.node.mcc', '-t', '3', '-C', 'cubic', '-J']),
  );
  const gigabits = (report.end.sum_received.bits_per_second / 1e9).toFixed(1);
  say(`${gigabits} Gbit/s in one TCP stream, sealed and opened on the two sides of this machine`);
}

/** echo asks with a key of its own, whoever has the root key's words signs, and echo is a signer for itself from then on. */
async function bringIn(lab: Lab, { delta, echo }: Cast, recoveryPhrase: string): Promise<void> {
  shell(echo, 'mcc organisation create globex');
  const request = lastLine(echo.mcc('organisation', 'create', 'globex'));
  say(`${request.slice(0, 24)}... is what the root key is to sign, and holds no secret`);
  const words = join(lab.folder, 'words-on-paper');
  writeFileSync(words, recoveryPhrase, { mode: 0o600 });
  shell(delta, 'mcc certificate sign mccr1... --recovery-phrase-file words-on-paper');
  const signing = ['certificate', 'sign', request, '--recovery-phrase-file', words, '--yes'];
  const signed = lastLine(delta.mcc(...signing));
  shell(echo, 'mcc organisation install mccs1... && mcc run');
  echo.mcc('organisation', 'install', signed, '--name', 'echo');
  await echo.up();
  const { organisation, dns } = echo.json<{ organisation: string; dns: { addresses: string[] } }>('status');
  echo.host.nameservers(...dns.addresses);
  say(`echo is a node of ${organisation}, and invites whom ${organisation} wants`);
}

async function share({ charlie, echo }: Cast): Promise<void> {
  const add = ['service', 'add', 'ledger', '--port', String(LEDGER_PORT), '--target', `127.0.0.1:${PORT}`];
  shell(charlie, `mcc ${add.join(' ')}`);
  charlie.mcc(...add);
  await until('charlie knows globex', () =>
    charlie.try(['service', 'share', 'hello', '--share', 'globex']).status === 0 ? true : undefined,
  );
  shell(charlie, 'mcc service share hello --share globex');
  const shared = `http://hello.acme.mcc:${PORT}/`;
  const fetch = (url: string) => echo.host.run(['curl', '-sS', '-f', '-m', '10', url]);
  const answer = await until('echo reaches hello', () => {
    const { status, stdout } = fetch(shared);
    return status === 0 ? stdout.trim() : undefined;
  });
  shell(echo, `curl ${shared}`);
  say(answer);
  const own = `http://ledger.acme.mcc:${LEDGER_PORT}/`;
  shell(echo, `curl ${own}`);
  const refused = fetch(own);
  if (refused.status === 0) throw new Error('ledger was not shared, and yet globex reached it');
  say(refused.stderr.trim());
}

async function leave(node: Node): Promise<void> {
  await node.down();
  if (node.host.run(['ip', 'link', 'show', 'mcc0']).status === 0)
    throw new Error(`${node.name} left its interface behind`);
}

async function demo(lab: Lab): Promise<void> {
  console.log(bold('mcc: five hosts, one network, no server'));
  step('Five hosts, each on a network of its own, with a router between them (network namespaces)');
  const cast = makeHosts(lab);
  const { alpha, bravo, charlie, delta } = cast;
  step('alpha founds a network and invites the others');
  const recoveryPhrase = await formNetwork(cast);
  step('bravo and charlie serve hello: a web server that knows nothing of mcc, and one command');
  const file = randomBytes(FILE_BYTES);
  await offer(lab, bravo, file);
  await offer(lab, charlie, file);
  step('alpha, the only one that the others were ever told of, leaves for good');
  shell(alpha, 'systemctl stop mcc');
  await leave(alpha);
  say('Whoever is left asks those that are left.');
  step('delta finds hello, and curl, which knows nothing of mcc either, uses it by name');
  await findService(delta);
  await curlByName(delta);
  step('bravo dies without a word, and curl goes on');
  await killProvider(cast);
  step('A file over virtual IPv4 and IPv6, from a node by its name');
  await fetchFile(lab, delta, file);
  step('iperf3 through the tunnel');
  await measureSpeed(cast);
  step('echo brings a second organisation in; the founder is gone, its words on paper are enough');
  await bringIn(lab, cast, recoveryPhrase);
  step('charlie shares hello with it, and keeps ledger for its own organisation');
  await share(cast);
  step('charlie, delta and echo stop, and their interfaces are gone');
  for (const node of [charlie, delta, cast.echo]) await leave(node);
}

const why = impossible();
if (why !== undefined) {
  console.error(`mcc demo: ${why}`);
  process.exit(1);
}
const lab = new Lab();
try {
  await demo(lab);
  await lab.close();
  console.log(`\n${bold('Everything worked, and nothing is left behind.')}`);
} catch (error) {
  await lab.close();
  console.error(`\nmcc demo: ${(error as Error).message}`);
  process.exitCode = 1;
}
