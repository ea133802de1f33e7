import t from 'tap';
import { Counter } from '../../src/core/base/batch-layout.generated.ts';
import { pair } from '../../src/sim/scenarios.ts';
import { FLOW, segment, segmentsReceived } from './segments.ts';
import { defects, makeWorld } from './traffic.ts';

t.test(
  'on a long way that loses packets, parity makes up for most of them before they could be sent again',
  async (t) => {
    const world = makeWorld({ seed: 'corrected', link: { delayMs: 300 }, config: { flow: FLOW } });
    const [alpha, bravo] = pair(world);
    world.run(5000);
    // Until the rate is known.
    const WARM = 5000;
    const SENT = 15_000;
    for (let i = 0; i < WARM + SENT; i++) {
      if (i === WARM) world.wire.link = { ...world.wire.link, lossShare: 0.02 };
      alpha.sendInside(world.now, segment(alpha, bravo, i));
      world.run(2);
    }
    world.run(8000);
    const received = segmentsReceived(bravo).filter((number) => number >= WARM);
    t.equal(new Set(received).size, received.length, 'none twice');
    t.ok(received.length >= SENT - 30, `${received.length} of ${SENT}`);
    const { counters } = bravo.port;
    const parities = counters[Counter.parityReceived];
    const recovered = counters[Counter.recovered];
    t.ok(recovered > 0.01 * SENT, `${recovered} made up for`);
    t.ok(parities > 0 && parities < 0.15 * SENT, `by ${parities} parities`);
    const [{ flow }] = alpha.node.status(world.now).peers;
    t.ok(flow !== null && flow.resent < recovered, `${flow?.resent} sent again`);
  },
);

t.test(
  'where the way takes longer datagrams than parity covers there is none, and what is lost is sent again',
  async (t) => {
    const world = makeWorld({ seed: 'jumbo', link: { delayMs: 30, mtu: 9000 }, config: { flow: FLOW } });
    const [alpha, bravo] = pair(world);
    const SENT = 8000;
    world.run(5000);
    for (let i = 0; i < SENT; i++) {
      if (i === 200) world.wire.link = { ...world.wire.link, lossShare: 0.05 };
      alpha.sendInside(world.now, segment(alpha, bravo, i));
      world.run(2);
    }
    world.run(8000);
    const received = new Set(segmentsReceived(bravo));
    t.ok(received.size >= SENT - 60, `${received.size} of ${SENT}`);
    t.equal(bravo.port.counters[Counter.parityReceived], 0);
    const [{ flow }] = alpha.node.status(world.now).peers;
    t.ok(flow !== null && flow.resent > 0.02 * SENT, `${flow?.resent} sent again`);
  },
);

t.test('the port refused nothing, and no slot leaked', async (t) => {
  t.strictSame(defects(), []);
});
