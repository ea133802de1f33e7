/** Who reaches what among three organisations, their guests and a stranger: the table of consortium-table.ts holds on the wire. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Asker } from './attempts.ts';
import { Capture } from './capture.ts';
import { type Consortium, consortium, GUESTS, MEMBERS, type Name } from './consortium.ts';
import { type Guestbook, intruders, offerAll, otherAnswers, waysOf } from './consortium-cells.ts';
import {
  betrayed,
  dumpAll,
  PRIVATE_NAMES,
  PUBLIC_NAMES,
  publicServices,
  sealedAll,
  Tap,
} from './consortium-secrets.ts';
import { ASKERS, OFFERS } from './consortium-table.ts';
import { Lab, needsLab, until } from './lab.ts';
import { memberOf, networkOf } from './membership.ts';
import { lastLine, Node } from './node.ts';
import { IN_THE_CLEAR, type StrangerFile } from './programs/stranger.ts';

needsLab(t);

const PORT = 9376;
const sum = (drops: Record<string, number>): number =>
  Object.values(drops).reduce((all, one) => all + one, 0);

t.test('three organisations, two guests and a stranger', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const world = await consortium(lab);
  const tap = await Tap.on(lab, world.router);
  const books = await offerAll(world);
  await t.test('a stranger meets silence', (t) => knock(t, lab, world));
  const dumps = await sealedAll(world);
  await t.test('the table holds on the wire', (t) => askAll(t, world, books));
  await t.test('what mcc access says is what happens', async (t) => {
    t.same(await otherAnswers(world), []);
    const { alpha } = world.nodes;
    t.match(alpha.try(['access', 'golf.node.globex', 'orderbook:7002']), { status: 0, stdout: /^yes: / });
    t.match(alpha.try(['access', 'india.node.initech', 'orderbook:7002']), { status: 1, stdout: /^no: / });
  });
  await t.test('every store and every link together betray no private service', async (t) => {
    for (const told of [dumps, await dumpAll(world)]) {
      t.same(await betrayed(world, told), []);
      t.same(publicServices(told), PUBLIC_NAMES, 'of the others one reads');
      for (const guest of GUESTS) t.same(told.get(guest), [], 'a guest keeps nothing');
    }
    const { found, links, seenOn } = await tap.find(PRIVATE_NAMES, IN_THE_CLEAR);
    t.same(found, []);
    t.equal(links, ASKERS.length + 1, 'on all of them was looked');
    t.equal(seenOn, MEMBERS.length + 1, 'what a stranger says in the clear is found there');
  });
});

/** Every way of every cell, from all hosts at the same time. */
async function askAll(t: Test, world: Consortium, books: ReadonlyMap<Name, Guestbook>): Promise<void> {
  const askers = await Promise.all(ASKERS.map((name) => Asker.at(world.nodes[name].host)));
  const lists = await Promise.all(ASKERS.map((name) => waysOf(world, name)));
  const answers = await Promise.all(askers.map((asker, i) => asker.ask(lists[i]!.map((way) => way.attempt))));
  const counts: Record<string, number> = {};
  const wrong: string[] = [];
  for (const [i, list] of lists.entries()) {
    for (const [j, { what, attempt, expected, by }] of list.entries()) {
      const { outcome, detail, ms } = answers[i]![j]!;
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (outcome !== expected || (outcome === 'reached' && detail !== by))
        wrong.push(
          `${what} (${attempt.host}:${attempt.port}): ${outcome} ${detail} after ${ms} ms, not ${expected}`,
        );
    }
  }
  t.same(wrong, [], JSON.stringify(counts));
  t.ok((counts.reached ?? 0) > 500 && (counts.refused ?? 0) > 100, 'both happen');
  for (const [provider, book] of books) t.same(await intruders(world, provider, book), [], `at ${provider}`);
}

/** What a host without certificate sends to the nodes' UDP ports leads nowhere, and is not answered. */
async function knock(t: Test, lab: Lab, { nodes, stranger, address }: Consortium): Promise<void> {
  const outsider = new Node(lab, stranger, 'stranger');
  outsider.mcc('init', '--organisation', 'acme', '--name', 'alpha');
  const { seed, chain } = memberOf(outsider);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const status = async (name: Name) =>
    nodes[name].ask<{ nodeId: string; drops: Record<string, number> }>('/v1/status');
  const before = new Map<Name, number>();
  const victims: StrangerFile['victims'] = [];
  for (const name of MEMBERS) {
    const { nodeId, drops } = await status(name);
    before.set(name, sum(drops));
    victims.push({ nodeId, address: address[name], port: PORT });
  }
  const genesis = hex(networkOf(lastLine(nodes.alpha.mcc('invite', '--address', address.alpha))).bytes);
  const file: StrangerFile = {
    seed: hex(seed),
    chain: hex(chain),
    genesis,
    victims,
    ports: OFFERS.map((one) => one.port),
  };
  const path = join(lab.folder, `stranger-${randomBytes(4).toString('hex')}.json`);
  writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
  const [device] = stranger.ip('-o', '-4', 'address', 'show', 'scope', 'global').match(/up\d+b?a?/) ?? [];
  const heard = await Capture.on(stranger, device ?? '', `udp and src port ${PORT}`, 'in');
  const running = stranger.start([process.execPath, join(import.meta.dirname, 'programs/stranger.ts'), path]);
  await running.waitFor(/^sent /m, 60_000);
  for (const name of MEMBERS)
    await until(
      `${name} drops it`,
      async () => sum((await status(name)).drops) > (before.get(name) ?? 0),
      60_000,
    );
  t.same(await heard.lines(), [], 'nobody answers');
  t.notMatch(running.output(), /answered/);
  await running.stop();
}
