// What happens to a DHT, in numbers: played by tests with hundreds of nodes, by the benchmark with ten thousand.
import { toHex } from '../../src/core/base/bytes.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time.ts';
import type { RecordStore } from '../../src/core/dht/store.ts';
import { recordKey, signRecord } from '../../src/core/identity/identity.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { EPOCH_MS } from '../../src/sim/world.ts';
import type { Field, FieldNode, Lookup } from './field.ts';
import { corrupt, distanceOf, type Gang, gangOf, HARMS, type Harm, surround } from './liars.ts';

const RECORD_S = 24 * 3600;
const BOOTS = 4;
const WARM_BUCKET = 20;
const ORIGIN = new Uint8Array(32);

export interface Population {
  readonly cores: number;
  readonly clients?: number;
  readonly organisations?: number;
  /** Share of core nodes that do harm. */
  readonly hostileShare?: number;
  /** Which; default: all by turns. */
  readonly harms?: readonly Harm[];
  /** They were here before: their routing tables are on their disks, as full as they get. */
  readonly isWarm?: boolean;
  /** ms between one start and the next. */
  readonly spacingMs?: number;
  /** ms after the last start. */
  readonly settleMs?: number;
}

/** Starts nodes one after the other, each knowing three of the first; each publishes its node record. */
export function populate(field: Field, population: Population): Gang {
  const {
    cores,
    clients = 0,
    organisations = 3,
    hostileShare = 0,
    harms = HARMS,
    spacingMs = 20,
  } = population;
  const gang = gangOf(field);
  for (let i = 0; i < cores + clients; i++) {
    const node = field.add(i % organisations, i < cores);
    const isHostile =
      i >= BOOTS && i < cores && Math.floor(i * hostileShare) > Math.floor((i - 1) * hostileShare);
    if (isHostile) corrupt(gang, node, harms[gang.members.length % harms.length]);
  }
  if (population.isWarm) warm(field);
  for (const node of field.nodes) {
    enter(field, node);
    field.run(spacingMs);
  }
  field.run(population.settleMs ?? 60 * SECOND_MS);
  return gang;
}

/** Gives every node the routing table that it would have after a day: of every bucket so many. */
function warm(field: Field): void {
  const sorted = field.nodes
    .filter(({ isCore }) => isCore)
    .map((node) => ({ node, at: distanceOf(node.place, ORIGIN) }))
    .sort((a, b) => a.at - b.at);
  const firstFrom = (at: number): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle].at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  for (const node of field.nodes) {
    const own = distanceOf(node.place, ORIGIN);
    for (let size = 2 ** 47; size >= 1; size /= 2) {
      const start = Math.floor(own / size) * size;
      const other = Math.floor(own / size) % 2 === 0 ? start + size : start - size;
      const [from, to] = [firstFrom(other), firstFrom(other + size)];
      const bucket = drawn(field, sorted.slice(from, to), WARM_BUCKET).map((each) => each.node);
      field.remember(node, node.isCore ? bucket : bucket.slice(0, 2));
      if (firstFrom(start + size) - firstFrom(start) <= 1) break;
    }
  }
}

/** At most `count` different ones. */
function drawn<T>(field: Field, from: readonly T[], count: number): readonly T[] {
  if (from.length <= count) return from;
  const chosen = new Set<T>();
  while (chosen.size < count) chosen.add(from[field.below(from.length)]);
  return [...chosen];
}

/** Starts a node that knows three of the first ones, and publishes its node record. */
export function enter(field: Field, node: FieldNode): void {
  const boots = field.nodes.slice(0, BOOTS).filter((boot) => boot !== node && boot.isUp);
  field.start(node, boots.slice(node.index % 2, 3 + (node.index % 2)));
  publishNode(field, node);
}

function publishNode(field: Field, node: FieldNode): void {
  if (!field.publishesNodes) field.publish(node, nodeKey(field, node), nodeRecord(field, node));
}

export function nodeKey(field: Field, node: FieldNode): Uint8Array {
  return recordKey(fakeCrypto, field.networkId, { kind: 'node', nodeId: node.keys.nodeId });
}

export function nodeRecord(field: Field, node: FieldNode): Uint8Array {
  const unixMs = EPOCH_MS + field.now;
  return signRecord(fakeCrypto, field.networkId, node.keys.seed, {
    kind: 'node',
    publisher: node.keys.nodeId,
    sequence: unixMs,
    expires: Math.floor(unixMs / 1000) + RECORD_S,
    name: '',
    body: { addresses: [node.address], core: node.isCore, relays: [] },
  });
}

