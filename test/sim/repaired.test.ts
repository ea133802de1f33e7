import t from 'tap';
import { Plaintext } from '../../src/core/base/batch-layout.generated.ts';
import { pair } from '../../src/sim/scenarios.ts';
import { FLOW, segment, segmentsReceived, stretch } from './segments.ts';
import { defects, makeWorld, numbered, numbersReceived } from './traffic.ts';

const REPAIR = { ...FLOW, correction: false };

t.test('of ten datagrams one is lost: segments of TCP arrive all the same, each once', async (t) => {
  const world = makeWorld({ seed: 'repaired', link: { delayMs: 25, jitterMs: 2 }, config: { flow: REPAIR } });
  const [alpha, bravo] = pair(world);
  world.run(500);
  alpha.sendInside(world.now, numbered(alpha, bravo, 0));
  world.run(500);
  world.wire.link = { ...world.wire.link, lossShare: 0.1 };
  const SENT = 3000;
  for (let i = 0; i < SENT; i++) {
    alpha.sendInside(world.now, segment(alpha, bravo, i));
    alpha.sendInside(world.now, numbered(alpha, bravo, i));
    world.run(1);
  }
  const [{ flow }] = alpha.node.status(world.now).peers;
  t.match(flow, { isGoverned: true, state: /^ProbeBW|Startup|Drain/ });
  t.ok(flow !== null && flow.lost > 0.08 * flow.sent && flow.lost < 0.15 * flow.sent, `${flow?.lost} lost`);
  t.ok(flow !== null && flow.resent > 0.08 * SENT, `${flow?.resent} sent again`);
  t.ok(flow !== null && flow.shortestMs >= 45 && flow.shortestMs < 60, `${flow?.shortestMs} ms`);
  world.run(2000);
  const received = segmentsReceived(bravo);
  t.equal(new Set(received).size, received.length, 'none twice');
  t.ok(received.length >= SENT - 2, `${received.length} of ${SENT}`);
  const others = new Set(numbersReceived(bravo)).size;
  t.ok(others < 0.95 * SENT, `what is no TCP is not sent again: ${others} of ${SENT}`);
});

t.test('acknowledgements come at the end, and nothing is kept nor said after that', async (t) => {
  const world = makeWorld({
    seed: 'repaired-end',
    link: { delayMs: 25, lossShare: 0.1 },
    config: { flow: REPAIR },
  });
  const [alpha, bravo] = pair(world);
  world.run(500);
  for (let i = 0; i < 300; i++) {
    alpha.sendInside(world.now, segment(alpha, bravo, i));
    world.run(1);
  }
  world.run(5000);
  t.equal(alpha.port.slotsInUse, 0);
  let said = 0;
  for (const { port } of [alpha, bravo]) {
    const send = port.sendControl.bind(port);
    port.sendControl = (key, counter, path, plaintext, ttl) => {
      if (plaintext[0] === Plaintext.ack) said++;
      send(key, counter, path, plaintext, ttl);
    };
  }
  world.run(5000);
  t.equal(said, 0);
  alpha.sendInside(world.now, segment(alpha, bravo, 300));
  world.run(500);
  t.equal(said, 1, 'one packet, one acknowledgement');
});

t.test(
  'with more under way than can be kept, no packet is let go of which a part may be sent again',
  async (t) => {
    const world = makeWorld({ seed: 'repaired-many', link: { delayMs: 150 }, config: { flow: REPAIR } });
    const [alpha, bravo] = pair(world);
    world.run(500);
    let sequence = 0;
    const send = (bytes: number): void => {
      alpha.sendInside(world.now, stretch(alpha, bravo, sequence, bytes));
      sequence += bytes;
    };
    const status = () => alpha.node.status(world.now).peers[0].flow;
    for (let i = 0; i < 200; i++) {
      send(1000);
      world.run(10);
    }
    world.wire.link = { ...world.wire.link, lossShare: 0.05 };
    for (let i = 0; i < 3000; i++) {
      send(1000);
      send(1000);
      // Leaves as several datagrams, not all at once.
      if (i > 1000) send(6000);
      world.run(1);
    }
    const flow = status();
    t.ok(flow !== null && flow.resent > 200 && flow.unrepaired > 100, JSON.stringify(flow));
    world.run(20_000);
  },
);

t.test('the port refused nothing, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
