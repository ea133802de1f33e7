// Private services by whole nodes of several organisations: who resolves what, and what all holders of records together know.
import t, { type Test } from 'tap';
import { toHex } from '../../src/core/base/bytes.ts';
import { DAY_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import { encodeUtf8 } from '../../src/core/base/utf8.ts';
import type { ServiceRequest } from '../../src/core/node/types.ts';
import type { DhtRecord } from '../../src/core/wire/types.ts';
import { decodeRecord, decodeSignedRecord } from '../../src/core/wire/wire.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { admit, meet, resolve } from '../../src/sim/scenarios.ts';
import { EPOCH_MS, type World } from '../../src/sim/world.ts';
import { defects, makeWorld } from './traffic.ts';

const service: Omit<ServiceRequest, 'name' | 'port' | 'share'> = {
  protocol: 'tcp',
  target: '',
  check: 'none',
  weight: 1,
};

let ports = 1000;

function add(world: World, host: SimHost, name: string, share: string): void {
  const port = ++ports;
  host.run(world.now, (now) => host.node.addService({ ...service, name, port, share }, now));
}

/** The parts of a node that nobody but this test looks into. */
interface Insides {
  readonly dht?: {
    readonly env: {
      readonly store: {
        values(): Iterable<{ id: string; records: Iterable<[string, { bytes: Uint8Array }]> }>;
      };
    };
  };
}

const insidesOf = ({ node }: SimHost): Insides => (node as unknown as { context: Insides }).context;

interface Kept {
  readonly record: DhtRecord;
  readonly bytes: Uint8Array;
}

/** What all nodes together keep for others. */
function dump(world: World): Kept[] {
  const kept = new Map<string, Kept>();
  for (const host of world.hosts) {
    for (const { id, records } of insidesOf(host).dht?.env.store.values() ?? []) {
      for (const [publisher, { bytes }] of records) {
        const record = decodeRecord(decodeSignedRecord(bytes).record);
        const before = kept.get(`${id} ${publisher}`);
        if (before === undefined || before.record.sequence < record.sequence)
          kept.set(`${id} ${publisher}`, { record, bytes });
      }
    }
  }
  return [...kept.values()];
}

/** Names and providers of private services are nowhere, and their number is none of anybody's business. Gives pseudonyms. */
function judgeDump(t: Test, world: World, names: readonly string[], when: string): string[] {
  const all = dump(world);
  for (const name of names) {
    const text = Buffer.from(encodeUtf8(name));
    t.notOk(
      all.some(({ bytes }) => Buffer.from(bytes).includes(text)),
      `${when}: ${name}`,
    );
  }
  const sealed = all.filter(({ record }) => record.kind === 'sealed');
  for (const { keys, name } of world.hosts)
    t.notOk(
      sealed.some(({ bytes }) => Buffer.from(bytes).includes(Buffer.from(keys.nodeId))),
      `${when}: ${name}`,
    );
  const live = sealed.filter(
    ({ record }) => record.body !== undefined && record.expires * 1000 > EPOCH_MS + world.now,
  );
  t.equal(new Set(live.map(({ bytes }) => bytes.length)).size, 1, `${when}: all as long`);
  const counts = Map.groupBy(live, ({ record }) => toHex(record.publisher));
  for (const { length } of counts.values())
    t.ok(length >= 4 && (length & (length - 1)) === 0, `${when}: ${length} of one pseudonym`);
  return [...counts.keys()];
}

function consortium(seed: string) {
  const world = makeWorld({ seed });
  const [acme, globex, umbrella] = ['acme', 'globex', 'umbrella'].map((name) => world.organisation(name));
  const alpha = world.member('alpha', acme, true);
  const bravo = world.member('bravo', acme);
  const gamma = world.member('gamma', globex, true);
  const charlie = world.member('charlie', acme);
  const delta = world.member('delta', globex);
  const omega = world.member('omega', umbrella, true);
  for (const host of [bravo, charlie, gamma, delta, omega]) meet(world, host, alpha, gamma);
  world.run(2000);
  return { world, alpha, bravo, charlie, gamma, delta, omega };
}

t.test('who resolves what, and what is kept of it', async (t) => {
  const { world, alpha, bravo, gamma, delta, omega } = consortium('private');
  add(world, bravo, 'inner-secret', '');
  add(world, bravo, 'paired-secret', 'globex');
  add(world, bravo, 'open', 'all');
  add(world, alpha, 'welcome', 'guests');
  add(world, delta, 'their-secret', 'acme');
  world.run(30_000);
  const found = (host: SimHost, name: string) => resolve(world, host, name)?.kind ?? 'silence';
  for (const [host, name, expected] of [
    [alpha, 'inner-secret', 'found'],
    [bravo, 'inner-secret', 'found'],
    [gamma, 'inner-secret.acme', 'notFound'],
    [omega, 'inner-secret.acme', 'notFound'],
    [alpha, 'paired-secret', 'found'],
    [gamma, 'paired-secret.acme', 'found'],
    [delta, 'paired-secret.acme', 'found'],
    [omega, 'paired-secret.acme', 'notFound'],
    [alpha, 'their-secret.globex', 'found'],
    [bravo, 'their-secret.globex', 'found'],
    [gamma, 'their-secret', 'found'],
    [omega, 'their-secret.globex', 'notFound'],
    [alpha, 'open', 'found'],
    [delta, 'open.acme', 'found'],
    [omega, 'open.acme', 'found'],
    [omega, 'welcome.acme', 'found'],
  ] as const)
    t.equal(found(host, name), expected, `${host.name}: ${name}`);
  const secrets = ['inner-secret', 'paired-secret', 'their-secret'];
  judgeDump(t, world, secrets, 'all offered');

  const reshare = (how: 'share' | 'unshare', name: string, ...said: string[]) => {
    bravo.run(world.now, (now) => bravo.node.reshare(name, how, said, now));
    world.run(15_000);
  };
  reshare('unshare', 'paired-secret', 'globex');
  t.equal(found(delta, 'paired-secret.acme'), 'notFound', 'taken back');
  t.equal(found(alpha, 'paired-secret'), 'found');
  reshare('share', 'inner-secret', 'umbrella');
  t.equal(found(omega, 'inner-secret.acme'), 'found', 'shared with another one');
  judgeDump(t, world, secrets, 'shared anew');
  reshare('unshare', 'open');
  t.equal(found(omega, 'open.acme'), 'notFound', 'no longer public');
  t.equal(found(alpha, 'open'), 'found');

  const late = world.stranger('late');
  t.match(admit(world, alpha, late), { ok: true });
  world.run(5000);
  t.equal(found(late, 'inner-secret'), 'found', 'who has just joined');
});

t.test('while an epoch follows another, providers of both are found', async (t) => {
  const { world, alpha, bravo, charlie, gamma, omega } = consortium('turn');
  const names = ['inner-secret', 'paired-secret'];
  for (const host of [alpha, bravo])
    for (const name of names) add(world, host, name, name === names[1] ? 'globex' : '');
  world.run(30_000);
  const providers = (host: SimHost, name: string): number => {
    const result = resolve(world, host, name);
    return result?.kind === 'found' ? result.endpoints.length : 0;
  };
  const epochOf = ({ node }: SimHost) => node.organisations().find(({ isOwn }) => isOwn)?.epoch?.number;
  const before = judgeDump(t, world, names, 'before');
  t.equal(providers(gamma, 'paired-secret.acme'), 2);
  const first = epochOf(alpha);
  alpha.run(world.now, (now) => alpha.node.revokeNode(charlie.keys.nodeId, 'stolen', false, now));
  t.ok(
    world.runUntil(() => epochOf(alpha) !== first, 30_000),
    'there is a new epoch',
  );
  for (let minute = 0; minute < 3; minute++) {
    t.equal(providers(alpha, 'inner-secret'), 2, `own, after ${minute} minutes`);
    t.equal(providers(bravo, 'inner-secret'), 2);
    t.equal(providers(gamma, 'paired-secret.acme'), 2, `the other organisation, after ${minute} minutes`);
    t.equal(providers(omega, 'paired-secret.acme'), 0);
    world.run(MINUTE_MS);
  }
  const after = judgeDump(t, world, names, 'afterwards');
  t.ok(
    after.some((key) => !before.includes(key)),
    'other pseudonyms',
  );
  world.run(2 * DAY_MS);
  t.equal(judgeDump(t, world, names, 'days later').length, 2);
  t.equal(providers(gamma, 'paired-secret.acme'), 2);
  t.equal(providers(bravo, 'inner-secret'), 2);
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
