// Error correction in the virtual world: the code by itself under random losses, and from one port to another.
import fc from 'fast-check';
import t from 'tap';
import * as L from '../../src/core/base/batch-layout.generated.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { ParityDecoder, ParityEncoder } from '../../src/sim/parity.ts';
import { SimPort } from '../../src/sim/port.ts';
import { udpPacket } from './packets.ts';

const HERE = { ip: ipv4(192, 0, 2, 1), port: 9376 };
const INDEX = 0x0007_0000;
const KEY = new Uint8Array(32).fill(5);
const FRAGMENT_AT = 1400;

const group = fc.record({
  plaintexts: fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 60 }),
  // Counters that other things took, in front of each.
  gaps: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 60, maxLength: 60 }),
  parities: fc.integer({ min: 1, max: L.PARITY_MOST }),
  fate: fc.array(fc.constantFrom('lost', 'comes', 'comes', 'comes', 'late'), {
    minLength: 60 + L.PARITY_MOST,
    maxLength: 60 + L.PARITY_MOST,
  }),
  base: fc.integer({ min: 0, max: 2 ** 28 - 1000 }),
});

t.test('as many as there are parities are recovered of a group, byte for byte', (t) => {
  fc.assert(
    fc.property(group, ({ plaintexts, gaps, parities, fate, base }) => {
      const encoder = new ParityEncoder(L.PARITY_MOST, 60);
      const decoder = new ParityDecoder();
      let counter = base;
      const data = plaintexts.map((plaintext, i) => {
        counter += gaps[i];
        encoder.add(counter, plaintext);
        return { counter: counter++, plaintext, isParity: false };
      });
      const sent = [
        ...data,
        ...encoder
          .take(parities, counter)
          .map((plaintext, i) => ({ counter: counter + i, plaintext, isParity: true })),
      ];
      const arriving = ['comes', 'late'].flatMap((when) => sent.filter((_, i) => fate[i] === when));
      const came = new Set<number>();
      const found = arriving.flatMap((each) => {
        const now = each.isParity
          ? decoder.addParity(each.counter, each.plaintext)
          : decoder.add(each.counter, each.plaintext);
        if (!each.isParity) came.add(each.counter);
        return (now ?? []).filter((one) => !came.has(one.counter));
      });
      const lost = data.filter((_, i) => fate[i] === 'lost');
      const enough = arriving.filter((each) => each.isParity).length >= lost.length;
      const recovered = new Map(
        found.map((each) => [each.counter, Buffer.from(each.plaintext).toString('hex')]),
      );
      if (recovered.size !== found.length) return false;
      const isAll = lost.every((each) => recovered.has(each.counter));
      const isRight = data.every((each) =>
        [undefined, Buffer.from(each.plaintext).toString('hex')].includes(recovered.get(each.counter)),
      );
      return isRight && (isAll || !enough);
    }),
    { numRuns: 300, seed: 11 },
  );
  t.end();
});

t.test('no plaintext does harm to who corrects', (t) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 600 }),
          fc.uint8Array({ minLength: 1, maxLength: 40 }),
          fc.constantFrom(0, 1, 2, 16),
        ),
        { maxLength: 60 },
      ),
      (datagrams) => {
        const decoder = new ParityDecoder();
        for (const [counter, bytes, bitmapBytes] of datagrams) {
          if (bytes.length > 8)
            bytes.set([L.Plaintext.parity, bytes[1] & 15, bitmapBytes, 0, bytes[4], bytes[5] & 1, 0, 0]);
          const found =
            bytes[0] === L.Plaintext.parity ? decoder.addParity(counter, bytes) : decoder.add(counter, bytes);
          for (const each of found ?? [])
            if (each.plaintext.length === 0 || each.plaintext.length > L.PARITY_BYTES) return false;
        }
        return true;
      },
    ),
    { numRuns: 500, seed: 12 },
  );
  t.end();
});

