// The largest of the samples in a window of time, from three of them (Kathleen Nichols' filter, as the draft names it).

/** Time is any number that only rises: rounds, cycles. */
export class WindowedMax {
  private readonly values: [number, number, number];
  private readonly times: [number, number, number];

  constructor(value = 0, time = 0) {
    this.values = [value, value, value];
    this.times = [time, time, time];
  }

  get best(): number {
    return this.values[0];
  }

  reset(value: number, time: number): number {
    this.values.fill(value);
    this.times.fill(time);
    return value;
  }

  /** A sample that is older than `window` counts no more. Gives the largest. */
  update(value: number, time: number, window: number): number {
    const { values, times } = this;
    if (value >= values[0] || time - times[2] > window) return this.reset(value, time);
    if (value >= values[1]) this.set(1, value, time);
    else if (value >= values[2]) this.put(2, value, time);
    const age = time - times[0];
    if (age > window) {
      this.shift();
      this.put(2, value, time);
      if (time - times[0] > window) {
        this.shift();
        this.put(2, value, time);
      }
    } else if (times[1] === times[0] && age > window / 4) {
      this.set(1, value, time);
    } else if (times[2] === times[1] && age > window / 2) {
      this.put(2, value, time);
    }
    return values[0];
  }

  private shift(): void {
    this.put(0, this.values[1], this.times[1]);
    this.put(1, this.values[2], this.times[2]);
  }

  private set(from: 1, value: number, time: number): void {
    for (let i: number = from; i < 3; i++) this.put(i, value, time);
  }

  private put(at: number, value: number, time: number): void {
    this.values[at] = value;
    this.times[at] = time;
  }
}
