// The addon's raw bytes, before anything stands on it: two processes with fixed keys in two network namespaces,
// TUN -> addon -> UDP -> addon -> TUN, with the smallest decisions there are. Prints Gbit/s and CPU seconds per GB.
//
//   node test/bench/native-raw.ts [--seconds 5] [--crypto auto|openssl] [--suite gcm|chacha] [--mtu 1500] [--udp] [--streams 1]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { nativeSystem, openPort } from '../../src/host/native/native.ts';

const { values } = parseArgs({
  options: {
    side: { type: 'string' },
    crypto: { type: 'string', default: 'auto' },
    suite: { type: 'string', default: 'gcm' },
    seconds: { type: 'string', default: '5' },
    streams: { type: 'string', default: '1' },
    mtu: { type: 'string', default: '1500' },
    udp: { type: 'boolean', default: false },
    rate: { type: 'string', default: '0' },
    bytes: { type: 'string', default: '64' },
    perf: { type: 'string' },
  },
});
const SUITE = values.suite === 'chacha' ? L.Suite.chacha20Poly1305 : L.Suite.aes256Gcm;
const PLAINTEXT = Number(values.mtu) - 20 - 8 - L.TRANSPORT_HEADER - L.TAG_BYTES;

if (values.side === undefined) await measure();
else side(Number(values.side));

function side(me: number): void {
  const other = 1 - me;
  const port = openPort({
    interface: 'mccraw0',
    listen: [{ ip: ipv4(10, 77, 0, 1 + me), port: 9376 }],
    crypto: values.crypto as 'auto' | 'openssl',
  });
  const system = nativeSystem();
  const index = system.linkIndex('mccraw0');
  system.setLink(index, {
    up: true,
    mtu: 1420,
    gsoMaxSize: 61000,
    gsoIpv4MaxSize: 61000,
    txQueueLength: 1000,
    linkLocal: false,
  });
  system.addAddress(index, ipv4(10, 78, 0, 1 + me), 120);
  const key = (n: number) => new Uint8Array(32).fill(n + 1);
  port.setSendKey(0, SUITE, key(me), 0);
  port.setReceiveKey(0, SUITE, key(other), 0, 0);
  port.setPath(0, { ip: ipv4(10, 77, 0, 1 + other), port: 9376 });
  const { outRows, inRows } = port;
  let counter = 0;
  port.onInside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) counter += decide(outRows, at, counter);
    port.send(rows);
    // Fresh counters for ever: the bench renews its key as a session would.
    if (counter > 2 ** 27) process.exit(3);
  });
  port.onOutside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      inRows[at + L.InRow.action] = L.Action.send;
      address(inRows, at + L.InRow.source, 1 + other);
      address(inRows, at + L.InRow.destination, 1 + me);
    }
    port.deliver(rows);
  });
  process.on('SIGTERM', () => {
    console.error(
      JSON.stringify({ info: port.info(), counters: named(port.counters), cpu: process.cpuUsage() }),
    );
    port.close(true);
  });
  console.log('ready');
}

function decide(rows: Uint32Array, at: number, counter: number): number {
  const info = rows[at + L.OutRow.info];
  rows[at + L.OutRow.action] = L.Action.drop;
  if ((info & L.INFO_FAMILY) !== 4) return 0;
  const tcp = ((info >>> L.INFO_PROTOCOL_SHIFT) & 0xff) === 6;
  const header = rows[at + L.OutRow.headerBytes];
  const payload = rows[at + L.OutRow.length] - header;
  const segment = rows[at + L.OutRow.segmentBytes];
  const largest = PLAINTEXT - header;
  let datagrams = 1;
  if (tcp && payload > 0) {
    const piece = Math.min(segment === 0 ? payload : segment, largest);
    datagrams = Math.ceil(payload / piece);
    rows[at + L.OutRow.recut] = segment === 0 && payload <= largest ? 0 : piece;
  } else if (segment !== 0) datagrams = Math.ceil(payload / segment);
  else if (header + payload > PLAINTEXT)
    datagrams = Math.ceil((header + payload) / (PLAINTEXT - L.FRAGMENT_HEADER));
  rows[at + L.OutRow.action] = L.Action.send;
  rows[at + L.OutRow.key] = 0;
  rows[at + L.OutRow.counterLow] = counter;
  rows[at + L.OutRow.datagrams] = datagrams;
  rows[at + L.OutRow.path] = 0;
  rows[at + L.OutRow.fragmentAt] = PLAINTEXT;
  return datagrams;
}

