import t from 'tap';
import { Heartbeat } from './heartbeat.ts';
import { Lab, needsLab } from './lab.ts';
import { pair } from './node.ts';

needsLab(t);

const LIMIT_MS = 1000;

t.test('an outer address that changes costs at most a second', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  const [deviceA, deviceB] = lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  const both = await pair(lab, a, b, '192.0.2.1');
  const heart = await Heartbeat.between(b, a, both.toA.ipv4);
  for (const [name, host, device, from, to] of [
    ["the joiner's", b, deviceB, '192.0.2.2/24', '192.0.2.77/24'],
    ["the founder's", a, deviceA, '192.0.2.1/24', '192.0.2.78/24'],
  ] as const) {
    await t.test(name, async (t) => {
      await heart.mark();
      host.ip('address', 'del', from, 'dev', device);
      host.ip('address', 'add', to, 'dev', device);
      const silenceMs = await heart.goesOn();
      t.ok(silenceMs <= LIMIT_MS, `silent for ${silenceMs} ms`);
    });
  }
});

t.test('an outer port that a router changes costs at most a second', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, router, b] = [lab.host('a'), lab.host('r'), lab.host('b')];
  const [, outside] = lab.wire(a, ['192.0.2.1/24'], router, ['192.0.2.254/24']);
  lab.wire(b, ['10.7.0.2/24'], router, ['10.7.0.254/24']);
  b.ip('route', 'add', 'default', 'via', '10.7.0.254');
  router.must(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  const masquerade = (first: number): void => {
    const rules = `flush ruleset\ntable ip nat {\n chain post {\n type nat hook postrouting priority srcnat\n oifname "${outside}" meta l4proto udp masquerade to :${first}-${first + 99}\n }\n}\n`;
    router.must(['nft', '-f', '-'], { input: rules });
  };
  masquerade(20_000);
  const both = await pair(lab, a, b, '192.0.2.1');
  const heart = await Heartbeat.between(b, a, both.toA.ipv4);
  await heart.mark();
  // A router whose line goes down forgets the mappings that it made there.
  masquerade(30_000);
  router.ip('link', 'set', outside, 'down');
  router.ip('link', 'set', outside, 'up');
  const silenceMs = await heart.goesOn();
  t.ok(silenceMs <= LIMIT_MS, `silent for ${silenceMs} ms`);
  const remote = both.a.status().peers[0]?.path.remote ?? '';
  t.match(remote, /^192\.0\.2\.254:3/, 'the founder sees the new port');
});

t.test('a datagram that seems to come from the overlay does not turn a node onto itself', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  lab.wire(a, ['2001:db8::1/64'], b, ['2001:db8::2/64']);
  const both = await pair(lab, a, b, '2001:db8::1');
  b.must(['ping', '-c1', '-W5', both.toA.ipv6]);
  const packets = (): number =>
    Number(a.must(['cat', '/sys/class/net/mcc0/statistics/tx_packets'])) +
    Number(a.must(['cat', '/sys/class/net/mcc0/statistics/rx_packets']));
  const rule = `meta l4proto udp ip6 saddr 2001:db8::2 ip6 saddr set ${both.toB.ipv6}`;
  const rules = `table ip6 spoof {\n chain out {\n type filter hook postrouting priority 0\n ${rule}\n }\n}\n`;
  const before = packets();
  b.must(['nft', '-f', '-'], { input: rules });
  b.run(['ping', '-c3', '-i0.2', '-W1', both.toA.ipv6]);
  b.must(['nft', 'flush', 'ruleset']);
  const through = packets() - before;
  t.ok(through < 50, `${through} packets went through the interface`);
  const { peers, drops } = both.a.status();
  t.match(peers[0]?.path.remote, /^\[2001:db8::2\]/);
  t.ok((drops.pathAddress ?? 0) > 0, 'and it is counted');
});
