/** A host with two uplinks: its sessions outlive the loss of either, and so does what runs over ssh. */
import t from 'tap';
import { Heartbeat } from './heartbeat.ts';
import { Lab, needsLab } from './lab.ts';
import { middle, relayed, wayBetween } from './relayed.ts';
import { findSshd, sshWords, startSshd } from './servers.ts';

needsLab(t);
const sshd = findSshd();
if (sshd === undefined) {
  console.log('TAP version 14\n1..0 # SKIP the package of sshd can neither be found nor downloaded');
  process.exit(0);
}

const LIMIT_MS = 1000;

for (const { name, kind, alpha: end } of [
  { name: 'a direct way', kind: 'direct', alpha: {} },
  { name: 'a way over a relay', kind: 'relayed', alpha: { kind: 'symmetric-random' } },
] as const) {
  t.test(`an uplink that goes and comes silences ssh for at most a second, over ${name}`, async (t) => {
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
    const server = await startSshd(lab, bravo.host, { sshd }, '0.0.0.0:22');
    const words = sshWords(lab, server, [address]);
    const heart = await Heartbeat.through(alpha.host, [...words, `root@${address}`, 'cat']);
    t.equal(wayBetween(alpha, 'bravo')?.kind, kind);
    // The longest silence of each round: in one of them the machine may have other things to do.
    const longest: number[] = [];
    for (let round = 0; round < 3; round++) {
      await heart.mark();
      bravo.host.ip('link', 'set', first.dev, 'down');
      const down = await heart.goesOn();
      if (kind === 'direct')
        t.match(wayBetween(alpha, 'bravo')?.remote, new RegExp(`^${spare.publicAddress}:`));
      await heart.mark();
      bravo.host.ip('link', 'set', first.dev, 'up');
      bravo.host.ip('route', 'replace', 'default', 'via', first.gateway, 'dev', first.dev);
      longest.push(Math.max(down, await heart.goesOn()));
    }
    t.ok(middle(longest) <= LIMIT_MS, `ms of silence: ${longest}`);
    await heart.stop();
    await server.running.waitFor(/isconnected from/);
  });
}
