/** Ways whose middle carries less than its ends, and whose routers do not say so. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { relayed, wayBetween } from './relayed.ts';
import { Stream } from './stream.ts';
import { fetched, serve } from './transfers.ts';

needsLab(t);

const MEGABYTES = 100;
const NARROW = { mtu: 1280, icmp: 'blocked' } as const;
/** Of the datagrams, on a machine that has other things to do. */
const LOST_MAX = 0.01;

for (const { name, kind, of } of [
  { name: '1280 in the middle', kind: 'direct', of: [{}, { ...NARROW, kind: 'ordinary' }] },
  {
    name: '1280 between one end and the relay',
    kind: 'relayed',
    of: [{ kind: 'symmetric-random' }, { ...NARROW, kind: 'symmetric-random' }],
  },
  { name: '9000 everywhere', kind: 'direct', of: [{ mtu: 9000 }, { mtu: 9000 }] },
  {
    name: '9000, but 1400 in the middle',
    kind: 'direct',
    of: [{ mtu: 9000 }, { mtu: 1400, kind: 'ordinary' }],
  },
] as const) {
  t.test(`large files and datagrams, ${kind}, ${name}`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const { ends, address, back } = await relayed(lab, { hubs: 1, ends: of, icmp: 'blocked' });
    const [alpha, bravo] = ends.map(({ node }) => node);
    const isSo = (): boolean => wayBetween(alpha, 'bravo')?.kind === kind;
    await until(`the way is ${kind}`, isSo, 90_000);
    for (const [from, to, at] of [
      [alpha, bravo, address],
      [bravo, alpha, back],
    ] as const) {
      const served = await serve(lab, to.host, MEGABYTES);
      t.equal(await fetched(from.host, served.url(at)), served.hash, `${from.name} fetches from ${to.name}`);
      const stream = await Stream.between(from.host, to.host, at, 'udp', { size: 1400 });
      const { missing, newest } = await stream.goesOn(2_000_000);
      t.ok(missing <= LOST_MAX * newest, `datagrams of 1,400 bytes: ${missing} of ${newest} lost`);
      await stream.stop();
    }
    t.ok(isSo());
  });
}
