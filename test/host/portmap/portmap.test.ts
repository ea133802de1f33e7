// The whole of it against gateways that the test plays, on loopback.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { formatSocketAddress, ipv4 } from '../../../src/core/base/ip.ts';
import { findLinks } from '../../../src/host/portmap/gateways.ts';
import { PortMap } from '../../../src/host/portmap/portmap.ts';
import type { PortMapping } from '../../../src/host/portmap/types.ts';

t.setTimeout(120_000);

const LOCAL = ipv4(127, 0, 0, 1);
const HEAD = 'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT';
/** A default route by 127.0.0.1. */
const ROUTE = `${HEAD}\nlo 00000000 0100007F 0003 0 0 0 00000000 0 0 0\n`;
const address = { kind: 'address', index: 1, table: 0, ip: LOCAL, bits: 104 } as const;
const system = { linkIndex: () => 1, listPrefixes: () => [address] };
/** Long enough for a busy machine; what cannot be had is refused at once. */
const TIMING = {
  waitsMs: [100, 400, 20_000],
  searchMs: 300,
  checkMs: 20,
  renewMinMs: 20,
  retryMs: 20,
  settleMs: 1,
};

type Handler = (question: Buffer, answer: (bytes: Buffer) => void, from: RemoteInfo) => void;

async function gateway(handler: Handler): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) =>
    handler(question, (bytes) => socket.send(bytes, from.port, from.address), from),
  );
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** Knows nothing of PCP (UNSUPP_VERSION), NAT-PMP (UNSUPP_OPCODE) and SSDP. */
const refuse: Handler = (question, answer) => {
  const result = question[0] === 2 ? 1 : 5;
  answer(Buffer.from([0, 0x80 | question[1]!, 0, result, 0, 0, 0, 0]));
};

/** Speaks both of port 5351 as far as it is told, and writes down what it was asked. */
class Box {
  readonly asked: string[] = [];
  #startedAt = performance.now() - 1_000_000;
  external = Buffer.of(198, 51, 100, 7);
  pcp = true;
  /** Of answers to PCP. */
  result = 0;
  /** Granted by PCP; undefined: what is wanted. */
  lifetimeS: number | undefined;
  #told = 0;
  #wake = Promise.withResolvers<void>();

