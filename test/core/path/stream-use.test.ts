import t from 'tap';
import { ipv4, type SocketAddress } from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { SILENT_MS, StreamUse, UDP_AGAIN_MS, UNUSED_STREAM_MS } from '../../../src/core/path/path.ts';
import type { StreamEvent, StreamInput, StreamSend } from '../../../src/core/path/types.ts';

const at = (n: number): SocketAddress => ({ ip: ipv4(203, 0, 113, n), port: 9376 });
const HUB = 3;
const MINUTE_MS = 60_000;

class Scene {
  now = 1000;
  heardAt = Number.NEGATIVE_INFINITY;
  readonly used = new Set<number>();
  readonly machine = new StreamUse({
    heardAt: () => this.heardAt,
    isUsed: (_slot, stream) => this.used.has(stream),
  });
  readonly sends: StreamSend[] = [];
  readonly events: StreamEvent[] = [];

  tell(input: StreamInput): void {
    const out = new OutboxBuffer<StreamSend, StreamEvent>();
    this.machine.handle(input, this.now, out);
    this.keep(out);
  }

  /** Time passes, timers fire in their order. */
  wait(ms: number): void {
    const end = this.now + ms;
    while (this.machine.wakeAt <= end) {
      this.now = Math.max(this.now, this.machine.wakeAt);
      const out = new OutboxBuffer<StreamSend, StreamEvent>();
      this.machine.onTimer(this.now, out);
      this.keep(out);
    }
    this.now = end;
  }

  dials(): Extract<StreamSend, { kind: 'dial' }>[] {
    const found = this.sends.filter((send) => send.kind === 'dial');
    this.sends.splice(0);
    return found;
  }

  ask(slot: number, ...addresses: number[]): void {
    this.tell({ kind: 'asked', slot, isPublic: true, addresses: addresses.map(at) });
  }

  up(stream: number, dial: number | undefined): void {
    this.tell({ kind: 'up', stream, dial, transport: 'tcp', remote: at(1) });
  }

  private keep(out: OutboxBuffer<StreamSend, StreamEvent>): void {
    this.sends.push(...out.sends);
    this.events.push(...out.events);
  }
}

/** UDP is silent and the hub is reached over stream 1. */
function blocked(): Scene {
  const scene = new Scene();
  scene.ask(HUB, 1);
  scene.wait(SILENT_MS);
  const [{ dial }] = scene.dials();
  scene.up(1, dial);
  scene.tell({ kind: 'taken', stream: 1, slot: HUB });
  scene.used.add(1);
  return scene;
}

t.test('nobody is connected to while UDP works', (t) => {
  const scene = new Scene();
  scene.ask(HUB, 1);
  scene.wait(SILENT_MS - 1);
  t.same(scene.events, [{ kind: 'doubt' }], 'peers are asked before');
  t.same(scene.sends, []);
  scene.heardAt = scene.now;
  scene.wait(MINUTE_MS);
  t.same(scene.sends, [], 'one of them answered');
  for (let i = 0; i < 5; i++) {
    scene.ask(HUB, 1);
    scene.wait(SILENT_MS - 1000);
    scene.heardAt = scene.now;
    scene.wait(3000);
  }
  t.equal(scene.events.length, 2, 'and need not at once again');
  scene.ask(HUB, 1);
  scene.tell({ kind: 'heard', isPublic: true });
  scene.wait(MINUTE_MS);
  t.same(scene.sends, []);
  t.equal(scene.machine.isBlocked, false);
  t.end();
});

t.test('what neighbours say does not speak for the Internet', (t) => {
  const scene = new Scene();
  scene.ask(HUB, 1);
  scene.tell({ kind: 'heard', isPublic: false });
  scene.wait(SILENT_MS);
  t.match(scene.dials(), [{ to: at(1) }]);
  scene.tell({ kind: 'heard', isPublic: false });
  scene.up(1, 1);
  t.equal(scene.machine.isBlocked, true);
  const lone = new Scene();
  lone.tell({ kind: 'asked', slot: HUB, isPublic: false, addresses: [at(1)] });
  lone.tell({ kind: 'heard', isPublic: false });
  lone.wait(MINUTE_MS);
  t.same(lone.sends, [], 'but for networks without it');
  t.end();
});

