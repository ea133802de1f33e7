/** A host with two uplinks: its sessions outlive the loss of either. */
import t from 'tap';
import { Heartbeat } from './heartbeat.ts';
import { Lab, needsLab } from './lab.ts';
import { middle, relayed, wayBetween } from './relayed.ts';

needsLab(t);

const LIMIT_MS = 1000;

for (const { name, kind, alpha: end } of [
  { name: 'a direct way', kind: 'direct', alpha: {} },
  { name: 'a way over a relay', kind: 'relayed', alpha: { kind: 'symmetric-random' } },
] as const) {
  t.test(`an uplink that goes down and comes back costs at most a second, over ${name}`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const { internet, ends, address } = await relayed(lab, {
      hubs: 1,
      ends: [end, { kind: 'symmetric-random' }],
    });
    const [alpha, bravo] = ends.map(({ node }) => node);
    const spare = await internet.nat('spare', { kind: 'ordinary' });
    await internet.plug(bravo.host, spare, { metric: 200 });
    const routes = JSON.parse(bravo.host.ip('-j', 'route', 'show', 'default')) as {
      dev: string;
      gateway: string;
      metric?: number;
    }[];
    const first = routes.find(({ metric }) => metric !== 200);
    if (first === undefined) throw new Error('no way out');
    const heart = await Heartbeat.between(alpha.host, bravo.host, address);
    t.equal(wayBetween(alpha, 'bravo')?.kind, kind);
    const stalled: number[] = [];
    for (let round = 0; round < 3; round++) {
      await heart.mark();
      bravo.host.ip('link', 'set', first.dev, 'down');
      stalled.push(await heart.goesOn());
      if (kind === 'direct')
        t.match(wayBetween(alpha, 'bravo')?.remote, new RegExp(`^${spare.publicAddress}:`));
      await heart.mark();
      bravo.host.ip('link', 'set', first.dev, 'up');
      bravo.host.ip('route', 'replace', 'default', 'via', first.gateway, 'dev', first.dev);
      stalled.push(await heart.goesOn());
    }
    t.ok(middle(stalled) <= LIMIT_MS, `ms of silence: ${stalled}`);
  });
}