  get #epochS(): number {
    return Math.floor((performance.now() - this.#startedAt) / 1000);
  }

  reboot(): void {
    this.#startedAt = performance.now();
  }

  readonly handler: Handler = (question, answer) => {
    const reply = this.#reply(question);
    if (reply !== undefined) answer(reply);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  };

  /** Resolves with the next question of that kind. */
  async next(kind: string): Promise<void> {
    for (;;) {
      while (this.#told < this.asked.length) if (this.asked[this.#told++] === kind) return;
      await this.#wake.promise;
    }
  }

  #reply(question: Buffer): Buffer | undefined {
    if (question[0] === 2) return this.#pcp(question);
    const map = question.length === 12;
    this.asked.push(map ? (question.readUInt32BE(8) === 0 ? 'pmp unmap' : 'pmp map') : 'pmp address');
    const reply = Buffer.alloc(map ? 16 : 12);
    reply[1] = map ? 129 : 128;
    reply.writeUInt32BE(this.#epochS, 4);
    if (!map) this.external.copy(reply, 8);
    else question.copy(reply, 8, 4, 12);
    return reply;
  }

  #pcp(question: Buffer): Buffer {
    if (!this.pcp) return Buffer.from([0, 0x80 | question[1]!, 0, 1, 0, 0, 0, 0]);
    const isMap = question[1] === 1;
    this.asked.push(isMap ? (question.readUInt32BE(4) === 0 ? 'pcp unmap' : 'pcp map') : 'pcp announce');
    const reply = Buffer.from(question);
    reply[1]! |= 0x80;
    reply.writeUInt32BE(this.#epochS, 8);
    reply.fill(0, 12, 24);
    reply[3] = isMap ? this.result : 0;
    if (isMap) this.external.copy(reply, 56);
    if (isMap && this.lifetimeS !== undefined) reply.writeUInt32BE(this.lifetimeS, 4);
    return reply;
  }
}

interface Opened {
  map: PortMap;
  /** Resolves with what is told next. */
  told(): Promise<PortMapping | undefined>;
}

function open(pcp: number, ssdp: number): Opened {
  const queue: (PortMapping | undefined)[] = [];
  let wake: (() => void) | undefined;
  const map = new PortMap({
    system,
    sockets: [{ ip: ipv4(0, 0, 0, 0), port: 9376 }],
    secret: Buffer.alloc(32, 7),
    timing: TIMING,
    routes: () => ({ ipv4: ROUTE, ipv6: '' }),
    ports: { pcp, ssdp },
    onChange: (mapping) => {
      queue.push(mapping);
      wake?.();
    },
  });
  return {
    map,
    async told() {
      while (queue.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      return queue.shift();
    },
  };
}

const portOf = (socket: Socket): number => socket.address().port;

t.test('of several protocols the best is used, and given back at the end', async (t) => {
  const box = new Box();
  const socket = await gateway(box.handler);
  const silent = await gateway(refuse);
  const { map, told } = open(portOf(socket), portOf(silent));
  const mapping = await told();
  t.match(mapping, { protocol: 'pcp', isPublic: true });
  t.equal(mapping && formatSocketAddress(mapping.external), '198.51.100.7:9376');
  await map.close();
  t.equal(box.asked.filter((kind) => kind === 'pcp map').length, 1);
  t.notOk(box.asked.includes('pmp map'), 'nothing else was mapped');
  await box.next('pcp unmap');
  socket.close();
  silent.close();
});

for (const pcp of [true, false]) {
  const kind = pcp ? 'pcp' : 'nat-pmp';
  t.test(`${kind}: a gateway that started anew is asked again at once`, async (t) => {
    const box = new Box();
    box.pcp = pcp;
    const socket = await gateway(box.handler);
    const silent = await gateway(refuse);
    const { map, told } = open(portOf(socket), portOf(silent));
    t.match(await told(), { protocol: kind });
    await box.next(pcp ? 'pcp map' : 'pmp map');
    await box.next(pcp ? 'pcp announce' : 'pmp address');
    box.reboot();
    await box.next(pcp ? 'pcp map' : 'pmp map');
    t.pass('it is mapped once more');
    await map.close();
    await box.next(pcp ? 'pcp unmap' : 'pmp unmap');
    socket.close();
    silent.close();
  });
}

t.test('a lease that is renewed goes on, one that is not ends, and neither makes a flood', async (t) => {
  const box = new Box();
  box.lifetimeS = 1;
  const socket = await gateway(box.handler);
  const silent = await gateway(refuse);
  const { map, told } = open(portOf(socket), portOf(silent));
  t.match(await told(), { protocol: 'pcp' });
  await box.next('pcp map');
  await box.next('pcp map');
  box.result = 2;
  const before = box.asked.length;
  // NAT-PMP takes its place once it has ended.
  t.equal(await told(), undefined);
  t.ok(box.asked.length - before < 300, `${box.asked.length - before} questions in a second`);
  await map.close();
  socket.close();
  silent.close();
});

t.test('another outer address is told, and one behind another NAT as what it is', async (t) => {
  const box = new Box();
  box.pcp = false;
  const socket = await gateway(box.handler);
  const silent = await gateway(refuse);
  const { map, told } = open(portOf(socket), portOf(silent));
  t.match(await told(), { isPublic: true });
  box.external = Buffer.of(100, 64, 3, 2);
  const mapping = await told();
  t.equal(mapping && formatSocketAddress(mapping.external), '100.64.3.2:9376');
  t.equal(mapping?.isPublic, false);
  box.external = Buffer.of(0, 0, 0, 0);
  t.equal(await told(), undefined, 'a line that is down leads nowhere');
  await map.close();
  socket.close();
  silent.close();
});

t.test('what does not come from the gateway and its port is not heard', async (t) => {
  const box = new Box();
  const liar = new Box();
  liar.external = Buffer.of(203, 0, 113, 66);
  const stranger = await gateway(() => undefined);
  const socket = await gateway((question, answer, from) => {
    liar.handler(
      question,
      (bytes) =>
        stranger.send(bytes, from.port, from.address, () => {
          box.handler(question, answer, from);
        }),
      from,
    );
  });
  const silent = await gateway(refuse);
  const { map, told } = open(portOf(socket), portOf(silent));
  const mapping = await told();
  t.equal(mapping && formatSocketAddress(mapping.external), '198.51.100.7:9376');
  await map.close();
  for (const one of [stranger, socket, silent]) one.close();
});

t.test('a gateway of nonsense gets nothing, and holds up nobody', async (t) => {
  const junk = [
    Buffer.alloc(0),
    Buffer.alloc(60, 0xff),
    Buffer.alloc(2000, 2),
    Buffer.from('HTTP/1.1 200 OK\r\n'),
  ];
  let questions = 0;
  const asked = Promise.withResolvers<void>();
  const socket = await gateway((question, answer) => {
    for (const bytes of [...junk, question]) answer(bytes);
    if (++questions > 8) asked.resolve();
  });
  const { map } = open(portOf(socket), portOf(socket));
  await asked.promise;
  t.equal(map.mapping, undefined);
  await map.close();
  socket.close();
});

interface Page {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** A UPnP gateway; `page` makes its answers. Resolves with its SSDP socket and how to end it. */
async function upnpGateway(page: (action: string, body: string) => Page) {
  const server = createServer((request, response) => {
    const action = String(request.headers.soapaction ?? 'description').replaceAll('"', '');
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { status, headers, body: text } = page(action.split('#').at(-1) ?? '', body);
      response.writeHead(status, headers).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = await gateway((question, answer) => {
    const type = /^ST: (.*)\r$/m.exec(question.toString('latin1'))?.[1];
    if (type?.endsWith(':1') !== true) return;
    answer(Buffer.from(`HTTP/1.1 200 OK\r\nST: ${type}\r\nLOCATION: http://127.0.0.1:${port}/d.xml\r\n\r\n`));
  });
  return {
    port: portOf(socket),
    close() {
      socket.close();
      server.close();
    },
  };
}

const WANIP = 'urn:schemas-upnp-org:service:WANIPConnection:1';
const DESCRIPTION = `<root><service><serviceType>${WANIP}</serviceType><controlURL>/c</controlURL></service></root>`;
const soap = (action: string, inner = ''): Page => ({
  status: 200,
  body: `<s:Envelope><s:Body><u:${action}Response>${inner}</u:${action}Response></s:Body></s:Envelope>`,
});
const fault = (code: number): Page => ({
  status: 500,
  body: `<s:Envelope><s:Body><s:Fault><errorCode>${code}</errorCode></s:Fault></s:Body></s:Envelope>`,
});
const ADDRESS = soap('GetExternalIPAddress', '<NewExternalIPAddress>198.51.100.7</NewExternalIPAddress>');

t.test('upnp: a port that is taken, and leases that must not end', async (t) => {
  const silent = await gateway(refuse);
  const calls: string[] = [];
  const box = await upnpGateway((action, body) => {
    const field = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1];
    calls.push(`${action} ${field('NewExternalPort') ?? ''} ${field('NewLeaseDuration') ?? ''}`.trim());
    if (action === 'description') return { status: 200, body: DESCRIPTION };
    if (action === 'GetExternalIPAddress') return ADDRESS;
    if (action === 'AddPortMapping' && field('NewLeaseDuration') !== '0') return fault(725);
    if (action === 'AddPortMapping' && field('NewExternalPort') === '9376') return fault(718);
    return soap(action);
  });
  const { map, told } = open(portOf(silent), box.port);
  const mapping = await told();
  t.match(mapping, { protocol: 'upnp', expiresAt: undefined, isPublic: true });
  const port = mapping?.external.port ?? 0;
  t.not(port, 9376);
  t.ok(port >= 1024);
  t.same(calls.slice(0, 4), [
    'description',
    'GetExternalIPAddress',
    'AddPortMapping 9376 7200',
    'AddPortMapping 9376 0',
  ]);
  await map.close();
  t.equal(calls.at(-1), `DeletePortMapping ${port}`);
  box.close();
  silent.close();
});

const HOSTILE: [what: string, page: Page][] = [
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }],
  ['more than fits', { status: 200, body: `<root>${' '.repeat(200_000)}</root>` }],
  ['entities', { status: 200, body: `<!DOCTYPE r [<!ENTITY x "y">]>${DESCRIPTION}` }],
  ['no connection', { status: 200, body: '<root/>' }],
];
for (const [what, page] of HOSTILE) {
  t.test(`upnp: no mapping by a description of ${what}`, async (t) => {
    const silent = await gateway(refuse);
    const actions: string[] = [];
    const twice = Promise.withResolvers<void>();
    const box = await upnpGateway((action) => {
      actions.push(action);
      if (actions.length === 2) twice.resolve();
      return page;
    });
    const { map } = open(portOf(silent), box.port);
    await twice.promise;
    t.same(actions.slice(0, 2), ['description', 'description'], 'it is tried again, and nothing more');
    t.equal(map.mapping, undefined);
    await map.close();
    box.close();
    silent.close();
  });
}

t.test('default gateways as the kernel prints them', (t) => {
  const ip = ipv4(192, 168, 7, 2);
  const six = Uint8Array.from(Buffer.from('2a000007000000000000000000000002', 'hex'));
  const prefixes = [
    { kind: 'address', index: 2, table: 0, ip, bits: 120 },
    { kind: 'address', index: 2, table: 0, ip: six, bits: 64 },
  ] as const;
  const there = { linkIndex: (name: string) => (name === 'eth0' ? 2 : 0), listPrefixes: () => [...prefixes] };
  const ipv4Routes = [
    HEAD,
    'eth1 00000000 0101A8C0 0003 0 0 50 00000000 0 0 0',
    'eth0 00000000 0107A8C0 0003 0 0 100 00000000 0 0 0',
    'eth0 0007A8C0 00000000 0001 0 0 100 00FFFFFF 0 0 0',
    'tun0 00000000 00000000 0001 0 0 0 00000000 0 0 0',
  ].join('\n');
  const zeros = '0'.repeat(32);
  const ipv6Routes = [
    `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0`,
    `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
  ].join('\n');
  const links = findLinks(there, { ipv4: ipv4Routes, ipv6: ipv6Routes });
  t.same(links, [
    { gateway: ipv4(192, 168, 7, 1), local: ip, interfaceName: 'eth0' },
    {
      gateway: Uint8Array.from(Buffer.from('fe800000000000000000000000000001', 'hex')),
      local: six,
      interfaceName: 'eth0',
    },
  ]);
  t.same(findLinks(there, { ipv4: 'nonsense\n\n', ipv6: '\u0000' }), []);
  const open = { ...there, listPrefixes: () => [{ ...prefixes[0], ip: ipv4(198, 51, 100, 2) }] };
  t.same(findLinks(open, { ipv4: ipv4Routes, ipv6: '' }), [], 'no NAT is between this host and the Internet');
  t.end();
});
