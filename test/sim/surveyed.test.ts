// Paths that are faster than their hosts: nothing is governed there, and what they lose is known all the same.
import t from 'tap';
import { Plaintext } from '../../src/core/base/batch-layout.generated.ts';
import { pair } from '../../src/sim/scenarios.ts';
import { FLOW } from './segments.ts';
import { makeWorld, numbered, numbersReceived } from './traffic.ts';

t.test('what a short path loses is counted, and few acknowledgements tell it', async (t) => {
  const world = makeWorld({ seed: 'surveyed', link: { delayMs: 0.1 }, config: { flow: FLOW } });
  const [alpha, bravo] = pair(world);
  world.run(500);
  let said = 0;
  const send = bravo.port.sendControl.bind(bravo.port);
  bravo.port.sendControl = (key, counter, path, plaintext, ttl) => {
    if (plaintext[0] === Plaintext.ack) said++;
    send(key, counter, path, plaintext, ttl);
  };
  const stream = (datagrams: number) => {
    for (let i = 0; i < datagrams; i++) {
      alpha.sendInside(world.now, numbered(alpha, bravo, i));
      world.run(1);
    }
  };
  const flow = () => {
    const [{ flow }] = alpha.node.status(world.now).peers;
    if (flow === null) throw new Error('nothing is known of the path');
    return flow;
  };
  stream(5000);
  const before = flow();
  t.equal(before.isGoverned, false);
  t.ok(before.acked > 4500 && before.lost === 0, `${before.acked} of ${before.sent}, ${before.lost} lost`);
  t.ok(before.shortestMs > 0.1 && before.shortestMs < 3, `${before.shortestMs} ms`);
  said = 0;
  world.wire.link = { ...world.wire.link, lossShare: 0.05 };
  const received = numbersReceived(bravo).length;
  const SENT = 10_000;
  stream(SENT);
  const lost = SENT - (numbersReceived(bravo).length - received);
  const after = flow();
  t.ok(said >= 110 && said <= 130, `${said} acknowledgements in ten seconds`);
  t.ok(Math.abs(after.lost - lost) < 0.03 * lost, `${after.lost} of ${lost} that were lost`);
  t.ok(
    after.acked - before.acked > 0.94 * (SENT - lost),
    `${after.acked - before.acked} of ${SENT - lost} that came`,
  );
  t.equal(after.resent, 0);
});

t.test('new keys lose nothing', async (t) => {
  const world = makeWorld({ seed: 'surveyed-keys', link: { delayMs: 0.1 }, config: { flow: FLOW } });
  const [alpha, bravo] = pair(world);
  world.run(500);
  for (let i = 0; i < 4000; i++) {
    alpha.sendInside(world.now, numbered(alpha, bravo, i));
    world.run(1);
  }
  const [{ flow: short }] = alpha.node.status(world.now).peers;
  // New keys: what is acknowledged of the ones before is no loss.
  alpha.node.rekeyAll(world.now);
  for (let i = 0; i < 4000; i++) {
    alpha.sendInside(world.now, numbered(alpha, bravo, i));
    world.run(1);
  }
  const [{ flow }] = alpha.node.status(world.now).peers;
  t.ok(short !== null && flow !== null && flow.sent > short.sent + 3900, `${flow?.sent}`);
  t.equal(flow?.lost, 0);
  t.ok(flow !== null && flow.acked > 7500, `${flow?.acked}`);
});
