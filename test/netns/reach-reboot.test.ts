/** A NAT router that forgets all mappings while data flows through it. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { middle, relayed, wayBetween } from './relayed.ts';
import { Stream } from './stream.ts';

needsLab(t);

const LIMIT_MS = 5000;
const PATIENCE_MS = 90_000;
const HARD = { kind: 'symmetric-random' } as const;

for (const { name, kind, of } of [
  { name: 'a way over a relay', kind: 'relayed', of: [HARD, HARD] },
  { name: 'a direct way', kind: 'direct', of: [{}, { kind: 'ordinary' }] },
] as const) {
  t.test(`a router that reboots costs at most five seconds, over ${name}`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const { ends, address } = await relayed(lab, { hubs: 1, ends: of });
    const [alpha, bravo] = ends.map(({ node }) => node);
    const isSo = (): boolean => wayBetween(alpha, 'bravo')?.kind === kind;
    const stream = await Stream.between(alpha.host, bravo.host, address, 'tcp');
    const stalled: number[] = [];
    for (const { box } of [...ends, ...ends, ...ends].filter((end) => end.box !== undefined)) {
      await until(`the way is ${kind}`, isSo, PATIENCE_MS);
      await stream.mark();
      box?.reboot();
      const since = Date.now();
      await until(`the way is ${kind}`, isSo, PATIENCE_MS);
      const { silenceMs } = await stream.goesOn(1_000_000);
      stalled.push(Math.max(silenceMs, kind === 'relayed' ? 0 : Date.now() - since));
    }
    t.ok(middle(stalled) <= LIMIT_MS, `ms of silence: ${stalled}`);
  });
}
