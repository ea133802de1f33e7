// What is to happen in a virtual world, in order of time: of many nodes there are hundreds of thousands, none of which is ever
// moved or taken back.

/** A min-heap. Among equals the order is undefined, but the same every time. */
export class Flights {
  private readonly times: number[] = [];
  private readonly bodies: (() => void)[] = [];

  /** ms; Infinity when empty. */
  get next(): number {
    return this.times.length === 0 ? Number.POSITIVE_INFINITY : this.times[0];
  }

  add(at: number, body: () => void): void {
    const { times, bodies } = this;
    let hole = times.length;
    times.push(at);
    bodies.push(body);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (times[parent] <= at) break;
      times[hole] = times[parent];
      bodies[hole] = bodies[parent];
      hole = parent;
    }
    times[hole] = at;
    bodies[hole] = body;
  }

  /** Takes out what comes first; there must be something. */
  take(): () => void {
    const { times, bodies } = this;
    const first = bodies[0];
    const at = times.pop() as number;
    const body = bodies.pop() as () => void;
    const size = times.length;
    if (size === 0) return first;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && times[child + 1] < times[child]) child++;
      if (times[child] >= at) break;
      times[hole] = times[child];
      bodies[hole] = bodies[child];
      hole = child;
    }
    times[hole] = at;
    bodies[hole] = body;
    return first;
  }
}