/** Of the 20 nodes closest to the key of a node's record, how many hold it. */
export function holdersAmongClosest(field: Field, node: FieldNode): number {
  const key = nodeKey(field, node);
  const closest = field.nodes
    .filter(({ isUp, isCore }) => isUp && isCore)
    .map((each) => ({ each, at: distanceOf(each.place, key) }))
    .sort((a, b) => a.at - b.at)
    .slice(0, 20);
  return closest.filter(({ each }) => storeOf(each).get(toHex(key)) !== undefined).length;
}

export interface LookupFigures {
  readonly lookups: number;
  /** Of those that brought the record that was looked for. */
  readonly rightShare: number;
  readonly medianHops: number;
  /** ms until the record was there; lookups that never brought it count as endless. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** ms until the lookup was over. */
  readonly p95DoneMs: number;
  /** Per lookup, by all nodes in the time that they took. */
  readonly kilobytes: number;
}

/** Random nodes look up the records of `targets` (default: of random nodes). */
export function measureLookups(
  field: Field,
  count: number,
  options: {
    readonly spacingMs?: number;
    readonly from?: readonly FieldNode[];
    readonly targets?: readonly FieldNode[];
    readonly meanwhile?: () => void;
  } = {},
): LookupFigures {
  const { from = field.nodes, targets = field.nodes, spacingMs = 20 } = options;
  const before = totalSent(field);
  const begun: { readonly lookup: Lookup; readonly target: FieldNode }[] = [];
  while (begun.length < count) {
    options.meanwhile?.();
    const asker = from[field.below(from.length)];
    const target = targets[field.below(targets.length)];
    if (asker.isUp && asker !== target)
      begun.push({ lookup: field.find(asker, nodeKey(field, target)), target });
    field.run(spacingMs);
  }
  let over = 0;
  field.run(30 * SECOND_MS, () => {
    while (over < begun.length && begun[over].lookup.doneAt >= 0) over++;
    return over === begun.length;
  });
  const right = begun.filter(({ lookup, target }) => isRight(lookup, target));
  const times = begun.map(({ lookup, target }) =>
    isRight(lookup, target) ? lookup.firstRecordAt - lookup.startedAt : Number.POSITIVE_INFINITY,
  );
  const done = begun.map(({ lookup }) =>
    lookup.doneAt < 0 ? Number.POSITIVE_INFINITY : lookup.doneAt - lookup.startedAt,
  );
  return {
    lookups: begun.length,
    rightShare: right.length / begun.length,
    medianHops: quantile(
      right.map(({ lookup }) => lookup.found?.hops ?? 0),
      0.5,
    ),
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    p95DoneMs: quantile(done, 0.95),
    kilobytes: (totalSent(field) - before) / begun.length / 1000,
  };
}

function isRight(lookup: Lookup, target: FieldNode): boolean {
  const records = lookup.found?.records ?? [];
  return records.length === 1 && records[0].publisher.every((byte, i) => byte === target.keys.nodeId[i]);
}

