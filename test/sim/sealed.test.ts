// Sealed records among the DHT machines of three organisations: a core node and a client publish, those find and open them for whom they
// are, and a member of another organisation who reads every store and tries to meddle gets nowhere.
import t from 'tap';
import { EMPTY, toHex } from '../../src/core/base/bytes.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { DAY_S, MINUTE_MS } from '../../src/core/base/time.ts';
import {
  type Audience,
  coverPlace,
  coverRecord,
  type OwnEpoch,
  openRecord,
  ownAudience,
  type Pseudonym,
  pairAudience,
  placeOfService,
  pseudonymOf,
  readRecord,
  recordKey,
  sealRecord,
  signInner,
} from '../../src/core/identity/identity.ts';
import type { DhtRecord } from '../../src/core/wire/types.ts';
import { fakeCrypto as crypto } from '../../src/sim/crypto.ts';
import { EPOCH_MS } from '../../src/sim/world.ts';
import { populate, storeOf } from './dht-scenarios.ts';
import { Swarm, type SwarmNode } from './swarm.ts';

interface Published {
  readonly key: Uint8Array;
  readonly place: Uint8Array;
}

function nowS(field: Swarm): number {
  return Math.floor((EPOCH_MS + field.now) / 1000);
}

function keyOf(field: Swarm, { id: epoch }: OwnEpoch, place: Uint8Array): Uint8Array {
  return recordKey(crypto, field.networkId, { kind: 'sealed', epoch, place });
}

/** A service of a node, sealed for an audience. */
function publishService(
  field: Swarm,
  node: SwarmNode,
  epoch: OwnEpoch,
  audience: Audience,
  name: string,
): Published {
  const head = { sequence: EPOCH_MS + field.now, expires: nowS(field) + DAY_S };
  const body = { selector: 1, protocol: 'tcp' as const, port: 80, weight: 1, ipv4: true, ipv6: true };
  const inner = signInner(crypto, field.networkId, node.keys.seed, {
    ...{ kind: 'service', publisher: node.keys.nodeId, name, ...head },
    body: { ...body, healthy: true, addresses: [{ ip: ipv4(192, 0, 2, 7), port: 9376 }], relays: [] },
  });
  const pseudonym = pseudonymOf(crypto, field.networkId, node.keys.seed, epoch);
  const place = placeOfService(crypto, audience, epoch.organisation, name);
  const key = keyOf(field, epoch, place);
  field.publish(
    node,
    key,
    sealRecord(crypto, field.networkId, { ...head, audience, place, pseudonym, inner }),
    pseudonym,
  );
  return { key, place };
}

function publishCover(field: Swarm, node: SwarmNode, epoch: OwnEpoch, number: number): void {
  const pseudonym = pseudonymOf(crypto, field.networkId, node.keys.seed, epoch);
  const place = coverPlace(crypto, pseudonym, number);
  const head = { sequence: EPOCH_MS + field.now, expires: nowS(field) + DAY_S };
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, () => field.below(256));
  const record = coverRecord(crypto, field.networkId, { ...head, place, pseudonym, random });
  field.publish(node, keyOf(field, epoch, place), record, pseudonym);
}

function find(field: Swarm, node: SwarmNode, key: Uint8Array): readonly DhtRecord[] {
  const lookup = field.find(node, key);
  field.run(30_000, () => lookup.doneAt >= 0);
  return lookup.found?.records ?? [];
}

function nameFound(field: Swarm, node: SwarmNode, key: Uint8Array, audience: Audience): string[] {
  return find(field, node, key).map(
    (record) => openRecord(crypto, field.networkId, audience, record)?.name ?? '-',
  );
}

/** All records that lie anywhere, with the chains of their publishers. */
function dump(field: Swarm): { readonly bytes: Uint8Array; readonly chain: Uint8Array }[] {
  return field.nodes.flatMap((node) =>
    [...storeOf(node).values()].flatMap(({ records }) =>
      [...records.values()].map(({ bytes, owner }) => ({ bytes, chain: owner.publisher.chain })),
    ),
  );
}

