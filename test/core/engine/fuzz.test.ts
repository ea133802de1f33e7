// Rows of random words: the engine decides on every one, throws at none, and stays within its bounds.
import t from 'tap';
import {
  Action,
  BATCH_ROWS,
  InRow,
  OutRow,
  ROW_WORDS,
  SLAB_SLOTS,
} from '../../../src/core/base/batch-layout.generated.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { ACME, address, OTHER, OWN, World, words } from './world.ts';

const rng = seededRng('engine');
const ACTIONS: readonly number[] = Object.values(Action);

function chance(of: number): boolean {
  return rng.u32() % of === 0;
}

function randomWord(): number {
  return chance(3) ? rng.u32() % 300 : rng.u32();
}

t.test('outbound rows of random words', async (t) => {
  const host = new World();
  const remotes = [host.peer(OWN), host.peer(ACME), host.guest(), host.remote(OTHER)];
  const rows = new Uint32Array(BATCH_ROWS * ROW_WORDS);
  for (let batch = 0; batch < 3000; batch++) {
    for (let i = 0; i < rows.length; i++) rows[i] = randomWord();
    for (let row = 0; row < BATCH_ROWS; row++) {
      const at = row * ROW_WORDS;
      const family = chance(2) ? 4 : 6;
      rows[at + OutRow.slot] = rng.u32() % 8;
      if (!chance(8)) rows.set(words(address(-1, family)), at + OutRow.source);
      if (!chance(8)) rows.set(words(address(remotes[rng.u32() % 4], family)), at + OutRow.destination);
    }
    host.engine.outbound(rows, host.bytes, BATCH_ROWS, batch * 100, host.sink);
    if (chance(50)) host.establish(remotes[rng.u32() % 4]);
    host.engine.onTimer(batch * 100);
    if (host.engine.takeHeld(host.held) > 8) t.fail('more held packets than allowed');
    for (let row = 0; row < BATCH_ROWS; row++) {
      const at = row * ROW_WORDS;
      if (!ACTIONS.includes(rows[at + OutRow.action])) t.fail('a row without an action');
      if (rows[at + OutRow.action] === Action.send && rows[at + OutRow.datagrams] === 0)
        t.fail('no datagrams');
    }
  }
  t.ok(host.engine.flows(300_000) <= 64);
  t.ok(host.injected.length > 0);
});

t.test('inbound rows of random words', async (t) => {
  const host = new World();
  const remotes = [host.peer(OWN), host.peer(ACME), host.guest()];
  const rows = new Uint32Array(SLAB_SLOTS * ROW_WORDS);
  const own = [
    words(address(-1, 4)),
    words(address(-1, 6)),
    words(address(-1, 4, 5)),
    words(address(-1, 6, 5)),
  ];
  let admitted = 0;
  for (let batch = 0; batch < 400; batch++) {
    for (let i = 0; i < rows.length; i++) rows[i] = randomWord();
    for (let row = 0; row < SLAB_SLOTS; row++) {
      const at = row * ROW_WORDS;
      if (!chance(8)) rows[at + InRow.key] = 70 + remotes[rng.u32() % 3];
      if (!chance(4)) rows[at + InRow.selectors] = chance(2) ? 0 : 5;
    }
    host.engine.inbound(rows, SLAB_SLOTS, batch, host.sink);
    for (let row = 0; row < SLAB_SLOTS; row++) {
      const at = row * ROW_WORDS;
      if (rows[at + InRow.action] !== Action.send) continue;
      admitted++;
      const to = [...rows.subarray(at + InRow.destination, at + InRow.destination + 4)].join();
      if (!own.some((address) => address.join() === to)) t.fail(`delivered to ${to}`);
      const remote = rows[at + InRow.key] - 70;
      const from = [...rows.subarray(at + InRow.source, at + InRow.source + 4)].join();
      const isTheirs = [4, 6].some((family) => words(address(remote, family)).join() === from);
      if (!isTheirs) t.fail(`remote ${remote} spoke as ${from}`);
    }
  }
  t.ok(admitted > 1000, `${admitted} of random rows came in`);
});
