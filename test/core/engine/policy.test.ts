import t from 'tap';
import {
  INFO_FIRST_FRAGMENT,
  INFO_ICMP_ERROR,
  INFO_LAST_FRAGMENT,
  INFO_LATER_FRAGMENT,
  INFO_NO_PORTS,
  INFO_SYN,
  QUOTE_MATCHES,
  QUOTE_PORTS_KNOWN,
} from '../../../src/core/base/batch-layout.generated.ts';
import { FLOW_ANSWERED_MS, FLOW_UNANSWERED_MS } from '../../../src/core/engine/engine.ts';
import { REMOTES, RULES, world } from './policy-rules.ts';
import { ACME, address, ICMP, ICMP6, icmp, ports, TCP, UDP } from './world.ts';

t.test('the table of rules', async (t) => {
  for (const [name, packets, selector, welcome, reason] of RULES) {
    for (const facts of packets) {
      const host = world();
      for (const remote of REMOTES) {
        const expected = welcome.includes(remote) ? 'in' : reason;
        t.equal(
          host.in(host.by[remote], facts, 0, selector),
          expected,
          `${name}, IPv${facts.family}: ${remote}`,
        );
      }
    }
  }
});

t.test(
  'UDP answers come in for 30 s, and for 180 s after the last packet of a flow that was answered',
  async (t) => {
    for (const family of [4, 6]) {
      const host = world();
      const { acme, other } = host.by;
      const out = { family, protocol: UDP, ports: ports(4000, 53) };
      const answer = { family, protocol: UDP, ports: ports(53, 4000) };
      host.out(acme, out, 1000);
      t.equal(host.in(acme, { ...answer, ports: ports(54, 4000) }, 1000), 'inboundPort', 'another port');
      t.equal(host.in(acme, { ...answer, family: 10 - family }, 1000), 'inboundPort', 'another family');
      t.equal(host.in(acme, answer, 1000, 5), 'inboundPort', 'another endpoint');
      t.equal(host.in(other, answer, 1000), 'inboundPort', 'another remote');
      t.equal(host.in(acme, answer, 1000 + FLOW_UNANSWERED_MS), 'inboundPort', 'too late');
      host.out(acme, out, 40_000);
      t.equal(host.in(acme, answer, 40_000 + FLOW_UNANSWERED_MS - 1), 'in');
      const answered = 40_000 + FLOW_UNANSWERED_MS - 1;
      t.equal(host.in(acme, answer, answered + FLOW_ANSWERED_MS - 1), 'in', 'every answer keeps it alive');
      host.out(acme, out, answered + 2 * FLOW_ANSWERED_MS - 2);
      t.equal(host.in(acme, answer, answered + 3 * FLOW_ANSWERED_MS - 3), 'in', 'so does what goes out');
      t.equal(host.in(acme, answer, answered + 5 * FLOW_ANSWERED_MS), 'inboundPort', 'silence ends it');
      host.out(acme, out, 5_000_000);
      t.equal(
        host.in(acme, answer, 5_000_000 + FLOW_UNANSWERED_MS),
        'inboundPort',
        'a new one has to be answered first',
      );
    }
  },
);

t.test('echo replies and ICMP errors follow the ping', async (t) => {
  for (const [family, protocol, request, reply, error] of [
    [4, ICMP, 8, 0, 11],
    [6, ICMP6, 128, 129, 3],
  ]) {
    const host = world();
    const { acme } = host.by;
    const facts = { family, protocol };
    host.out(acme, { ...facts, ports: icmp(request, 0, 77) }, 0);
    t.equal(host.in(acme, { ...facts, ports: icmp(reply, 0, 77) }), 'in');
    t.equal(host.in(acme, { ...facts, ports: icmp(reply, 0, 78) }), 'inboundFlow', 'another identifier');
    const quoting = {
      ...facts,
      ports: icmp(error),
      info: INFO_ICMP_ERROR,
      quoteInfo: protocol | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
    };
    t.equal(host.in(acme, { ...quoting, quotePorts: icmp(request, 0, 77) }), 'in');
    t.equal(host.in(acme, { ...quoting, quotePorts: icmp(request, 0, 78) }), 'inboundFlow');
    t.equal(
      host.in(acme, { ...quoting, quotePorts: icmp(reply, 0, 77) }),
      'inboundFlow',
      'quotes no request',
    );
    host.out(acme, { ...facts, ports: icmp(reply, 0, 90) }, 0);
    t.equal(host.in(acme, { ...facts, ports: icmp(reply, 0, 90) }), 'inboundFlow', 'a reply sent is no flow');
  }
});

t.test('ICMP errors follow the UDP flow that they quote', async (t) => {
  const host = world();
  const { acme, other } = host.by;
  host.out(acme, { family: 4, protocol: UDP, ports: ports(4000, 7777) });
  const error = {
    family: 4,
    protocol: ICMP,
    ports: icmp(3, 3),
    info: INFO_ICMP_ERROR,
    quoteInfo: UDP | QUOTE_MATCHES | QUOTE_PORTS_KNOWN,
    quotePorts: ports(4000, 7777),
  };
  t.equal(host.in(acme, error), 'in');
  t.equal(host.in(acme, { ...error, quotePorts: ports(7777, 4000) }), 'inboundFlow');
  t.equal(host.in(acme, { ...error, quoteInfo: UDP | QUOTE_MATCHES }), 'inboundQuote');
  t.equal(host.in(other, error), 'inboundFlow');
});

