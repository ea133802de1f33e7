// The responder before discovery itself, as node runs them.
import t from 'tap';
import { networkPrefix } from '../../../src/core/addressing/addressing.ts';
import { toHex } from '../../../src/core/base/bytes.ts';
import { REPEAT_MS } from '../../../src/core/dns/dns.ts';
import { Rcode } from '../../../src/core/dns/message.ts';
import { idToText } from '../../../src/core/identity/identity.ts';
import { World as Discovery, NETWORK, type Provider, service, serviceRecord } from '../discovery/world.ts';
import { encodeQuery, ip, read, World } from './world.ts';

/** Lookups are numbered alike on both sides. */
function setUp() {
  const discovery = new Discovery();
  const dns = new World(undefined, { networkPrefix: networkPrefix(NETWORK) });
  dns.directory = (name) => {
    const id = dns.looked.length;
    discovery.give({ kind: 'resolve', id, name });
    return discovery.answer(id);
  };
  /** Answers that came late. */
  const late = () => {
    for (const { id, result } of discovery.events('resolved'))
      dns.responder.handle({ kind: 'resolved', id, result }, discovery.now, dns.out);
    return dns.drain().sends.map(({ bytes }) => read(bytes));
  };
  return { discovery, dns, late };
}

const data = (texts: readonly string[]) => texts.map((text) => text.split(' ').slice(2).join(' '));

t.test("this node's own services and names are known at once", async (t) => {
  const { discovery, dns } = setUp();
  discovery.give({ kind: 'offer', service: service('hello', { port: 8080, ipv6: false }) });
  const [a] = dns.ask('Hello.mcc', 'A').answers;
  t.match(a, /^Hello\.mcc 5 A 100\.64\./);
  t.strictSame(dns.ask('hello.acme.mcc', 'A').answers, [a.replace('Hello', 'hello.acme')]);
  t.strictSame(dns.ask('hello.mcc', 'AAAA').answers, [], 'its target has no IPv6');
  const srv = dns.ask('_hello._tcp.mcc', 'SRV');
  t.strictSame(data(srv.answers), ['SRV 0 1 8080 hello.self.node.mcc']);
  t.equal(srv.additionals.length, 1);
  const endpoint = dns.ask('hello.self.node.mcc', 'A').answers;
  t.strictSame(data(endpoint), data(srv.additionals), 'where SRV points to is a name of its own');
  t.notSame(data(endpoint), data([a]), 'with an address of its own');
  const alias = (text: string) => text.split(' ')[3].split('.').reverse().join('.');
  t.strictSame(data(dns.ask(`${alias(a)}.in-addr.arpa`, 'PTR').answers), ['PTR hello.mcc']);
  t.strictSame(data(dns.ask(`${alias(endpoint[0])}.in-addr.arpa`, 'PTR').answers), [
    'PTR hello.self.node.mcc',
  ]);

  const [self] = dns.ask('self.node.mcc', 'AAAA').answers;
  t.match(self, /^self\.node\.mcc 60 AAAA fd07:707:707:/);
  const byId = `${idToText(discovery.keys.nodeId)}.node.mcc`;
  t.strictSame(data(dns.ask(byId, 'AAAA').answers), data([self]));
  t.strictSame(data(dns.ask('self.node.acme.mcc', 'AAAA').answers), data([self]));
});

t.test('an unknown name costs one lookup, and then none', async (t) => {
  const { discovery, dns, late } = setUp();
  t.strictSame(dns.query(encodeQuery('far.mcc', 'A')).sends, []);
  t.strictSame(dns.query(encodeQuery('far.mcc', 'AAAA')).sends, []);
  const provider = discovery.provider('box');
  discovery.found(discovery.find().id, [serviceRecord(provider, 'far', { port: 443 })]);
  const [a, aaaa] = late();
  t.match(a.answers, [/^far\.mcc 5 A 100\.64\./]);
  t.match(aaaa.answers, [/^far\.mcc 5 AAAA fd07:707:707:/]);
  t.strictSame(data(dns.ask('far.mcc', 'SRV').answers), [
    `SRV 0 1 443 far.${idToText(provider.nodeId)}.node.mcc`,
  ]);
  discovery.peer(provider);
  dns.now += REPEAT_MS;
  t.strictSame(data(dns.ask('far.mcc', 'SRV').answers), ['SRV 0 1 443 far.box.node.mcc']);
  t.equal(dns.ask(`far.${idToText(provider.nodeId)}.node.mcc`, 'AAAA').answers.length, 1);
  t.strictSame(discovery.finds(), []);
});

t.test('a name that nobody has, and one that nobody can be asked for', async (t) => {
  const { discovery, dns, late } = setUp();
  dns.query(encodeQuery('nothing.mcc', 'A'));
  discovery.found(discovery.find().id, []);
  t.strictSame(
    late().map(({ rcode }) => rcode),
    [Rcode.NXDOMAIN],
  );
  t.equal(dns.ask('nothing.mcc', 'AAAA').rcode, Rcode.NXDOMAIN);
  t.strictSame(discovery.finds(), [], 'is known for a while not to be there');
  t.equal(dns.ask('hello.unknown.mcc', 'A').rcode, Rcode.NXDOMAIN);
  t.equal(dns.ask('localhost.mcc', 'A').rcode, Rcode.NXDOMAIN);
  t.strictSame(discovery.finds(), []);

  dns.query(encodeQuery('alone.mcc', 'A'));
  discovery.found(discovery.find().id, [], { contacts: 0 });
  t.strictSame(
    late().map(({ rcode }) => rcode),
    [Rcode.SERVFAIL],
    'no other node answered',
  );
});

t.test('a lookup that outlasts the patience of who asked serves the next one', async (t) => {
  const { discovery, dns, late } = setUp();
  dns.query(encodeQuery('slow.mcc', 'A'));
  const { id } = discovery.find();
  discovery.wait(dns.responder.wakeAt - discovery.now);
  dns.responder.onTimer(discovery.now, dns.out);
  t.equal(read(dns.drain().sends[0].bytes).rcode, Rcode.SERVFAIL);
  discovery.found(id, [serviceRecord(discovery.provider(), 'slow')]);
  t.strictSame(late(), []);
  t.equal(dns.ask('slow.mcc', 'A').rcode, Rcode.NOERROR);
});

t.test('the services of another organisation, by its name and by its ID', async (t) => {
  const { discovery, dns, late } = setUp();
  const id = discovery.id();
  discovery.give({ kind: 'organisation', name: 'beta', id });
  const provider: Provider = discovery.provider('web', { organisation: id, organisationName: 'beta' });
  dns.query(encodeQuery('shop.beta.mcc', 'AAAA'));
  discovery.found(discovery.find().id, [serviceRecord(provider, 'shop')]);
  const [answer] = late();
  const [address] = data(answer.answers);
  t.match(address, /^AAAA fd07/);
  t.strictSame(data(dns.ask(`shop.${idToText(id)}.mcc`, 'AAAA').answers), [address]);
  const [, text] = address.split(' ');
  const nibbles = [...toHex(ip(text))].reverse().join('.');
  t.strictSame(data(dns.ask(`${nibbles}.ip6.arpa`, 'PTR').answers), ['PTR shop.beta.mcc']);
});