export function totalSent(field: Field): number {
  return field.nodes.reduce((sum, node) => sum + node.sentBytes, 0);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0
    ? Number.NaN
    : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Lookups while nodes die at this share per hour and come back half an hour later, for `ms`. */
export function measureUnderChurn(
  field: Field,
  count: number,
  sharePerHour: number,
  ms: number,
): LookupFigures {
  const dead: { readonly node: FieldNode; readonly until: number }[] = [];
  const perMs = (field.nodes.length * sharePerHour) / HOUR_MS;
  let killed = 0;
  const since = field.now;
  const meanwhile = (): void => {
    for (; killed < (field.now - since) * perMs; killed++) {
      const node = field.nodes[field.below(field.nodes.length)];
      if (!node.isUp) continue;
      field.kill(node);
      dead.push({ node, until: field.now + HOUR_MS / 2 });
    }
    while (dead.length > 0 && dead[0].until <= field.now) {
      const node = dead.shift()?.node as FieldNode;
      if (!node.isUp) field.start(node);
    }
  };
  return measureLookups(field, count, { spacingMs: ms / count, meanwhile });
}

export interface HotFigures {
  readonly providers: number;
  /** Drawn at least once. */
  readonly providersFound: number;
  /** Records at the node that holds most under one key. */
  readonly mostUnderOneKey: number;
  readonly finds: number;
  /** Records in all answers: each is a draw. */
  readonly draws: number;
  readonly chiSquare: number;
  /** Chance of a value at least as large if all providers were drawn evenly. */
  readonly p: number;
  /** Providers that there are as the finds told it: the lowest of 20, and the highest. */
  readonly lowTotal: number;
  readonly highTotal: number;
  /** Of one find, by all nodes in the time that it took. */
  readonly kilobytes: number;
}

function mostUnderOneKey(node: FieldNode): number {
  let most = 0;
  for (const { records } of storeOf(node).values()) most = Math.max(most, records.size);
  return most;
}

interface MachineInsides {
  readonly inner?: MachineInsides;
  readonly env: { readonly store: RecordStore };
}

/** The store of the shipped machine, whatever is around it. */
export function storeOf(node: FieldNode): RecordStore {
  let machine = node.dht as unknown as MachineInsides;
  while (machine.inner !== undefined) machine = machine.inner;
  return machine.env.store;
}

export function serviceKey(field: Field, organisation: Uint8Array, name: string): Uint8Array {
  return recordKey(fakeCrypto, field.networkId, { kind: 'service', organisation, name });
}

export function serviceRecord(field: Field, node: FieldNode, name: string): Uint8Array {
  const unixMs = EPOCH_MS + field.now;
  return signRecord(fakeCrypto, field.networkId, node.keys.seed, {
    kind: 'service',
    publisher: node.keys.nodeId,
    sequence: unixMs,
    expires: Math.floor(unixMs / 1000) + RECORD_S,
    name,
    body: {
      selector: 1,
      protocol: 'tcp',
      port: 80,
      weight: 100,
      ipv4: true,
      ipv6: true,
      healthy: true,
      addresses: [node.address],
      relays: [],
    },
  });
}

/**
 * Many providers of one service, all of one organisation; then `askers` find it by turns, until there are `draws`. Each find is
 * for up to 32 records, and every record of its answer is a draw: nothing is kept between finds.
 */
export function measureHotService(
  field: Field,
  providers: readonly FieldNode[],
  askers: readonly FieldNode[],
  draws: number,
  onPublished: (key: Uint8Array) => void = () => {},
): HotFigures {
  const key = serviceKey(field, providers[0].identity.organisation, 'hot');
  for (const node of providers) {
    field.publish(node, key, serviceRecord(field, node, 'hot'));
    field.run(200);
  }
  field.run(5 * MINUTE_MS);
  onPublished(key);
  const drawn = new Map(providers.map((node) => [node.key, 0]));
  let count = 0;
  const totals: number[] = [];
  const before = totalSent(field);
  for (let turn = 0; count < draws && turn < draws; turn++) {
    const lookup = field.find(askers[turn % askers.length], key, true, 32);
    field.run(10 * SECOND_MS, () => lookup.doneAt >= 0);
    totals.push(lookup.found?.total ?? 0);
    for (const record of lookup.found?.records ?? []) {
      const provider = toHex(record.publisher);
      drawn.set(provider, (drawn.get(provider) ?? 0) + 1);
      count++;
    }
    field.run(20);
  }
  const expected = count / providers.length;
  let chiSquare = 0;
  for (const times of drawn.values()) chiSquare += (times - expected) ** 2 / expected;
  return {
    providers: providers.length,
    providersFound: [...drawn.values()].filter((times) => times > 0).length,
    mostUnderOneKey: Math.max(...field.nodes.map(mostUnderOneKey)),
    finds: totals.length,
    draws: count,
    chiSquare,
    p: chiSquareTail(chiSquare, providers.length - 1),
    lowTotal: quantile(totals, 0.05),
    highTotal: quantile(totals, 0.95),
    kilobytes: (totalSent(field) - before) / totals.length / 1000,
  };
}

/** Wilson and Hilferty's approximation: good to 0.001 from 30 degrees of freedom on. */
export function chiSquareTail(value: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  const z = ((value / degrees) ** (1 / 3) - (1 - spread)) / Math.sqrt(spread);
  return normalTail(z);
}

/** Abramowitz and Stegun 7.1.26. */
function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (poly * Math.exp(-x * x)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

export interface IdleFigures {
  readonly hours: number;
  /** Bytes per day, sent and received. */
  readonly coreMean: number;
  readonly coreMost: number;
  readonly clientMean: number;
  readonly clientMost: number;
}

/** Nobody asks for anything; every node publishes its record anew every `republishMs`. */
export function measureIdle(field: Field, hours: number, republishMs: number): IdleFigures {
  const before = new Map(field.nodes.map((node) => [node, node.sentBytes + node.receivedBytes]));
  const start = field.now;
  const next = field.nodes.map(() => start + field.below(republishMs));
  while (field.now < start + hours * HOUR_MS) {
    field.run(MINUTE_MS);
    field.nodes.forEach((node, i) => {
      if (!node.isUp || next[i] > field.now) return;
      next[i] += republishMs;
      publishNode(field, node);
    });
  }
  const perDay = (node: FieldNode): number =>
    ((node.sentBytes + node.receivedBytes - (before.get(node) ?? 0)) * 24) / hours;
  const cores = field.nodes.filter(({ isCore }) => isCore).map(perDay);
  const clients = field.nodes.filter(({ isCore }) => !isCore).map(perDay);
  return {
    hours,
    coreMean: mean(cores),
    coreMost: Math.max(...cores, 0),
    clientMean: mean(clients),
    clientMost: Math.max(...clients, 0),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** All nodes start within a second, knowing the same few. ms until `share` of lookups are right. */
export function measureStorm(
  field: Field,
  cores: number,
): { readonly busiestKilobytes: number; readonly figures: LookupFigures; readonly settledMs: number } {
  for (let i = 0; i < cores; i++) field.add(i % 3);
  for (const node of field.nodes.slice(0, BOOTS)) enter(field, node);
  field.run(SECOND_MS);
  for (const node of field.nodes.slice(BOOTS)) {
    enter(field, node);
    field.run(SECOND_MS / cores);
  }
  const begun = field.now;
  let figures = measureLookups(field, 50);
  for (let i = 0; figures.rightShare < 0.98 && i < 30; i++) {
    field.run(10 * SECOND_MS);
    figures = measureLookups(field, 50);
  }
  const settledMs = field.now - begun;
  field.run(MINUTE_MS);
  const busiest = field.nodes.reduce((most, node) => Math.max(most, node.sentBytes + node.receivedBytes), 0);
  return { busiestKilobytes: busiest / 1000, figures: measureLookups(field, 200), settledMs };
}

/** Half of the nodes lose sight of the other half for `ms`, then see it again. */
export function measurePartition(
  field: Field,
  ms: number,
): { readonly during: LookupFigures; readonly after: LookupFigures; readonly across: LookupFigures } {
  const side = (node: FieldNode): number => node.index % 2;
  const half = field.nodes.filter((node) => side(node) === 0);
  const others = field.nodes.filter((node) => side(node) === 1);
  field.passes = (a, b) => side(a) === side(b);
  field.run(ms / 2);
  const during = measureLookups(field, 200, { from: half, targets: half });
  field.run(ms / 2);
  field.passes = () => true;
  field.run(10 * MINUTE_MS);
  const across = measureLookups(field, 200, { from: half, targets: others });
  return { during, after: measureLookups(field, 200), across };
}

/** Lookups of the record that a gang surrounds: of all nodes, the one with most liars among the `k` closest to its key. */
export function measureSurrounded(
  field: Field,
  gang: Gang,
  count: number,
): { readonly figures: LookupFigures; readonly liarsAmongClosest: number } {
  const liars = new Set<FieldNode>(gang.members);
  const honest = field.nodes.filter((node) => !liars.has(node) && node.isUp);
  let victim = honest[0];
  let most = -1;
  for (const candidate of honest.slice(0, 200)) {
    const key = nodeKey(field, candidate);
    const closest = field.nodes
      .filter(({ isUp, isCore }) => isUp && isCore)
      .map((node) => ({ node, at: distanceOf(node.place, key) }))
      .sort((a, b) => a.at - b.at)
      .slice(0, 20);
    const among = closest.filter(({ node }) => liars.has(node)).length;
    if (among <= most) continue;
    most = among;
    victim = candidate;
  }
  surround(gang, nodeKey(field, victim));
  publishNode(field, victim);
  field.run(MINUTE_MS);
  const figures = measureLookups(field, count, { from: honest, targets: [victim] });
  return { figures, liarsAmongClosest: most };
}
