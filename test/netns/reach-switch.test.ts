/** From a relay to a direct way and back, while data flows. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { middle, relayed, wayBetween } from './relayed.ts';
import { Stream } from './stream.ts';

needsLab(t);

const TCP_UPGRADE_MS = 200;
const TCP_CUT_MS = 2000;
/** Ways that are cut are looked for ever more rarely: the fourth time a minute after the third. */
const PATIENCE_MS = 120_000;

t.test('an upgrade loses nothing, and a cut costs at most two seconds', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const { internet, ends, address } = await relayed(lab, {
    hubs: 1,
    ends: [{}, { kind: 'ordinary' }],
    isCut: true,
  });
  const [alpha, bravo] = ends.map(({ node }) => node);
  const isRelayed = (): boolean[] =>
    [wayBetween(alpha, 'bravo'), wayBetween(bravo, 'alpha')].map((way) => way?.kind === 'relayed');
  t.same(isRelayed(), [true, true]);
  const udp = await Stream.between(alpha.host, bravo.host, address, 'udp');
  const tcp = await Stream.between(alpha.host, bravo.host, address, 'tcp');
  const lost: number[] = [];
  const stalledUp: number[] = [];
  const stalledDown: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = await udp.mark();
    await tcp.mark();
    internet.mend();
    await until('both have the direct way', () => !isRelayed().includes(true), PATIENCE_MS);
    stalledUp.push((await tcp.goesOn()).silenceMs);
    lost.push((await udp.goesOn()).missing - before.missing);
    await tcp.mark();
    internet.cut(ends[0].publicAddress, ends[1].publicAddress);
    await until('both are relayed', () => !isRelayed().includes(false), PATIENCE_MS);
    stalledDown.push((await tcp.goesOn()).silenceMs);
  }
  t.equal(middle(lost), 0, `datagrams lost on the upgrade: ${lost}`);
  t.ok(middle(stalledUp) <= TCP_UPGRADE_MS, `ms of silence of TCP on the upgrade: ${stalledUp}`);
  t.ok(middle(stalledDown) <= TCP_CUT_MS, `ms of silence of TCP after the cut: ${stalledDown}`);
});
