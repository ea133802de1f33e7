// The daemon behind its API: what people and programs ask of the node of this state directory.
import { hostname } from 'node:os';
import { Counter } from '../../core/base/batch-layout.generated.ts';
import { EMPTY } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import { isName } from '../../core/base/name.ts';
import { VERSION } from '../../core/base/version.ts';
import { idToText, type Network } from '../../core/identity/identity.ts';
import type { FoundNode } from '../../core/node/types.ts';
import { type ApiBackend, EventRing, type Metrics } from '../api/api.ts';
import type {
  AccessAnswer,
  InitInput,
  InitResult,
  InviteInput,
  InviteResult,
  JoinInput,
  JoinResult,
  KeyChangeInput,
  Keys,
  NetCheck,
  PeerView,
  PingInput,
  PingResult,
  ServiceInput,
  ServiceView,
  Status,
} from '../api/types.ts';
import { nowMs, resolveAddresses } from '../io/io.ts';
import type { Storage } from '../storage/storage.ts';
import { accessAnswer } from './access.ts';
import type { RunningNode } from './compose.ts';
import { DEFAULT_PORT } from './config.ts';
import { NodeDirectory } from './directory.ts';
import { Guests, readInvitation } from './guests.ts';
import { NodeImports } from './imports.ts';
import { inviteWarnings } from './invite.ts';
import { joinedBefore, readToken } from './join.ts';
import type { Log } from './log.ts';
import { NodeMembers, refuseAmbiguous } from './members.ts';
import { ensureKeys, foundMembership, readKeys, readNetwork, type Standing } from './membership.ts';
import { netCheck } from './netcheck.ts';
import { NodeHost } from './node-host.ts';
import type { DaemonOptions } from './options.ts';
import { NodeOrganisations } from './organisations.ts';
import { NodeRevocations } from './revocations.ts';
import { offerService } from './services.ts';
import { statusView, summary } from './status.ts';
import { targetText } from './surroundings.ts';
import { pathView, peerView, serviceView } from './views.ts';

const DEFAULT_EXPIRY_MS = 24 * 3_600_000;

export class Daemon implements ApiBackend {
  readonly events = new EventRing();
  readonly directory: NodeDirectory;
  readonly organisations: NodeOrganisations;
  readonly guests: Guests;
  readonly revocations: NodeRevocations;
  readonly imports: NodeImports;
  readonly members: NodeMembers;
  readonly #options: DaemonOptions;
  readonly #storage: Storage;
  readonly #host: NodeHost;
  readonly #startedAt = nowMs();

