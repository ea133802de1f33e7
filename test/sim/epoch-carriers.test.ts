// An organisation's epoch can be learned while none of its signers is up: a few of its core nodes carry what they stated.
import t from 'tap';
import { toHex } from '../../src/core/base/bytes.ts';
import { formatSocketAddress } from '../../src/core/base/ip.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import { RENEW_JITTER_MS, RENEW_MS } from '../../src/core/discovery/own-records.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { meet, resolve } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { defects, makeWorld } from './traffic.ts';

/** Two signers and six more nodes of acme, two nodes of globex. */
function scene(seed: string) {
  const world = makeWorld({ seed });
  const [acme, globex] = ['acme', 'globex'].map((name) => world.organisation(name));
  const signers = ['alpha', 'deputy'].map((name) => world.member(name, acme, true));
  const members = Array.from({ length: 6 }, (_, i) => world.member(`node-${i}`, acme));
  const others = ['gamma', 'delta'].map((name) => world.member(name, globex, name === 'gamma'));
  for (const host of [signers[1], ...members, ...others]) {
    meet(world, host, signers[0]);
    world.run(1000);
  }
  world.run(MINUTE_MS);
  return { world, globex, signers, members, others };
}

/** Names of those who say which epoch of acme is the current one. */
function publishers(world: World, asker: SimHost): string[] {
  const requestId = asker.run(world.now, (now) => asker.node.get('mcc:epoch', 'acme', now));
  const got = world.waitFor(asker, 'got', MINUTE_MS, (event) => event.requestId === requestId);
  if (got?.result.ok !== true) return [];
  const nodeIds = got.result.values.map(({ publisher }) => toHex(publisher));
  return world.hosts.flatMap(({ key, name }) => (nodeIds.includes(key) ? [name] : [])).sort();
}

function run(world: World, ms: number): void {
  for (const end = world.now + ms; world.now < end; ) world.run(Math.min(HOUR_MS, end - world.now));
}

const isCarrier = (name: string) => name.startsWith('node-');

t.test(
  'with all signers off for 30 hours, who never looked before finds what is shared with it',
  async (t) => {
    const { world, globex, signers, members, others } = scene('carriers');
    const [gamma] = others;
    t.same(publishers(world, gamma), ['alpha', 'deputy'], 'at first the signers alone');
    run(world, 8 * HOUR_MS);
    const before = publishers(world, gamma);
    t.same(
      before.filter((name) => !isCarrier(name)),
      ['alpha', 'deputy'],
    );
    const carriers = before.filter(isCarrier);
    t.ok(carriers.length >= 2 && carriers.length <= 5, `and a few others: ${carriers}`);
    for (const signer of signers) signer.kill();
    run(world, 30 * HOUR_MS);
    const provider = members[0];
    const service = {
      name: 'late',
      protocol: 'tcp',
      port: 80,
      target: '',
      check: 'none',
      weight: 1,
    } as const;
    provider.run(world.now, (now) => provider.node.addService({ ...service, share: 'globex' }, now));
    const newcomer = world.member('newcomer', globex);
    meet(world, newcomer, members[1], gamma);
    world.run(MINUTE_MS);
    const after = publishers(world, newcomer);
    t.notOk(after.includes('alpha') || after.includes('deputy'), 'what the signers published is gone');
    t.ok(after.length >= 2 && after.length <= 5, `what others carry is there: ${after}`);
    t.equal(resolve(world, newcomer, 'late.acme')?.kind, 'found');

    const gone = members.filter(({ name }) => after.includes(name));
    for (const host of gone) host.kill();
    run(world, 30 * HOUR_MS);
    const heirs = publishers(world, newcomer);
    t.ok(heirs.length >= 1, `when those are gone others carry it: ${heirs}`);
    t.notOk(heirs.some((name) => after.includes(name)));
  },
);

/** The part of a node that nobody but this test looks into. */
interface Insides {
  readonly epochs?: { readonly isCarried: boolean };
}

const isCarrying = ({ node }: SimHost): boolean =>
  (node as unknown as { context: Insides }).context.epochs?.isCarried === true;

t.test('to carry it costs less than 50 KB a day, all that others answer included', async (t) => {
  const { world, members } = scene('cost of carriers');
  const PER_DAY = DAY_MS / (RENEW_MS - RENEW_JITTER_MS);
  const hostAt = new Map(world.hosts.map((host) => [formatSocketAddress(host.address), host]));
  let bytesOf = new Map<SimHost, number>();
  world.wire.tap = ({ from, to, bytes }) => {
    for (const host of [hostAt.get(formatSocketAddress(from)), hostAt.get(formatSocketAddress(to))])
      if (host !== undefined) bytesOf.set(host, (bytesOf.get(host) ?? 0) + bytes.length + 28);
  };
  const idle: number[] = [];
  const begun = new Map<SimHost, number>();
  for (let minute = 0; minute < 70; minute++) {
    bytesOf = new Map();
    world.run(MINUTE_MS);
    for (const host of members) {
      const bytes = bytesOf.get(host) ?? 0;
      if (isCarrying(host) && !begun.has(host)) begun.set(host, bytes);
      else idle.push(bytes);
    }
  }
  world.wire.tap = undefined;
  const mean = idle.reduce((sum, bytes) => sum + bytes, 0) / idle.length;
  t.ok(begun.size >= 2, `${begun.size} carry it`);
  for (const [{ name }, bytes] of begun) {
    const perDay = Math.round((bytes - mean) * PER_DAY);
    t.ok(perDay < 50_000, `${name}: ${bytes} bytes in the minute in which it begins, ${perDay} a day`);
  }
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
