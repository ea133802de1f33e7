// A simulated host: disk, sockets, a TUN with programs behind it, and the shipped node, run by the same turn as the daemon's.
import { Suite } from '../core/base/batch-layout.generated.ts';
import { toHex } from '../core/base/bytes.ts';
import type { IpAddress, SocketAddress } from '../core/base/ip.ts';
import type { Rng } from '../core/base/rng.ts';
import { applyPortCommand } from '../core/engine/engine.ts';
import type { PortEvent } from '../core/engine/types.ts';
import type { Crypto, NodeKeys } from '../core/identity/types.ts';
import { Node } from '../core/node/node.ts';
import type { KeptEpoch, KnownNode, NodeConfig, NodeEvent, PersistRecord } from '../core/node/types.ts';
import { type Disk, emptyDisk, loadState, saveRecord } from './disk.ts';
import type { Datagram } from './inlet.ts';
import type { Wire } from './network.ts';
import { Plug } from './plug.ts';
import { SimPort } from './port.ts';

/** What a simulated host is made of. */
export interface HostParts {
  readonly name: string;
  readonly keys: NodeKeys;
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly network: Wire;
  readonly address: SocketAddress;
  /** Of the other family, where it has both. */
  readonly otherAddress?: SocketAddress;
  readonly genesis: Uint8Array;
  readonly chain: Uint8Array | undefined;
  readonly signerSeed: Uint8Array | undefined;
  /** That it was given with its certificate. */
  readonly epochs?: readonly KeptEpoch[];
  /** Unix ms at world time 0. */
  readonly wallOffsetMs: number;
  readonly config?: Partial<NodeConfig>;
  /** Nodes that it knows from the start, as if from an earlier run. */
  readonly knows?: readonly SimHost[];
  /** Not running yet: `restart` starts it. */
  readonly isOff?: boolean;
  /** Further sockets that the system lets it have. Default: as many as may be. */
  readonly socketsMax?: number;
  /** Called with every node that starts here, before it hears of anything. */
  readonly prepare?: (node: Node) => void;
  /** Called after every turn: what the host waits for may have changed. */
  readonly onTurn?: (host: SimHost) => void;
  /** Events and packets are not kept: in a large world they would fill the memory. */
  readonly isForgetful?: boolean;
}

export class SimHost {
  node: Node;
  port: SimPort;
  readonly disk: Disk;
  /** Everything that the node said, oldest first; empty when the host is forgetful. */
  readonly events: NodeEvent[] = [];
  /** Hears what the node says. */
  listener: ((event: NodeEvent) => void) | undefined;
  /** Packets that came out of the TUN, oldest first; empty when the host is forgetful. */
  readonly received: Uint8Array[] = [];
  /** Answers packets from the TUN; a program. */
  program: ((packet: Uint8Array) => Uint8Array | undefined) | undefined;
  /** The next transactions fail: the disk is full. */
  isDiskFull = false;
  private readonly portEvents: PortEvent[] = [];
  private isDraining = false;
  private parts: HostParts;
  private readonly plug: Plug;
  private now: number;
  private isRunning: boolean;

  constructor(parts: HostParts, now: number) {
    const { network, address, otherAddress } = parts;
    const addresses = otherAddress === undefined ? [address] : [address, otherAddress];
    this.plug = new Plug(network, addresses, parts.socketsMax, (datagram, at) =>
      this.onDatagram(datagram, at),
    );
    this.parts = parts;
    this.now = now;
    this.disk = emptyDisk(parts.chain);
    this.disk.epochs = parts.epochs ?? [];
    for (const other of parts.knows ?? []) this.disk.knownNodes.set(other.key, other.asKnown());
    this.port = this.openPort();
    this.node = this.makeNode(now);
    this.isRunning = parts.isOff !== true;
    if (this.isRunning) this.plugIn();
  }

  get name(): string {
    return this.parts.name;
  }

  get keys(): NodeKeys {
    return this.parts.keys;
  }

  /** ms; when the host has to be given a turn. */
  get wakeAt(): number {
    if (!this.isRunning) return Number.POSITIVE_INFINITY;
    return this.answers.length > 0
      ? this.now
      : Math.min(this.node.wakeAt, Math.max(this.now, this.port.wakeAt));
  }

  get isUp(): boolean {
    return this.isRunning;
  }

  get address6(): IpAddress {
    return this.node.needs.interfaceAddresses().ipv6.ip;
  }

  get address4(): IpAddress {
    return this.node.needs.interfaceAddresses().ipv4.ip;
  }

  /** A turn: whatever the host asks of the node. */
  run<T>(now: number, body: (now: number) => T): T {
    this.now = now;
    const result = body(now);
    this.finish();
    this.sendHeld();
    this.parts.onTurn?.(this);
    return result;
  }

  tick(now: number): void {
    if (!this.isRunning) return;
    if (now >= this.port.wakeAt) {
      this.now = now;
      this.port.tick();
    }
    if (now >= this.node.wakeAt) this.run(now, () => undefined);
  }

  /** Programs on this host send packets. */
  sendInside(now: number, ...packets: Uint8Array[]): void {
    this.now = now;
    this.port.readInside(packets);
    this.parts.onTurn?.(this);
  }

  /** kill -9: nothing is said, memory and sockets are gone, the disk stays. */
  kill(): void {
    this.isRunning = false;
    this.plug.unbind();
    this.plug.closeAll();
    this.parts.onTurn?.(this);
  }

  /** From the next start on it holds no signing key. */
  retire(): void {
    this.parts = { ...this.parts, signerSeed: undefined };
  }

  /** Starts again with what the disk has. */
  restart(now: number, knows: readonly SimHost[] = []): void {
    this.kill();
    for (const other of knows) this.disk.knownNodes.set(other.key, other.asKnown());
    this.now = now;
    this.isRunning = true;
    this.port = this.openPort();
    this.node = this.makeNode(now);
    this.plugIn();
  }