/** Of an organisation's sealed records at a node. */
function sealedBytes(node: SwarmNode, { organisation }: OwnEpoch): number {
  const records = [...storeOf(node).values()].flatMap((entry) => [...entry.records.values()]);
  return records
    .map(({ bytes, owner }) => ({ bytes, ...owner.publisher }))
    .filter((each) => each.epoch !== undefined && toHex(each.organisation) === toHex(organisation))
    .reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function dropsOf(field: Swarm): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { drops } of field.nodes)
    for (const [reason, count] of Object.entries(drops)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}

function member(field: Swarm, organisation: Uint8Array, isCore: boolean, skip = 0): SwarmNode {
  const found = field.nodes.filter(
    (node) => node.isCore === isCore && toHex(node.identity.organisation) === toHex(organisation),
  )[skip];
  if (found === undefined) throw new Error('no such member');
  return found;
}

t.test('those find and open a service for whom it is, and a dump of all stores says nothing', (t) => {
  const field = new Swarm({ seed: 'sealed', lossShare: 0.01, rttMs: 50 });
  populate(field, { cores: 60, clients: 12, organisations: 3 });
  const [acme, umbrella, stranger] = [0, 1, 2].map((number) => field.epochOf(number));
  const core = member(field, acme.organisation, true, 3);
  const client = member(field, acme.organisation, false);
  const own = ownAudience(crypto, acme);
  const pair = pairAudience(crypto, acme, umbrella) as Audience;
  const published = [
    publishService(field, core, acme, own, 'payroll'),
    publishService(field, client, acme, own, 'cameras'),
    publishService(field, client, acme, pair, 'cameras'),
  ];
  for (const number of [0, 1, 2]) publishCover(field, core, acme, number);
  for (const number of [0, 1]) publishCover(field, client, acme, number);
  field.run(MINUTE_MS);
  const reader = member(field, acme.organisation, true, 5);
  t.same(nameFound(field, reader, published[0].key, own), ['payroll']);
  t.same(nameFound(field, client, published[0].key, own), ['payroll'], 'a client looks it up');
  t.same(nameFound(field, reader, published[1].key, own), ['cameras']);
  const partner = member(field, umbrella.organisation, false);
  const theirs = pairAudience(crypto, umbrella, acme) as Audience;
  t.same(nameFound(field, partner, published[2].key, theirs), ['cameras'], 'with whom it is shared');
  t.same(nameFound(field, partner, published[1].key, theirs), ['-'], 'what is not for it it cannot open');

  const records = dump(field);
  const audiences = [
    ownAudience(crypto, stranger),
    ...[acme, umbrella].map((other) => pairAudience(crypto, stranger, other) as Audience),
  ];
  const lengths = new Set<number>();
  const places = new Map<string, Set<string>>();
  for (const { bytes, chain } of records) {
    const record = readRecord(crypto, field.networkId, bytes) as DhtRecord;
    if (record.kind !== 'sealed') continue;
    lengths.add(bytes.length);
    const text = toHex(bytes) + toHex(chain);
    for (const node of [core, client]) if (text.includes(node.key)) t.fail('names its provider');
    if (record.name !== '') t.fail('names the service');
    const of = places.get(toHex(record.publisher)) ?? new Set();
    places.set(toHex(record.publisher), of.add(toHex(record.place)));
    for (const audience of audiences)
      if (openRecord(crypto, field.networkId, audience, record) !== undefined) t.fail('opened');
  }
  t.equal(lengths.size, 1, 'all as long');
  t.equal(places.size, 2);
  t.same(
    [...places.values()].map(({ size }) => size),
    [4, 4],
    'as many of each',
  );
  const { dhtPublisher, dhtRecord, dhtRateLimited } = dropsOf(field);
  t.same([dhtPublisher, dhtRecord, dhtRateLimited], [undefined, undefined, undefined]);
  t.end();
});

