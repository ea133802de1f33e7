// The daemon: its state directory, its socket, and the node as soon as there is a network.
import { hostname } from 'node:os';
import { Counter } from '../../core/base/batch-layout.generated.ts';
import { equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import { isName } from '../../core/base/name.ts';
import { VERSION } from '../../core/base/version.ts';
import { idToText } from '../../core/identity/identity.ts';
import type { NodeKeys } from '../../core/identity/types.ts';
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
import type { Membership, Storage } from '../storage/storage.ts';
import { type RunningNode, startNode } from './compose.ts';
import { DEFAULT_PORT } from './config.ts';
import { NodeDirectory } from './directory.ts';
import { reportEvent, warnings } from './health.ts';
import { inviteWarnings, resolveAdvertised } from './invite.ts';
import { type JoinTarget, readToken } from './join.ts';
import type { Log } from './log.ts';
import {
  ensureKeys,
  foundMembership,
  readKeys,
  readNetwork,
  renewalAtMs,
  renewOwn,
  type Standing,
  verifyMembership,
} from './membership.ts';
import type { DaemonOptions } from './options.ts';
import { Requests } from './requests.ts';
import { offerService } from './services.ts';
import { statusView, summary } from './status.ts';
import { pathView, peerView, serviceView } from './views.ts';

const DEFAULT_EXPIRY_MS = 24 * 3_600_000;
const RETRY_MAX_MS = 60_000;
const TROUBLE_RETRY_MS = 60_000;
/** setTimeout's longest; whoever waits longer looks again then. */
const TIMER_MAX_MS = 2 ** 31 - 1;
/** Codes of a membership that proves nothing now. */
const NO_MEMBER_NOW: ReadonlySet<string> = new Set([
  'CLOCK_WRONG',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_INVALID',
]);
const JOIN_TIMEOUT_MS = 30_000;

export class Daemon implements ApiBackend {
  readonly events = new EventRing();
  readonly directory = new NodeDirectory();
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
  /** Why the node does not run although there is a membership. */
  #trouble: CodedError | undefined;
  /** The next start: after a failure, for a renewal, or to look at the clock again. */
  #nextStart: NodeJS.Timeout | undefined;
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

  /**
   * Starts the node when this state belongs to a network. A certificate that proves nothing now is no reason to end: the
   * socket answers, tells, and lets the node join again. Throws a CodedError for everything else.
   */
  async start(): Promise<void> {
    let membership = this.#storage.membership();
    if (membership === undefined) return;
    const keys = readKeys(this.#storage, 'node');
    if (keys === undefined)
      throw new CodedError('STATE_DAMAGED', `${this.#storage.directory}/node.key is missing`);
    const signer = readKeys(this.#storage, 'signer');
    const renewed = renewOwn(membership, signer, this.#clock.now());
    if (renewed !== undefined) {
      this.#storage.setMembership(renewed);
      membership = renewed;
      this.#log.info('renewed');
    }
    const standing = this.#verify(membership, keys);
    if (standing === undefined) return;
    const advertise = await resolveAdvertised(this.#options.config.advertise, this.#log);
    if (this.#isStopped) return;
    const isSigner = signer !== undefined && equalBytes(signer.nodeId, standing.chain.signer);
    this.#running = startNode({
      storage: this.#storage,
      config: this.#options.config,
      clock: this.#clock,
      keys,
      signerSeed: isSigner ? signer.seed : undefined,
      genesis: membership.genesis,
      chain: membership.chain,
      advertise,
      withInterface: !this.#options.forCommand,
      hooks: this.#hooks(),
      onInterfaceChanged: (reason) =>
        this.#log.warn('interfaceChanged', { interface: this.#options.config.interface, reason }),
    });
    this.#standing = standing;
    clearTimeout(this.#nextStart);
    if (isSigner) this.#startAgainIn(renewalAtMs(standing.chain) - this.#clock.now());
    this.#logStart(standing);
  }

  /** undefined: the certificate proves nothing now; the next look is in a minute, for the clock may be set by then. */
  #verify(membership: Membership, keys: NodeKeys): Standing | undefined {
    try {
      const standing = verifyMembership(membership, this.#clock);
      if (!equalBytes(standing.chain.nodeId, keys.nodeId)) {
        throw new CodedError('STATE_DAMAGED', 'the certificate was issued for another key than node.key');
      }
      this.#trouble = undefined;
      return standing;
    } catch (error) {
      const trouble = error as CodedError;
      if (!NO_MEMBER_NOW.has(trouble.code)) throw error;
      if (this.#trouble?.code !== trouble.code) {
        this.#log.error('noMember', { code: trouble.code, message: trouble.message });
      }
      this.#trouble = trouble;
      this.#standing = undefined;
      this.#startAgainIn(TROUBLE_RETRY_MS);
      return undefined;
    }
  }

  #logStart(standing: Standing): void {
    const { node, port, interfaceName, lacksIpv6, listen } = this.#node();
    if (lacksIpv6) this.#log.warn('ipv6Off', { interface: interfaceName ?? undefined });
    const { nodeId, addresses } = node.status(nowMs());
    this.#log.info('started', {
      nodeId,
      networkId: standing.network.idText,
      name: standing.chain.name,
      organisation: standing.chain.organisationName,
      interface: interfaceName ?? undefined,
      mtu: this.#options.config.mtu,
      aesGcm: port.info().aesGcm,
      addresses: [addresses.ipv6, addresses.ipv4, ...listen],
    });
  }

  /** A clean stop removes the interface. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#nextStart);
    this.#stopNode(true);
    try {
      this.#storage.save([], this.#savableMs());
    } catch (error) {
      this.#log.warn('saveFailed', { code: (error as CodedError).code, message: (error as Error).message });
    }
    this.#storage.close();
  }

  /** One line for people: who this node is. */
  summary(): string {
    return summary(this.status());
  }

  status(): Status {
    return statusView({
      running: this.#running,
      standing: this.#standing,
      nodeId: this.#running === undefined ? this.#nodeIdIfAny() : null,
      mtu: this.#options.config.mtu,
      startedAt: this.#startedAt,
      warnings: this.#warnings(),
    });
  }

  peers(): PeerView[] {
    return this.#running?.node.status(nowMs()).peers.map(peerView) ?? [];
  }

  services(): ServiceView[] {
    return this.#running?.node.status(nowMs()).services.map(serviceView) ?? [];
  }

  addService(name: string, input: ServiceInput, replace: boolean): boolean {
    const { node } = this.#node();
    return this.#command((now) => offerService(node, name, input, replace, now));
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
    if (this.#storage.membership() !== undefined) throw new CodedError('ALREADY_INITIALISED');
    return {
      nodeId: idToText(ensureKeys(this.#storage, 'node').nodeId),
      signerKey: Buffer.from(ensureKeys(this.#storage, 'signer').nodeId).toString('base64url'),
    };
  }

  async init(input: InitInput): Promise<InitResult> {
    if (this.#storage.membership() !== undefined) throw new CodedError('ALREADY_INITIALISED');
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
    const membership = this.#storage.membership();
    const own = membership === undefined ? undefined : readNetwork(membership);
    const target = await readToken(input.token, this.#clock.now(), own, this.#running !== undefined);
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
      sentBytes: { direct: counters?.[Counter.datagramBytesSent] ?? 0 },
      receivedBytes: { direct: counters?.[Counter.datagramBytesReceived] ?? 0 },
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
      if (this.#running === undefined) throw this.#trouble ?? new CodedError('TIMED_OUT', 'the daemon stops');
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
      if (this.#running === undefined && this.#trouble !== undefined) this.#startAgainIn(TROUBLE_RETRY_MS);
    }
  }

  #refuseMember(): void {
    if (this.#running !== undefined) throw new CodedError('ALREADY_INITIALISED');
    if (this.#isChanging) throw new CodedError('ALREADY_INITIALISED', 'init or join is under way');
  }

  #node(): RunningNode {
    if (this.#running === undefined) throw this.#trouble ?? new CodedError('NOT_INITIALISED');
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
        this.#storage.save(records, this.#savableMs());
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
        setImmediate(() => this.#restart(true));
        return;
      case 'askRouteMtu':
        return;
      default:
        reportEvent(this.#log, this.events, event);
    }
  }

  #startAgainIn(ms: number): void {
    clearTimeout(this.#nextStart);
    const timer = setTimeout(() => this.#restart(false), Math.min(Math.max(ms, 1000), TIMER_MAX_MS));
    this.#nextStart = timer.unref();
  }

  /** Everything anew, again and again until it works. The interface stays unless it is gone. */
  async #restart(removeInterface: boolean, waitMs = 1000): Promise<void> {
    if (this.#isStopped || this.#isChanging) return;
    this.#stopNode(removeInterface);
    this.#clock.follow();
    try {
      await this.start();
    } catch (error) {
      this.#log.error('startFailed', { code: (error as CodedError).code, message: (error as Error).message });
      clearTimeout(this.#nextStart);
      this.#nextStart = setTimeout(() => this.#restart(false, Math.min(2 * waitMs, RETRY_MAX_MS)), waitMs);
    }
  }

  #warnings(): Warning[] {
    return warnings({
      saveError: this.#saveError,
      trouble: this.#trouble,
      lostDatabase: this.#storage.lostDatabase && this.#running === undefined,
      clockBehindMs: this.#clock.behindMs,
      isTemporary: this.#options.forCommand,
      lacksIpv6: this.#running?.lacksIpv6 === true,
      certificateExpiresInMs:
        (this.#standing?.chain.notAfter ?? Number.POSITIVE_INFINITY) * 1000 - this.#clock.now(),
    });
  }

  /** A time that is saved can never be taken back, so it may not make the own certificate look expired. */
  #savableMs(): number {
    const certificateEndMs = (this.#standing?.chain.notAfter ?? Number.POSITIVE_INFINITY) * 1000;
    return Math.min(this.#clock.savable(), certificateEndMs - 86_400_000);
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
