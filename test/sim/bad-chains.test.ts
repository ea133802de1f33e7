// Handshakes with certificates that prove nothing: each is dropped and counted, gets no answer and changes nothing.
import t from 'tap';
import { concat, EMPTY } from '../../src/core/base/bytes.ts';
import type { DropReason } from '../../src/core/base/drop-reason.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { DAY_S } from '../../src/core/base/time.ts';
import { encodeUtf8 } from '../../src/core/base/utf8.ts';
import { createGenesis, generateNodeKeys, signMember } from '../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../src/core/identity/types.ts';
import { CHAIN_MAX } from '../../src/core/wire/limits.ts';
import type { Chain, MemberCertificate } from '../../src/core/wire/types.ts';
import { decodeChain, encodeChain } from '../../src/core/wire/wire.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { pair, pingOnce } from '../../src/sim/scenarios.ts';
import { EPOCH_MS, type Organisation, type World } from '../../src/sim/world.ts';
import { initiationTo } from './initiation.ts';
import { defects, makeWorld } from './traffic.ts';

interface Scene {
  readonly world: World;
  readonly acme: Organisation;
  readonly keys: NodeKeys;
  readonly now: number;
}

/** A member's chain with something changed before it is signed, and by another key than the signer's. */
function chain(
  { world, acme, keys, now }: Scene,
  changes: Partial<MemberCertificate> = {},
  seed = acme.signer.seed,
  network = world.network,
): Uint8Array {
  const certificate: MemberCertificate = {
    organisation: acme.signer.nodeId,
    issuer: acme.signer.nodeId,
    nodeId: keys.nodeId,
    name: 'mallory',
    notBefore: now - 60,
    notAfter: now + 30 * DAY_S,
    nonce: new Uint8Array(16),
    provides: [],
    tags: [],
    extensions: [],
    ...changes,
  };
  return encodeChain({
    organisation: acme.signed,
    member: signMember(fakeCrypto, network, certificate, seed),
  });
}

/** Its member certificate is signed as an organisation's would be. */
function swappedPurpose(scene: Scene): Uint8Array {
  const { world, acme } = scene;
  const { organisation, member } = decodeChain(chain(scene)) as Chain;
  const input = concat(encodeUtf8('mcc organisation certificate\0'), world.network.id, member.certificate);
  const signature = fakeCrypto.ed25519.sign(acme.signer.seed, input);
  return encodeChain({ organisation, member: { ...member, signature } });
}

/** The same values, the first field's length in one byte more. */
function reEncoded(scene: Scene): Uint8Array {
  const bytes = chain(scene);
  return concat(bytes.subarray(0, 2), Uint8Array.of(bytes[2] | 0x80, 0), bytes.subarray(3));
}

const CASES: readonly [name: string, make: (scene: Scene) => Uint8Array, drop: DropReason][] = [
  ['as long as one may be, of nothing', () => new Uint8Array(CHAIN_MAX), 'certificateMalformed'],
  ['none', () => EMPTY, 'certificateMalformed'],
  ['signed by itself', (scene) => chain(scene, {}, scene.keys.seed), 'certificateSignature'],
  ['signed by a root', (scene) => chain(scene, {}, scene.world.root.seed), 'certificateSignature'],
  ['by another issuer', (scene) => chain(scene, { issuer: scene.keys.nodeId }), 'certificateMalformed'],
  ['for a name that is none', (scene) => chain(scene, { name: 'Mallory!' }), 'certificateMalformed'],
  [
    'outside the issuer’s dates',
    (scene) => chain(scene, { notAfter: scene.now + 4000 * DAY_S }),
    'certificateMalformed',
  ],
  [
    'that ended',
    (scene) => chain(scene, { notBefore: scene.now - 900, notAfter: scene.now - 600 }),
    'certificateExpired',
  ],
  ['of tomorrow', (scene) => chain(scene, { notBefore: scene.now + DAY_S }), 'certificateNotYetValid'],
  [
    'for another network',
    (scene) => {
      const { genesis } = scene.world.network;
      const other = createGenesis(fakeCrypto, { ...genesis, random: new Uint8Array(16) });
      return chain(scene, {}, undefined, other);
    },
    'certificateSignature',
  ],
  ['with purposes swapped', swappedPurpose, 'certificateSignature'],
  ['re-encoded', reEncoded, 'certificateMalformed'],
  [
    'with what nobody knows, and must not be ignored',
    (scene) => chain(scene, { extensions: [{ id: 1, critical: true, value: EMPTY }] }),
    'certificateMalformed',
  ],
];

t.test('each is dropped and counted, has no answer, and changes nothing', async (t) => {
  const world = makeWorld({ seed: 'bad chains' });
  const [alpha, bravo] = pair(world);
  t.type(pingOnce(world, bravo, alpha), 'number');
  const acme = world.organisation('acme-two');
  const keys = generateNodeKeys(fakeCrypto, world.rng);
  const now = Math.floor((EPOCH_MS + world.now) / 1000);
  const scene: Scene = { world, acme, keys, now };
  const from = { ip: ipv4(198, 51, 100, 7), port: 4444 };
  let counter = 1;
  let answers = 0;
  world.wire.tap = ({ to }) => {
    if (to.port === from.port) answers++;
  };
  const shakesHands = (shown: Uint8Array): Record<string, number> => {
    const before = { ...alpha.node.status(world.now).drops } as Record<string, number>;
    const bytes = initiationTo(world, alpha, keys, { kind: 'member', chain: shown, freshness: counter++ });
    world.wire.inject({ from, to: alpha.address, bytes, at: world.now }, world.now);
    world.run(2000);
    const after = Object.entries(alpha.node.status(world.now).drops as Record<string, number>);
    return Object.fromEntries(
      after
        .filter(([name, count]) => count !== (before[name] ?? 0))
        .map(([name, count]) => [name, count - (before[name] ?? 0)]),
    );
  };
  for (const [name, make, drop] of CASES) {
    const peers = alpha.node.peers(world.now).map(({ name, state }) => ({ name, state }));
    const keysHeld = alpha.port.keys.size;
    t.strictSame(shakesHands(make(scene)), { [drop]: 1 }, name);
    t.equal(answers, 0);
    t.equal(alpha.port.keys.size, keysHeld);
    t.strictSame(
      alpha.node.peers(world.now).map(({ name, state }) => ({ name, state })),
      peers,
    );
  }
  t.strictSame(shakesHands(chain(scene)), {}, 'the chain that all of them were made from');
  t.ok(answers > 0, 'and it is answered');
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
