/** Transfers that a tunnel must carry unharmed, whatever lies below it; each is a subtest. */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Host, Lab } from './lab.ts';
import type { Pair } from './node.ts';

const MEGABYTE = 1 << 20;
const PING = ['ping', '-n', '-q', '-c', '3', '-i', '0.02', '-W', '5'];
const program = (name: string): string => join(import.meta.dirname, 'programs', name);

/** MCC_WHOLE=1: nothing is sampled: 1 GB for every file, and every size of datagram. Takes some twenty minutes. */
const WHOLE = process.env.MCC_WHOLE === '1';

/** A file of random bytes. */
interface Sample {
  folder: string;
  hash: string;
}

/** A file that a web server on a host serves. */
export interface Served {
  hash: string;
  url(address: string): string;
}

const samples = new Map<string, Sample>();

/** The lab's file of that size, made once. */
function sample(lab: Lab, megabytes: number): Sample {
  const folder = join(lab.folder, `www-${megabytes}`);
  const made = samples.get(folder);
  if (made !== undefined) return made;
  mkdirSync(folder);
  const block = randomBytes(MEGABYTE);
  const hash = createHash('sha256');
  const file = openSync(join(folder, 'file.bin'), 'wx');
  for (let i = 0; i < megabytes; i++) {
    block.writeUInt32BE(i);
    hash.update(block);
    writeSync(file, block);
  }
  closeSync(file);
  const one = { folder, hash: hash.digest('hex') };
  samples.set(folder, one);
  return one;
}

export async function serve(lab: Lab, host: Host, megabytes: number): Promise<Served> {
  const { folder, hash } = sample(lab, megabytes);
  const words = ['http.server', '0', '--bind', '::', '--directory', folder];
  const server = host.start(['python3', '-u', '-m', ...words]);
  const port = (await server.waitFor(/ port (\d+)/))[1];
  return {
    hash,
    url: (address) => `http://${address.includes(':') ? `[${address}]` : address}:${port}/file.bin`,
  };
}

/** Fetches what is served and returns the hash of what arrived. */
export async function fetched(host: Host, url: string): Promise<string> {
  const done = await host.start(['sh', '-c', `curl -sS -f -g '${url}' | openssl dgst -sha256 -r`]).ended();
  return done.stdout.split(' ')[0] ?? done.stderr;
}

/** A file each way over IPv4 and IPv6. */
export function filesEachWay(t: Test, lab: Lab, pair: Pair, sampled: number): void {
  const megabytes = WHOLE ? 1000 : sampled;
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

/** UDP of sizes from 1 to the largest, `step4` apart over IPv4 and `step6` over IPv6, there and back. */
export function datagramsOfSizes(t: Test, pair: Pair, step4: number, step6 = step4): void {
  for (const [family, any, last, sampled] of [
    ['ipv4', '0.0.0.0', 65_507, step4],
    ['ipv6', '::', 65_527, step6],
  ] as const) {
    const step = WHOLE ? 1 : sampled;
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
        // ping waits two round trips for its last answers, too short for a busy machine, and a Packet Too Big ends its try.
        let seen = '';
        for (let tries = 0; tries < 3 && !seen.includes(' 3 received'); tries++)
          seen = pair.a.host.run([...PING, '-s', String(size), pair.toB[family]]).stdout;
        t.match(seen, / 3 received/, `${size} bytes over ${family}`);
      }
    }
  });
}
