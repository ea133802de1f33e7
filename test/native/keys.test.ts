import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import t from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { openPort } from '../../src/host/native/native.ts';
import { Listener, open } from './datagrams.ts';
import {
  counted,
  INDEX,
  LOCALHOST,
  loopbackUp,
  PLAINTEXT,
  privateNamespace,
  sendRow,
  Twin,
  until,
} from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

t.test('counters are used once and never at the limit, by the vectors that the twin keeps to', async (t) => {
  const vectors = JSON.parse(readFileSync(new URL('../vectors/replay.json', import.meta.url), 'utf8'));
  const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
  const remote = await Listener.open();
  t.teardown(() => {
    port.close(true);
    remote.close();
  });
  port.setPath(0, { ip: LOCALHOST, port: remote.port });
  for (const { name, steps } of vectors.send) {
    const key = randomBytes(32);
    port.setSendKey(0, L.Suite.aes256Gcm, key, 1);
    const verdicts: unknown[] = [];
    for (const [base, count, expected] of steps) {
      // Control messages take one counter each: a range is taken as its last counter, which uses up what is before.
      if (count !== 1 && expected) {
        port.sendControl(0, base + count - 1, 0, Buffer.of(0));
        verdicts.push([base, count, true]);
        await until(() => remote.datagrams.length === 1, 'the datagram');
        t.equal(open(L.Suite.aes256Gcm, key, remote.take()[0]).counter, BigInt(base + count - 1));
        continue;
      }
      if (count === 0 || count > 1) {
        verdicts.push([base, count, expected]);
        continue;
      }
      const refused = port.counters[L.Counter.dropBadRow];
      port.sendControl(0, base, 0, Buffer.of(0));
      const accepted = port.counters[L.Counter.dropBadRow] === refused;
      verdicts.push([base, count, accepted]);
      if (!accepted) continue;
      await until(() => remote.datagrams.length === 1, 'the datagram');
      t.equal(open(L.Suite.aes256Gcm, key, remote.take()[0]).counter, BigInt(base));
    }
    t.same(verdicts, steps, name);
  }
  t.equal(remote.datagrams.length, 0, 'nothing left that was refused');
});

t.test('rows take their counters in their order and are refused when one was used', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const socket = createSocket('udp4');
  t.teardown(() => socket.close());
  const bases = [10, 12, 11, 12, 13, 2 ** 28 - 1, 2 ** 28, 5];
  let n = 0;
  twin.a.decideOut = (rows, at) => sendRow(rows, at, bases[n++], PLAINTEXT);
  twin.b.decideIn = () => {};
  for (const base of bases) {
    const before = n;
    socket.send(Buffer.alloc(100), 9, '10.78.0.2');
    await until(() => n > before, `the row for ${base}`);
  }
  // 10, 12, 13 and the last one below the limit.
  await until(() => counted(twin.b.port).datagramsReceived === 4, 'four datagrams');
  t.equal(counted(twin.a.port).dropBadRow, 4);
});

/** How often the bytes stand in writable memory of this process. */
function occurrences(key: Uint8Array): number {
  const memory = openSync('/proc/self/mem', 'r');
  const needle = Buffer.from(key.buffer, key.byteOffset, key.length);
  const chunk = Buffer.alloc(1 << 20);
  const again = Buffer.alloc(32);
  let found = 0;
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (match === null || line.includes('[v')) continue;
    const [start, end] = [BigInt(`0x${match[1]}`), BigInt(`0x${match[2]}`)];
    // A sanitizer's shadow, which holds no bytes of the program.
    if (end - start > 1n << 32n) continue;
    for (let at = start; at < end; at += BigInt(chunk.length)) {
      let bytes = 0;
      try {
        bytes = readSync(
          memory,
          chunk,
          0,
          Number(end - at < chunk.length ? end - at : BigInt(chunk.length)),
          at as unknown as number,
        );
      } catch {
        break;
      }
      const hits: bigint[] = [];
      for (
        let i = chunk.indexOf(needle.subarray(0, 16));
        i >= 0 && i < bytes;
        i = chunk.indexOf(needle.subarray(0, 16), i + 1)
      ) {
        if (chunk.subarray(i, i + 32).equals(needle)) hits.push(at + BigInt(i));
      }
      chunk.fill(0);
      // Reading over `chunk` itself copies what was read just before to where it is not: a true hit is still there afterwards.
      for (const hit of hits) {
        readSync(memory, again, 0, 32, hit as unknown as number);
        if (again.equals(needle)) found++;
        again.fill(0);
      }
    }
  }
  closeSync(memory);
  return found;
}

for (const crypto of ['auto', 'openssl'] as const) {
  t.test(`a cleared key is wiped (${crypto})`, async (t) => {
    const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }], crypto });
    t.teardown(() => port.close(true));
    const key = randomBytes(32);
    const alone = occurrences(key);
    port.setSendKey(4, L.Suite.aes256Gcm, key, 1);
    port.setReceiveKey(4, L.Suite.aes256Gcm, key, INDEX[0] + 4, 0);
    // The first round keys of AES-256 are the key itself.
    t.ok(occurrences(key) > alone, 'the key stands in the addon while it is set');
    port.clearSendKey(4);
    port.clearReceiveKey(4);
    t.ok(occurrences(key) <= alone, 'and nowhere afterwards');
  });
}
