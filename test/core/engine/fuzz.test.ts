// Rows of random words: the engine decides on every one, throws at none, and stays within its bounds.

import t from 'tap';
import { OWN_REMOTE } from '../../../src/core/addressing/types.ts';
import {
  Action,
  BATCH_ROWS,
  INFO_PROTOCOL_SHIFT,
  INFO_SYN,
  InRow,
  Kind,
  OutRow,
  ROW_WORDS,
  SLAB_SLOTS,
} from '../../../src/core/base/batch-layout.generated.ts';
import { EMPTY } from '../../../src/core/base/bytes.ts';
import { parseIp } from '../../../src/core/base/ip.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { ACME, ALIAS_PREFIX, address, OTHER, OWN, ports, World, words } from './world.ts';

const SERVICE6 = 'fd01:203:405::5e11';
const SERVICE4 = '100.64.200.1';

const rng = seededRng('engine');
const ACTIONS: readonly number[] = Object.values(Action);

function chance(of: number): boolean {
  return rng.u32() % of === 0;
}

function randomWord(): number {
  return chance(3) ? rng.u32() % 300 : rng.u32();
}

function randomProtocol(): number {
  return [1, 6, 17, 58, 132][rng.u32() % 5] << INFO_PROTOCOL_SHIFT;
}

/** Some endpoints of the service, in some health. */
function offer(host: World, remotes: readonly number[]): void {
  host.tables.setService(0, parseIp(SERVICE6) as Uint8Array, ALIAS_PREFIX + 200 * 256 + 1);
  host.tables.setServiceEndpoints(
    0,
    [...remotes, OWN_REMOTE].map((remote) => ({
      remote,
      selector: 5,
      weight: rng.u32() % 3,
      isUp: !chance(3),
      protocol: chance(2) ? 6 : 17,
      port: rng.u32() % 300,
      ipv4: !chance(4),
      ipv6: !chance(4),
    })),
  );
}

t.test('outbound rows of random words', async (t) => {
  const host = new World();
  const remotes = [host.peer(OWN), host.peer(ACME), host.guest(), host.remote(OTHER)];
  const rows = new Uint32Array(BATCH_ROWS * ROW_WORDS);
  offer(host, remotes);
  for (let batch = 0; batch < 3000; batch++) {
    for (let i = 0; i < rows.length; i++) rows[i] = randomWord();
    for (let row = 0; row < BATCH_ROWS; row++) {
      const at = row * ROW_WORDS;
      const family = chance(2) ? 4 : 6;
      rows[at + OutRow.slot] = rng.u32() % 8;
      if (!chance(8)) rows.set(words(address(-1, family)), at + OutRow.source);
      if (chance(4)) rows.set(words(address(-1, family, 5)), at + OutRow.source);
      if (!chance(8)) rows.set(words(address(remotes[rng.u32() % 4], family)), at + OutRow.destination);
      if (chance(3)) rows.set(words(family === 6 ? SERVICE6 : SERVICE4), at + OutRow.destination);
      if (chance(2)) rows[at + OutRow.info] = (rows[at + OutRow.info] & ~0xff0f) | family | randomProtocol();
    }
    if (chance(20)) offer(host, remotes);
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
  const pins = host.engine.pins(300_000);
  t.ok(pins > 10 && pins <= 512, `${pins} pins`);
  t.ok(host.injected.length > 0);
});

t.test('inbound rows of random words', async (t) => {
  const host = new World();
  const remotes = [host.peer(OWN), host.peer(ACME), host.guest()];
  const rows = new Uint32Array(SLAB_SLOTS * ROW_WORDS);
  const own = [0, 5, 6].flatMap((selector) => [4, 6].map((family) => words(address(-1, family, selector))));
  // Of flows to a service of theirs, so that some answers come in as the service.
  offer(host, remotes);
  for (let port = 0; port < 300; port++) {
    for (const protocol of [6, 17])
      host.out(SERVICE6, { protocol, info: INFO_SYN, ports: ports(port, port) });
  }
  let admitted = 0;
  let ofService = 0;
  for (let batch = 0; batch < 400; batch++) {
    for (let i = 0; i < rows.length; i++) rows[i] = randomWord();
    for (let row = 0; row < SLAB_SLOTS; row++) {
      const at = row * ROW_WORDS;
      if (!chance(8)) rows[at + InRow.kind] = Kind.data;
      if (chance(3)) rows[at + InRow.info] = 6 | (6 << INFO_PROTOCOL_SHIFT);
      if (chance(3)) rows[at + InRow.ports] = ((rng.u32() % 300) * 65537) >>> 0;
      if (!chance(8)) rows[at + InRow.key] = 70 + remotes[rng.u32() % 3];
      if (!chance(4)) rows[at + InRow.selectors] = chance(2) ? 0 : 5;
      if (chance(4)) rows[at + InRow.selectors] = 5 << 16;
    }
    host.engine.inbound(rows, EMPTY, SLAB_SLOTS, batch, host.sink);
    for (let row = 0; row < SLAB_SLOTS; row++) {
      const at = row * ROW_WORDS;
      if (rows[at + InRow.action] !== Action.send) continue;
      admitted++;
      const to = [...rows.subarray(at + InRow.destination, at + InRow.destination + 4)].join();
      if (!own.some((address) => address.join() === to)) t.fail(`delivered to ${to}`);
      const remote = rows[at + InRow.key] - 70;
      const from = [...rows.subarray(at + InRow.source, at + InRow.source + 4)].join();
      if (from === words(SERVICE6).join() && rows[at + InRow.selectors] >>> 16 === 5) {
        ofService++;
        continue;
      }
      const isTheirs = [4, 6].some((family) => words(address(remote, family)).join() === from);
      if (!isTheirs) t.fail(`remote ${remote} spoke as ${from}`);
    }
  }
  t.ok(ofService > 10, `${ofService} as the service`);
  t.ok(admitted > 1000, `${admitted} of random rows came in`);
});