  get address(): SocketAddress {
    return this.plug.addresses[0] as SocketAddress;
  }

  /** The host's own address changes. `isNoticed`: the kernel tells. `network`: where it is plugged in from now on. */
  move(address: SocketAddress, now: number, isNoticed: boolean, network = this.plug.network): void {
    const { plug } = this;
    const others = network === plug.network ? plug.addresses.slice(1) : [];
    plug.unbind();
    plug.network = network;
    plug.addresses = [address, ...others];
    plug.bind();
    if (isNoticed) this.tellAddresses(now);
  }

  private plugIn(): void {
    this.plug.bind();
    this.finish();
    this.tellAddresses(this.now);
  }

  private tellAddresses(now: number): void {
    const addresses = this.plug.addresses.map(({ ip }) => ip);
    this.run(now, () => this.node.onHostEvent({ kind: 'localAddresses', addresses }, now));
  }

  private openPort(): SimPort {
    const { crypto } = this.parts;
    const port = new SimPort(crypto, {
      now: () => this.now,
      sendDatagram: (to, bytes, ttl, ecn) => !this.isRunning || this.plug.send(to, bytes, this.now, ttl, ecn),
      writeInside: (packet) => this.onInside(packet),
      openSocket: (socket) => this.plug.open(socket),
      closeSocket: (socket) => this.plug.close(socket),
      routeMtu: (to) => this.plug.routeMtu(to),
    });
    port.onInside((rows) => {
      this.node.transmit(port, rows, this.now);
      this.drain();
      this.sendHeld();
      port.send(rows);
      this.finish();
      this.sendHeld();
    });
    port.onOutside((rows) => {
      this.node.receive(port, rows, this.now);
      this.finish();
      this.sendHeld();
      port.deliver(rows);
    });
    port.onEvent((event) => {
      this.portEvents.push(event);
      this.hearPort();
    });
    return port;
  }

  private makeNode(now: number): Node {
    const { keys, genesis, signerSeed, crypto, rng, wallOffsetMs } = this.parts;
    const config: NodeConfig = {
      advertise: [],
      listenPort: this.address.port,
      mtu: 1420,
      suites: [Suite.aes256Gcm, Suite.chacha20Poly1305],
      ...this.parts.config,
    };
    const { chain } = this.disk;
    const state = loadState(this.disk);
    const options = {
      keys,
      genesis,
      chain,
      signerSeed,
      crypto,
      rng,
      config,
      state,
      hostPrefixes: [],
      wallOffsetMs,
    };
    const node = new Node(options, now);
    this.parts.prepare?.(node);
    return node;
  }

  private onDatagram(datagram: Datagram, now: number): void {
    if (!this.isRunning) return;
    this.now = now;
    this.port.readOutside([datagram]);
    this.parts.onTurn?.(this);
  }

  private onInside(packet: Uint8Array): void {
    if (!this.parts.isForgetful) this.received.push(packet);
    const answer = this.program?.(packet);
    if (answer !== undefined) this.answers.push(answer);
  }

  /** What programs answer is read from the TUN in the next turn. */
  private readonly answers: Uint8Array[] = [];

  /** Lets programs' answers through; true: there were some. */
  flush(now: number): boolean {
    const packets = this.answers.splice(0);
    if (packets.length > 0) this.sendInside(now, ...packets);
    return packets.length > 0;
  }

  private finish(): void {
    if (this.now >= this.node.wakeAt) this.node.tick(this.now);
    this.drain();
  }

  /** As the addon tells of it: never in the midst of the node's commands. */
  private hearPort(): void {
    while (!this.isDraining && this.portEvents.length > 0) {
      const event = this.portEvents.shift() as PortEvent;
      this.run(this.now, () => this.node.onHostEvent(event, this.now));
    }
  }

  private drain(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    this.drainAll();
    this.isDraining = false;
    this.hearPort();
  }

  private drainAll(): void {
    const { node, now } = this;
    const { out } = node;
    while (out.persists.length + out.commands.length + out.afterPersist.length + out.events.length > 0) {
      const isSaved = this.save(out.persists);
      for (const command of out.commands) applyPortCommand(this.port, command);
      if (isSaved) for (const command of out.afterPersist) applyPortCommand(this.port, command);
      const lost = isSaved ? [] : [...out.persists];
      const events = [...out.events];
      out.clear();
      if (lost.length > 0) node.persistFailed(lost, now);
      for (const event of events) this.onEvent(event);
    }
  }

  private onEvent(event: NodeEvent): void {
    if (!this.parts.isForgetful) this.events.push(event);
    this.listener?.(event);
    if (event.kind !== 'askRouteMtu') return;
    const mtu = this.port.routeMtu(event.to);
    this.node.onHostEvent({ kind: 'routeMtu', to: event.to, path: event.path, mtu }, this.now);
  }

  private save(records: readonly PersistRecord[]): boolean {
    if (records.length > 0 && this.isDiskFull) return false;
    for (const record of records) saveRecord(this.disk, record);
    return true;
  }

  private sendHeld(): void {
    const rows = this.node.takeHeld(this.port.heldRows);
    if (rows > 0) this.port.sendHeld(rows);
  }

  /** What another host's disk holds of this one that was only told of it. */
  asKnown(): KnownNode {
    return {
      nodeId: this.keys.nodeId,
      name: this.name,
      organisation: new Uint8Array(0),
      chain: new Uint8Array(0),
      addresses: [this.address],
      lastTrafficMs: 0,
    };
  }

  /** Key of maps. */
  get key(): string {
    return toHex(this.keys.nodeId);
  }
}
