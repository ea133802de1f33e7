import { join } from 'node:path';
import t from 'tap';
import { Capture } from './capture.ts';
import { Heartbeat } from './heartbeat.ts';
import { type Host, Lab, needsLab } from './lab.ts';
import { pair } from './node.ts';

needsLab(t);

function insidePackets(host: Host): number {
  const [device] = JSON.parse(host.ip('-s', '-j', 'link', 'show', 'mcc0'));
  return device.stats64.rx.packets + device.stats64.tx.packets;
}

t.test('a forged Packet Too Big from the outside stops nothing', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  const both = await pair(lab, a, b, '192.0.2.1');
  const heart = await Heartbeat.between(b, a, both.toA.ipv4);
  const forge = join(import.meta.dirname, 'programs/too-big.py');
  await heart.mark();
  b.must(['python3', forge, '192.0.2.1', '192.0.2.2', '552']);
  t.match(a.ip('route', 'get', '192.0.2.2'), /mtu 552/, 'the kernel believes it');
  for (const size of [1300, 8000]) {
    const words = ['-c', '2', '-i', '0.1', '-W', '5', '-s', String(size)];
    t.equal(a.run(['ping', ...words, both.toB.ipv4]).status, 0, `a ping of ${size} bytes is answered`);
  }
  await both.b.down();
  await both.b.up();
  t.equal(
    a.run(['ping', '-c', '2', '-i', '0.1', '-W', '5', both.toB.ipv4]).status,
    0,
    'and so are handshakes',
  );
  t.ok((await heart.goesOn()) < 5000, 'the connection has survived all this');
});

t.test('a remote that sends from one of its virtual addresses makes no loop', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [a, b] = [lab.host('a'), lab.host('b')];
  const [device, deviceB] = lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
  const both = await pair(lab, a, b, '192.0.2.1');
  a.must(['sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0']);
  a.run(['sysctl', '-qw', `net.ipv4.conf.${device}.rp_filter=0`]);
  t.equal(b.run(['ping', '-c', '1', '-W', '5', both.toA.ipv4]).status, 0);
  const rules = `table ip lie {\n chain post {\n type nat hook postrouting priority srcnat\n oifname "${deviceB}" udp dport 9376 snat to ${both.toB.ipv4}\n }\n}\n`;
  b.must(['nft', '-f', '-'], { input: rules });
  // Mappings of flows that are under way are forgotten with another port.
  await both.b.down();
  const lies = await Capture.on(a, device, `udp and src host ${both.toB.ipv4}`, 'in');
  await both.b.up('--listen', '0.0.0.0:9399');
  const before = insidePackets(a);
  b.run(['ping', '-c', '5', '-i', '0.1', '-W', '1', both.toA.ipv4]);
  a.run(['ping', '-c', '5', '-i', '0.1', '-W', '1', both.toB.ipv4]);
  const passed = insidePackets(a) - before;
  t.ok((await lies.lines()).length > 0, 'it did send from there');
  t.ok(passed < 200, `${passed} packets passed the interface`);
});
