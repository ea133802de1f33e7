import t from 'tap';
import { Lab, needsLab } from './lab.ts';
import { Link } from './link.ts';
import { pair } from './node.ts';
import { datagramsOfSizes, filesEachWay, largePings } from './transfers.ts';

needsLab(t);

t.test('on a clean wire', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  const both = await pair(lab, a, b, '192.0.2.1');
  filesEachWay(t, lab, both, 1000);
  datagramsOfSizes(t, both, 1, 13);
  largePings(t, both);
});

t.test('on a wire of 1280 bytes, the inner MTU unchanged', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24'], 1280);
  const both = await pair(lab, a, b, '192.0.2.1');
  t.match(a.ip('link', 'show', 'mcc0'), /mtu 1420 /);
  filesEachWay(t, lab, both, 1000);
  datagramsOfSizes(t, both, 97);
  largePings(t, both);
});

t.test('with 2 % of loss and reordering of outer datagrams', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  await Link.between(
    lab,
    a,
    ['192.0.2.1/24'],
    b,
    ['192.0.2.2/24'],
    { loss: 0.02, reorder: 0.02, reorderUs: 200 },
    { seed: 42 },
  );
  const both = await pair(lab, a, b, '192.0.2.1');
  filesEachWay(t, lab, both, 1000);
});
