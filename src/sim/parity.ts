// Error correction of the port double: parity datagrams, of which any n make up for any n lost datagrams of their group. Twin of
// native/parity.h, which describes code and form.
import {
  PARITY_BYTES,
  PARITY_HEADER,
  PARITY_MOST,
  PARITY_SPAN,
  Plaintext,
} from '../core/base/batch-layout.generated.ts';

/** Datagrams that a receiver keeps, by counter, and groups. */
const RING = 256;
const GROUPS = 8;
const BITMAP_BYTES = PARITY_SPAN / 8;

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let i = 0, value = 1; i < 255; i++) {
  EXP[i] = value;
  EXP[i + 255] = value;
  LOG[value] = i;
  value <<= 1;
  if (value > 255) value ^= 0x11d;
}

function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : EXP[LOG[a] + LOG[b]];
}

/** `by` is not 0. */
function divide(a: number, by: number): number {
  return a === 0 ? 0 : EXP[LOG[a] + 255 - LOG[by]];
}

function coefficient(parity: number, position: number): number {
  return divide(PARITY_SPAN ^ position, (PARITY_SPAN + parity) ^ position);
}

function addTimes(to: Uint8Array, from: Uint8Array, by: number): void {
  for (let i = 0; i < from.length; i++) to[i] ^= multiply(by, from[i]);
}

function symbolOf(plaintext: Uint8Array): Uint8Array {
  const symbol = new Uint8Array(2 + plaintext.length);
  symbol[0] = plaintext.length & 0xff;
  symbol[1] = plaintext.length >> 8;
  symbol.set(plaintext, 2);
  return symbol;
}

/** Of one send key. */
export class ParityEncoder {
  readonly most: number;
  readonly longest: number;
  private covered: { readonly position: number; readonly symbol: Uint8Array }[] = [];
  private base = 0;

  /** `most` parities, of plaintexts of at most `longest` bytes. */
  constructor(most: number, longest: number) {
    this.most = most;
    this.longest = longest;
  }

  add(counter: number, plaintext: Uint8Array): void {
    if (plaintext.length > this.longest) return;
    if (this.covered.length === 0) this.base = counter;
    const position = counter - this.base;
    if (position < 0 || position >= PARITY_SPAN) return;
    this.covered.push({ position, symbol: symbolOf(plaintext) });
  }

  /** The first parities of the group so far, the first under `counter`; then a new group begins. */
  take(parities: number, counter: number): Uint8Array[] {
    const { covered } = this;
    const bitmap = new Uint8Array(covered.length === 0 ? 0 : (Math.max(...covered.map(positionOf)) >> 3) + 1);
    for (const { position } of covered) bitmap[position >> 3] |= 1 << (position & 7);
    const symbolBytes = Math.max(0, ...covered.map(({ symbol }) => symbol.length));
    const plaintexts: Uint8Array[] = [];
    for (let index = 0; index < parities; index++) {
      const distance = counter + index - this.base;
      if (bitmap.length === 0 || distance > 255) {
        plaintexts.push(Uint8Array.of(Plaintext.parity, index, 0, 0));
        continue;
      }
      const plaintext = new Uint8Array(PARITY_HEADER + bitmap.length + symbolBytes);
      plaintext.set([Plaintext.parity, index, bitmap.length, distance]);
      plaintext.set(bitmap, PARITY_HEADER);
      const sum = plaintext.subarray(PARITY_HEADER + bitmap.length);
      for (const { position, symbol } of covered) addTimes(sum, symbol, coefficient(index, position));
      plaintexts.push(plaintext);
    }
    this.covered = [];
    return plaintexts;
  }
}

function positionOf(each: { readonly position: number }): number {
  return each.position;
}

export interface Recovered {
  readonly counter: number;
  readonly plaintext: Uint8Array;
}

interface Group {
  readonly base: number;
  readonly positions: readonly number[];
  /** Bytes of its symbols. */
  readonly bytes: number;
  /** Counter of each parity that came, by its number. */
  readonly parities: Map<number, number>;
  isDone: boolean;
}

/** Of one receive key. */
export class ParityDecoder {
  private readonly ring: ({ readonly counter: number; readonly bytes: Uint8Array } | undefined)[] = [];
  private readonly groups: Group[] = [];

  /** A datagram that may be covered; what its coming makes up for. */
  add(counter: number, plaintext: Uint8Array): readonly Recovered[] {
    if (plaintext.length > PARITY_BYTES) return [];
    this.store(counter, plaintext);
    const group = this.groups.find(
      (each) => !each.isDone && counter >= each.base && counter <= each.base + last(each),
    );
    return group?.positions.includes(counter - group.base) ? this.recover(group) : [];
  }

