// Guests, by whole nodes: what they reach, what they are refused, and what nobody learns of them.
import t from 'tap';
import { DAY_MS, HOUR_MS } from '../../src/core/base/time.ts';
import { Solver } from '../../src/core/identity/identity.ts';
import type { GuestPolicy } from '../../src/core/node/types.ts';
import { nodeCrypto } from '../../src/host/crypto/crypto.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { meet, pingOnce, resolve } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { echoPacket, tcpPacket, udpPacket } from './packets.ts';
import { defects, makeWorld } from './traffic.ts';

const SYN = 2;
const service = {
  port: 80,
  protocol: 'udp',
  target: '',
  check: 'none',
  weight: 1,
} as const;

function open(world: World, signer: SimHost, policy: Partial<GuestPolicy> = {}) {
  return signer.run(world.now, (now) => signer.node.guests({ isOpen: true, difficulty: 8, ...policy }, now));
}

function joined(world: World, guest: SimHost) {
  return world.waitFor(guest, 'joined', 40_000)?.result;
}

/** Asks what to do, and does it: a proof; or why there is none. */
function work(world: World, signer: SimHost, guest: SimHost) {
  const { token } = signer.node.inviteGuests([]);
  guest.run(world.now, (now) => guest.node.join({ token, name: '', guest: 'question' }, now));
  const told = joined(world, guest);
  if (told === undefined) return 'silence';
  if (!told.ok) return told.code;
  if (!('terms' in told)) return 'no terms';
  const { terms } = told;
  const solver = new Solver(nodeCrypto, { ...terms, networkId: world.network.id, nodeId: guest.keys.nodeId });
  while (!solver.run(100_000));
  return { ...terms, solution: solver.solution };
}

type Proof = Exclude<ReturnType<typeof work>, string>;

function hand(world: World, signer: SimHost, guest: SimHost, proof: Proof): void {
  const { token } = signer.node.inviteGuests([]);
  guest.run(world.now, (now) => guest.node.join({ token, name: '', guest: proof }, now));
}

/** Asks, works, asks to be let in; the node starts again, as the daemon's does. */
function come(world: World, signer: SimHost, guest: SimHost): string {
  const proof = work(world, signer, guest);
  if (typeof proof === 'string') return proof;
  hand(world, signer, guest, proof);
  const result = joined(world, guest);
  if (result === undefined) return 'silence';
  if (result.ok) {
    guest.restart(world.now);
    // Its first session tells it whom it can ask.
    world.run(1000);
  }
  return result.ok ? 'in' : result.code;
}

function scene(seed: string) {
  const world = makeWorld({ seed, crypto: nodeCrypto });
  const acme = world.organisation('acme');
  const alpha = world.member('alpha', acme, true);
  const bravo = world.member('bravo', acme);
  meet(world, bravo, alpha);
  for (const [name, port, share] of [
    ['public', 80, 'guests'],
    ['members', 81, 'all'],
    ['private', 82, ''],
  ] as const)
    bravo.run(world.now, (now) => bravo.node.addService({ ...service, name, port, share }, now));
  world.run(3000);
  const guest = world.stranger('guest');
  return { world, alpha, bravo, guest };
}

t.test('a guest reaches what is shared with guests, and nothing else', async (t) => {
  const { world, alpha, bravo, guest } = scene('reach');
  t.equal(come(world, alpha, guest), 'GUESTS_CLOSED');
  open(world, alpha);
  t.equal(come(world, alpha, guest), 'in');
  t.ok(alpha.events.some((event) => event.kind === 'guestAdmitted' && event.guests === 1));
  const found = resolve(world, guest, 'public.acme');
  if (found?.kind !== 'found') throw new Error('public.acme was not found');
  const arrives = (packet: Uint8Array): boolean => {
    const before = bravo.received.length;
    guest.sendInside(world.now, packet);
    world.run(500);
    return bravo.received.length > before;
  };
  const payload = Uint8Array.of(1);
  t.ok(arrives(udpPacket(guest.address6, 5000, found.address, 80, payload)), 'the service');
  t.notOk(arrives(udpPacket(guest.address6, 5000, found.address, 81, payload)), 'another port there');
  t.notOk(arrives(tcpPacket(guest.address6, 5000, found.address, 80, payload, { flags: SYN })), 'by TCP');
  t.notOk(arrives(echoPacket(guest.address6, found.address, 7)), 'an echo request');
  t.ok(pingOnce(world, guest, bravo), 'there is a session');
  // Port 80 is the service: it is this host's own.
  for (const port of [22, 81, 82]) {
    t.notOk(
      arrives(udpPacket(guest.address6, 5001, bravo.address6, port, payload)),
      `UDP ${port} of the host`,
    );
    const syn = tcpPacket(guest.address6, 5001, bravo.address6, port, payload, { flags: SYN });
    t.notOk(arrives(syn), `TCP ${port} of the host`);
  }
  t.notOk(arrives(echoPacket(guest.address6, bravo.address6, 7)), 'an echo request to the host');
  for (const name of ['members.acme', 'private.acme']) {
    const other = resolve(world, guest, name);
    const port = name.startsWith('members') ? 81 : 82;
    if (other?.kind === 'found')
      t.notOk(arrives(udpPacket(guest.address6, 5002, other.address, port, payload)), name);
  }
});

