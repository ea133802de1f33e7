// What `mcc access` says, what a plain model says, and what the engine does with the packet: the same, for any policy.
import fc from 'fast-check';
import t from 'tap';
import { INFO_SYN } from '../../../src/core/base/batch-layout.generated.ts';
import { type AccessParty, accessOf } from '../../../src/core/consortium/consortium.ts';
import { closeServicePorts, openServicePorts } from '../../../src/core/node/service-ports.ts';
import { ACME, OTHER, OWN, ports, TCP, UDP, World } from '../engine/world.ts';

const TAGS = ['a', 'b', 'c'];
const PORTS = [80, 81, 82];
const ORGANISATIONS: Readonly<Record<string, number>> = { own: OWN, acme: ACME, other: OTHER };

interface Plain {
  readonly reach: 'listed' | 'all' | 'guests';
  readonly organisations: readonly string[];
  readonly tags: readonly string[];
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly isHostPort: boolean;
}

const service: fc.Arbitrary<Plain> = fc
  .record({
    reach: fc.constantFrom('listed', 'listed', 'all', 'guests' as const),
    organisations: fc.subarray(['acme', 'other']),
    tags: fc.subarray(TAGS),
    protocol: fc.constantFrom('tcp', 'udp' as const),
    port: fc.constantFrom(...PORTS),
    isHostPort: fc.boolean(),
  })
  .map((one) => ({ ...one, tags: one.reach === 'listed' ? one.tags : [] })) as fc.Arbitrary<Plain>;
// Two services of one host have different ports of it.
const policy = fc.uniqueArray(service, {
  maxLength: 4,
  selector: (one) => (one.isHostPort ? `${one.protocol}${one.port}` : one),
});
const asker: fc.Arbitrary<AccessParty> = fc.oneof(
  fc.record({
    kind: fc.constant('member' as const),
    organisation: fc.constantFrom(...Object.keys(ORGANISATIONS)),
    tags: fc.subarray([...TAGS, 'd']),
  }),
  fc.constant({ kind: 'guest' as const, organisation: '', tags: [] }),
);

function model(from: AccessParty, one: Plain): boolean {
  if (from.organisation === 'own')
    return one.tags.length === 0 || one.tags.some((tag) => from.tags.includes(tag));
  if (from.kind === 'guest') return one.reach === 'guests';
  return one.reach !== 'listed' || one.organisations.includes(from.organisation);
}

t.test('of 10,000 policies the explanation, a plain model and the engine say the same', async (t) => {
  const host = new World();
  const bits = (names: readonly string[]) =>
    names.reduce((sum, tag) => sum | (1 << [...TAGS, 'd'].indexOf(tag)), 0);
  const remotes = new Map(Object.entries(ORGANISATIONS).map(([name, slot]) => [name, host.peer(slot)]));
  const guest = host.guest();
  const slots = { organisation: (id: string) => ORGANISATIONS[id], tags: bits };
  const { openPorts } = host.tables;
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(policy, asker, fc.nat(6), fc.constantFrom(...PORTS, 83), (plain, from, which, port) => {
      const services = plain.map((one, i) => {
        const { reach, organisations, tags, protocol, isHostPort } = one;
        const others = reach === 'listed' ? organisations : [reach];
        const share = [...others, ...tags.map((tag) => `tag:${tag}`)].join(',');
        const target = isHostPort ? '' : '127.0.0.1:1';
        return { name: `s${i}`, protocol, port: one.port, share, isHostPort, target, selector: 10 + i };
      });
      for (const one of services) openServicePorts(openPorts, one, slots);
      for (let i = 0; i < services.length; i++)
        host.tables.setOwnEndpoint(10 + i, new Uint8Array(16).fill(i + 1), 0);
      const remote = from.kind === 'guest' ? guest : (remotes.get(from.organisation) as number);
      openPorts.setTags(remote, from.organisation === 'own' ? bits(from.tags) : 0);

      const chosen = services.at(which % (services.length + 1));
      const protocol = which % 2 === 0 ? 'tcp' : 'udp';
      const answer = accessOf(from, { service: chosen, protocol, port }, 'own', services);

      const fits = (one: Plain) => one.protocol === protocol && one.port === port;
      const asked =
        chosen === undefined
          ? plain.find((one) => one.isHostPort && fits(one))
          : plain[services.indexOf(chosen)];
      const isOpen = asked !== undefined && fits(asked) && model(from, asked);
      const isBare = chosen === undefined && asked === undefined && from.organisation === 'own';

      const facts = { protocol: protocol === 'tcp' ? TCP : UDP, ports: ports(4000, port) };
      const first = host.in(
        remote,
        { ...facts, info: protocol === 'tcp' ? INFO_SYN : 0 },
        0,
        chosen?.selector ?? 0,
      );

      for (const one of services) closeServicePorts(openPorts, one);
      seen[answer.isAllowed ? 'yes' : 'no']++;
      return answer.isAllowed === (isOpen || isBare) && answer.isAllowed === (first === 'in');
    }),
    { numRuns: 10_000 },
  );
  t.ok(seen.yes > 1000 && seen.no > 1000, JSON.stringify(seen));
});
