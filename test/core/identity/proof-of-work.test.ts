import fc from 'fast-check';
import t from 'tap';
import { fromHex, toHex } from '../../../src/core/base/bytes.ts';
import {
  checkWork,
  DIFFICULTY_DEFAULT,
  DIFFICULTY_MAX,
  DIFFICULTY_MIN,
  hourOf,
  isHourInForce,
  nobleCrypto,
  PUZZLES,
  SOLUTION_BYTES,
  Solver,
  type Work,
  workSeed,
} from '../../../src/core/identity/identity.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';

const WORK: Work = {
  networkId: new Uint8Array(32).fill(1),
  nodeId: new Uint8Array(32).fill(2),
  signer: new Uint8Array(32).fill(3),
  hour: 495_000,
  difficulty: 10,
};

const VECTOR = {
  seed: 'c281328efb39eb4bb06c970896e856cda60d821634773d9a8f33343602a92174',
  solution:
    '00000010000000110000002700000025000000080000002c0000000f00000040000000370000000c00000011000000040000005d000000000000000200000053000000380000004c000000180000002b0000001e000000240000000f0000000d0000003d000000070000003c0000000000000013000000170000000f0000003f',
};

/** The slow way, by the definition alone: the first nonce that does it. */
function plainly(work: Work): Uint8Array {
  const solution = new Uint8Array(SOLUTION_BYTES);
  const view = new DataView(solution.buffer);
  for (let puzzle = 0; puzzle < PUZZLES; puzzle++) {
    const input = new Uint8Array(40);
    input.set(workSeed(nobleCrypto, work));
    const words = new DataView(input.buffer);
    words.setUint32(32, puzzle);
    for (let nonce = 0; ; nonce++) {
      words.setUint32(36, nonce);
      const hash = nobleCrypto.sha256(input);
      if (Math.clz32(new DataView(hash.buffer, hash.byteOffset).getUint32(0)) < work.difficulty - 5) continue;
      view.setUint32(4 * puzzle, nonce);
      break;
    }
  }
  return solution;
}

function solve(work: Work, step = 1000): Uint8Array {
  const solver = new Solver(nodeCrypto, work);
  while (!solver.run(step));
  return solver.solution;
}

t.test('the solver finds what the definition says, whatever the size of its steps', (t) => {
  for (const difficulty of [DIFFICULTY_MIN, 10, 13]) {
    const work = { ...WORK, difficulty };
    const expected = plainly(work);
    for (const step of [1, 7, 1000, 1_000_000]) t.same(solve(work, step), expected, `${difficulty}, ${step}`);
    t.ok(checkWork(nodeCrypto, work, expected));
    t.ok(checkWork(nobleCrypto, work, expected));
  }
  t.end();
});

t.test('vectors: seed and solution stay as they are', (t) => {
  t.equal(toHex(workSeed(nodeCrypto, WORK)), VECTOR.seed);
  t.equal(toHex(solve(WORK)), VECTOR.solution);
  t.ok(checkWork(nodeCrypto, WORK, fromHex(VECTOR.solution) as Uint8Array));
  t.end();
});

t.test('a solution is of use for its work alone', (t) => {
  const solution = solve({ ...WORK, difficulty: 16 });
  const work = { ...WORK, difficulty: 16 };
  const others: readonly Partial<Work>[] = [
    { networkId: new Uint8Array(32).fill(9) },
    { nodeId: new Uint8Array(32).fill(9) },
    { signer: new Uint8Array(32).fill(9) },
    { hour: work.hour + 1 },
    { hour: work.hour - 1 },
    { difficulty: 15 },
    { difficulty: 17 },
    { difficulty: DIFFICULTY_DEFAULT },
  ];
  t.ok(checkWork(nodeCrypto, work, solution));
  for (const other of others)
    t.notOk(checkWork(nodeCrypto, { ...work, ...other }, solution), Object.keys(other)[0]);
  t.end();
});

t.test('a bit that is changed, bytes that are missing or too many: refused', (t) => {
  const work = { ...WORK, difficulty: 14 };
  const solution = solve(work);
  fc.assert(
    fc.property(fc.nat(SOLUTION_BYTES - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const changed = solution.slice();
      changed[at] ^= bits;
      // One nonce in 2^9 solves a puzzle as well: then it is a solution indeed.
      const puzzle = Math.floor(at / 4);
      const input = new Uint8Array(40);
      input.set(workSeed(nodeCrypto, work));
      input[35] = puzzle;
      input.set(changed.subarray(4 * puzzle, 4 * puzzle + 4), 36);
      const hash = nodeCrypto.sha256(input);
      const isOne = hash[0] === 0 && hash[1] < 128;
      return checkWork(nodeCrypto, work, changed) === isOne;
    }),
  );
  t.notOk(checkWork(nodeCrypto, work, solution.subarray(1)));
  t.notOk(checkWork(nodeCrypto, work, new Uint8Array(0)));
  t.notOk(checkWork(nodeCrypto, work, Uint8Array.from([...solution, 0])));
  t.end();
});

t.test('difficulties and hours that cannot be are the caller’s mistake', (t) => {
  for (const difficulty of [0, DIFFICULTY_MIN - 1, DIFFICULTY_MAX + 1, 8.5, Number.NaN])
    t.throws(() => workSeed(nodeCrypto, { ...WORK, difficulty }), RangeError);
  for (const hour of [-1, 0x1_0000_0000, 1.5])
    t.throws(() => workSeed(nodeCrypto, { ...WORK, hour }), RangeError);
  t.end();
});

t.test('the hour itself and the one before are in force', (t) => {
  const nowS = 495_000 * 3600;
  t.equal(hourOf(nowS), 495_000);
  t.equal(hourOf(nowS - 1), 494_999);
  const rows: readonly (readonly [number, boolean])[] = [
    [495_001, false],
    [495_000, true],
    [494_999, true],
    [494_998, false],
  ];
  for (const [hour, isGood] of rows) t.equal(isHourInForce(hour, nowS), isGood, `${hour}`);
  t.end();
});

t.test('the work is what the difficulty says, and varies little', (t) => {
  const factors: number[] = [];
  for (let i = 0; i < 20; i++) {
    const solver = new Solver(nodeCrypto, { ...WORK, hour: i, difficulty: 12 });
    while (!solver.run(500));
    factors.push(solver.hashes / 2 ** 12);
  }
  t.ok(
    factors.every((factor) => factor > 0.4 && factor < 2),
    factors.map((f) => f.toFixed(2)).join(' '),
  );
  t.end();
});

t.test('a check costs far under a millisecond', (t) => {
  const solution = solve(WORK);
  const started = performance.now();
  for (let i = 0; i < 1000; i++) checkWork(nodeCrypto, WORK, solution);
  // 35 us on an idle machine.
  t.ok(performance.now() - started < 1000);
  t.end();
});
