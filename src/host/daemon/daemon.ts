// The daemon: its state directory, its socket, and the node as soon as there is a network.
import { hostname } from 'node:os';
import { Counter } from '../../core/base/batch-layout.generated.ts';
import { CodedError } from '../../core/base/errors.ts';
import type { SocketAddress } from '../../core/base/ip.ts';
import { isName } from '../../core/base/name.ts';
import { VERSION } from '../../core/base/version.ts';
import { idToText } from '../../core/identity/identity.ts';
import type { NodeEvent } from '../../core/node/types.ts';
import { type ApiBackend, EventRing, type Metrics } from '../api/api.ts';
import type {
  InitInput,
  InitResult,
  InviteInput,
  InviteResult,
  JoinInput,
  JoinResult,
  Keys,
  PeerView,
  PingInput,
  PingResult,
  ServiceInput,
  ServiceView,
  Status,
  Warning,
} from '../api/types.ts';
import { nowMs, resolveAddresses, WallClock } from '../io/io.ts';
import type { Storage } from '../storage/storage.ts';
import { type RunningNode, startNode } from './compose.ts';
import { DEFAULT_PORT } from './config.ts';
import { reportEvent, warnings } from './health.ts';
import { inviteWarnings } from './invite.ts';
import { type JoinTarget, readToken } from './join.ts';
import type { Log } from './log.ts';
import { ensureKeys, foundMembership, readKeys, type Standing, verifyMembership } from './membership.ts';
import type { DaemonOptions } from './options.ts';
import { Requests } from './requests.ts';
import { drops, pathView, peerView, serviceRecord, serviceView } from './views.ts';

const DEFAULT_EXPIRY_MS = 24 * 3_600_000;
const RETRY_MAX_MS = 60_000;
const JOIN_TIMEOUT_MS = 30_000;

export class Daemon implements ApiBackend {
  readonly events = new EventRing();
  readonly #options: DaemonOptions;
  readonly #storage: Storage;
  readonly #log: Log;
  readonly #clock: WallClock;
  readonly #requests = new Requests();
  readonly #startedAt = nowMs();
  #running: RunningNode | undefined;
  #standing: Standing | undefined;
  /** Why the last save failed; undefined: it did not. */
  #saveError: CodedError | undefined;
  /** The next attempt to start a node that lost its interface. */
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** init or join is under way. */
  #isChanging = false;

