// What operators learn of their resolver.
import t from 'tap';
import { PENDING_MS } from '../../../src/core/dns/dns.ts';
import { directory, encodeQuery, service, World } from './world.ts';

t.test('queries are counted as they came, answers by what they said', async (t) => {
  const world = new World(directory({ hello: service('hello') }));
  const { counts } = world.responder;
  world.ask('hello.mcc', 'AAAA');
  world.ask('hello.mcc', 'AAAA', { isTcp: true });
  world.ask('nobody.mcc', 'A');
  world.ask('elsewhere.example', 'A');
  world.ask('hello.mcc', 'A', { ednsVersion: 1 });
  world.query(Uint8Array.of(1, 2, 3));
  t.match(counts.queries, { udp: 5, tcp: 1 });
  t.match(counts.answers, { NOERROR: 2, NXDOMAIN: 1, REFUSED: 1, BADVERS: 1, SERVFAIL: 0 });
  t.equal(counts.cacheHits, 3);
});

t.test('what has to be asked for is no hit, and what is handed on no answer', async (t) => {
  const world = new World(() => undefined);
  const { responder, out } = world;
  world.query(encodeQuery('hello.mcc', 'A'));
  world.query(encodeQuery('later.mcc', 'A'));
  world.now += 20;
  responder.handle({ kind: 'resolved', id: 1, result: { kind: 'notFound' } }, world.now, out);
  world.now += PENDING_MS;
  responder.onTimer(world.now, out);
  responder.isForwarding = true;
  world.query(encodeQuery('elsewhere.example', 'A'));
  t.match(responder.counts, {
    queries: { udp: 3, tcp: 0 },
    answers: { NXDOMAIN: 1, SERVFAIL: 1, NOERROR: 0, REFUSED: 0 },
    cacheHits: 0,
  });
});
