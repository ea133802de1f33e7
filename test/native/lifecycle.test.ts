import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { SLAB_SLOTS } from '../../src/core/base/batch-layout.generated.ts';
import { CodedError } from '../../src/core/base/errors.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { loadAddon } from '../../src/host/native/loader.ts';
import { nativeSystem, openPort } from '../../src/host/native/native.ts';
import { counted, LOCALHOST, loopbackUp, privateNamespace, Twin, until } from './twin.ts';

privateNamespace(import.meta.filename);
loopbackUp();

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const files = () => readdirSync('/proc/self/fd').length;
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

t.test('a closed port leaves no file, and its memory may be looked at until it is let go of', async (t) => {
  openPort({ interface: 'mcctest9', listen: [{ ip: LOCALHOST, port: 0 }] }).close(true);
  await turn();
  const before = files();
  for (let i = 0; i < 20; i++) {
    const port = openPort({ interface: 'mcctest9', listen: [{ ip: LOCALHOST, port: 0 }] });
    const { outBytes, inRows, counters } = port;
    port.close(true);
    port.close(true);
    port.send(1);
    port.sendHeld(1);
    port.deliver(1);
    port.inject(new Uint8Array(20));
    port.sendRaw({ ip: LOCALHOST, port: 9 }, new Uint8Array(1));
    collect();
    await turn();
    outBytes[0] = inRows[0] = counters[0] = 1;
  }
  collect();
  await turn();
  t.equal(files(), before);
  t.equal(nativeSystem().linkIndex('mcctest9'), 0, 'the interface is gone');
});

t.test('a port that nobody refers to goes on', async (t) => {
  const calls: number[] = [];
  const { udpPort, close } = (() => {
    const port = new (loadAddon().Port)({ listen: [{ ip: LOCALHOST, port: 0 }] });
    port.onOutside((rows) => calls.push(rows));
    const weak = new WeakRef(port);
    return { udpPort: port.info().udp4?.port ?? 0, close: () => weak.deref()?.close(true) };
  })();
  const socket = createSocket('udp4');
  for (let i = 0; i < 3; i++) {
    collect();
    await turn();
    socket.send(Buffer.alloc(64, 1), udpPort, '127.0.0.1');
    await until(() => calls.length === i + 1, 'the callback');
  }
  socket.close();
  close();
  t.end();
});

t.test('a closed port is collected, though its callbacks refer to it', async (t) => {
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 10; i++) {
    const port = openPort({ listen: [{ ip: LOCALHOST, port: 0 }] });
    const whole = { port };
    port.onInside(() => whole);
    port.onOutside(() => whole);
    port.onEvent(() => whole);
    refs.push(new WeakRef(whole));
    port.close(true);
  }
  await turn();
  collect();
  await turn();
  t.ok(refs.filter((each) => each.deref() !== undefined).length <= 1);
});

t.test('an interface is left behind, adopted, and taken by one at a time', (t) => {
  const open = () => openPort({ interface: 'mcctest9', listen: [{ ip: LOCALHOST, port: 0 }] });
  const first = open();
  const index = nativeSystem().linkIndex('mcctest9');
  t.throws(open, { code: 'INTERFACE_TAKEN' });
  first.close(false);
  t.equal(nativeSystem().linkIndex('mcctest9'), index, 'it stays');
  const second = open();
  t.equal(nativeSystem().linkIndex('mcctest9'), index, 'and is adopted');
  second.close(true);
  t.equal(nativeSystem().linkIndex('mcctest9'), 0);
  t.end();
});

t.test('what cannot be opened says what to do', (t) => {
  const taken = createSocket('udp4');
  taken.bind(4711, '127.0.0.1', () => {
    t.throws(() => openPort({ interface: 'mcctest9', listen: [{ ip: LOCALHOST, port: 4711 }] }), {
      code: 'PORT_TAKEN',
    });
    taken.close();
    t.throws(() => openPort({ listen: [{ ip: ipv4(192, 0, 2, 77), port: 0 }] }), {
      code: 'ADDRESS_UNAVAILABLE',
    });
    t.throws(() => openPort({ interface: 'lo', listen: [] }), { code: 'INTERFACE_TAKEN' });
    t.throws(() => openPort({ interface: 'a name too long for it', listen: [] }), {
      code: 'INTERFACE_NAME_INVALID',
    });
    t.throws(() => openPort({ interface: '', listen: [] }), CodedError);
    t.throws(() => openPort({} as never), TypeError);
    t.throws(() => openPort({ listen: [{ ip: new Uint8Array(4), port: 1 }] }), TypeError);
    t.equal(nativeSystem().listLinks().length, 1, 'no interface is left behind');
    t.end();
  });
});