  constructor(options: DaemonOptions, storage: Storage, log: Log) {
    this.#options = options;
    this.#storage = storage;
    this.#host = new NodeHost(options, storage, log, this.events);
    this.guests = new Guests(this.#host, () => this.#ownNetwork());
    this.directory = new NodeDirectory({
      node: () => this.#host.node(),
      command: (body) => this.#host.command(body),
      requests: this.#host.requests,
      zone: options.config.zone,
      unixMs: () => this.#host.clock.now(),
    });
    this.imports = new NodeImports(this.#host, this.directory, options.config.zone);
    this.members = new NodeMembers(this.#host);
    this.revocations = new NodeRevocations(this.#host, async (target) => {
      const found = await this.#findNode(this.#host.node().node, target).catch(() => undefined);
      return found === undefined ? undefined : idToText(found.nodeId);
    });
    this.organisations = new NodeOrganisations({
      storage,
      host: this.#host,
      introduction: () => this.#introduction(),
      nodeName,
      ping: (target) => this.ping({ target, count: 1 }),
    });
  }

  /** Starts the node when this state belongs to a network; see NodeHost. */
  start(): Promise<void> {
    return this.#host.start();
  }

  /** A clean stop removes the interface. */
  stop(): Promise<void> {
    return this.#host.stop();
  }

  /** One line for people: who this node is. */
  summary(): string {
    return summary(this.status());
  }

  status(): Status {
    return statusView({
      running: this.#host.running,
      standing: this.#host.standing,
      nodeId: this.#host.running === undefined ? this.#nodeIdIfAny() : null,
      mtu: this.#options.config.mtu,
      zone: this.#options.config.zone,
      dns: this.#host.surroundings?.dns,
      portMapping: this.#host.surroundings?.portMap?.best,
      startedAt: this.#startedAt,
      warnings: this.#host.warnings(),
    });
  }

  peers(): PeerView[] {
    return this.#host.running?.node.status(nowMs()).peers.map(peerView) ?? [];
  }

  services(): ServiceView[] {
    return this.#host.running?.node.status(nowMs()).services.map(serviceView) ?? [];
  }

  async addService(name: string, input: ServiceInput, replace: boolean): Promise<boolean> {
    const rules = { interfaceName: this.#options.config.interface, reserved: this.#host.reserved() };
    this.#host.node();
    const target = await targetText(input.target, rules);
    const { node } = this.#host.node();
    return this.#host.command((now) => offerService(node, name, { ...input, target }, replace, now));
  }

  removeService(name: string): void {
    const { node } = this.#host.node();
    if (!this.services().some((service) => service.name === name))
      throw new CodedError('SERVICE_UNKNOWN', name);
    this.#host.command((now) => node.removeService(name, now));
  }

  access(from: string, to: string): AccessAnswer {
    return accessAnswer(from, to, this.#host.node().node.access(from, to, nowMs()));
  }

  reshareService(name: string, how: 'share' | 'unshare', share: readonly string[]): void {
    const { node } = this.#host.node();
    this.#host.command((now) => node.reshare(name, how, share, now));
  }

  async ping(input: PingInput): Promise<PingResult> {
    const { node } = this.#host.node();
    const found = node.find(input.target) ?? (await this.#findNode(node, input.target));
    const rttMs: number[] = [];
    let lost = 0;
    let path = pathView(undefined);
    for (let i = 0; i < (input.count ?? 4); i++) {
      const reply = await this.#host.requests.ping(this.#host.command((now) => node.ping(found.nodeId, now)));
      if (reply.rttMs === undefined) lost++;
      else rttMs.push(Math.round(reply.rttMs * 1000) / 1000);
      if (reply.path !== undefined) path = pathView(reply.path, this.#relayOf(idToText(found.nodeId)));
    }
    // One that was never met has its name now.
    const { nodeId, name, addresses } = node.find(idToText(found.nodeId)) ?? found;
    const address = input.target === addresses.ipv4 ? addresses.ipv4 : addresses.ipv6;
    return { nodeId: idToText(nodeId), name, address, path, rttMs, lost };
  }

  /** Name of the relay that a peer is reached through. */
  #relayOf(nodeId: string): string | null {
    return this.peers().find((peer) => peer.nodeId === nodeId)?.path.relay ?? null;
  }

  /** A node that this one has not met yet. */
  async #findNode(node: RunningNode['node'], target: string): Promise<FoundNode> {
    const named = /[.:]/.test(target) ? target : `${target}.node`;
    const found = await this.directory.find(named).catch((error) => error as CodedError);
    const nodeId = found instanceof Error ? undefined : (found.node ?? found.endpoints.at(0))?.nodeId;
    const known = nodeId === undefined ? undefined : node.find(idToText(nodeId));
    if (known === undefined) throw new CodedError('PEER_UNKNOWN', target);
    return known;
  }

  netCheck(): Promise<NetCheck> {
    return netCheck(this.#host);
  }

  keys(): Keys {
    this.#host.refuseMember();
    if (this.#storage.membership() !== undefined) throw new CodedError('ALREADY_INITIALISED');
    return {
      nodeId: idToText(ensureKeys(this.#storage, 'node').nodeId),
      signerKey: Buffer.from(ensureKeys(this.#storage, 'signer').nodeId).toString('base64url'),
    };
  }

  async init(input: InitInput): Promise<InitResult> {
    if (this.#storage.membership() !== undefined) throw new CodedError('ALREADY_INITIALISED');
    return this.#host.change(async () => {
      const name = nodeName(input.name);
      this.#storage.setMembership(foundMembership(this.#storage, input, name, this.#host.clock.now()));
      await this.#host.startOrUndo();
      return this.#introduction();
    });
  }

  async invite(input: InviteInput): Promise<InviteResult> {
    const { node } = this.#host.node();
    if (!node.status(nowMs()).signer) throw new CodedError('NOT_A_SIGNER');
    const { chain } = this.#host.standing as Standing;
    if (![undefined, chain.organisationName, idToText(chain.organisation)].includes(input.organisation)) {
      throw new CodedError('ORGANISATION_UNKNOWN', input.organisation);
    }
    const expiresMs = this.#host.clock.now() + (input.expiresMs ?? DEFAULT_EXPIRY_MS);
    const uses = input.uses ?? 1;
    const addresses = await resolveAddresses(input.addresses ?? [], DEFAULT_PORT);
    if (input.replaces !== undefined) refuseAmbiguous(node, input.replaces);
    const replaces = input.replaces === undefined ? undefined : node.find(input.replaces)?.nodeId;
    if (input.replaces !== undefined && replaces === undefined)
      throw new CodedError('PEER_UNKNOWN', input.replaces);
    const result = this.#host.command((now) =>
      node.invite(
        { uses, expiresMs, addresses, provides: input.provides ?? [], tags: input.tags ?? [], replaces },
        now,
      ),
    );
    return {
      token: result.token,
      uses,
      expires: new Date(expiresMs).toISOString(),
      ...inviteWarnings(result.addresses, node.reach()),
    };
  }

  async join(input: JoinInput): Promise<JoinResult> {
    const own = this.#ownNetwork();
    const { isMember, clock, standing } = this.#host;
    const before = isMember
      ? joinedBefore(input.token, this.#storage.joinedBy(), standing?.chain.admittedBy.id ?? EMPTY)
      : undefined;
    if (before !== undefined) return this.#joined(before);
    const target =
      input.guest === undefined
        ? await readToken(input.token, clock.now(), own, isMember)
        : await readInvitation(input.token, own, isMember, input.guest);
    return this.#host.change(async () => {
      const admittedBy = await this.#host.askForAdmission(target, nodeName(input.name));
      await this.#host.startOrUndo();
      return this.#joined(admittedBy);
    });
  }

  async changeKey(input: KeyChangeInput): Promise<JoinResult> {
    const own = this.#ownNetwork();
    if (own === undefined) throw new CodedError('NOT_INITIALISED');
    if (this.#host.standing?.chain.tier === 'guest') throw new CodedError('GUEST_NOT_ALLOWED');
    const organisation = this.#host.standing?.chain.admittedBy.id ?? EMPTY;
    const before = joinedBefore(input.token, this.#storage.joinedBy(), organisation);
    if (before !== undefined && this.#host.isMember) return this.#joined(before);
    const target = await readToken(input.token, this.#host.clock.now(), own, false);
    if (input.confirmed !== true) throw new CodedError('KEY_CHANGE', this.#host.standing?.chain.name);
    await this.#host.changeKey(target);
    return this.#joined(target.signer);
  }

  async #joined(admittedBy: string): Promise<JoinResult> {
    const peer = await this.ping({ target: admittedBy, count: 1 }).catch(() => null);
    return { ...this.#introduction(), admittedBy: peer?.name ?? admittedBy, peer };
  }

  #ownNetwork(): Network | undefined {
    const membership = this.#storage.membership();
    return membership === undefined ? undefined : readNetwork(membership);
  }

  metrics(): Metrics {
    const status = this.status();
    const counters = this.#host.running?.port.counters;
    return {
      version: VERSION,
      sentBytes: { direct: counters?.[Counter.datagramBytesSent] ?? 0 },
      receivedBytes: { direct: counters?.[Counter.datagramBytesReceived] ?? 0 },
      dropped: status.drops,
      peers: status.peers,
      certificateExpiry: this.#host.standing?.chain.notAfter,
      warnings: status.warnings.length,
      dht: this.#host.running?.node.dhtStatus(),
      dnsMode: status.dns.mode,
      dns: this.#dnsMetrics(),
    };
  }

  #dnsMetrics(): Metrics['dns'] {
    const counts = this.#host.running?.node.dnsCounts();
    if (counts === undefined) return undefined;
    const { queries, answers, cacheHits } = counts;
    return { queries, answers, cacheHits, forwarded: this.#host.surroundings?.forwarded };
  }

  #introduction(): InitResult {
    const { node } = this.#host.node();
    const { nodeId, networkId, network, organisation, name, addresses } = node.status(nowMs());
    const organisationId = idToText((this.#host.standing as Standing).chain.organisation);
    return { nodeId, networkId, network, organisation, organisationId, name, addresses };
  }

  #nodeIdIfAny(): string | null {
    const keys = readKeys(this.#storage, 'node');
    return keys === undefined ? null : idToText(keys.nodeId);
  }
}

function nodeName(wanted: string | undefined): string {
  if (wanted !== undefined) return wanted;
  const label = hostname().toLowerCase().split('.')[0];
  return isName(label) ? label : 'node';
}
