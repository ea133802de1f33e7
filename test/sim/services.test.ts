// A service of two providers, by engines and simulated ports alone: what a client's programs see when one of them dies, and what a
// provider's own programs see.
import t from 'tap';
import { Tables } from '../../src/core/addressing/addressing.ts';
import {
  ORGANISATION_OWN,
  OWN_REMOTE,
  REMOTE_ESTABLISHED,
  REMOTE_MEMBER,
  type ServiceEndpoint,
} from '../../src/core/addressing/types.ts';
import { Counter, INBOUND_ROWS, Suite } from '../../src/core/base/batch-layout.generated.ts';
import { DropCounters } from '../../src/core/base/drop-reason.ts';
import {
  equalSocketAddress,
  type IpAddress,
  ipToWords,
  ipv4,
  parseIp,
  type SocketAddress,
} from '../../src/core/base/ip.ts';
import { seededRng } from '../../src/core/base/rng.ts';
import { Engine } from '../../src/core/engine/engine.ts';
import type { EngineSink } from '../../src/core/engine/types.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { Datagram } from '../../src/sim/inlet.ts';
import { SimPort } from '../../src/sim/port.ts';
import { checksumsHold, echoPacket, tcpPacket, udpPacket, unreachablePacket } from './packets.ts';

const PREFIX = 0x64400000;
const NETWORK = Uint8Array.of(1, 2, 3, 4, 5);
const SELECTOR = 7;
const PORT = 80;
const TCP = 6;
const UDP = 17;