  constructor(options: DaemonOptions, storage: Storage, log: Log) {
    this.#options = options;
    this.#storage = storage;
    this.#log = log;
    this.#clock = new WallClock(storage.savedTimeMs());
    if (this.#clock.behindMs > 60_000) {
      log.warn('clockBehind', { durationMs: Math.round(this.#clock.behindMs) });
    }
  }

  /** Starts the node when this state belongs to a network. Throws a CodedError. */
  async start(): Promise<void> {
    const membership = this.#storage.membership();
    if (membership === undefined) return;
    const keys = readKeys(this.#storage, 'node');
    if (keys === undefined)
      throw new CodedError('STATE_DAMAGED', `${this.#storage.directory}/node.key is missing`);
    const standing = verifyMembership(membership, this.#clock.now());
    if (idToText(standing.chain.nodeId) !== idToText(keys.nodeId)) {
      throw new CodedError('STATE_DAMAGED', 'the certificate was issued for another key than node.key');
    }
    const advertise = await this.#advertised();
    if (this.#isStopped) return;
    this.#running = startNode({
      storage: this.#storage,
      config: this.#options.config,
      clock: this.#clock,
      keys,
      signerSeed: readKeys(this.#storage, 'signer')?.seed,
      genesis: membership.genesis,
      chain: membership.chain,
      advertise,
      withInterface: !this.#options.forCommand,
      hooks: this.#hooks(),
      onInterfaceChanged: (reason) =>
        this.#log.warn('interfaceChanged', { interface: this.#options.config.interface, reason }),
    });
    this.#standing = standing;
    if (this.#running.lacksIpv6)
      this.#log.warn('ipv6Off', { interface: this.#running.interfaceName ?? undefined });
    const { addresses } = this.#running.node.status(nowMs());
    this.#log.info('started', {
      nodeId: idToText(keys.nodeId),
      networkId: standing.network.idText,
      name: standing.chain.name,
      organisation: standing.chain.organisationName,
      interface: this.#running.interfaceName ?? undefined,
      mtu: this.#options.config.mtu,
      aesGcm: this.#running.port.info().aesGcm,
      addresses: [addresses.ipv6, addresses.ipv4, ...this.#running.listen],
    });
  }

  /** A name that cannot be resolved yet, early in the boot of a host, is no reason not to start. */
  async #advertised(): Promise<SocketAddress[]> {
    const resolved = this.#options.config.advertise.map((text) =>
      resolveAddresses([text], DEFAULT_PORT).catch((error: CodedError) => {
        this.#log.warn('advertiseUnresolved', { code: error.code, message: error.message });
        return [];
      }),
    );
    return (await Promise.all(resolved)).flat();
  }

  /** A clean stop removes the interface. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#stopNode(true);
    try {
      this.#storage.save([], this.#clock.now());
    } catch (error) {
      this.#log.warn('saveFailed', { code: (error as CodedError).code, message: (error as Error).message });
    }
    this.#storage.close();
  }

  /** One line for people: who this node is. */
  summary(): string {
    const status = this.status();
    if (status.state === 'unconfigured') return 'no network yet: mcc init or mcc join TOKEN';
    const parts = [
      `${status.name} (${status.organisation}) in ${status.network}`,
      `${status.addresses.ipv6} ${status.addresses.ipv4}`,
      `interface ${status.interface ?? 'none'}`,
      `UDP ${status.listen.join(' ')}`,
    ];
    return parts.join(', ');
  }

  status(): Status {
    const view = this.#running?.node.status(nowMs());
    const standing = this.#standing;
    const nodeId = view?.nodeId ?? this.#nodeIdIfAny();
    return {
      version: VERSION,
      state: view === undefined ? 'unconfigured' : 'running',
      nodeId,
      networkId: view?.networkId ?? null,
      network: view?.network ?? null,
      organisation: view?.organisation ?? null,
      organisationId: standing === undefined ? null : idToText(standing.chain.organisation),
      name: view?.name ?? null,
      signer: view?.signer ?? false,
      addresses: view?.addresses ?? { ipv4: null, ipv6: null },
      interface: this.#running?.interfaceName ?? null,
      mtu: this.#running === undefined ? null : this.#options.config.mtu,
      listen: this.#running?.listen ?? [],
      nat: view?.nat ?? { mapping: null, filtering: null },
      aesGcm: this.#running?.port.info().aesGcm ?? null,
      certificateExpires:
        standing === undefined ? null : new Date(standing.chain.notAfter * 1000).toISOString(),
      uptimeMs: Math.round(nowMs() - this.#startedAt),
      peers: view?.peers.map(peerView) ?? [],
      services: view?.services.map(serviceView) ?? [],
      drops: drops(view?.drops ?? {}, this.#running?.port.counters),
      warnings: this.#warnings(),
    };
  }

  peers(): PeerView[] {
    return this.#running?.node.status(nowMs()).peers.map(peerView) ?? [];
  }

  services(): ServiceView[] {
    return this.#running?.node.status(nowMs()).services.map(serviceView) ?? [];
  }

  addService(name: string, input: ServiceInput, replace: boolean): boolean {
    const { node } = this.#node();
    const record = serviceRecord(name, input);
    const present = this.services().find((service) => service.name === name);
    if (record.target !== '')
      throw new CodedError('NOT_SUPPORTED', '--target: so far a service is a port of this host');
    if (present !== undefined && !replace) {
      if (JSON.stringify(present) === JSON.stringify(serviceView(record))) return false;
      throw new CodedError('SERVICE_EXISTS', name);
    }
    this.#command((now) => node.addService(record, now));
    return present === undefined;
  }

  removeService(name: string): void {
    const { node } = this.#node();
    if (!this.services().some((service) => service.name === name))
      throw new CodedError('SERVICE_UNKNOWN', name);
    this.#command((now) => node.removeService(name, now));
  }

  async ping(input: PingInput): Promise<PingResult> {
    const { node } = this.#node();
    const found = node.find(input.target);
    if (found === undefined) throw new CodedError('PEER_UNKNOWN', input.target);
    const rttMs: number[] = [];
    let lost = 0;
    let path = pathView(undefined);
    for (let i = 0; i < (input.count ?? 4); i++) {
      const reply = await this.#requests.ping(this.#command((now) => node.ping(found.nodeId, now)));
      if (reply.rttMs === undefined) lost++;
      else rttMs.push(Math.round(reply.rttMs * 1000) / 1000);
      if (reply.path !== undefined) path = pathView(reply.path);
    }
    const { nodeId, name, addresses } = found;
    const address = input.target === addresses.ipv4 ? addresses.ipv4 : addresses.ipv6;
    return { nodeId: idToText(nodeId), name, address, path, rttMs, lost };
  }

  keys(): Keys {
    this.#refuseMember();
    return {
      nodeId: idToText(ensureKeys(this.#storage, 'node').nodeId),
      signerKey: Buffer.from(ensureKeys(this.#storage, 'signer').nodeId).toString('base64url'),
    };
  }

  async init(input: InitInput): Promise<InitResult> {
    return this.#change(async () => {
      const name = nodeName(input.name);
      this.#storage.setMembership(foundMembership(this.#storage, input, name, this.#clock.now()));
      await this.#startOrUndo();
      return this.#introduction();
    });
  }

  async invite(input: InviteInput): Promise<InviteResult> {
    const { node } = this.#node();
    if (!node.status(nowMs()).signer) throw new CodedError('NOT_A_SIGNER');
    const { chain } = this.#standing as Standing;
    if (![undefined, chain.organisationName, idToText(chain.organisation)].includes(input.organisation)) {
      throw new CodedError('ORGANISATION_UNKNOWN', input.organisation);
    }
    const expiresMs = this.#clock.now() + (input.expiresMs ?? DEFAULT_EXPIRY_MS);
    const uses = input.uses ?? 1;
    const addresses = await resolveAddresses(input.addresses ?? [], DEFAULT_PORT);
    const result = this.#command((now) =>
      node.invite({ uses, expiresMs, addresses, provides: input.provides ?? [] }, now),
    );
    return {
      token: result.token,
      uses,
      expires: new Date(expiresMs).toISOString(),
      ...inviteWarnings(result.addresses),
    };
  }

  async join(input: JoinInput): Promise<JoinResult> {
    const target = await readToken(input.token, this.#clock.now(), this.#standing);
    return this.#change(async () => {
      const admittedBy = await this.#askForAdmission(target, nodeName(input.name));
      await this.#startOrUndo();
      const peer =
        admittedBy === '' ? null : await this.ping({ target: admittedBy, count: 1 }).catch(() => null);
      return { ...this.#introduction(), admittedBy: peer?.name ?? admittedBy, peer };
    });
  }

  metrics(): Metrics {
    const status = this.status();
    const counters = this.#running?.port.counters;
    return {
      version: VERSION,
      sentBytes: counters?.[Counter.datagramBytesSent] ?? 0,
      receivedBytes: counters?.[Counter.datagramBytesReceived] ?? 0,
      dropped: status.drops,
      peers: status.peers,
      certificateExpiry: this.#standing?.chain.notAfter,
      warnings: status.warnings.length,
    };
  }

  /** Runs a joining node until the signer answered. Returns the signer's node ID as text. */
  async #askForAdmission(target: JoinTarget, name: string): Promise<string> {
    this.#storage.setGenesis(target.genesis);
    const joining = startNode({
      storage: this.#storage,
      config: this.#options.config,
      clock: this.#clock,
      keys: ensureKeys(this.#storage, 'node'),
      signerSeed: undefined,
      genesis: target.genesis,
      chain: undefined,
      advertise: [],
      withInterface: false,
      hooks: this.#hooks(),
      onInterfaceChanged: (reason) =>
        this.#log.warn('interfaceChanged', { interface: this.#options.config.interface, reason }),
    });
    try {
      const requestId = joining.turn.run((now) => joining.node.join({ ...target.request, name }, now));
      const result = await this.#requests.join(requestId, JOIN_TIMEOUT_MS);
      if (!result.ok) throw new CodedError(result.code);
      if (this.#saveError !== undefined) throw this.#saveError;
      return target.signer;
    } finally {
      joining.stop(false);
    }
  }

  async #startOrUndo(): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      // As if it had not been asked: the founder's root key was not shown yet, and a joiner's retry costs no use.
      this.#storage.forgetMembership();
      throw error;
    }
  }

  #introduction(): InitResult {
    const { node } = this.#node();
    const { nodeId, networkId, network, organisation, name, addresses } = node.status(nowMs());
    const organisationId = idToText((this.#standing as Standing).chain.organisation);
    return { nodeId, networkId, network, organisation, organisationId, name, addresses };
  }

  /** init and join, one at a time and only for a node without a network. */
  async #change<T>(body: () => Promise<T>): Promise<T> {
    this.#refuseMember();
    this.#isChanging = true;
    try {
      return await body();
    } finally {
      this.#isChanging = false;
    }
  }

  #refuseMember(): void {
    if (this.#running !== undefined || this.#storage.membership() !== undefined) {
      throw new CodedError('ALREADY_INITIALISED');
    }
    if (this.#isChanging) throw new CodedError('ALREADY_INITIALISED', 'init or join is under way');
  }

  #node(): RunningNode {
    if (this.#running === undefined) throw new CodedError('NOT_INITIALISED');
    return this.#running;
  }

  /** A command whose records must be on disk before it is reported as done. */
  #command<T>(body: (now: number) => T): T {
    this.#saveError = undefined;
    const result = this.#node().turn.run(body);
    if (this.#saveError !== undefined) throw this.#saveError;
    return result;
  }

  #stopNode(removeInterface: boolean): void {
    this.#running?.stop(removeInterface);
    this.#running = undefined;
    this.#requests.cancel();
  }

  #hooks() {
    return {
      save: (records: Parameters<Storage['save']>[0]) => {
        this.#storage.save(records, this.#clock.now());
        this.#saveError = undefined;
      },
      onSaveFailed: (error: unknown) => {
        this.#saveError = error instanceof CodedError ? error : new CodedError('INTERNAL', String(error));
        this.#log.error('saveFailed', { code: this.#saveError.code, message: this.#saveError.message });
      },
      onEvent: (event: NodeEvent) => this.#onEvent(event),
    };
  }

  #onEvent(event: NodeEvent): void {
    switch (event.kind) {
      case 'joined':
        this.#requests.joined(event.requestId, event.result);
        return;
      case 'pingReply':
        this.#requests.ponged(event.requestId, event.result);
        return;
      case 'interfaceGone':
        this.#log.error('interfaceGone', { interface: this.#running?.interfaceName ?? undefined });
        setImmediate(() => this.#restart());
        return;
      case 'askRouteMtu':
        return;
      default:
        reportEvent(this.#log, this.events, event);
    }
  }

  /** Somebody deleted the interface: everything is made anew, again and again until it works. */
  async #restart(waitMs = 1000): Promise<void> {
    this.#stopNode(true);
    if (this.#isStopped) return;
    try {
      await this.start();
    } catch (error) {
      this.#log.error('startFailed', { code: (error as CodedError).code, message: (error as Error).message });
      this.#retry = setTimeout(() => this.#restart(Math.min(2 * waitMs, RETRY_MAX_MS)), waitMs);
    }
  }

  #warnings(): Warning[] {
    return warnings({
      saveError: this.#saveError,
      clockBehindMs: this.#clock.behindMs,
      isTemporary: this.#options.forCommand,
      lacksIpv6: this.#running?.lacksIpv6 === true,
      certificateExpiresInMs:
        (this.#standing?.chain.notAfter ?? Number.POSITIVE_INFINITY) * 1000 - this.#clock.now(),
    });
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
