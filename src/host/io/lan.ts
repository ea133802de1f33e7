// Nodes on one link find each other without anybody's help: a word to a multicast group, and a handshake that proves it.
//
// UDP port 9377 of 239.255.77.67 and of ff02::4d43, hop limit 1. A word has 48 bytes: "mccL", version 1, kind (0 announcement,
// 1 answer), tag of the network (8), node ID (32), port (2). The address is the packet's source.
import { createHash } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { BoundedMap } from '../../core/base/bounded-map.ts';
import { equalBytes } from '../../core/base/bytes.ts';
import {
  addressScope,
  formatIp,
  type IpAddress,
  isDialable,
  isIpv4,
  type Prefix,
  parseIp,
  prefixContains,
  type SocketAddress,
} from '../../core/base/ip.ts';
import { TokenBucket } from '../../core/base/token-bucket.ts';
import type { System } from '../native/types.ts';
import { nowMs } from './clock.ts';
import { isTun } from './interface.ts';

const GROUP4 = '239.255.77.67';
const GROUP6 = 'ff02::4d43';
const PORT = 9377;
const MAGIC = Buffer.from('mccL');
const VERSION = 1;
const SIZE = 48;
const ANNOUNCEMENT = 0;
const ANSWER = 1;

/** A word may get lost, and an interface that just came up drops some. */
const REPEAT_MS = [0, 1000, 5000];
const SETTLE_MS = 200;
/** Answers go to the group, so one serves all who asked. */
const ANSWER_EVERY_MS = 1000;
/** Not all who hear an announcement answer at one moment. */
const ANSWER_SPREAD_MS = 200;
const FOUND_PER_SECOND = 10;
const FOUND_MAX = 256;
/** So long the same word of the same node is no news. */
const FOUND_AGAIN_MS = 30_000;
/** Interfaces with one address of one family each. */
const SPOTS_MAX = 32;
/** IPv6 neighbours share so many bits, even where DHCPv6 gave this host an address by itself. */
const LINK_BITS6 = 64;

export interface LanOptions {
  readonly system: Pick<System, 'listLinks' | 'listPrefixes'>;
  readonly networkId: Uint8Array;
  readonly nodeId: Uint8Array;
  /** Port of the node's UDP sockets. */
  readonly udpPort: number;
  /** mcc's own interface, where nobody is asked. */
  readonly interfaceName: string;
  /** Somebody says that he is this node of this network, and where. At most 10 a second. Nothing of it is proven. */
  onFound(nodeId: Uint8Array, address: SocketAddress): void;
}

/** One address of an interface: where announcements leave, and IPv6 is heard. */
interface Spot {
  readonly sender: Socket;
  readonly receiver: Socket | undefined;
}

interface Place {
  readonly name: string;
  readonly ip: IpAddress;
  /** Of the interface, of the address's family: where its neighbours are. */
  readonly links: readonly Prefix[];
}

