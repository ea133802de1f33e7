import t from 'tap';
import { Capture, NO_NEIGHBOURS } from './capture.ts';
import { Heartbeat } from './heartbeat.ts';
import { Lab, needsLab } from './lab.ts';
import { pair } from './node.ts';

needsLab(t);

/** Whatever is not mcc's own, nor about it, nor between neighbours. */
const STRANGE = `${NO_NEIGHBOURS} and not (udp port 9376) and not (icmp[icmptype] = icmp-unreach and icmp[30:2] = 9376)`;

t.test('a daemon that is killed and started again', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  const [deviceA, deviceB] = lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  a.ip('route', 'add', 'default', 'via', '192.0.2.2');
  b.ip('route', 'add', 'default', 'via', '192.0.2.1');
  const both = await pair(lab, a, b, '192.0.2.1');
  for (const [who, node] of [
    ['the joiner', both.b],
    ['the founder', both.a],
  ] as const) {
    for (const family of ['ipv4', 'ipv6'] as const) {
      await t.test(`${who}, over ${family}`, async (t) => {
        const captures = [await Capture.on(a, deviceA, STRANGE), await Capture.on(b, deviceB, STRANGE)];
        const heart = await Heartbeat.between(b, a, both.toA[family]);
        await node.down('SIGKILL');
        t.match(node.host.ip('link', 'show', 'mcc0'), /mcc0/, 'its interface is still there');
        const began = performance.now();
        await node.up();
        await heart.goesOn();
        const tookMs = performance.now() - began;
        t.ok(tookMs < 3000, `the connection went on ${Math.round(tookMs)} ms after the start`);
        for (const capture of captures) t.same(await capture.lines(), [], 'no inner packet on the wire');
      });
    }
  }
});
