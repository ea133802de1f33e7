/** What happens to a TCP stream that a relay carries when that relay is killed. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { carrier, middle, relayed, relays, wayBetween } from './relayed.ts';
import { Stream } from './stream.ts';

needsLab(t);

const LIMIT_MS = 2000;
const PATIENCE_MS = 90_000;

t.test('a relay that is killed while it carries a transfer costs at most two seconds', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const hard = { kind: 'symmetric-random' } as const;
  const { ends, hubs, address } = await relayed(lab, { hubs: 2, ends: [hard, hard] });
  const [alpha, bravo] = ends.map(({ node }) => node);
  const stream = await Stream.between(alpha.host, bravo.host, address, 'tcp');
  t.equal(wayBetween(alpha, 'bravo')?.kind, 'relayed');
  const stalled: number[] = [];
  for (let round = 0; round < 3; round++) {
    await until(
      'while data flows, a second relay is ready',
      () => [alpha, bravo].every((node) => relays(node).length === 2),
      PATIENCE_MS,
    );
    const { node: relay, site } = await carrier(hubs, () => stream.goesOn(4_000_000));
    await stream.mark();
    await relay.down('SIGKILL');
    stalled.push((await stream.goesOn(4_000_000)).silenceMs);
    t.equal(wayBetween(alpha, 'bravo')?.kind, 'relayed');
    await relay.up('--advertise', site.address);
  }
  t.ok(middle(stalled) <= LIMIT_MS, `ms of silence: ${stalled}`);
});
