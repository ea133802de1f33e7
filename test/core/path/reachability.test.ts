import t from 'tap';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { OPENED_MS, Reachability } from '../../../src/core/path/path.ts';

const STRANGER = { ip: ipv4(203, 0, 113, 7), port: 9376 };
const NEIGHBOUR = { ip: ipv4(192, 168, 1, 7), port: 9376 };

t.test('an initiation out of the blue proves that this node is reached', async (t) => {
  const reach = new Reachability();
  t.equal(reach.initiated(STRANGER, 0), true);
  t.same([reach.isGlobal, reach.isLocal], [true, false]);
  t.equal(reach.initiated(STRANGER, 1), false, 'the second says nothing new');
  t.equal(reach.initiated(NEIGHBOUR, 2), true);
  t.same([reach.isGlobal, reach.isLocal], [true, true]);
});

t.test('one from an address that was called proves nothing, as a NAT lets it through', async (t) => {
  const reach = new Reachability();
  reach.sent(STRANGER, 0);
  t.equal(reach.initiated(STRANGER, OPENED_MS - 1), false);
  t.equal(reach.isGlobal, false);
  t.equal(reach.initiated({ ...STRANGER, port: 9377 }, 1), true);
  t.same(
    [reach.isGlobal, reach.isPortOpen],
    [false, true],
    'from another port: a NAT may look at addresses alone',
  );
  t.equal(reach.initiated({ ...STRANGER, port: 9378 }, 1), false);
  const later = new Reachability();
  later.sent(STRANGER, 0);
  t.equal(later.initiated(STRANGER, OPENED_MS), true, 'no NAT keeps a way open for so long');
});

t.test('other addresses of this host: nothing is proven for them', async (t) => {
  const reach = new Reachability();
  reach.initiated(STRANGER, 0);
  reach.reset();
  t.same([reach.isGlobal, reach.isLocal], [false, false]);
});
