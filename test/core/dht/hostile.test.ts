// Members with valid certificates that drop, lie, or surround a key.
import t from 'tap';
import { EMPTY, equalBytes } from '../../../src/core/base/bytes.ts';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { commonPrefix, placeOf } from '../../../src/core/dht/place.ts';
import { dhtPlace, generateNodeKeys } from '../../../src/core/identity/identity.ts';
import type { DhtAnswer, DhtContact, DhtMessage } from '../../../src/core/wire/types.ts';
import { crypto, NETWORK, type TestNode, World } from './world.ts';

const NODES = 80;

function setUp(seed: string) {
  const world = new World({ seed, organisations: 5 });
  world.grow(NODES, 20);
  world.run(20_000);
  return world;
}

/** Every fifth node, of all organisations. */
function hostileOf(world: World): TestNode[] {
  return world.nodes.filter(({ index }) => index % 5 === Math.floor(index / 5) % 5 && index > 4);
}

function publish(world: World, node: TestNode, name: string): Uint8Array {
  const key = world.serviceKey(name, node.identity.organisation);
  world.tell(node, { kind: 'publish', key, record: world.service(node, name) });
  return key;
}

/** Finds of many keys by many nodes: how many were right. */
function rightOf(
  world: World,
  honest: readonly TestNode[],
  hostility: () => void,
): { share: number; slowest: number } {
  hostility();
  const publishers = honest.slice(0, 40);
  const keys = publishers.map((node) => publish(world, node, `service-${node.index}`));
  world.run(15_000);
  let right = 0;
  let slowest = 0;
  keys.forEach((key, i) => {
    const asker = honest[(i * 13 + 50) % honest.length];
    const found = world.find(asker, key);
    slowest = Math.max(slowest, found.tookMs);
    const publisher = publishers[i].identity.nodeId;
    if (found.records.length === 1 && equalBytes(found.records[0].publisher, publisher)) right++;
  });
  return { share: right / keys.length, slowest };
}

function fakeContacts(world: World): DhtContact[] {
  return Array.from({ length: 10 }, () => ({
    nodeId: generateNodeKeys(crypto, world.rng).nodeId,
    nonce: world.rng.bytes(16),
    addresses: [{ ip: ipv4(10, 200, 0, 1), port: 9 }],
  }));
}

t.test('a fifth takes records and gives nothing', async (t) => {
  const world = setUp('droppers');
  const hostile = hostileOf(world);
  const honest = world.nodes.filter((node) => !hostile.includes(node));
  const { share } = rightOf(world, honest, () => {
    for (const node of hostile) {
      node.lie = (message) => {
        if (message.kind === 'dhtAnswer') return { ...message, records: [], total: 0, contacts: [] };
        if (message.kind === 'dhtStoreAnswer') return { ...message, code: 'done' };
        return message;
      };
    }
  });
  t.ok(share >= 0.95, `${share} right`);
});

t.test('a fifth does not answer at all', async (t) => {
  const world = setUp('silent');
  const hostile = hostileOf(world);
  const honest = world.nodes.filter((node) => !hostile.includes(node));
  const { share } = rightOf(world, honest, () => {
    for (const node of hostile) node.lie = () => undefined;
  });
  t.ok(share >= 0.95, `${share} right`);
});

t.test('a fifth names nodes that do not exist, and forges records', async (t) => {
  const world = setUp('liars');
  const hostile = hostileOf(world);
  const honest = world.nodes.filter((node) => !hostile.includes(node));
  const { share, slowest } = rightOf(world, honest, () => {
    for (const node of hostile) {
      node.lie = (message: DhtMessage) => {
        if (message.kind === 'dhtStoreAnswer') return { ...message, code: 'full', spread: 10 };
        if (message.kind !== 'dhtAnswer') return message;
        const forger = { ...node, keys: generateNodeKeys(crypto, world.rng) };
        const identity = { ...node.identity, nodeId: forger.keys.nodeId };
        const records = ['service-0', 'service-1'].map((name) =>
          world.service({ ...forger, identity }, name),
        );
        const lie: DhtAnswer = { ...message, records, total: 1e9, spread: 10, contacts: fakeContacts(world) };
        return { ...lie, contacts: lie.contacts.slice(0, 3), chain: EMPTY };
      };
    }
  });
  t.ok(share >= 0.95, `${share} right`);
  t.ok(slowest < 15_000, `${slowest} ms`);
  for (const node of honest.slice(0, 10)) t.ok(node.dht.status().contacts < 100);
});

t.test('an organisation that surrounds a key does not hide it', async (t) => {
  const world = new World({ seed: 'surround', organisations: 5 });
  world.grow(80, 20);
  world.run(30_000);
  const publisher = world.nodes[7];
  const key = world.serviceKey('hello', publisher.identity.organisation);
  const place = placeOf(key);
  // Its issuer chooses nonces so that thirty nodes are closer to the key than anybody else.
  const insider = world.nodes[3].identity.organisation;
  for (let i = 0; i < 30; i++) {
    const probe = world.member(0);
    const isClose = (nonce: Uint8Array) =>
      commonPrefix(place, placeOf(dhtPlace(crypto, NETWORK, probe.identity.nodeId, nonce))) > 3;
    let nonce = world.rng.bytes(16);
    while (!isClose(nonce)) nonce = world.rng.bytes(16);
    const node = world.add({ organisation: insider, nonce });
    world.connect(node, world.nodes[i]);
    world.run(300);
    node.lie = (message) => {
      if (message.kind === 'dhtAnswer') return { ...message, records: [], total: 0, contacts: [] };
      return message.kind === 'dhtStoreAnswer' ? { ...message, code: 'done' } : message;
    };
  }
  world.run(20_000);
  publish(world, publisher, 'hello');
  world.run(15_000);
  const askers = world.nodes.slice(20, 60);
  const right = askers.filter((node) => world.find(node, key).records.length === 1);
  t.ok(right.length >= 38, `${right.length} of 40`);
});
