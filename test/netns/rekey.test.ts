import t from 'tap';
import { type Host, Lab } from './lab.ts';
import { pair } from './node.ts';

const SECONDS = 10;

function packets(host: Host, direction: 'rx' | 'tx'): number {
  const [device] = JSON.parse(host.ip('-s', '-j', 'link', 'show', 'mcc0'));
  return device.stats64[direction].packets;
}

/** Handshakes that renewed keys, as the daemon counts them. */
function rekeys(text: string): number {
  return text.split('"event":"rekeyed"').length - 1;
}

for (const [name, config] of [
  ['by time, from both ends at once', 'rekeyAfterSeconds: 1\n'],
  ['by count', 'rekeyAfterMessages: 20000\n'],
] as const) {
  t.test(`fresh keys ${name} at full rate lose no packet`, async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [a, b] = [lab.host('a'), lab.host('b')];
    lab.wire(a, ['192.0.2.1/24'], b, ['192.0.2.2/24']);
    const both = await pair(lab, a, b, '192.0.2.1', `logLevel: debug\n${config}`);
    const server = b.start(['iperf3', '-s', '-1', '--forceflush']);
    await server.waitFor(/listening/);
    const before = { sent: packets(a, 'tx'), received: packets(b, 'rx') };
    // What the tunnel itself carries without loss: a flood would overflow queues of the kernel that are not ours.
    const done = a.run([
      'iperf3',
      '-c',
      both.toB.ipv4,
      '-u',
      '-b',
      '300M',
      '-l',
      '1200',
      '-t',
      String(SECONDS),
      '-J',
      '--bidir',
    ]);
    const report = JSON.parse(done.stdout);
    t.equal(report.end.sum.lost_packets, 0, 'lost from alpha to bravo');
    t.equal(report.end.sum_bidir_reverse.lost_packets, 0, 'lost from bravo to alpha');
    const count = rekeys(both.a.daemon.output()) + rekeys(both.b.daemon.output());
    t.ok(count >= 20, `${count} handshakes completed in ${SECONDS} s`);
    const drops = { ...both.a.status().drops, ...both.b.status().drops };
    t.same(
      Object.entries(drops).filter(
        ([reason, number]) => number > 0 && /key|index|replay|authentic|counter/i.test(reason),
      ),
      [],
    );
    t.ok(packets(b, 'rx') > before.received && packets(a, 'tx') > before.sent);
  });
}
