/**
 * `npm run demo`: two hosts on this machine, joined by nothing but a wire, become one private network, and ordinary programs
 * use it. Everything it makes goes away at the end, also on Ctrl-C.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab, must } from './lab.ts';
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
function shell(text: string): void {
  console.log(`   ${dim(`$ ${text}`)}`);
}

function url(address: string, path: string): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:8000/${path}`;
}

function showNetwork({ a, b, toB, toA }: Pair): void {
  const status = b.status();
  shell('mcc init; mcc invite          (on alpha)');
  shell('mcc join TOKEN                (on bravo)');
  say(`network ${status.networkId.slice(0, 16)}..., organisation acme`);
  say(`alpha reaches bravo at ${toB.ipv4} and ${toB.ipv6}`);
  say(`bravo reaches alpha at ${toA.ipv4} and ${toA.ipv6}`);
  shell(`mcc ping alpha                (on bravo)`);
  const ping = b.json<{ rttMs: number[]; lost: number; path: { kind: string } }>('ping', 'alpha');
  say(
    `${ping.rttMs.length} answers, ${ping.lost} lost, path ${ping.path.kind}, ${Math.min(...ping.rttMs).toFixed(2)} ms`,
  );
  if (a.status().peers.length !== 1) throw new Error('alpha should have one peer');
}

async function fetchFile(lab: Lab, { a, b, toA }: Pair): Promise<void> {
  const folder = join(lab.folder, 'www');
  mkdirSync(folder);
  const bytes = randomBytes(FILE_BYTES);
  const hash = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(folder, 'file.bin'), bytes);
  const server = a.host.start([
    'python3',
    '-u',
    '-m',
    'http.server',
    '8000',
    '--bind',
    '::',
    '--directory',
    folder,
  ]);
  await server.waitFor(/Serving HTTP/);
  say(`alpha serves a file of ${FILE_BYTES >> 20} MB with python3 -m http.server`);
  for (const address of [toA.ipv4, toA.ipv6]) {
    const copy = join(lab.folder, 'copy.bin');
    shell(`curl ${url(address, 'file.bin')}   (on bravo)`);
    const seconds = Number(
      b.host.must(['curl', '-sS', '-f', '-g', '-o', copy, '-w', '%{time_total}', url(address, 'file.bin')]),
    );
    const got = must(['sha256sum', copy]).split(' ')[0];
    if (got !== hash) throw new Error(`the file came through with hash ${got} instead of ${hash}`);
    say(`arrived in ${seconds.toFixed(2)} s, the hash is right (${hash.slice(0, 16)}...)`);
  }
  await server.stop();
}

async function measureSpeed({ a, b, toA }: Pair): Promise<void> {
  const server = a.host.start(['iperf3', '-s', '-1', '--forceflush']);
  await server.waitFor(/listening/);
  shell(`iperf3 -c ${toA.ipv4}         (on bravo)`);
  const report = JSON.parse(b.host.must(['iperf3', '-c', toA.ipv4, '-t', '3', '-C', 'cubic', '-J']));
  say(
    `${(report.end.sum_received.bits_per_second / 1e9).toFixed(2)} Gbit/s, one TCP stream, encrypted, both ends on this machine`,
  );
}

const lab = new Lab();
try {
  console.log(bold('mcc: two hosts become one network'));
  step('Two hosts, alpha and bravo: network namespaces with a wire between them');
  const hostA = lab.host('a');
  const hostB = lab.host('b');
  lab.wire(hostA, [`${OUTER.a}/24`], hostB, [`${OUTER.b}/24`]);
  step('alpha founds a network, bravo joins it with a token');
  const both = await pair(lab, hostA, hostB, OUTER.a);
  showNetwork(both);
  step('An unmodified web server and curl, over virtual IPv4 and IPv6');
  await fetchFile(lab, both);
  step('iperf3 through the tunnel');
  await measureSpeed(both);
  step('Both nodes stop, and their interfaces are gone');
  for (const node of [both.a, both.b]) {
    await node.down();
    if (node.host.run(['ip', 'link', 'show', 'mcc0']).status === 0)
      throw new Error(`${node.name} left its interface behind`);
  }
  console.log(`\n${bold('Everything worked.')} Nothing is left behind.`);
} finally {
  await lab.close();
}