t.test('fragments follow their first', async (t) => {
  for (const family of [4, 6]) {
    const host = world();
    const { acme, other } = host.by;
    const first = { family, protocol: UDP, info: INFO_FIRST_FRAGMENT, ports: ports(9, 53), fragmentId: 600 };
    const later = { family, protocol: UDP, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS, fragmentId: 600 };
    const last = { ...later, info: later.info | INFO_LAST_FRAGMENT };
    t.equal(host.in(acme, later), 'inboundFragment', 'not before it');
    t.equal(host.in(acme, first), 'in');
    t.equal(host.in(acme, later), 'in');
    t.equal(host.in(acme, last), 'in');
    t.equal(host.in(acme, later, 29_999), 'in', 'reordered');
    t.equal(host.in(acme, later, 30_000), 'inboundFragment', 'too late');
    t.equal(host.in(acme, { ...later, fragmentId: 601 }), 'inboundFragment');
    t.equal(host.in(other, later), 'inboundFragment', "not somebody else's");
    t.equal(host.in(acme, later, 0, 5), 'inboundFragment', 'not to another endpoint');
    t.equal(host.in(other, { ...first, fragmentId: 7 }), 'inboundPort');
    t.equal(
      host.in(other, { ...later, fragmentId: 7 }),
      'inboundFragment',
      'a refused one is followed by nothing',
    );
    const whole = { ...first, info: INFO_FIRST_FRAGMENT | INFO_LAST_FRAGMENT, fragmentId: 8 };
    t.equal(host.in(acme, whole), 'in');
    t.equal(host.in(acme, { ...later, fragmentId: 8 }), 'inboundFragment', 'nor is a whole packet');
  }
});

t.test('a SYN in a first fragment is judged', async (t) => {
  const host = world();
  const facts = { info: INFO_SYN | INFO_FIRST_FRAGMENT, ports: ports(9, 22) };
  t.equal(host.in(host.by.acme, facts), 'inboundPort');
  t.equal(host.in(host.by.acme, { ...facts, ports: ports(9, 80) }), 'in');
});

t.test('one remote cannot push all others out of virtual reassembly', async (t) => {
  const host = world();
  const { acme, other } = host.by;
  const first = { protocol: UDP, info: INFO_FIRST_FRAGMENT };
  const later = { protocol: UDP, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS };
  const ids = Array.from({ length: 4 }, (_, i) => i);
  for (const fragmentId of ids) host.in(other, { ...first, ports: ports(9, 123), fragmentId }, 0);
  for (let i = 0; i < 10_000; i++) {
    host.in(acme, { ...first, ports: ports(9, 53), fragmentId: (i * 2654435761) >>> 0 }, 1);
  }
  t.ok(ids.some((fragmentId) => host.in(other, { ...later, fragmentId }, 2) === 'in'));
});

t.test('a slot that was freed leaves no flow to the next remote in it', async (t) => {
  const host = world();
  const { acme } = host.by;
  host.out(acme, { protocol: UDP, ports: ports(4000, 53) });
  host.engine.forget(acme);
  host.tables.releaseRemote(acme);
  t.equal(host.peer(ACME), acme);
  t.equal(host.in(acme, { protocol: UDP, ports: ports(53, 4000) }), 'inboundPort');
});

t.test('an outbound flow towards the own organisation needs no entry', async (t) => {
  const host = world();
  host.out(host.by.own, { protocol: UDP, ports: ports(1, 2) });
  t.equal(host.engine.flows(0), 0);
  host.out(host.by.acme, { protocol: UDP, ports: ports(1, 2), info: INFO_LATER_FRAGMENT | INFO_NO_PORTS });
  host.out(host.by.acme, { protocol: TCP, ports: ports(1, 2) });
  t.equal(host.engine.flows(0), 0, 'nor do TCP and later fragments');
});

t.test('whoever asks an open port from many ports pushes out no flow of another remote', async (t) => {
  const host = world();
  const asked = { protocol: UDP, ports: ports(5000, 53) };
  host.out(host.by.other, asked);
  for (let port = 1; port < 2000; port++) {
    t.equal(host.in(host.by.acme, { protocol: UDP, ports: ports(port, 53) }, 1), 'in');
    host.out(host.by.acme, { protocol: UDP, ports: ports(53, port) }, 1);
  }
  t.equal(host.in(host.by.other, { protocol: UDP, ports: ports(53, 5000) }, 2), 'in');
});

t.test(
  "what a service's endpoint asks the own organisation is answered, and nothing else comes in",
  async (t) => {
    const host = world();
    const from = address(-1, 6, 5);
    const answer = { protocol: UDP, ports: ports(53, 4000) };
    t.equal(host.in(host.by.own, answer, 0, 5), 'inboundPort');
    host.out(host.by.own, { protocol: UDP, ports: ports(4000, 53) }, 0, from);
    t.equal(host.in(host.by.own, answer, 0, 5), 'in');
    t.equal(host.in(host.by.acme, answer, 0, 5), 'inboundPort');
    host.out(host.by.own, { protocol: ICMP6, ports: icmp(128, 0, 7) }, 0, from);
    t.equal(host.in(host.by.own, { protocol: ICMP6, ports: icmp(129, 0, 7) }, 0, 5), 'in');
    t.equal(host.in(host.by.own, { protocol: ICMP6, ports: icmp(129, 0, 8) }, 0, 5), 'inboundFlow');
  },
);

t.test('a long ping of a service comes in whole', async (t) => {
  const host = world();
  const first = { protocol: ICMP6, ports: icmp(128, 0, 7), info: INFO_FIRST_FRAGMENT, fragmentId: 9 };
  const later = { protocol: ICMP6, info: INFO_LATER_FRAGMENT | INFO_NO_PORTS, fragmentId: 9 };
  t.equal(host.in(host.by.own, later, 0, 5), 'inboundFragment');
  t.equal(host.in(host.by.own, first, 0, 5), 'in');
  t.equal(host.in(host.by.own, later, 0, 5), 'in');
});