  /** Undefined: it contradicts itself or what came before. */
  addParity(counter: number, plaintext: Uint8Array): readonly Recovered[] | undefined {
    const bitmapBytes = plaintext[2];
    if (plaintext.length < PARITY_HEADER || plaintext[1] >= PARITY_MOST) return undefined;
    if (bitmapBytes > BITMAP_BYTES) return undefined;
    if (bitmapBytes === 0) return plaintext.length === PARITY_HEADER && plaintext[3] === 0 ? [] : undefined;
    const front = PARITY_HEADER + bitmapBytes;
    if (plaintext.length < front + 3 || plaintext.length > front + 2 + PARITY_BYTES) return undefined;
    const positions = positionsOf(plaintext.subarray(PARITY_HEADER, front));
    if (plaintext[front - 1] === 0 || positions[0] !== 0) return undefined;
    const base = counter - plaintext[3];
    if (base < 0 || base + positions[positions.length - 1] >= counter) return undefined;
    const group = this.groupFor(base, positions, plaintext.length - front);
    if (group === undefined || group.parities.has(plaintext[1])) return undefined;
    this.store(counter, plaintext.subarray(front));
    group.parities.set(plaintext[1], counter);
    return group.isDone ? [] : this.recover(group);
  }

  private store(counter: number, bytes: Uint8Array): void {
    const at = counter % RING;
    const before = this.ring[at];
    if (before === undefined || before.counter <= counter) this.ring[at] = { counter, bytes: bytes.slice() };
  }

  private held(counter: number): Uint8Array | undefined {
    const at = this.ring[counter % RING];
    return at?.counter === counter ? at.bytes : undefined;
  }

  private groupFor(base: number, positions: readonly number[], bytes: number): Group | undefined {
    const end = base + positions[positions.length - 1];
    const known = this.groups.find((each) => base <= each.base + last(each) && end >= each.base);
    if (known !== undefined) {
      const isSame =
        known.base === base && known.bytes === bytes && known.positions.join() === positions.join();
      return isSame ? known : undefined;
    }
    const group = { base, positions, bytes, parities: new Map(), isDone: false };
    this.groups.push(group);
    if (this.groups.length > GROUPS) this.groups.shift();
    return group;
  }

  private recover(group: Group): readonly Recovered[] {
    const missing = group.positions.filter((position) => this.held(group.base + position) === undefined);
    const parities = [...group.parities].filter(([, counter]) => this.held(counter) !== undefined);
    if (missing.length === 0) group.isDone = true;
    if (missing.length === 0 || missing.length > parities.length) return [];
    group.isDone = true;
    const rows = parities.sort(([a], [b]) => a - b).slice(0, missing.length);
    const sums: Uint8Array[] = [];
    for (const [index, counter] of rows) {
      const sum = (this.held(counter) as Uint8Array).slice();
      for (const position of group.positions) {
        const plaintext = this.held(group.base + position);
        if (plaintext === undefined) continue;
        if (2 + plaintext.length > sum.length) return [];
        addTimes(sum, symbolOf(plaintext), coefficient(index, position));
      }
      sums.push(sum);
    }
    const matrix = rows.map(([index]) =>
      Uint8Array.from(missing, (position) => coefficient(index, position)),
    );
    solve(matrix, sums);
    return missing.flatMap((position, i) => {
      const length = sums[i][0] | (sums[i][1] << 8);
      if (length === 0 || 2 + length > group.bytes) return [];
      return [{ counter: group.base + position, plaintext: sums[i].slice(2, 2 + length) }];
    });
  }
}

/** Turns `sums`, which are `matrix` times the unknown, into the unknown. */
function solve(matrix: Uint8Array[], sums: Uint8Array[]): void {
  for (let pivot = 0; pivot < matrix.length; pivot++) {
    const from = matrix.findIndex((row, i) => i >= pivot && row[pivot] !== 0);
    [matrix[pivot], matrix[from]] = [matrix[from], matrix[pivot]];
    [sums[pivot], sums[from]] = [sums[from], sums[pivot]];
    const by = divide(1, matrix[pivot][pivot]);
    matrix[pivot] = matrix[pivot].map((value) => multiply(value, by));
    sums[pivot] = sums[pivot].map((value) => multiply(value, by));
    for (let row = 0; row < matrix.length; row++) {
      if (row === pivot) continue;
      const times = matrix[row][pivot];
      addTimes(matrix[row], matrix[pivot], times);
      addTimes(sums[row], sums[pivot], times);
    }
  }
}

function positionsOf(bitmap: Uint8Array): number[] {
  const positions: number[] = [];
  for (let i = 0; i < 8 * bitmap.length; i++) if ((bitmap[i >> 3] & (1 << (i & 7))) !== 0) positions.push(i);
  return positions;
}

function last(group: Group): number {
  return group.positions[group.positions.length - 1];
}
