// The same question again and again.
import t from 'tap';
import { REPEAT_MS } from '../../../src/core/dns/dns.ts';
import { directory, encodeQuery, HELLO, read, service, World } from './world.ts';

t.test('a question that was just answered is not looked up again', async (t) => {
  const world = new World(directory({ hello: service('hello') }));
  const first = world.ask('hello.mcc', 'AAAA', { id: 1 });
  world.now += REPEAT_MS - 1;
  const again = world.ask('hello.mcc', 'AAAA', { id: 0xfffe });
  t.equal(world.looked.length, 1);
  t.equal(again.packet.id, 0xfffe);
  t.strictSame(again.bytes.subarray(2), first.bytes.subarray(2));
  t.strictSame(again.answers, [`hello.mcc 5 AAAA ${HELLO}`]);
  world.now += 1;
  world.ask('hello.mcc', 'AAAA');
  t.equal(world.looked.length, 2, 'changes are seen a moment later');
});

t.test('whatever makes it another question makes it another answer', async (t) => {
  const world = new World(directory({ hello: service('hello') }));
  world.ask('hello.mcc', 'AAAA');
  t.strictSame(world.ask('HELLO.mcc', 'AAAA').answers, [`HELLO.mcc 5 AAAA ${HELLO}`]);
  t.strictSame(world.ask('hello.mcc', 'A').answers, ['hello.mcc 5 A 100.64.1.0']);
  t.notOk(world.ask('hello.mcc', 'AAAA', { flags: 0 }).packet.flag_rd);
  t.strictSame(world.ask('hello.mcc', 'AAAA', { edns: 0 }).packet.additionals, []);
  world.ask('hello.mcc', 'AAAA', { isTcp: true });
  t.equal(world.looked.length, 6);
  t.ok(world.responder.counts.answers.NOERROR === 6 && world.responder.counts.cacheHits === 6);
});

t.test('that a name is not there is never said from memory', async (t) => {
  const world = new World();
  t.strictSame(world.ask('hello.mcc', 'A').answers, []);
  world.directory = directory({ hello: service('hello') });
  t.equal(world.ask('hello.mcc', 'A').answers.length, 1);
});

t.test('as often as one asks, and however many things', async (t) => {
  const world = new World(directory({ hello: service('hello') }));
  for (let round = 0; round < 3; round++) {
    for (let edns = 600; edns < 1200; edns++) {
      const { sends } = world.query(encodeQuery('hello.mcc', 'A', { edns, id: edns }));
      const { packet, answers } = read(sends[0].bytes);
      if (packet.id !== edns || answers[0] !== 'hello.mcc 5 A 100.64.1.0') t.fail(`${round} ${edns}`);
    }
    world.now += 1;
  }
  t.ok(world.looked.length > 600);
});
