import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { nativeSystem } from '../../src/host/native/native.ts';
import { privateNamespace, Twin } from './twin.ts';

/** In a worker: two ports, and TCP as fast as it goes, for ever. */
function traffic(): void {
  new Twin();
  const server = createServer((socket) => socket.resume());
  server.listen(0, '10.79.0.1', () => {
    const client = connect((server.address() as AddressInfo).port, '10.78.0.2');
    const bytes = Buffer.alloc(1 << 20);
    const pour = () => {
      while (client.write(bytes));
      client.once('drain', pour);
    };
    client.on('connect', () => {
      parentPort?.postMessage('running');
      pour();
    });
  });
}

if (isMainThread) {
  privateNamespace(import.meta.filename);
  // Only here: the runner would end the worker by itself.
  const { default: t } = await import('tap');
  t.test('workers that are terminated in the midst of batches take nothing with them', async (t) => {
    for (let round = 0; round < 12; round++) {
      const worker = new Worker(new URL(import.meta.url));
      await once(worker, 'message');
      await sleep(5 * round);
      await worker.terminate();
      for (const name of ['mcctest0', 'mcctest1']) nativeSystem().deleteLink(nativeSystem().linkIndex(name));
    }
    t.pass('the process lives');
  });
} else {
  traffic();
}