t.test('from port to port: what was lost comes through once, and stays missing for acknowledgements', (t) => {
  const delivered: string[] = [];
  const wire: Uint8Array[] = [];
  const world = {
    now: () => 0,
    writeInside: (packet: Uint8Array) => delivered.push(Buffer.from(packet.subarray(28)).toString()),
    openSocket: () => 'EMFILE',
    closeSocket: () => undefined,
    routeMtu: () => 1500,
  };
  const a = new SimPort(fakeCrypto, { ...world, sendDatagram: (_, bytes) => wire.push(bytes) > 0 });
  const b = new SimPort(fakeCrypto, { ...world, sendDatagram: () => true });
  a.setSendKey(0, L.Suite.aes256Gcm, KEY, INDEX);
  a.setPath(0, HERE);
  b.setReceiveKey(0, L.Suite.aes256Gcm, KEY, INDEX, 0);
  const kinds: number[] = [];
  b.onOutside((rows) => {
    for (let at = 0; at < rows * L.ROW_WORDS; at += L.ROW_WORDS) {
      kinds.push(b.inRows[at + L.InRow.kind]);
      b.inRows[at + L.InRow.action] = L.Action.send;
      b.inRows.set([0, 0, 0xffff, 0x0a00_0001, 0, 0, 0xffff, 0x0a00_0002], at + L.InRow.source);
    }
    b.deliver(rows);
  });
  let counter = 0;
  const send = (text: string, parities: number) => {
    a.onInside((rows) => {
      a.outRows[L.OutRow.action] = L.Action.send;
      a.outRows[L.OutRow.counterLow] = counter;
      a.outRows[L.OutRow.datagrams] = 1;
      a.outRows[L.OutRow.fragmentAt] = FRAGMENT_AT;
      a.outRows[L.OutRow.repair] = (parities << L.REPAIR_PARITY_SHIFT) >>> 0;
      counter += 1 + parities;
      a.send(rows);
    });
    a.readInside([udpPacket(ipv4(10, 0, 0, 1), 1, ipv4(10, 0, 0, 2), 2, Buffer.from(text))]);
  };
  const carry = (datagrams: readonly Uint8Array[]) =>
    b.readOutside(datagrams.map((bytes) => ({ from: HERE, bytes })));
  send('not covered', 0);
  a.setParity(0, 2, FRAGMENT_AT - L.PARITY_OVERHEAD);
  send('first', 1);
  carry(wire.splice(0));
  t.same(kinds.splice(0), [L.Kind.data, L.Kind.data, L.Kind.heard]);
  for (const text of ['one', 'two', 'three']) send(text, 0);
  send('four', 2);
  const group = wire.splice(0);
  t.equal(group.length, 6);
  carry([group[0], group[2], group[4], group[5]]);
  t.same(kinds.splice(0), [L.Kind.data, L.Kind.data, L.Kind.heard, L.Kind.heard, L.Kind.data, L.Kind.data]);
  carry([group[1], group[3]]);
  t.same([...delivered].sort(), ['first', 'four', 'not covered', 'one', 'three', 'two']);
  t.equal(b.counters[L.Counter.recovered], 2);
  t.equal(b.counters[L.Counter.dropDuplicate], 2);
  t.equal(b.counters[L.Counter.parityReceived], 3);
  t.equal(a.counters[L.Counter.paritySent], 3);
  send('five', 0);
  const [five] = wire.splice(0);
  a.sendParity(0, counter, 0, 1);
  counter += 1;
  carry(wire.splice(0));
  t.equal(delivered.at(-1), 'five', 'parity by a call');
  const into = new Float64Array(8);
  t.equal(b.received(0, into, 4), 2);
  t.same([...into.subarray(0, 4)], [10, 10, 0, 8]);
  carry([five]);
  t.equal(delivered.length, 7);
  send('six', 3);
  a.sendParity(0, counter, 0, 3);
  a.sendParity(0, counter, 0, 0);
  t.equal(a.counters[L.Counter.dropBadRow], 3, 'more than there may be');
  t.throws(() => a.setParity(0, L.PARITY_MOST + 1, 100), TypeError);
  a.setParity(0, 0, 0);
  counter = 20;
  send('seven', 0);
  t.equal(wire.length, 1);
  t.end();
});