t.test('in silence nodes are connected to: by TCP, all addresses, then by TLS', (t) => {
  const scene = new Scene();
  scene.ask(HUB, 1, 2);
  scene.wait(SILENT_MS);
  const tried: string[] = [];
  for (let i = 0; i < 4; i++) {
    const [{ dial, to, transport }, ...others] = scene.dials();
    t.same(others, []);
    tried.push(`${transport} ${to.ip[15]} ${to.port}`);
    scene.tell({ kind: 'failed', dial });
  }
  t.same(tried, ['tcp 1 9376', 'tcp 2 9376', 'tls 1 443', 'tls 2 443']);
  scene.ask(HUB, 1, 2);
  t.same(scene.dials(), [], 'not again at once');
  scene.wait(5000);
  scene.ask(HUB, 1, 2);
  t.match(scene.dials(), [{ to: at(1), transport: 'tcp' }]);
  t.equal(scene.machine.isBlocked, false, 'this node may be offline as well');
  t.end();
});

t.test('the wait between attempts doubles, up to ten minutes', (t) => {
  const scene = new Scene();
  scene.ask(HUB, 1);
  scene.wait(SILENT_MS);
  const waits: number[] = [];
  let since = scene.now;
  for (let rounds = 0; rounds < 11; ) {
    const [dial] = scene.dials();
    if (dial !== undefined) {
      if (dial.transport === 'tcp') {
        waits.push(scene.now - since);
        since = scene.now;
        rounds++;
      }
      scene.tell({ kind: 'failed', dial: dial.dial });
    } else {
      scene.wait(1000);
      scene.ask(HUB, 1);
    }
  }
  t.same(
    waits.slice(1).map((ms) => ms / 1000),
    [5, 10, 20, 40, 80, 160, 320, 600, 600, 600],
  );
  t.end();
});

t.test('few connections are made at once, and not many in all', (t) => {
  const scene = new Scene();
  for (let slot = 1; slot <= 40; slot++) scene.ask(slot, slot);
  scene.wait(SILENT_MS);
  let stream = 100;
  let made = 0;
  for (let round = 0; round < 10; round++) {
    const dials = scene.dials();
    t.ok(dials.length <= 4);
    made += dials.length;
    for (const { dial } of dials) scene.up(stream++, dial);
    for (let slot = 1; slot <= 40; slot++) scene.ask(slot, slot);
  }
  t.equal(made, 16);
  t.equal(new Set(scene.events.flatMap((event) => (event.kind === 'way' ? event.slot : []))).size, 16);
  t.end();
});

t.test('a connection is a way to its node, until it ends', (t) => {
  const scene = blocked();
  t.match(scene.events, [
    { kind: 'doubt' },
    { kind: 'silent' },
    { kind: 'way', slot: HUB, stream: 1 },
    { kind: 'changed' },
  ]);
  t.equal(scene.machine.isBlocked, true);
  t.same(scene.machine.view(1), {
    slot: HUB,
    isOwn: true,
    transport: 'tcp',
    remote: at(1),
    usedAt: scene.now,
  });
  scene.ask(HUB, 1);
  t.same(scene.dials(), [], 'it has one');
  scene.ask(7, 7);
  t.match(scene.dials(), [{ to: at(7) }], 'others are connected to at once');
  scene.tell({ kind: 'closed', stream: 1 });
  t.match(scene.events.slice(-2), [{ kind: 'wayGone', slot: HUB, stream: 1 }, { kind: 'changed' }]);
  t.equal(scene.machine.isBlocked, false);
  scene.wait(5000);
  scene.ask(HUB, 1);
  t.match(scene.dials(), [{ to: at(1), transport: 'tcp' }], 'again, the way that worked');
  t.end();
});