t.test('a guest offers nothing, and is in nobody’s tables', async (t) => {
  const { world, alpha, bravo, guest } = scene('nothing');
  open(world, alpha);
  t.equal(come(world, alpha, guest), 'in');
  const contacts = alpha.node.dhtStatus()?.contacts;
  t.ok(resolve(world, guest, 'public.acme')?.kind === 'found');
  t.ok(pingOnce(world, guest, bravo));
  world.run(30_000);
  const refused = { code: 'GUEST_NOT_ALLOWED' };
  t.throws(
    () => guest.run(world.now, (now) => guest.node.addService({ ...service, name: 'own', share: '' }, now)),
    refused,
  );
  t.throws(() => guest.run(world.now, (now) => guest.node.put('key', Uint8Array.of(1), now)), refused);
  t.throws(() => guest.node.inviteGuests([]), { code: 'NOT_A_SIGNER' });
  t.throws(() => guest.run(world.now, (now) => guest.node.guests({ isOpen: true }, now)), {
    code: 'NOT_A_SIGNER',
  });
  t.equal(alpha.node.dhtStatus()?.contacts, contacts, 'no contact more');
  t.equal(guest.node.dhtStatus()?.isCore, false);
  for (const host of [alpha, bravo]) {
    const drops = host.node.status(world.now).drops;
    t.notOk(drops.guestNotAllowed, `${host.name}: ${JSON.stringify(drops)}`);
    t.notOk(host.disk.knownNodes.has(guest.key), `not on the disk of ${host.name}`);
  }
  const newcomer = world.member('newcomer', world.organisation('beta'), { knows: [alpha] });
  world.run(10_000);
  t.notOk(newcomer.node.find(guest.node.status(world.now).nodeId), 'nobody tells of it');
});

t.test(
  'its certificate is renewed without work while the desk is open, and ends when it is closed',
  async (t) => {
    const { world, alpha, guest } = scene('renewed');
    open(world, alpha);
    t.equal(come(world, alpha, guest), 'in');
    world.run(1000);
    const first = guest.node.status(world.now).certificateExpiresMs as number;
    t.ok(world.waitFor(guest, 'renewed', 12 * HOUR_MS));
    t.ok((guest.node.status(world.now).certificateExpiresMs as number) > first + 6 * HOUR_MS);
    open(world, alpha, { isOpen: false });
    t.notOk(world.waitFor(guest, 'renewed', DAY_MS));
    world.run(HOUR_MS);
    t.equal(pingOnce(world, guest, alpha), undefined, 'it is nobody any more');
    t.equal(come(world, alpha, world.stranger('late')), 'GUESTS_CLOSED');
  },
);

t.test('closed is closed: for those who work, and in the midst of solutions that arrive', async (t) => {
  const { world, alpha } = scene('closed');
  open(world, alpha);
  const guests = Array.from({ length: 24 }, (_, i) => world.stranger(`guest-${i}`));
  const proofs = guests.map((guest) => work(world, alpha, guest));
  const answers = new Map<SimHost, string>();
  for (const [i, guest] of guests.entries()) {
    const proof = proofs[i];
    if (typeof proof === 'string') throw new Error(proof);
    guest.listener = (event) => {
      if (event.kind === 'joined') answers.set(guest, event.result.ok ? 'in' : event.result.code);
    };
    // The last ones are still at work when it is closed.
    if (i < 20) world.wire.schedule(i * 10, world.now, () => hand(world, alpha, guest, proof));
  }
  t.ok(world.runUntil(() => alpha.node.guests({}, world.now).guests >= 8, 10_000));
  const { guests: before } = open(world, alpha, { isOpen: false });
  t.ok(before < 20);
  for (const [i, guest] of guests.entries()) if (i >= 20) hand(world, alpha, guest, proofs[i] as Proof);
  world.run(40_000);
  t.equal(alpha.node.guests({}, world.now).guests, before, 'nobody came in any more');
  const told = guests.map((guest) => answers.get(guest));
  t.equal(told.filter((answer) => answer === 'in').length, before);
  t.equal(told.filter((answer) => answer === 'GUESTS_CLOSED').length, guests.length - before);
});

t.test('an admission that does not reach the disk never happened; the retry does', async (t) => {
  const { world, alpha, guest } = scene('disk');
  open(world, alpha, { max: 1 });
  alpha.isDiskFull = true;
  t.equal(come(world, alpha, guest), 'SIGNER_UNREACHABLE');
  t.equal(alpha.node.guests({}, world.now).guests, 0);
  alpha.isDiskFull = false;
  t.equal(come(world, alpha, guest), 'in');
  t.equal(alpha.node.guests({}, world.now).guests, 1);
  t.equal(come(world, alpha, world.stranger('second')), 'GUESTS_FULL');
  alpha.restart(world.now);
  t.match(alpha.node.guests({}, world.now), { isOpen: true, difficulty: 8, max: 1, guests: 1 }, 'on disk');
});

t.test('the port refused nothing that the node asked of it, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
