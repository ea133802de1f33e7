import t from 'tap';
import { type IpAddress, ipv4, parseIp } from '../../../src/core/base/ip.ts';
import { OPENED_MS, RENEW_MS, Reachability } from '../../../src/core/path/path.ts';

const STRANGER = { ip: ipv4(203, 0, 113, 7), port: 9376 };
const NEIGHBOUR = { ip: ipv4(192, 168, 1, 7), port: 9376 };
const STRANGER_6 = { ip: parseIp('2001:db8::7') as IpAddress, port: 9376 };

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

t.test(
  'answers to who came unasked are no reason to doubt it, for as long as a way stays open',
  async (t) => {
    const reach = new Reachability();
    reach.noted(STRANGER, 0);
    reach.sent(STRANGER, 1);
    t.equal(reach.isGlobal, false, 'whoever it was, it may not have been there');
    t.equal(reach.initiated(STRANGER, 2), true);
    t.equal(reach.globalAt, 0, 'as old as the first that was unasked');

    const late = new Reachability();
    late.noted(STRANGER, 0);
    for (let at = 1; at < OPENED_MS; at += OPENED_MS / 4) late.sent(STRANGER, at);
    t.equal(late.initiated(STRANGER, OPENED_MS), false);

    const called = new Reachability();
    called.sent(STRANGER, 0);
    called.noted(STRANGER, 1);
    called.noted({ ...STRANGER, port: 1 }, 1);
    t.equal(called.initiated(STRANGER, 2), false);
    t.equal(called.initiated({ ...STRANGER, port: 1 }, 2), true);
    t.same([called.isGlobal, called.isPortOpen], [false, true]);

    const moved = new Reachability();
    moved.noted(STRANGER, 0);
    moved.sent(STRANGER, 1);
    moved.reset();
    t.equal(moved.initiated(STRANGER, 2), false);
  },
);

t.test('a proof is renewed by who comes unasked again', async (t) => {
  const reach = new Reachability();
  t.ok(reach.isOfUse(STRANGER, 0));
  reach.initiated(STRANGER, 0);
  t.notOk(reach.isOfUse(STRANGER, RENEW_MS - 1));
  t.ok(reach.isOfUse(NEIGHBOUR, 1), 'of another kind');
  t.ok(reach.isOfUse(STRANGER_6, 1), 'of another family');
  t.ok(reach.isOfUse(STRANGER, RENEW_MS));
  reach.sent(STRANGER, RENEW_MS);
  t.equal(reach.initiated(STRANGER, RENEW_MS + 1), false);
  t.equal(reach.globalAt, 0, 'it was called');
  const later = RENEW_MS + OPENED_MS;
  t.equal(reach.initiated(STRANGER, later), false);
  t.same([reach.isGlobal, reach.globalAt], [true, later]);
  reach.sent(STRANGER, later);
  reach.sent(STRANGER, later - 5);
  t.equal(reach.initiated(STRANGER, later + OPENED_MS - 1), false);
  t.equal(reach.globalAt, later, 'an older call takes nothing from a newer one');
});

t.test('whom a run before may have called proves nothing, from no port', async (t) => {
  const reach = new Reachability();
  reach.recall(STRANGER.ip, 0);
  reach.recall(NEIGHBOUR.ip, -5);
  t.equal(reach.initiated(STRANGER, OPENED_MS - 6), false);
  t.equal(reach.initiated({ ...STRANGER, port: 1 }, OPENED_MS - 6), false);
  t.equal(reach.initiated(NEIGHBOUR, OPENED_MS - 6), false);
  t.same([reach.isGlobal, reach.isLocal, reach.isPortOpen], [false, false, false]);
  t.equal(reach.initiated(STRANGER_6, OPENED_MS - 6), true, 'others do');
  t.equal(reach.initiated(NEIGHBOUR, OPENED_MS - 5), true);
  t.equal(reach.initiated(STRANGER, OPENED_MS), true);

  const anybody = new Reachability();
  anybody.recall(undefined, 0);
  t.equal(anybody.initiated(STRANGER, OPENED_MS - 1), false);
  t.equal(anybody.initiated(STRANGER, OPENED_MS), true);
});

t.test('what a run before had proven is taken up, as old as it is', async (t) => {
  const reach = new Reachability();
  reach.restore({
    globalAt: -RENEW_MS,
    localAt: Number.NEGATIVE_INFINITY,
    families: { ipv4: true, ipv6: false },
  });
  t.same(
    [reach.isGlobal, reach.isLocal, reach.families.ipv4, reach.families.ipv6],
    [true, false, true, false],
  );
  t.equal(reach.initiated(STRANGER, 5), false, 'no news');
  t.equal(reach.globalAt, 5);
  t.equal(reach.initiated(STRANGER_6, 6), true, 'of the other family it is');
});
