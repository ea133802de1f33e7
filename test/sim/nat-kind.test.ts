// Nodes name the NAT that they are behind, by what a few public peers see.
import t from 'tap';
import { formatSocketAddress } from '../../src/core/base/ip.ts';
import { meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import { PLACES, type PlaceName } from '../reach/matrix.ts';
import { placeIn } from '../reach/world.ts';
import { makeWorld } from './traffic.ts';

const KINDS: Readonly<Partial<Record<PlaceName, string>>> = {
  public: 'open',
  'full-cone': 'fullCone',
  // Nobody of another port of a known address comes by himself.
  'address-restricted': 'portRestricted',
  'port-restricted': 'portRestricted',
  ordinary: 'portRestricted',
  'symmetric-predictable': 'symmetricPredictable',
  'symmetric-random': 'symmetric',
  'address-dependent': 'symmetric',
  cgnat: 'portRestricted',
  hairpin: 'portRestricted',
};

function scene(place: PlaceName, seed = '') {
  const world = makeWorld({ seed: `nat kind ${place}${seed}` });
  const organisation = world.organisation('acme');
  const peers = Array.from({ length: 5 }, (_, i) => world.member(`peer-${i}`, organisation, i === 0));
  for (const [i, peer] of peers.entries()) {
    if (i === 0) continue;
    meet(world, peer, peers[0]);
    pingOnce(world, peer, peers[0]);
  }
  const node = world.member('node', organisation, placeIn(world, PLACES[place]));
  meet(world, node, peers[0]);
  pingOnce(world, node, peers[0]);
  // One of the others is asked to call it.
  world.run(3000);
  for (const peer of peers.slice(1)) {
    resolve(world, node, `${peer.name}.node`);
    pingOnce(world, node, peer);
  }
  world.run(10_000);
  return { world, node, peers };
}

for (const [place, kind] of Object.entries(KINDS) as [PlaceName, string][]) {
  t.test(`behind ${place}: ${kind}`, async (t) => {
    const { world, node } = scene(place);
    const { nat } = node.node.status(world.now);
    t.equal(nat.kind, kind);
    const isHard = kind.startsWith('symmetric');
    t.equal(nat.mapping, isHard ? 'addressAndPortDependent' : 'endpointIndependent');
    const told = node.events.filter((event) => event.kind === 'natChanged');
    t.match(told.at(-1), { nat: { kind } });
    t.ok(told.length <= 2, 'it is said once, and once more when nobody came unasked');
    if (place === 'public') t.equal(nat.publicAddress, formatSocketAddress(node.address));
    else t.not(nat.publicAddress, null);
  });
}

t.test(
  'behind badly-firewalled: portRestricted, unless too many of those called that it gave the next flows another port',
  async (t) => {
    const kinds = Array.from({ length: 8 }, (_, n) => {
      const { world, node } = scene('badly-firewalled', ` ${n}`);
      return node.node.status(world.now).nat.kind;
    });
    t.ok(kinds.includes('portRestricted'));
    t.ok(
      kinds.every((kind) => kind === 'portRestricted' || kind === 'unknown'),
      kinds.join(),
    );
  },
);

t.test('peers learn where the NAT maps the node, and only where that is the same for all', async (t) => {
  for (const place of ['port-restricted', 'symmetric-random'] as const) {
    const { world, node } = scene(place);
    const { publicAddress } = node.node.status(world.now).nat;
    const texts = node.node.addresses().map(formatSocketAddress);
    t.equal(texts.includes(publicAddress ?? ''), place === 'port-restricted', place);
    t.notOk(node.node.dhtStatus()?.isCore, 'it serves nothing by that');
  }
});
