// The only map for anything keyed by a remote: it cannot grow past its bound.

/**
 * At most `max` entries in order of last use. One more makes room by evicting the entry unused for the longest
 * time, and tells `onEvict`; deleting, clearing and overwriting do not.
 */
export class BoundedMap<K, V> {
  readonly max: number;
  // A Map iterates in order of insertion; an entry that is used is inserted again.
  private readonly entriesByUse = new Map<K, V>();
  private readonly onEvict: ((key: K, value: V) => void) | undefined;

  constructor(max: number, onEvict?: (key: K, value: V) => void) {
    if (!Number.isSafeInteger(max) || max < 1) throw new RangeError(`max must be at least 1, not ${max}`);
    this.max = max;
    this.onEvict = onEvict;
  }

  get size(): number {
    return this.entriesByUse.size;
  }

  /** The value, and its entry becomes the one used last. */
  get(key: K): V | undefined {
    const value = this.entriesByUse.get(key);
    if (value === undefined && !this.entriesByUse.has(key)) return undefined;
    this.entriesByUse.delete(key);
    this.entriesByUse.set(key, value as V);
    return value;
  }

  /** The value; the order of use stays as it is. */
  peek(key: K): V | undefined {
    return this.entriesByUse.get(key);
  }

  has(key: K): boolean {
    return this.entriesByUse.has(key);
  }

  set(key: K, value: V): this {
    if (!this.entriesByUse.delete(key) && this.entriesByUse.size >= this.max) this.evictOldest();
    this.entriesByUse.set(key, value);
    return this;
  }

  delete(key: K): boolean {
    return this.entriesByUse.delete(key);
  }

  clear(): void {
    this.entriesByUse.clear();
  }

  /** The entry unused for the longest time. */
  oldest(): [K, V] | undefined {
    return this.entriesByUse.entries().next().value;
  }

  /** Keys, longest unused first. */
  keys(): MapIterator<K> {
    return this.entriesByUse.keys();
  }

  values(): MapIterator<V> {
    return this.entriesByUse.values();
  }

  entries(): MapIterator<[K, V]> {
    return this.entriesByUse.entries();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entriesByUse.entries();
  }

  private evictOldest(): void {
    const oldest = this.oldest();
    if (oldest === undefined) return;
    this.entriesByUse.delete(oldest[0]);
    this.onEvict?.(oldest[0], oldest[1]);
  }
}