function ip(text: string): IpAddress {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

const FAMILIES = [
  { host: (n: number) => ip(`100.64.0.${10 + n}`), own: (n: number) => ip(`100.64.0.${20 + n}`) },
  { host: (n: number) => ip(`fd01:203:405::${10 + n}`), own: (n: number) => ip(`fd01:203:405::${20 + n}`) },
].map((addresses, i) => ({ ...addresses, service: ip(i === 0 ? '100.64.0.99' : 'fd01:203:405::99') }));

/** Host n of a world in which every host has every other as remote slot m, with sessions. */
class Host {
  readonly tables = new Tables(NETWORK, PREFIX, [1, 2, 3, 4]);
  readonly drops = new DropCounters();
  readonly received: Uint8Array[] = [];
  readonly port: SimPort;
  readonly at: SocketAddress;
  isUp = true;
  /** What a program answers to a packet. */
  program: (packet: Uint8Array) => Uint8Array | undefined = () => undefined;
  private readonly answers: Uint8Array[] = [];

  constructor(n: number, wire: { from: Host; to: SocketAddress; bytes: Uint8Array }[]) {
    this.at = { ip: ipv4(192, 0, 2, n), port: 9376 };
    this.port = new SimPort(fakeCrypto, {
      now: () => 0,
      sendDatagram: (to, bytes) => wire.push({ from: this, to, bytes }) > 0,
      writeInside: (packet) => this.onInside(packet),
      openSocket: () => 'EMFILE',
      closeSocket: () => undefined,
      routeMtu: () => 1500,
    });
    const engine = new Engine(this.tables, this.drops, seededRng(n));
    const { port } = this;
    const nothing = () => undefined;
    const sink: EngineSink = {
      wanted: nothing,
      rekey: nothing,
      keyConfirmed: nothing,
      roamed: () => true,
      control: nothing,
      raw: nothing,
      refused: nothing,
      serviceUsed: nothing,
      dns: nothing,
      inject: (packet) => port.inject(packet),
    };
    port.onInside((rows) => {
      engine.outbound(port.outRows, port.outBytes, rows, 0, sink);
      port.send(rows);
    });
    port.onOutside((rows) => {
      engine.inbound(port.inRows, port.inBytes, rows, 0, sink);
      port.deliver(rows);
    });
  }

  /** Reads what arrived, and what programs answered. */
  turn(datagrams: Datagram[]): boolean {
    for (let i = 0; i < datagrams.length; i += INBOUND_ROWS)
      this.port.readOutside(datagrams.slice(i, i + INBOUND_ROWS));
    const packets = this.answers.splice(0);
    this.port.readInside(packets);
    return packets.length > 0;
  }

  private onInside(packet: Uint8Array): void {
    this.received.push(packet);
    const answer = this.program(packet);
    if (answer !== undefined) this.answers.push(answer);
  }
}

class Trio {
  readonly hosts: Host[];
  private readonly wire: { from: Host; to: SocketAddress; bytes: Uint8Array }[] = [];

  constructor() {
    this.hosts = [0, 1, 2].map((n) => new Host(n, this.wire));
    this.hosts.forEach((host, n) => {
      this.introduce(host, n);
    });
  }

  /** Endpoints of the service, as this host is told. */
  tell(host: Host, endpoints: readonly Partial<ServiceEndpoint>[]): void {
    const usual = { selector: SELECTOR, weight: 1, isUp: true, port: PORT, ipv4: true, ipv6: true };
    host.tables.setServiceEndpoints(
      0,
      endpoints.map((endpoint) => ({ ...usual, remote: 0, protocol: TCP, ...endpoint })),
    );
  }

  /** Programs of a host send; until nothing moves any more. */
  send(host: Host, ...packets: Uint8Array[]): void {
    host.port.readInside(packets);
    for (let isMoving = true; isMoving; ) {
      const sent = this.wire.splice(0);
      isMoving = sent.length > 0;
      for (const to of this.hosts) {
        const arrived = sent.filter((datagram) => equalSocketAddress(datagram.to, to.at));
        const datagrams = arrived.map(({ from, bytes }) => ({ from: from.at, bytes }));
        if (to.isUp && to.turn(datagrams)) isMoving = true;
      }
    }
  }

  private introduce(host: Host, n: number): void {
    const { tables, port } = host;
    const [v4, v6] = FAMILIES;
    const alias = (address: IpAddress) => PREFIX + address[15];
    tables.setOwnEndpoint(0, v6.host(n), alias(v4.host(n)));
    tables.setOwnEndpoint(SELECTOR, v6.own(n), alias(v4.own(n)));
    tables.setService(0, v6.service, alias(v4.service));
    for (const protocol of [TCP, UDP]) tables.openPorts.open(SELECTOR, protocol, PORT, { kind: 'members' });
    for (let m = 0; m < 3; m++) {
      tables.claimRemote();
      if (m === n) continue;
      tables.setEndpoint(m, 0, v6.host(m), alias(v4.host(m)));
      const { remotes, receiveKeys, paths } = tables;
      remotes.organisation[m] = ORGANISATION_OWN;
      remotes.flags[m] = REMOTE_ESTABLISHED | REMOTE_MEMBER;
      remotes.sendKey[m] = m;
      remotes.receiveKey[m] = m;
      remotes.counterLimit[m] = 2 ** 28;
      remotes.rekeyAtCounter[m] = 2 ** 28;
      remotes.rekeyAtMs[m] = Number.POSITIVE_INFINITY;
      remotes.refuseAtMs[m] = Number.POSITIVE_INFINITY;
      remotes.path[m] = m;
      remotes.maxPlaintext[m] = 1400;
      receiveKeys.set(m, m, true, m);
      const at = this.hosts[m].at;
      const words = new Uint32Array(4);
      ipToWords(at.ip, words, 0);
      paths.set(m, words, 0, at.port);
      // The receiver's slot for us has our number.
      const key = (from: number, to: number) => new Uint8Array(32).fill(16 * from + to + 1);
      port.setSendKey(m, Suite.aes256Gcm, key(n, m), 0x10000 + n);
      port.setReceiveKey(m, Suite.aes256Gcm, key(m, n), 0x10000 + m, m);
      port.setPath(m, at);
    }
  }
}

interface Seen {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly protocol: number;
  readonly ports: [number, number];
}

function seen(packet: Uint8Array): Seen {
  const is4 = packet[0] >> 4 === 4;
  const [at, size, network] = is4 ? [12, 4, 20] : [8, 16, 40];
  const address = (from: number): IpAddress =>
    is4
      ? ipv4(packet[from], packet[from + 1], packet[from + 2], packet[from + 3])
      : packet.slice(from, from + 16);
  return {
    from: address(at),
    to: address(at + size),
    protocol: packet[is4 ? 9 : 6],
    ports: [(packet[network] << 8) | packet[network + 1], (packet[network + 2] << 8) | packet[network + 3]],
  };
}

/** A program that answers TCP, UDP and pings; what comes to it went to `own`. */
function answering(packet: Uint8Array): Uint8Array | undefined {
  const { from, to, protocol, ports } = seen(packet);
  if (ports[1] !== PORT && protocol !== 1 && protocol !== 58) return undefined;
  if (protocol === TCP) return tcpPacket(to, PORT, from, ports[0], Uint8Array.of(1), { flags: 18 });
  if (protocol === UDP) return udpPacket(to, PORT, from, ports[0], packet.slice(-1200));
  const type = packet[packet[0] >> 4 === 4 ? 20 : 40];
  return type === 8 || type === 128 ? echoPacket(to, from, 5, true) : undefined;
}

for (const [i, { host, own, service }] of FAMILIES.entries()) {
  const family = i === 0 ? 'IPv4' : 'IPv6';
  const syn = (port: number, n = 0) =>
    tcpPacket(host(n), port, service, PORT, new Uint8Array(0), { flags: 2 });
  const data = (port: number) => tcpPacket(host(0), port, service, PORT, Uint8Array.of(1, 2));

  t.test(`one of two providers dies, ${family}`, async (t) => {
    const trio = new Trio();
    const [client, ...providers] = trio.hosts;
    for (const provider of providers) provider.program = answering;
    trio.tell(client, [{ remote: 1 }, { remote: 2 }]);
    const ports = Array.from({ length: 20 }, (_, n) => 1000 + n);
    for (const port of ports) trio.send(client, syn(port), data(port));
    t.equal(client.received.length, 40);
    for (const packet of client.received) {
      t.match(seen(packet), { from: service, to: host(0) });
      t.ok(checksumsHold(packet));
    }
    for (const [n, provider] of providers.entries()) {
      t.ok(provider.received.length >= 10, `${provider.received.length} packets at one`);
      for (const packet of provider.received) t.match(seen(packet), { from: host(0), to: own(n + 1) });
    }

    const ofFirst = new Set(providers[0].received.map((packet) => seen(packet).ports[0]));
    providers[0].isUp = false;
    trio.tell(client, [{ remote: 1, isUp: false }, { remote: 2 }]);
    client.received.length = 0;
    for (const port of ports) trio.send(client, data(port));
    t.equal(client.received.length, 20 - ofFirst.size, 'connections to the other go on');
    client.received.length = 0;
    for (const port of ports) trio.send(client, syn(2000 + port));
    t.equal(client.received.length, 20, 'new ones find it');
    client.received.length = 0;
    for (const port of ofFirst) trio.send(client, syn(port), data(port));
    t.equal(client.received.length, 2 * ofFirst.size, 'and so do programs that try again');

    for (const each of trio.hosts) {
      t.same(each.drops.toJSON(), {});
      t.equal(each.port.counters[Counter.dropBadRow], 0);
      t.equal(each.port.slotsInUse, 0);
    }
  });

  t.test(`UDP, pings and errors of a service, ${family}`, async (t) => {
    const trio = new Trio();
    const [client, provider] = trio.hosts;
    provider.program = answering;
    trio.tell(client, [{ remote: 1, protocol: UDP }]);
    trio.send(client, udpPacket(host(0), 1000, service, PORT, new Uint8Array(1300)));
    trio.send(client, echoPacket(host(0), service, 5));
    t.equal(client.received.length, 2);
    provider.program = (packet) => unreachablePacket(own(1), host(0), packet);
    const asked = udpPacket(host(0), 1001, service, PORT, new Uint8Array(20));
    trio.send(client, asked);
    t.equal(client.received.length, 3);
    for (const packet of client.received) {
      t.match(seen(packet), { from: service, to: host(0) });
      t.ok(checksumsHold(packet));
    }
    const quote = client.received[2].subarray(i === 0 ? 28 : 48);
    t.same(quote, asked, 'the error quotes what was sent, to the last checksum');
    t.same(client.drops.toJSON(), {});
    t.same(provider.drops.toJSON(), {});
  });

  t.test(`a provider reaches its own service, ${family}`, async (t) => {
    const trio = new Trio();
    const [, provider] = trio.hosts;
    provider.program = answering;
    trio.tell(provider, [{ remote: OWN_REMOTE }]);
    trio.send(provider, syn(1000, 1), echoPacket(host(1), service, 5));
    const [toEndpoint, pinged, answer, pong] = provider.received;
    t.match(seen(toEndpoint), { from: service, to: own(1), ports: [1000, PORT] });
    t.match(seen(pinged), { from: service, to: own(1) });
    t.match(seen(answer), { from: service, to: host(1), ports: [PORT, 1000] });
    t.match(seen(pong), { from: service, to: host(1) });
    provider.program = (packet) =>
      seen(packet).protocol === TCP ? unreachablePacket(own(1), service, packet) : undefined;
    const asked = syn(1001, 1);
    trio.send(provider, asked);
    const error = provider.received[provider.received.length - 1];
    t.match(seen(error), { from: service, to: host(1) });
    t.same(error.subarray(i === 0 ? 28 : 48), asked);
    for (const packet of provider.received) t.ok(checksumsHold(packet));
    t.same(provider.drops.toJSON(), {});
    t.equal(provider.port.counters[Counter.datagramsSent], 0, 'nothing left the host');
    t.equal(provider.port.slotsInUse, 0);
  });
}