t.test('both families on one port', (t) => {
  const port = openPort({
    listen: [
      { ip: ipv4(0, 0, 0, 0), port: 0 },
      { ip: new Uint8Array(16), port: 0 },
    ],
  });
  const { udp4, udp6 } = port.info();
  t.ok(udp4 !== undefined && udp4.port === udp6?.port);
  port.close(true);
  t.end();
});

t.test('the interface is deleted', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const events: string[] = [];
  twin.a.port.onEvent((event) => events.push(event.kind));
  execFileSync('ip', ['link', 'del', 'mcctest0']);
  await until(() => events.length > 0, 'the event');
  await turn();
  t.same(events, ['interfaceGone']);
  twin.a.port.inject(new Uint8Array(20).fill(0x45));
  twin.a.port.sendControl(0, 0, 0, Uint8Array.of(0));
  await until(() => counted(twin.b.port).datagramsReceived === 1, 'the sockets to go on');
});

t.test('a datagram above the MTU is counted and its path reported', async (t) => {
  nativeSystem().setLink(nativeSystem().linkIndex('lo'), { mtu: 1400 });
  t.teardown(() => nativeSystem().setLink(nativeSystem().linkIndex('lo'), { mtu: 65536 }));
  const twin = new Twin();
  t.teardown(() => twin.close());
  const paths: number[] = [];
  twin.a.port.onEvent((event) => {
    if (event.kind === 'tooBig') paths.push(event.path);
  });
  t.equal(twin.a.port.routeMtu({ ip: LOCALHOST, port: 9 }), 1400);
  const socket = createSocket('udp4');
  socket.send(Buffer.alloc(5000), 9, '10.78.0.2');
  await until(() => paths.length > 0, 'the event');
  t.same(paths, [0]);
  // The kernel cuts it into three fragments that fill the TUN's MTU, too big with our headers, and a rest that fits.
  t.match(counted(twin.a.port), { dropSendTooBig: 3, fallbackGso: 1, datagramsSent: 1 });
  socket.close();
});

t.test('an exception in a callback is an uncaught one, and the port goes on', async (t) => {
  const twin = new Twin();
  t.teardown(() => twin.close());
  const usual = twin.a.decideOut;
  twin.a.decideOut = () => {
    throw new Error('on purpose');
  };
  const caught: string[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error.message));
  const socket = createSocket('udp4');
  socket.send(Buffer.alloc(10), 9, '10.78.0.2');
  await until(() => caught.length > 0, 'the exception');
  process.removeAllListeners('uncaughtException');
  for (const listener of listeners) process.on('uncaughtException', listener);
  t.same(caught, ['on purpose']);
  t.equal(twin.a.port.info().freeSlots, SLAB_SLOTS);
  twin.a.decideOut = usual;
  socket.send(Buffer.alloc(10), 9, '10.78.0.2');
  await until(() => counted(twin.b.port).datagramsReceived === 1, 'the next packet');
  socket.close();
});

t.test('workers end with open ports', async (t) => {
  const source = `
    import { openPort } from '${new URL('../../src/host/native/native.ts', import.meta.url)}';
    import { parentPort } from 'node:worker_threads';
    const port = openPort({ interface: 'mccworker', listen: [{ ip: new Uint8Array([0,0,0,0,0,0,0,0,0,0,255,255,127,0,0,1]), port: 0 }] });
    port.onInside(() => {});
    port.onOutside(() => {});
    parentPort.postMessage('open');`;
  const before = files();
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    await once(worker, 'message');
    await worker.terminate();
  }
  await turn();
  t.ok(files() <= before + 1, 'no file is left');
  t.not(nativeSystem().linkIndex('mccworker'), 0, 'the interface stays, as after a crash');
  nativeSystem().deleteLink(nativeSystem().linkIndex('mccworker'));
});
