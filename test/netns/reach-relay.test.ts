/** What happens to a TCP stream that a relay carries when that relay is killed. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { carrier, relayed, relays, wayBetween } from './relayed.ts';
import { Stream } from './stream.ts';

needsLab(t);

const LIMIT_MS = 2000;

t.test('a relay that is killed while it carries a transfer costs at most two seconds', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const hard = { kind: 'symmetric-random' } as const;
  const { ends, hubs, address } = await relayed(lab, { hubs: 2, ends: [hard, hard] });
  const [alpha, bravo] = ends.map(({ node }) => node);
  const stream = await Stream.between(alpha.host, bravo.host, address, 'tcp');
  t.equal(wayBetween(alpha, 'bravo')?.kind, 'relayed');
  await until(
    'while data flows, a second relay is ready',
    () => relays(alpha).length === 2 && relays(bravo).length === 2,
    90_000,
  );
  const { node: relay } = await carrier(hubs, () => stream.goesOn(4_000_000));
  await stream.mark();
  await relay.down('SIGKILL');
  const { silenceMs } = await stream.goesOn(4_000_000);
  t.ok(silenceMs <= LIMIT_MS, `silent for ${silenceMs} ms`);
  t.equal(wayBetween(alpha, 'bravo')?.kind, 'relayed');
});
