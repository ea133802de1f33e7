type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** A longer column with the same beginning; what is new holds `fill`. */
export function grown<T extends Column>(column: T, length: number, fill: number): T {
  const Constructor = column.constructor as new (length: number) => T;
  const longer = new Constructor(length);
  if (fill !== 0) longer.fill(fill);
  longer.set(column);
  return longer;
}

/** The next capacity of a table of `capacity` that must hold slot `slot`. */
export function capacityFor(capacity: number, slot: number, max: number): number {
  let next = Math.max(capacity, 16);
  while (next <= slot) next *= 2;
  return Math.min(next, max);
}