/** Announces this node on its links, and hears others. Sockets and timers do not keep the process alive. */
export class LanDiscovery {
  readonly #options: LanOptions;
  readonly #tag: Buffer;
  readonly #spots = new Map<string, Spot>();
  readonly #found = new BoundedMap<string, number>(FOUND_MAX);
  readonly #rate = new TokenBucket(FOUND_PER_SECOND, FOUND_PER_SECOND);
  /** Of the interfaces in use: a word from elsewhere names somebody who did not say it. */
  #links: readonly Prefix[] = [];
  #receiver4: Socket | undefined;
  #settling: NodeJS.Timeout | undefined;
  #announcing: NodeJS.Timeout[] = [];
  #answering: NodeJS.Timeout | undefined;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: LanOptions) {
    this.#options = options;
    this.#tag = createHash('sha256').update('mcc lan\0').update(options.networkId).digest().subarray(0, 8);
    this.#look();
  }

  /** Interfaces or addresses of this host changed. */
  changed(): void {
    if (this.#isClosed) return;
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#look();
    }, SETTLE_MS).unref();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of [this.#settling, this.#answering, ...this.#announcing]) clearTimeout(timer);
    for (const [key, spot] of this.#spots) this.#leave(key, spot);
    this.#receiver4?.close();
    this.#receiver4 = undefined;
  }

  /** Is where the interfaces are now, and announces itself when one is new. */
  #look(): void {
    const places = new Map(this.#places().map((place) => [`${formatIp(place.ip)}%${place.name}`, place]));
    this.#links = [...places.values()].flatMap(({ links }) => links);
    for (const [key, spot] of this.#spots) if (!places.has(key)) this.#leave(key, spot);
    let isNew = false;
    for (const [key, place] of places) {
      if (this.#spots.has(key) || this.#spots.size >= SPOTS_MAX) continue;
      this.#spots.set(key, isIpv4(place.ip) ? this.#enter4(key, place) : this.#enter6(key, place));
      isNew = true;
    }
    if (!isNew) return;
    for (const timer of this.#announcing) clearTimeout(timer);
    this.#announcing = REPEAT_MS.map((ms) => setTimeout(() => this.#say(ANNOUNCEMENT), ms).unref());
  }

  /** The first usable address of each family of each interface that carries multicast; a TUN leads into another network. */
  #places(): Place[] {
    const { system, interfaceName } = this.#options;
    const prefixes = system.listPrefixes().filter(({ kind, ip }) => {
      return kind === 'address' && ['global', 'private', 'shared'].includes(addressScope(ip));
    });
    return system
      .listLinks()
      .filter(({ up, multicast, loopback }) => up && multicast && !loopback)
      .filter(({ name }) => name !== interfaceName && !isTun(name))
      .flatMap(({ index, name }) => {
        const own = prefixes.filter((prefix) => prefix.index === index);
        const families = [own.filter(({ ip }) => isIpv4(ip)), own.filter(({ ip }) => !isIpv4(ip)).map(link6)];
        return families.flatMap((links) => (links.length === 0 ? [] : { name, ip: links[0].ip, links }));
      });
  }

  #enter4(key: string, { ip }: Place): Spot {
    const address = formatIp(ip);
    const sender = this.#open('udp4', key);
    sender.bind(0, address, () => {
      this.#quietly(key, () => {
        sender.setMulticastInterface(address);
        sender.setMulticastTTL(1);
      });
    });
    // Bound to the group, so that nothing sent to this host itself gets here.
    if (this.#receiver4 === undefined) {
      const receiver = this.#open('udp4', undefined);
      receiver.bind(PORT, GROUP4, () => {
        for (const joined of this.#spots.keys()) if (!joined.includes(':')) this.#join4(joined);
      });
      this.#receiver4 = receiver;
    } else {
      this.#join4(key);
    }
    return { sender, receiver: undefined };
  }

  #join4(key: string): void {
    const address = key.slice(0, key.indexOf('%'));
    try {
      this.#receiver4?.addMembership(GROUP4, address);
    } catch {
      // Not bound yet, which joins them all; or joined before; or the interface is gone, of which we hear soon.
    }
  }

  #enter6(key: string, { name, ip }: Place): Spot {
    const sender = this.#open('udp6', key);
    sender.bind(0, formatIp(ip), () => {
      this.#quietly(key, () => {
        sender.setMulticastInterface(`::%${name}`);
        sender.setMulticastTTL(1);
      });
    });
    const receiver = this.#open('udp6', key);
    receiver.bind(PORT, `${GROUP6}%${name}`, () => {
      this.#quietly(key, () => receiver.addMembership(GROUP6, `::%${name}`));
    });
    return { sender, receiver };
  }

  /** Several daemons of one host hear the same words. An error ends the spot `key`, or the hearing of IPv4. */
  #open(type: 'udp4' | 'udp6', key: string | undefined): Socket {
    const socket = createSocket({ type, reuseAddr: true, ipv6Only: type === 'udp6' });
    socket.unref();
    socket.on('message', (message, from) => this.#heard(message, from));
    socket.on('error', () => {
      if (key !== undefined) this.#giveUp(key);
      else if (this.#receiver4 === socket) {
        this.#receiver4 = undefined;
        socket.close();
      }
    });
    return socket;
  }

  #quietly(key: string, body: () => void): void {
    try {
      body();
    } catch {
      this.#giveUp(key);
    }
  }

  /** The next change of the interface, such as the end of duplicate address detection, tries again. */
  #giveUp(key: string): void {
    const spot = this.#spots.get(key);
    if (spot !== undefined) this.#leave(key, spot);
  }

  #leave(key: string, { sender, receiver }: Spot): void {
    this.#spots.delete(key);
    sender.close();
    receiver?.close();
    if (receiver !== undefined) return;
    try {
      this.#receiver4?.dropMembership(GROUP4, key.slice(0, key.indexOf('%')));
    } catch {
      // It went with the address.
    }
  }

  #say(kind: number): void {
    const { nodeId, udpPort } = this.#options;
    const port = Buffer.of(udpPort >> 8, udpPort & 0xff);
    const word = Buffer.concat([MAGIC, Buffer.of(VERSION, kind), this.#tag, nodeId, port]);
    for (const [key, { sender, receiver }] of this.#spots) {
      const name = key.slice(key.indexOf('%'));
      sender.send(word, PORT, receiver === undefined ? GROUP4 : `${GROUP6}${name}`, () => {
        // Lost, as any datagram may be.
      });
    }
  }

  #heard(word: Buffer, from: RemoteInfo): void {
    if (this.#isClosed || word.length !== SIZE || !equalBytes(word.subarray(0, 4), MAGIC)) return;
    if (word[4] !== VERSION || !equalBytes(word.subarray(6, 14), this.#tag)) return;
    const nodeId = Uint8Array.from(word.subarray(14, 46));
    const ip = parseIp(from.address.split('%')[0] ?? '');
    const port = word.readUInt16BE(46);
    if (ip === undefined || !isDialable({ ip, port }) || equalBytes(nodeId, this.#options.nodeId)) return;
    if (!this.#links.some((link) => prefixContains(link, ip))) return;
    const now = nowMs();
    if (word[5] === ANNOUNCEMENT) this.#answerSoon(now);
    const key = `${word.toString('latin1', 14, 46)} ${formatIp(ip)} ${port}`;
    const before = this.#found.get(key);
    if (before !== undefined && now - before < FOUND_AGAIN_MS) return;
    if (!this.#rate.take(now)) return;
    this.#found.set(key, now);
    this.#options.onFound(nodeId, { ip, port });
  }

  #answerSoon(now: number): void {
    if (this.#answering !== undefined) return;
    const waitMs = Math.max(0, this.#answeredAt + ANSWER_EVERY_MS - now) + Math.random() * ANSWER_SPREAD_MS;
    this.#answering = setTimeout(() => {
      this.#answering = undefined;
      this.#answeredAt = nowMs();
      this.#say(ANSWER);
    }, waitMs).unref();
  }
}

function link6({ ip, bits }: Prefix): Prefix {
  return { ip, bits: Math.min(bits, LINK_BITS6) };
}
