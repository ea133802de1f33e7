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
  { name: 'a way that was punched', kind: 'direct', of: [{ kind: 'ordinary' }, { kind: 'ordinary' }] },
] as const) {
  t.test(`a router that reboots costs at most five seconds, over ${name}`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const { ends, address } = await relayed(lab, { hubs: 1, ends: of });
    const [alpha, bravo] = ends.map(({ node }) => node);
    const isSo = (): boolean =>
      [wayBetween(alpha, 'bravo'), wayBetween(bravo, 'alpha')].every(
        (way) => (way?.kind === 'relayed') === (kind === 'relayed'),
      );
    const stream = await Stream.between(alpha.host, bravo.host, address, 'tcp');
    const stalled: number[] = [];
    for (const { box } of [...ends, ...ends, ...ends].filter((end) => end.box !== undefined)) {
      await until(`the way is ${kind}`, isSo, PATIENCE_MS);
      await stream.mark();
      box?.reboot();
      const since = Date.now();
      const { silenceMs } = await stream.goesOn();
      await until(`the way is ${kind}`, isSo, PATIENCE_MS);
      stalled.push(kind === 'relayed' ? silenceMs : Date.now() - since);
    }
    t.ok(middle(stalled) <= LIMIT_MS, `ms until all was as before: ${stalled}`);
  });
}