t.test('UDP is tried again, ever more seldom, and at once when the addresses of the host change', (t) => {
  const scene = blocked();
  const tries: number[] = [];
  const begin = scene.now;
  for (let seconds = 0; seconds < 1700; seconds++) {
    scene.events.length = 0;
    scene.wait(1000);
    for (const event of scene.events) if (event.kind === 'tryUdp') tries.push((scene.now - begin) / 1000);
  }
  t.same(
    tries.map((second, i) => second - (tries[i - 1] ?? 0)),
    [...UDP_AGAIN_MS, 600_000].map((ms) => ms / 1000),
  );
  scene.events.length = 0;
  scene.tell({ kind: 'changed' });
  t.match(scene.events, [{ kind: 'tryUdp', slot: HUB }, { kind: 'changed' }]);
  t.end();
});

t.test('when UDP answers all streams are to be left, and end when nobody uses them', (t) => {
  const scene = blocked();
  scene.events.length = 0;
  scene.tell({ kind: 'heard', isPublic: true });
  t.match(scene.events, [{ kind: 'tryUdp', slot: HUB }, { kind: 'changed' }]);
  scene.wait(10 * MINUTE_MS);
  t.same(scene.sends, [], 'in use it stays');
  scene.used.clear();
  scene.wait(UNUSED_STREAM_MS + 5000);
  t.same(scene.sends, [{ kind: 'close', stream: 1 }]);
  t.equal(scene.machine.size, 0);
  t.equal(scene.machine.wakeAt, Number.POSITIVE_INFINITY, 'it sleeps');
  t.end();
});

t.test('a connection that comes about after UDP answered is closed', (t) => {
  const scene = new Scene();
  scene.ask(HUB, 1);
  scene.wait(SILENT_MS);
  const [{ dial }] = scene.dials();
  scene.tell({ kind: 'heard', isPublic: true });
  scene.up(1, dial);
  t.same(scene.sends, [{ kind: 'close', stream: 1 }]);
  t.equal(scene.machine.size, 0);
  t.end();
});

t.test('strangers prove themselves soon or go', (t) => {
  const scene = new Scene();
  for (const stream of [1, 2]) scene.up(stream, undefined);
  scene.tell({ kind: 'taken', stream: 2, slot: 9 });
  scene.used.add(2);
  scene.wait(UNUSED_STREAM_MS + 5000);
  t.same(scene.sends, [{ kind: 'close', stream: 1 }]);
  t.equal(scene.machine.isBlocked, false, "others' trouble is not this node's");
  t.notOk(
    scene.events.some(({ kind }) => kind === 'tryUdp'),
    'whoever made it tries to leave it',
  );
  scene.tell({ kind: 'gone', slot: 9 });
  scene.wait(UNUSED_STREAM_MS + 5000);
  t.same(scene.sends.slice(1), [{ kind: 'close', stream: 2 }], 'nobody has it any more');
  t.end();
});

t.test('there are only so many', (t) => {
  const scene = new Scene();
  for (let stream = 1; stream <= 1030; stream++) scene.up(stream, undefined);
  t.equal(scene.machine.size, 1024);
  t.equal(scene.sends.length, 6);
  t.end();
});

t.test('what is due when it says is over then, whatever the fractions of a millisecond', (t) => {
  const rounded = Array.from({ length: 1000 }, (_, i) => 1000 + i * 0.7370909959077).filter(
    (now) => now + SILENT_MS - now < SILENT_MS || now + 1000 - now < 1000,
  );
  t.ok(rounded.length > 10);
  for (const now of rounded) {
    const scene = new Scene();
    scene.now = now;
    scene.ask(HUB, 1);
    for (let turns = 0; turns < 2; turns++) {
      scene.now = scene.machine.wakeAt;
      scene.machine.onTimer(scene.now, new OutboxBuffer<StreamSend, StreamEvent>());
      if (scene.machine.wakeAt <= scene.now) t.fail(`still due at ${scene.now}`);
    }
  }
  t.end();
});