t.test('a hostile member of another organisation neither replaces nor crowds out what lies there', (t) => {
  const field = new Swarm({ seed: 'sealed hostile', rttMs: 50, limits: { storeBytes: 200_000 } });
  populate(field, { cores: 30, organisations: 2 });
  const [acme, stranger] = [0, 1].map((number) => field.epochOf(number));
  const provider = member(field, acme.organisation, true, 2);
  const own = ownAudience(crypto, acme);
  const { key, place } = publishService(field, provider, acme, own, 'payroll');
  field.run(MINUTE_MS);
  const attacker = member(field, stranger.organisation, true, 1);
  const chains = { own: attacker.identity.chain, pseudonyms: [] as Pseudonym[] };
  const head = { sequence: 2 * EPOCH_MS, expires: nowS(field) + DAY_S - 60 };
  const random = (bytes: number) => new Uint8Array(bytes).fill(5);
  // Tokens for the very key of the place, from whoever keeps it.
  const tokens = new Map<SwarmNode, Uint8Array>();
  const feed = field.feed.bind(field);
  field.feed = (node, input) => {
    if (node === attacker && input.kind === 'message' && input.message.kind === 'dhtAnswer') {
      const from = field.nodeOf(input.from);
      if (from !== undefined && input.message.token.length > 0) tokens.set(from, input.message.token);
    }
    feed(node, input);
  };
  const ask = { kind: 'dhtQuestion' as const, records: false, client: false, seed: 0, offset: 0 };
  const others = field.nodes.filter((node) => node !== attacker && node !== provider);
  for (const node of others) field.say(attacker, node, { ...ask, id: 7, key, publisher: EMPTY });
  field.run(5000);
  t.ok(tokens.size > 20, `${tokens.size} tokens`);
  for (let i = 0; i < 3; i++) {
    const seed = new Uint8Array(32).fill(i);
    const pseudonym = pseudonymOf(crypto, field.networkId, seed, stranger);
    chains.pseudonyms.push(pseudonym);
    const junk = coverRecord(crypto, field.networkId, { ...head, place, pseudonym, random });
    const victim = pseudonymOf(crypto, field.networkId, provider.keys.seed, acme);
    const forged = coverRecord(crypto, field.networkId, {
      ...{ ...head, place, random },
      pseudonym: { ...victim, seed },
    });
    const byNode = coverRecord(crypto, field.networkId, {
      ...{ ...head, place, random },
      pseudonym: { ...pseudonym, seed: attacker.keys.seed, key: attacker.keys.nodeId },
    });
    for (const [node, token] of tokens) {
      const store = { kind: 'dhtStore' as const, id: 9, token, shard: 0, replica: i === 1, spread: 0 };
      field.say(attacker, node, { ...store, record: junk, chain: EMPTY });
      field.say(attacker, node, { ...store, record: EMPTY, chain: pseudonym.chain });
      field.say(attacker, node, { ...store, record: junk, chain: EMPTY });
      field.say(attacker, node, { ...store, record: forged, chain: EMPTY });
      field.say(attacker, node, { ...store, record: byNode, chain: chains.own.slice(0, 300) });
    }
    field.run(5000);
  }
  const reader = member(field, acme.organisation, true, 6);
  t.same(nameFound(field, reader, key, own), ['payroll']);
  const drops = dropsOf(field);
  t.ok((drops.dhtPublisher ?? 0) > 0 && (drops.dhtRecord ?? 0) > 0, JSON.stringify(drops));

  // Whatever else it publishes, of its organisation a quarter of each store is the most.
  for (let i = 0; i < 600; i++) {
    const pseudonym = chains.pseudonyms[i % 3];
    const at = coverPlace(crypto, pseudonym, i);
    const record = coverRecord(crypto, field.networkId, { ...head, place: at, pseudonym, random });
    const input = { kind: 'publish' as const, key: keyOf(field, stranger, at), record, publisher: pseudonym };
    field.feed(attacker, input);
    if (i % 50 === 49) field.run(5000);
  }
  field.run(2 * MINUTE_MS);
  const most = Math.max(...field.nodes.map((node) => sealedBytes(node, stranger)));
  t.ok(most > 30_000 && most <= 200_000 / 4, `${most} bytes`);
  t.same(nameFound(field, reader, key, own), ['payroll']);
  const late = publishService(field, provider, acme, own, 'late');
  field.run(MINUTE_MS);
  t.same(nameFound(field, reader, late.key, own), ['late'], 'there is room for others');

  field.revokeOrganisation(1);
  t.equal(
    Math.max(...field.nodes.map((node) => sealedBytes(node, stranger))),
    0,
    'it goes with its organisation',
  );
  t.same(nameFound(field, reader, key, own), ['payroll']);
  t.end();
});
