/**
 * `npm run demo`: two hosts on this machine, joined by nothing but a wire, become one private network, and ordinary programs
 * use it. Everything it makes goes away at the end, also on Ctrl-C.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Capture, NO_NEIGHBOURS } from './capture.ts';
import { impossible, Lab, must } from './lab.ts';
import { type Pair, pair } from './node.ts';

const OUTER = { a: '192.0.2.1', b: '192.0.2.2' };
const FILE_BYTES = 64 << 20;

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
function shell(host: string, command: string): void {
  console.log(`   ${dim(`${host}$ ${command}`)}`);
}

function url(address: string, path: string): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:8000/${path}`;
}

function showNetwork({ a, b, toB, toA }: Pair): void {
  shell('alpha', 'mcc init --network lab --organisation acme && mcc run');
  shell('alpha', 'mcc invite');
  shell('bravo', 'mcc join mcc1... && mcc run');
  say(`alpha reaches bravo at  ${toB.ipv4.padEnd(15)}  ${toB.ipv6}`);
  say(`bravo reaches alpha at  ${toA.ipv4.padEnd(15)}  ${toA.ipv6}`);
  shell('bravo', 'mcc ping alpha');
  const ping = b.json<{ rttMs: number[]; lost: number; path: { kind: string } }>('ping', 'alpha');
  const best = Math.min(...ping.rttMs).toFixed(2);
  say(`${ping.rttMs.length} answers, ${ping.lost} lost, ${best} ms, path ${ping.path.kind}`);
  if (a.status().peers.length !== 1) throw new Error('alpha should have one peer');
}

async function fetchFile(lab: Lab, { a, b, toA }: Pair, wire: string): Promise<void> {
  const folder = join(lab.folder, 'www');
  mkdirSync(folder);
  const bytes = randomBytes(FILE_BYTES);
  const hash = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(folder, 'file.bin'), bytes);
  shell('alpha', 'python3 -m http.server 8000');
  const words = ['http.server', '8000', '--bind', '::', '--directory', folder];
  const server = a.host.start(['python3', '-u', '-m', ...words]);
  await server.waitFor(/Serving HTTP/);
  const bare = await Capture.on(b.host, wire, `${NO_NEIGHBOURS} and not udp port 9376`);
  for (const address of [toA.ipv4, toA.ipv6]) {
    const copy = join(lab.folder, 'copy.bin');
    shell('bravo', `curl -O ${url(address, 'file.bin')}`);
    const curl = ['curl', '-sS', '-f', '-g', '-o', copy, '-w', '%{time_total}', url(address, 'file.bin')];
    const seconds = Number(b.host.must(curl));
    const got = must(['sha256sum', copy]).split(' ')[0];
    if (got !== hash) throw new Error(`the file came through with hash ${got} instead of ${hash}`);
    say(`${FILE_BYTES >> 20} MB in ${seconds.toFixed(2)} s, sha256 ${hash.slice(0, 16)}... is right`);
  }
  await server.stop();
  const seen = await bare.lines();
  if (seen.length > 0) throw new Error(`not everything went through the tunnel:\n${seen[0]}`);
  say('On the wire tcpdump saw nothing but encrypted UDP on port 9376.');
}

async function measureSpeed({ a, b, toA }: Pair): Promise<void> {
  const server = a.host.start(['iperf3', '-s', '-1', '--forceflush']);
  await server.waitFor(/listening/);
  shell('bravo', `iperf3 -c ${toA.ipv4}`);
  const report = JSON.parse(b.host.must(['iperf3', '-c', toA.ipv4, '-t', '3', '-C', 'cubic', '-J']));
  const gigabits = (report.end.sum_received.bits_per_second / 1e9).toFixed(1);
  say(`${gigabits} Gbit/s in one TCP stream, sealed and opened on the two sides of this machine`);
}

async function demo(lab: Lab): Promise<void> {
  console.log(bold('mcc: two hosts become one network'));
  step('Two hosts, alpha and bravo, with a wire between them (network namespaces)');
  const hostA = lab.host('alpha');
  const hostB = lab.host('bravo');
  const [, wire] = lab.wire(hostA, [`${OUTER.a}/24`], hostB, [`${OUTER.b}/24`]);
  say(`alpha has ${OUTER.a}, bravo has ${OUTER.b}`);
  step('alpha founds a network, bravo joins it with a token');
  const both = await pair(lab, hostA, hostB, OUTER.a);
  showNetwork(both);
  step('A web server and curl, which know nothing of mcc, over virtual IPv4 and IPv6');
  await fetchFile(lab, both, wire);
  step('iperf3 through the tunnel');
  await measureSpeed(both);
  step('Both nodes stop, and their interfaces are gone');
  for (const node of [both.a, both.b]) {
    await node.down();
    if (node.host.run(['ip', 'link', 'show', 'mcc0']).status === 0)
      throw new Error(`${node.name} left its interface behind`);
  }
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
