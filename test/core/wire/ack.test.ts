// Acknowledgements: what was written is read, and whatever else comes is refused or read within its bounds.
import fc from 'fast-check';
import t from 'tap';
import { Plaintext } from '../../../src/core/base/batch-layout.generated.ts';
import { ACK_BYTES_MAX, AckFrame, decodeAck, encodeAck } from '../../../src/core/wire/ack.ts';
import { ACK_RANGES_MAX } from '../../../src/core/wire/limits.ts';

const frames = fc
  .record({
    index: fc.integer({ min: 0, max: 0xffff_ffff }),
    delayMs: fc.integer({ min: 0, max: 1000 }),
    ceCount: fc.nat(1000),
    isAsking: fc.boolean(),
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.nat(20_000)), {
      minLength: 1,
      maxLength: ACK_RANGES_MAX,
    }),
  })
  .map(({ index, delayMs, ceCount, isAsking, steps }) => {
    const frame = new AckFrame();
    Object.assign(frame, { index, delayMs: delayMs * 0.064, ceCount, isAsking, count: steps.length });
    let next = steps.reduce((sum, [gap, length]) => sum + gap + length + 1, 0);
    for (const [i, [gap, length]] of steps.entries()) {
      const last = next - gap;
      frame.ranges.set([last - length, last], 2 * i);
      next = last - length - 1;
    }
    return frame;
  });

t.test('what was written is read', (t) => {
  const buffer = new Uint8Array(ACK_BYTES_MAX);
  const read = new AckFrame();
  fc.assert(
    fc.property(frames, (frame) => {
      const bytes = buffer.subarray(0, encodeAck(frame, buffer));
      if (!decodeAck(bytes, read)) return false;
      const isSame =
        read.index === frame.index && read.ceCount === frame.ceCount && read.count === frame.count;
      if (read.isAsking !== frame.isAsking) return false;
      if (!isSame || Math.abs(read.delayMs - frame.delayMs) > 0.1) return false;
      return frame.ranges.subarray(0, 2 * frame.count).every((value, i) => read.ranges[i] === value);
    }),
  );
  t.pass('for all of them');
  t.end();
});

t.test('whatever is cut short, longer, or anything at all, is refused or in bounds', (t) => {
  const buffer = new Uint8Array(ACK_BYTES_MAX);
  const read = new AckFrame();
  fc.assert(
    fc.property(frames, fc.nat(), (frame, cut) => {
      const length = encodeAck(frame, buffer);
      const short = buffer.slice(0, cut % length);
      // What asks may end after the index.
      const isAsk = frame.isAsking && frame.ceCount === 0 && short.length === 6;
      if (decodeAck(short, read) !== isAsk) return false;
      return !decodeAck(Uint8Array.of(...buffer.subarray(0, length), 0), read);
    }),
  );
  fc.assert(
    fc.property(fc.nat(5), fc.uint8Array({ maxLength: 400 }), (flags, tail) => {
      const bytes = Uint8Array.of(Plaintext.ack, flags, 0, 0, 0, 0, ...tail);
      if (!decodeAck(bytes, read)) return true;
      if (flags > 3) return false;
      const { ranges, count } = read;
      for (let i = 0; i < count; i++) {
        if (ranges[2 * i] < 0 || ranges[2 * i] > ranges[2 * i + 1]) return false;
        if (i > 0 && ranges[2 * i + 1] > ranges[2 * i - 2] - 2) return false;
      }
      if (count === 0) return read.isAsking && tail.length === 0;
      return count <= ACK_RANGES_MAX;
    }),
    { numRuns: 2000 },
  );
  t.pass('for all of them');
  t.end();
});

t.test('one may ask for another, and say nothing else', async (t) => {
  const frame = new AckFrame();
  frame.index = 0xdead_beef;
  const buffer = new Uint8Array(ACK_BYTES_MAX);
  t.throws(() => encodeAck(frame, buffer), RangeError);
  frame.isAsking = true;
  frame.ceCount = 7;
  t.equal(encodeAck(frame, buffer), 6);
  const read = new AckFrame();
  read.count = 3;
  t.ok(decodeAck(buffer.slice(0, 6), read));
  t.match(read, { index: 0xdead_beef, isAsking: true, count: 0, ceCount: 0, delayMs: 0 });
  buffer[1] = 0;
  t.notOk(decodeAck(buffer.slice(0, 6), read));
});

t.test('the usual one is short', async (t) => {
  const frame = new AckFrame();
  frame.count = 1;
  frame.ranges.set([0, 1_000_000]);
  t.equal(encodeAck(frame, new Uint8Array(ACK_BYTES_MAX)), 6 + 4 + 1 + 1 + 4);
  frame.ranges.set([2 ** 31, 2 ** 31]);
  t.throws(() => encodeAck(frame, new Uint8Array(ACK_BYTES_MAX)), /too large/);
});
