// A min-heap in which an entry can be found, moved and removed by its key: all timers of a node live in one.

/** Keys ordered by a number (a time in ms); among equals the order is undefined. As many entries as keys in use. */
export class IndexedHeap<K> {
  private readonly keys: K[] = [];
  private readonly priorities: number[] = [];
  private readonly positions = new Map<K, number>();

  get size(): number {
    return this.keys.length;
  }

  /** Inserts a key, or moves it. Infinity removes it: a timer that never fires. */
  set(key: K, priority: number): void {
    if (Number.isNaN(priority)) throw new RangeError('a priority must be a number');
    if (priority === Number.POSITIVE_INFINITY) {
      this.delete(key);
      return;
    }
    const position = this.positions.get(key);
    if (position === undefined) {
      this.keys.push(key);
      this.priorities.push(priority);
      this.positions.set(key, this.keys.length - 1);
      this.rise(this.keys.length - 1);
      return;
    }
    const before = this.priorities[position];
    if (priority === before) return;
    this.priorities[position] = priority;
    if (priority < before) this.rise(position);
    else this.sink(position);
  }

  get(key: K): number | undefined {
    const position = this.positions.get(key);
    return position === undefined ? undefined : this.priorities[position];
  }

  delete(key: K): boolean {
    const position = this.positions.get(key);
    if (position === undefined) return false;
    const last = this.keys.length - 1;
    if (position !== last) this.swap(position, last);
    this.keys.pop();
    this.priorities.pop();
    this.positions.delete(key);
    if (position !== last) {
      this.rise(position);
      this.sink(position);
    }
    return true;
  }

  /** Smallest priority; Infinity when empty. */
  get next(): number {
    return this.keys.length === 0 ? Number.POSITIVE_INFINITY : this.priorities[0];
  }

  /** Removes and returns the key with the smallest priority if that is at most `limit`. */
  popUntil(limit: number): K | undefined {
    if (this.keys.length === 0 || this.priorities[0] > limit) return undefined;
    const key = this.keys[0];
    this.delete(key);
    return key;
  }

  clear(): void {
    this.keys.length = 0;
    this.priorities.length = 0;
    this.positions.clear();
  }

  private rise(position: number): void {
    let at = position;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.priorities[parent] <= this.priorities[at]) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(position: number): void {
    let at = position;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.keys.length) return;
      const right = left + 1;
      const child = right < this.keys.length && this.priorities[right] < this.priorities[left] ? right : left;
      if (this.priorities[at] <= this.priorities[child]) return;
      this.swap(at, child);
      at = child;
    }
  }

  private swap(a: number, b: number): void {
    const key = this.keys[a];
    const priority = this.priorities[a];
    this.keys[a] = this.keys[b];
    this.priorities[a] = this.priorities[b];
    this.keys[b] = key;
    this.priorities[b] = priority;
    this.positions.set(this.keys[a], a);
    this.positions.set(key, b);
  }
}