function address(rows: Uint32Array, at: number, host: number): void {
  rows[at] = 0;
  rows[at + 1] = 0;
  rows[at + 2] = 0xffff;
  rows[at + 3] = ((10 << 24) | (78 << 16) | host) >>> 0;
}

function named(counters: Float64Array): Record<string, number> {
  return Object.fromEntries(
    Object.entries(L.Counter).flatMap(([name, index]) =>
      counters[index] > 0 ? [[name, counters[index]]] : [],
    ),
  );
}

async function measure(): Promise<void> {
  const names = [`mccraw-a-${process.pid}`, `mccraw-b-${process.pid}`];
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const inside = (n: number, ...command: string[]) => ['netns', 'exec', names[n], ...command];
  const children: ChildProcess[] = [];
  try {
    for (const name of names) ip('netns', 'add', name);
    ip('link', 'add', 'veth0', 'netns', names[0], 'type', 'veth', 'peer', 'name', 'veth0', 'netns', names[1]);
    for (const n of [0, 1]) {
      ip('-n', names[n], 'addr', 'add', `10.77.0.${1 + n}/24`, 'dev', 'veth0');
      ip('-n', names[n], 'link', 'set', 'veth0', 'up', 'mtu', values.mtu);
      ip('-n', names[n], 'link', 'set', 'lo', 'up');
    }
    const options = ['--crypto', values.crypto, '--suite', values.suite, '--mtu', values.mtu];
    const start = async (n: number) => {
      const child = spawn(
        'ip',
        inside(n, process.execPath, import.meta.filename, '--side', String(n), ...options),
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      children.push(child);
      await once(child.stdout as NodeJS.ReadableStream, 'data');
    };
    await start(0);
    await start(1);
    const raw = await traffic(inside, '10.77.0.2', []);
    // Compilers warm up on the first second.
    await traffic(inside, '10.78.0.2', children, '1');
    const tunnel = await traffic(inside, '10.78.0.2', children);
    console.log(`raw veth  ${raw.text}`);
    console.log(`tunnel    ${tunnel.text}`);
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined)));
    for (const name of names) ip('netns', 'del', name);
  }
}

async function traffic(
  inside: (n: number, ...command: string[]) => string[],
  target: string,
  vpn: ChildProcess[],
  seconds = values.seconds,
) {
  const server = spawn('ip', inside(1, 'iperf3', '-s', '-1', '--forceflush'), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(server.stdout, 'data');
  const kind = values.udp
    ? ['-u', '-b', values.rate, '-l', values.bytes]
    : ['-C', 'cubic', '-P', values.streams];
  const before = vpn.map(cpuSeconds);
  const wholeBefore = wholeCpu();
  const client = spawn('ip', inside(0, 'iperf3', '-c', target, '-t', seconds, '-J', ...kind), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  client.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const profile =
    values.perf !== undefined && vpn.length > 0
      ? spawn(
          'perf',
          [
            'record',
            '-q',
            '-g',
            '-o',
            values.perf,
            '-p',
            vpn.map((child) => String(child.pid)).join(','),
            'sleep',
            '3',
          ],
          { stdio: 'inherit' },
        )
      : undefined;
  await Promise.all([once(client, 'exit'), once(server, 'exit'), profile && once(profile, 'exit')]);
  const used = vpn.map((child, i) => cpuSeconds(child) - before[i]);
  const whole = wholeCpu() - wholeBefore;
  const end = JSON.parse(text).end;
  if (values.udp) {
    const sum = end.sum;
    const lost = (sum.lost_packets / sum.packets) * 100;
    const rate = (sum.packets - sum.lost_packets) / sum.seconds / 1000;
    return {
      text: `${rate.toFixed(0)} k packets/s received, ${lost.toFixed(2)} % lost, CPU us/packet ${used.map((s) => ((s * 1e6) / sum.packets).toFixed(2)).join(' + ')}`,
    };
  }
  const gigabytes = end.sum_received.bytes / 1e9;
  const gigabits = end.sum_received.bits_per_second / 1e9;
  return {
    text: `${gigabits.toFixed(2)} Gbit/s, CPU s/GB ${used.map((s) => (s / gigabytes).toFixed(2)).join(' + ')}; whole machine ${(whole / gigabytes).toFixed(2)}; retransmits ${end.sum_sent.retransmits}`,
  };
}

function cpuSeconds(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function wholeCpu(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/ +/).slice(1).map(Number);
  return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / 100;
}
