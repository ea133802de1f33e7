import t from 'tap';
import { createLog } from '../../src/host/daemon/log.ts';

function bench() {
  const lines: Record<string, unknown>[] = [];
  let now = 0;
  const log = createLog('info', () => now, { write: (line: string) => lines.push(JSON.parse(line)) });
  return {
    log,
    lines,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

t.test('a line has time, level, event and fixed fields', (t) => {
  const { log, lines } = bench();
  log.info('peerUp', { nodeId: 'abc', remote: '192.0.2.1:9376', path: 'direct' });
  log.debug('hidden');
  log.setLevel('debug');
  log.debug('shown');
  t.match(lines[0], {
    level: 'info',
    event: 'peerUp',
    nodeId: 'abc',
    remote: '192.0.2.1:9376',
    path: 'direct',
  });
  t.match(lines[0].time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  t.same(
    lines.map((line) => line.event),
    ['peerUp', 'shown'],
  );
  t.end();
});

t.test('at most ten lines a second of one event; the next one says how many are missing', (t) => {
  const { log, lines, wait } = bench();
  for (let i = 0; i < 1000; i++) log.warn('handshakeFailed', { reason: `r${i}` });
  t.equal(lines.length, 10);
  log.warn('other');
  t.equal(lines.length, 11, 'another event has its own limit');
  wait(1000);
  log.warn('handshakeFailed');
  t.equal(lines[11].suppressed, 990);
  t.end();
});

t.test('text of remotes is made harmless', (t) => {
  const { log, lines } = bench();
  log.info('peerUp', { name: `a\u001b[31m\u202eb${'x'.repeat(5000)}` });
  const name = String(lines[0].name);
  t.match(name, 'a\\u{1b}[31m\\u{202e}b');
  t.ok(name.length <= 2048);
  t.end();
});
