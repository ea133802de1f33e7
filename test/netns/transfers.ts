/** Transfers that a tunnel must carry unharmed, whatever lies below it; each is a subtest. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Host, type Lab, must } from './lab.ts';
import type { Pair } from './node.ts';

const MEGABYTE = 1 << 20;
const program = (name: string): string => join(import.meta.dirname, 'programs', name);

/** A file of random bytes, served by a web server on a host. */
export interface Served {
  hash: string;
  url(address: string): string;
}

export async function serve(lab: Lab, host: Host, megabytes: number): Promise<Served> {
  const folder = join(lab.folder, `www-${host.name}`);
  mkdirSync(folder, { recursive: true });
  const block = randomBytes(MEGABYTE);
  const file = join(folder, 'file.bin');
  writeFileSync(file, '');
  for (let i = 0; i < megabytes; i++) {
    block.writeUInt32BE(i);
    writeFileSync(file, block, { flag: 'a' });
  }
  const server = host.start([
    'python3',
    '-u',
    '-m',
    'http.server',
    '0',
    '--bind',
    '::',
    '--directory',
    folder,
  ]);
  const port = (await server.waitFor(/ port (\d+)/))[1];
  const hash = must(['sha256sum', file]).split(' ')[0] ?? '';
  return {
    hash,
    url: (address) => `http://${address.includes(':') ? `[${address}]` : address}:${port}/file.bin`,
  };
}

/** Fetches what is served and returns the hash of what arrived. */
export async function fetched(host: Host, url: string): Promise<string> {
  const done = await host.start(['sh', '-c', `curl -sS -f -g '${url}' | sha256sum`]).ended();
  return done.stdout.split(' ')[0] ?? done.stderr;
}

/** A file each way over IPv4 and IPv6. */
export function filesEachWay(t: Test, lab: Lab, pair: Pair, megabytes: number): void {
  t.test(`${megabytes} MB by TCP each way over IPv4 and IPv6 arrive with the right hash`, async (t) => {
    const [fromA, fromB] = [
      await serve(lab, pair.a.host, megabytes),
      await serve(lab, pair.b.host, megabytes),
    ];
    for (const family of ['ipv4', 'ipv6'] as const) {
      t.equal(
        await fetched(pair.b.host, fromA.url(pair.toA[family])),
        fromA.hash,
        `${family}, alpha to bravo`,
      );
      t.equal(
        await fetched(pair.a.host, fromB.url(pair.toB[family])),
        fromB.hash,
        `${family}, bravo to alpha`,
      );
    }
  });
}

/** UDP of the sizes first, first + step ... to the largest, there and back. */
export function datagramsOfSizes(t: Test, pair: Pair, step: number): void {
  for (const [family, any, last] of [
    ['ipv4', '0.0.0.0', 65_507],
    ['ipv6', '::', 65_527],
  ] as const) {
    t.test(
      `UDP datagrams of ${step === 1 ? 'every size' : `sizes ${step} apart`} come back over ${family}`,
      async (t) => {
        const echo = pair.b.host.start([process.execPath, program('echo.ts'), any]);
        const port = (await echo.waitFor(/port (\d+)/))[1] ?? '';
        const client = pair.a.host.start([
          process.execPath,
          program('sizes.ts'),
          pair.toB[family],
          port,
          '1',
          String(last),
          String(step),
        ]);
        const { passed, failed } = JSON.parse((await client.ended()).stdout);
        t.same(failed, [], 'sizes that did not come through');
        t.equal(passed, Math.floor((last - 1) / step) + 1);
        await echo.stop();
      },
    );
  }
}

/** Pings up to 65,000 bytes. */
export function largePings(t: Test, pair: Pair): void {
  t.test('pings of up to 65,000 bytes are answered', async (t) => {
    for (const family of ['ipv4', 'ipv6'] as const) {
      for (const size of [56, 1372, 1373, 1400, 1472, 3000, 16_000, 65_000]) {
        const done = pair.a.host.run([
          'ping',
          '-n',
          '-q',
          '-c',
          '3',
          '-i',
          '0.02',
          '-W',
          '2',
          '-s',
          String(size),
          pair.toB[family],
        ]);
        t.equal(/(\d+) received/.exec(done.stdout)?.[1], '3', `${size} bytes over ${family}`);
      }
    }
  });
}
