// The DHT among dozens of whole nodes: the shipped code with real protobuf and certificates, on lossy links. What the machines
// alone do at a larger size: dht-machines.test.ts.
import t from 'tap';
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time.ts';
import {
  measureHotService,
  measureIdle,
  measureLookups,
  measurePartition,
  measureSurrounded,
  measureUnderChurn,
  populate,
} from './dht-scenarios.ts';
import { NodeField } from './node-field.ts';

const LOSSY = { lossShare: 0.01, rttMs: 50 };

t.test('nodes find one another, also those that serve nothing', (t) => {
  const field = new NodeField({ seed: 'calm', ...LOSSY });
  populate(field, { cores: 40, clients: 15 });
  const figures = measureLookups(field, 100);
  t.equal(figures.rightShare, 1);
  t.ok(figures.medianHops <= 3, `${figures.medianHops} hops`);
  t.ok(figures.p95Ms < 1000, `${figures.p95Ms} ms`);
  const providers = field.nodes.filter(({ identity }) =>
    identity.organisation.every((byte, i) => byte === field.nodes[0].identity.organisation[i]),
  );
  const hot = measureHotService(field, providers, field.nodes.slice(0, 10), 300);
  t.equal(hot.providersFound, providers.length, 'and all providers of a service');
  t.end();
});

t.test('a fifth of the nodes does harm, of every kind', (t) => {
  const field = new NodeField({ seed: 'harm', ...LOSSY });
  const gang = populate(field, { cores: 40, hostileShare: 0.2 });
  const liars = new Set<unknown>(gang.members);
  const honest = field.nodes.filter((node) => !liars.has(node));
  const figures = measureLookups(field, 60, { from: honest, targets: honest });
  t.ok(figures.rightShare >= 0.95, `${figures.rightShare} in general`);
  const surrounded = measureSurrounded(field, gang, 30);
  t.ok(surrounded.figures.rightShare >= 0.95, `${surrounded.figures.rightShare} of a key that they surround`);
  t.end();
});

t.test('nodes leave and come back, the network is cut in two and grows together', (t) => {
  const field = new NodeField({ seed: 'churn', ...LOSSY });
  populate(field, { cores: 40 });
  const churn = measureUnderChurn(field, 60, 0.3, HOUR_MS);
  t.ok(churn.rightShare >= 0.98, `${churn.rightShare} while 30 % leave in an hour`);
  const { during, across } = measurePartition(field, HOUR_MS / 6);
  t.ok(during.rightShare >= 0.98, `${during.rightShare} within one half`);
  t.ok(across.rightShare >= 0.98, `${across.rightShare} across`);
  t.end();
});

t.test('a day without anything to do costs little', (t) => {
  const field = new NodeField({ seed: 'idle', ...LOSSY });
  populate(field, { cores: 15, clients: 3, settleMs: 10 * MINUTE_MS });
  const idle = measureIdle(field, 24, 18 * HOUR_MS);
  t.ok(idle.coreMost <= 5e6, `${idle.coreMost} bytes of a core node`);
  t.ok(idle.clientMost <= 30e3, `${idle.clientMost} bytes of a client`);
  t.end();
});
