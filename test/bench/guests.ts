/**
 * `npm run bench -- guests [--seconds 15] [--rate 1000] [--only work|forged] [--tries 3]`: what being let in as a guest costs the guest, and what
 * those who want to be let in for nothing cost the node that lets in.
 *
 * work: `mcc join --guest` at the default difficulty, whole, on an idle node. forged: so many forged solutions a second against a core
 * node, by real handshakes from 16 addresses: first each with a key and a handshake of its own, then over sessions that stand. CPU time
 * is the daemon's, by /proc/PID/stat, less what it takes when nobody comes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { decodeInvitation, nobleCrypto } from '../../src/core/identity/identity.ts';
import { type Host, impossible, Lab } from '../netns/lab.ts';
import { lastLine, Node } from '../netns/node.ts';
import { cpuSeconds, undisturbed } from './measure.ts';
import type { Forged, ForgersFile } from './programs/forgers.ts';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '15' },
    rate: { type: 'string', default: '1000' },
    only: { type: 'string' },
    tries: { type: 'string', default: '3' },
  },
});
const SECONDS = Number(values.seconds);
const RATE = Number(values.rate);
const SOURCES = 16;
const DIFFICULTY = 25;
/** Share of one core that forged solutions may cost. */
const SHARE_WANTED = 0.05;
const LEAST_S = 5;
const MOST_S = 20;

const why = impossible();
if (why !== undefined) {
  console.error(why);
  process.exit(1);
}
const lab = new Lab();
let isGood = true;
try {
  const [alpha, guest, crowd] = ['alpha', 'guest', 'crowd'].map((name) => lab.host(name));
  const sources = Array.from({ length: SOURCES }, (_, i) => `198.51.100.${i + 2}`);
  lab.wire(alpha, ['192.0.2.1/25'], guest, ['192.0.2.2/25']);
  lab.wire(
    alpha,
    ['198.51.100.1/24'],
    crowd,
    sources.map((source) => `${source}/24`),
  );
  const node = new Node(lab, alpha, 'alpha');
  node.mcc('init', '--organisation', 'acme', '--name', 'alpha');
  await node.up('--advertise', '192.0.2.1:9376');
  node.mcc('guests', 'open');
  const invitation = lastLine(node.mcc('invite', '--guests', '--address', '192.0.2.1'));
  if (values.only !== 'forged') await work(guest, invitation);
  if (values.only !== 'work')
    for (const mode of ['handshakes', 'sessions'] as const)
      await forged(node, crowd, invitation, sources, mode);
} finally {
  await lab.close();
}
process.exitCode = isGood ? 0 : 1;

function say(what: string, value: string, isFine: boolean, remark = ''): void {
  isGood &&= isFine;
  console.log(`${isFine ? 'ok  ' : 'MISS'}  ${what.padEnd(44)} ${value}${remark}`);
}

/** From the command to the admission: the question, the work, the request. */
async function work(host: Host, invitation: string): Promise<void> {
  const guest = new Node(lab, host, 'guest');
  const began = performance.now();
  const running = guest.program(['join', '--guest', invitation, '--state', guest.state]);
  let nice = 0;
  let cpu = 0;
  const ended = running.ended();
  for (let isOver = false; !isOver; ) {
    const { pid } = running;
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
      nice = Math.max(nice, Number(fields[16]));
      cpu = cpuSeconds([pid]);
    } catch {
      // It has ended meanwhile.
    }
    isOver = await Promise.race([ended.then(() => true), sleep(100, false)]);
  }
  const seconds = (performance.now() - began) / 1000;
  const { stdout, stderr, status } = await ended;
  if (status !== 0) throw new Error(stdout + stderr);
  const shown = [...stderr.matchAll(/working: (\d+) %/g)].map(([, percent]) => Number(percent));
  say('mcc join --guest, difficulty 25: CPU time', `${cpu.toFixed(1)} s`, cpu >= LEAST_S && cpu <= MOST_S);
  say(
    '  in all',
    `${seconds.toFixed(1)} s`,
    true,
    seconds > 1.3 * cpu ? ', others had the core meanwhile' : '',
  );
  say('  priority', `nice ${nice}`, nice >= 10);
  say('  progress shown at', `${shown.join(', ')} %`, shown.length > 0 && shown.at(-1) === 100);
}

async function forged(
  node: Node,
  host: Host,
  invitation: string,
  sources: string[],
  mode: ForgersFile['mode'],
): Promise<void> {
  const read = decodeInvitation(nobleCrypto, invitation);
  if (!read.ok) throw new Error(read.code);
  const path = join(lab.folder, `forgers-${mode}`);
  const file: ForgersFile = {
    genesis: Buffer.from(read.network.bytes).toString('hex'),
    nodeId: node.status().nodeId,
    address: '198.51.100.1',
    port: 9376,
    sources,
    mode,
    rate: RATE,
    seconds: SECONDS,
    difficulty: DIFFICULTY,
  };
  writeFileSync(path, JSON.stringify(file));
  const pids = [node.daemon.pid];
  const { value, disturbed, foreign } = await undisturbed(async () => {
    const forgers = host.start([process.execPath, join(import.meta.dirname, 'programs/forgers.ts'), path]);
    await forgers.waitFor(/ready/, 120_000);
    // What came before is over, and so is what it was worth to the daemon.
    await sleep(2000);
    const idle = cpuSeconds(pids);
    await sleep(3000);
    const before = cpuSeconds(pids);
    const began = performance.now();
    forgers.process.stdin?.write('go\n');
    const { stdout } = await forgers.ended();
    const counts = JSON.parse(lastLine(stdout)) as Forged;
    const seconds = (performance.now() - began) / 1000;
    const share = (cpuSeconds(pids) - before) / seconds;
    return { counts, share, idle: (before - idle) / 3 };
  }, Number(values.tries));
  const { counts, share, idle } = value;
  const net = share - idle;
  const { initiations, repeated, established, forged: sent } = counts;
  say(
    mode === 'handshakes'
      ? `${RATE} a second, a handshake each: CPU time`
      : `${RATE} a second over sessions: CPU time`,
    `${(100 * net).toFixed(1)} % of a core`,
    net <= SHARE_WANTED,
    ` (${(100 * idle).toFixed(1)} % when idle)${disturbed ? `, disturbed: others took ${Math.round(100 * foreign)} %` : ''}`,
  );
  console.log(
    `      ${initiations} initiations, ${repeated} again with a cookie, ${established} sessions, ${sent} forged solutions; dropped: ${JSON.stringify(node.status().drops)}`,
  );
}
