import t from 'tap';
import { parseIp } from '../../../src/core/base/ip.ts';
import { IcmpLimit, tooBig, unreachable } from '../../../src/core/engine/icmp.ts';

function sum(...parts: Uint8Array[]): number {
  let total = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) total += part[i] * (i % 2 === 0 ? 256 : 1);
  }
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

function packet(family: number, length: number): Uint8Array {
  const made = Uint8Array.from({ length: length + 3 }, (_, i) => i * 7);
  made[3] = family === 6 ? 0x60 : 0x45;
  const [source, destination] = ['fd00::a', 'fd00::b'].map((text) => parseIp(text) as Uint8Array);
  if (family === 6) {
    made.set(source, 3 + 8);
    made.set(destination, 3 + 24);
  } else {
    made.set([100, 64, 0, 1, 100, 64, 9, 9], 3 + 12);
  }
  return made;
}

t.test('IPv4: host unreachable and fragmentation needed', async (t) => {
  for (const length of [60, 61, 1400]) {
    const about = packet(4, length);
    for (const [made, code, mtu] of [
      [unreachable(about, 3, length), 1, 0],
      [tooBig(about, 3, length, 1300), 4, 1300],
    ] as const) {
      const view = new DataView(made.buffer);
      t.equal(made.length, 28 + Math.min(length, 548));
      t.equal(view.getUint16(2), made.length);
      t.same([...made.subarray(12, 20)], [100, 64, 9, 9, 100, 64, 0, 1], 'from the destination');
      t.same([made[9], made[20], made[21], view.getUint16(26)], [1, 3, code, mtu]);
      t.equal(sum(made.subarray(0, 20)), 0xffff, 'header checksum');
      t.equal(sum(made.subarray(20)), 0xffff, 'checksum');
      t.same(made.subarray(28), about.subarray(3, 3 + made.length - 28), 'quotes the packet');
    }
  }
});

t.test('IPv6: address unreachable and Packet Too Big', async (t) => {
  for (const length of [60, 61, 1400]) {
    const about = packet(6, length);
    for (const [made, type, code, mtu] of [
      [unreachable(about, 3, length), 1, 3, 0],
      [tooBig(about, 3, length, 1300), 2, 0, 1300],
      [tooBig(about, 3, length, 900), 2, 0, 1280],
    ] as const) {
      const view = new DataView(made.buffer);
      t.equal(made.length, 48 + Math.min(length, 1232));
      t.ok(made.length <= 1280);
      t.equal(view.getUint16(4), made.length - 40);
      t.same(made.subarray(8, 24), about.subarray(3 + 24, 3 + 40), 'from the destination');
      t.same(made.subarray(24, 40), about.subarray(3 + 8, 3 + 24));
      t.same([made[6], made[40], made[41], view.getUint32(44)], [58, type, code, mtu]);
      const pseudo = Uint8Array.of(0, 0, (made.length - 40) >> 8, made.length - 40, 0, 0, 0, 58);
      t.equal(sum(made.subarray(8, 40), pseudo, made.subarray(40)), 0xffff, 'checksum');
    }
  }
});

t.test('a limit allows a burst, then its rate', async (t) => {
  const limit = new IcmpLimit(10, 3);
  const allowed = (now: number, tries: number): number =>
    Array.from({ length: tries }, () => limit.allows(now)).filter(Boolean).length;
  t.equal(allowed(1000, 10), 3);
  t.equal(allowed(1099, 10), 0);
  t.equal(allowed(1100, 10), 1);
  t.equal(allowed(1000, 10), 0, 'a clock that steps back earns nothing');
  t.equal(allowed(100_000, 10), 3);
});
