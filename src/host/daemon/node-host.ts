import { equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import type { SocketAddress } from '../../core/base/ip.ts';
import type { GuestTerms } from '../../core/consortium/types.ts';
import { idToText, type Network } from '../../core/identity/identity.ts';
import type { NodeKeys } from '../../core/identity/types.ts';
import type { JoinResult, NodeEvent } from '../../core/node/types.ts';
import type { EventRing } from '../api/api.ts';
import type { Warning } from '../api/types.ts';
import { nowMs, WallClock } from '../io/io.ts';
import type { KeyName, Membership, Storage } from '../storage/storage.ts';
import { type RunningNode, startNode } from './compose.ts';
import { ambiguous, EXPIRY_WARNING_MS, reportEvent, revokedRemark, warnings } from './health.ts';
import { resolveAdvertised } from './invite.ts';
import type { JoinTarget } from './join.ts';
import type { Log } from './log.ts';
import { ensureKeys, nodeKeys, renewOwn, type Standing, signerKeys, verifyMembership } from './membership.ts';
import type { DaemonOptions } from './options.ts';
import { Requests } from './requests.ts';
import { mendSurroundings, Surroundings } from './surroundings.ts';

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

/** One per daemon. */
export class NodeHost {
  readonly events: EventRing;
  readonly clock: WallClock;
  readonly requests = new Requests();
  running: RunningNode | undefined;
  surroundings: Surroundings | undefined;
  standing: Standing | undefined;
  /** Why the last save failed; undefined: it did not. */
  saveError: CodedError | undefined;
  /** Why the node does not run although there is a membership. */
  trouble: CodedError | undefined;
  readonly #options: DaemonOptions;
  readonly #storage: Storage;
  readonly #log: Log;
  /** The surroundings of earlier nodes, or of a run that was killed, are gone when it resolves. */
  #cleared: Promise<void> | undefined;
  /** The next start: after a failure, for a renewal, or to look at the clock again. */
  #nextStart: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** init or join is under way. */
  #isChanging = false;

  constructor(options: DaemonOptions, storage: Storage, log: Log, events: EventRing) {
    this.#options = options;
    this.#storage = storage;
    this.#log = log;
    this.events = events;
    this.clock = new WallClock(storage.savedTimeMs());
    if (this.clock.behindMs > 60_000) {
      log.warn('clockBehind', { durationMs: Math.round(this.clock.behindMs) });
    }
  }

  /**
   * Starts the node when this state belongs to a network. A certificate that proves nothing now is no reason to end: the
   * socket answers, tells, and lets the node join again. Throws a CodedError for everything else.
   */
  async start(): Promise<void> {
    await this.#mend();
    if (this.#isStopped) return;
    let membership = this.#storage.membership();
    if (membership === undefined) return;
    const keys = nodeKeys(this.#storage, membership);
    if (keys === undefined)
      throw new CodedError('STATE_DAMAGED', `${this.#storage.directory}/node.key is missing`);
    const signer = signerKeys(this.#storage, membership);
    const renewed = renewOwn(membership, signer, this.clock.now());
    if (renewed !== undefined) {
      this.#storage.setMembership(renewed);
      membership = renewed;
      this.#log.info('renewed');
    }
    const standing = this.#verify(membership, keys);
    if (standing === undefined) return;
    const advertise = await resolveAdvertised(this.#options.config.advertise, this.#log);
    // A start for another reason may have been faster.
    if (this.#isStopped || this.running !== undefined) return;
    const isSigner = signer !== undefined && equalBytes(signer.nodeId, standing.chain.signer);
    this.running = startNode({
      storage: this.#storage,
      config: this.#options.config,
      clock: this.clock,
      keys,
      signerSeed: isSigner ? signer.seed : undefined,
      genesis: membership.genesis,
      chain: membership.chain,
      advertise,
      withInterface: !this.#options.forCommand,
      hooks: this.#hooks(),
      onHostChanged: () => this.surroundings?.hostChanged(),
      onInterfaceChanged: (reason) =>
        this.#log.warn('interfaceChanged', { interface: this.#options.config.interface, reason }),
    });
    this.standing = standing;
    this.#surround(this.running, standing, keys);
    clearTimeout(this.#nextStart);
    this.#logStart(standing);
  }

  /** undefined: the certificate proves nothing now; the next look is in a minute, for the clock may be set by then. */
  #verify(membership: Membership, keys: NodeKeys): Standing | undefined {
    try {
      const standing = verifyMembership(membership, this.clock);
      if (!equalBytes(standing.chain.nodeId, keys.nodeId)) {
        throw new CodedError('STATE_DAMAGED', 'the certificate was issued for another key than node.key');
      }
      if (standing.lapsed !== undefined)
        this.#log.error('certificateEnded', { code: standing.lapsed.code, message: standing.lapsed.message });
      this.trouble = standing.lapsed;
      return standing;
    } catch (error) {
      const trouble = error as CodedError;
      if (!NO_MEMBER_NOW.has(trouble.code)) throw error;
      if (this.trouble?.code !== trouble.code) {
        this.#log.error('noMember', { code: trouble.code, message: trouble.message });
      }
      this.trouble = trouble;
      this.standing = undefined;
      this.#startAgainIn(TROUBLE_RETRY_MS);
      return undefined;
    }
  }

  #logStart(standing: Standing): void {
    const { node, port, interfaceName, lacksIpv6, listen } = this.node();
    if (lacksIpv6) this.#log.warn('ipv6Off', { interface: interfaceName ?? undefined });
    for (const { code, message } of revokedRemark(node.revoked()))
      this.#log.error('selfRevoked', { code, message });
    const { nodeId, addresses } = node.status(nowMs());
    this.#log.info('started', {
      nodeId,
      networkId: standing.network.idText,
      name: standing.chain.name,
      organisation: standing.chain.admittedBy.name,
      interface: interfaceName ?? undefined,
      mtu: this.#options.config.mtu,
      aesGcm: port.info().aesGcm,
      addresses: [addresses.ipv6, addresses.ipv4, ...listen],
    });
  }

  /** What a run that was killed left on this host, once. */
  async #mend(): Promise<void> {
    const { forCommand, config, state } = this.#options;
    if (this.#cleared !== undefined || forCommand) return;
    this.#cleared = mendSurroundings(config.interface, state, this.#log);
    await this.#cleared;
  }

  /** Endpoints, health and names go their own way: packets of hosts flow without them. */
  #surround(running: RunningNode, standing: Standing, keys: NodeKeys): void {
    const { interfaceName } = running;
    if (interfaceName === null) return;
    const { config, state } = this.#options;
    const surroundings = new Surroundings({
      running,
      interfaceName,
      config,
      stateDirectory: state,
      log: this.#log,
      reserved: this.reserved(),
      nodeId: standing.chain.nodeId,
      networkId: standing.network.id,
      secret: keys.seed,
      // Whether its records reach the disk is not the asker's concern.
      askDns: async (query, timeoutMs) => {
        if (this.running !== running) return undefined;
        const requestId = running.turn.run((now) => running.node.dns(query, now));
        return this.requests.dnsAnswer(requestId, timeoutMs);
      },
    });
    this.surroundings = surroundings;
    this.#cleared = Promise.resolve(this.#cleared)
      .then(() => surroundings.start())
      .catch((error) => this.#log.error('surroundingsFailed', { message: (error as Error).message }));
  }

  reserved(): SocketAddress[] {
    const api = this.#options.config.api?.listen;
    return api === undefined ? [] : [api];
  }

  /** A clean stop removes the interface. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#nextStart);
    this.#clearSurroundings();
    await this.#cleared;
    this.#stopNode(true);
    try {
      this.#storage.save([], this.#savableMs());
    } catch (error) {
      this.#log.warn('saveFailed', { code: (error as CodedError).code, message: (error as Error).message });
    }
    this.#storage.close();
  }

  /** Returns the signer's node ID as text. */
  async askForAdmission(target: JoinTarget, name: string): Promise<string> {
    await this.#ask(target, name);
    return target.signer;
  }

  /** What a guest has to do before it is admitted; nothing comes of asking. */
  async askForWork(target: JoinTarget): Promise<{
    readonly terms: GuestTerms & { readonly nodeId: Uint8Array };
    readonly network: Network;
    readonly nodeId: string;
  }> {
    const result = await this.#ask(target, '');
    if (!('terms' in result)) throw new CodedError('INTERNAL', 'admitted without a question');
    const { nodeId } = ensureKeys(this.#storage, 'node');
    return { terms: result.terms, network: target.network, nodeId: idToText(nodeId) };
  }

  /** Runs a joining node until the signer answered. */
  async #ask(
    target: JoinTarget,
    name: string,
    key: KeyName = 'node',
  ): Promise<Extract<JoinResult, { ok: true }>> {
    this.#storage.setGenesis(target.genesis);
    const joining = startNode({
      storage: this.#storage,
      config: this.#options.config,
      clock: this.clock,
      keys: ensureKeys(this.#storage, key),
      signerSeed: undefined,
      genesis: target.genesis,
      chain: undefined,
      advertise: [],
      withInterface: false,
      hooks: this.#hooks(target.tokenId),
      onHostChanged: () => undefined,
      onInterfaceChanged: (reason) =>
        this.#log.warn('interfaceChanged', { interface: this.#options.config.interface, reason }),
    });
    try {
      const requestId = joining.turn.run((now) => joining.node.join({ ...target.request, name }, now));
      const result = await this.requests.join(requestId, JOIN_TIMEOUT_MS);
      if (!result.ok) throw new CodedError(result.code);
      if (this.saveError !== undefined) throw this.saveError;
      return result;
    } finally {
      joining.stop(false);
    }
  }

  /**
   * Goes on under a new key, which a signer admits in the old one's place. The new key is on disk before it is asked for, and the
   * certificate for it decides which of them counts, so that whoever is interrupted asks again.
   */
  async changeKey(target: JoinTarget): Promise<void> {
    if (this.#isChanging) throw new CodedError('ALREADY_INITIALISED', 'init or join is under way');
    this.#isChanging = true;
    clearTimeout(this.#nextStart);
    this.#stopNode(false);
    try {
      await this.#ask(target, this.standing?.chain.name ?? 'node', 'node-new');
    } finally {
      this.#isChanging = false;
      await this.start().catch((error) => {
        this.trouble = error as CodedError;
        this.#startAgainIn(TROUBLE_RETRY_MS);
      });
    }
    if (this.running === undefined) throw this.trouble ?? new CodedError('TIMED_OUT', 'the daemon stops');
  }

  async startOrUndo(): Promise<void> {
    try {
      await this.start();
      if (this.running === undefined) throw this.trouble ?? new CodedError('TIMED_OUT', 'the daemon stops');
    } catch (error) {
      // As if it had not been asked: the founder's root key was not shown yet, and a joiner's retry costs no use.
      this.#storage.forgetMembership();
      throw error;
    }
  }

  /** init and join, one at a time and only for a node without a network. */
  async change<T>(body: () => Promise<T>): Promise<T> {
    this.refuseMember();
    this.#isChanging = true;
    // Its certificate has ended: what it was does not keep it from joining again.
    this.#stopNode(false);
    try {
      return await body();
    } finally {
      this.#isChanging = false;
      if (this.running === undefined && this.trouble !== undefined) this.#startAgainIn(TROUBLE_RETRY_MS);
    }
  }

  /** Goes on under another certificate of the same node; sessions are made anew. */
  async exchange(membership: Membership): Promise<void> {
    if (this.#isChanging) throw new CodedError('ALREADY_INITIALISED', 'init or join is under way');
    this.#storage.setMembership(membership);
    await this.goOn();
  }

  /** Starts the node anew, with the keys and the certificate that are on disk now. */
  async goOn(): Promise<void> {
    await this.#restart(false);
    if (this.running === undefined) throw this.trouble ?? new CodedError('TIMED_OUT', 'the daemon stops');
  }

  refuseMember(): void {
    if (this.isMember) throw new CodedError('ALREADY_INITIALISED');
    if (this.#isChanging) throw new CodedError('ALREADY_INITIALISED', 'init or join is under way');
  }

  /** It runs, and its certificate is good. */
  get isMember(): boolean {
    return this.running !== undefined && this.standing?.lapsed === undefined;
  }

  node(): RunningNode {
    if (this.running === undefined) throw this.trouble ?? new CodedError('NOT_INITIALISED');
    return this.running;
  }

  /** A command whose records must be on disk before it is reported as done. */
  command<T>(body: (now: number) => T): T {
    this.saveError = undefined;
    const result = this.node().turn.run(body);
    if (this.saveError !== undefined) throw this.saveError;
    return result;
  }

  #clearSurroundings(): void {
    const surroundings = this.surroundings;
    this.surroundings = undefined;
    if (surroundings !== undefined)
      this.#cleared = Promise.resolve(this.#cleared)
        .then(() => surroundings.stop())
        .catch((error) => this.#log.error('surroundingsFailed', { message: (error as Error).message }));
  }

  #stopNode(removeInterface: boolean): void {
    this.#clearSurroundings();
    this.running?.stop(removeInterface);
    this.running = undefined;
    this.requests.cancel();
  }

  /** `joinedBy`: ID of the token that a membership would come from. */
  #hooks(joinedBy?: Uint8Array) {
    return {
      save: (records: Parameters<Storage['save']>[0]) => {
        this.#storage.save(records, this.#savableMs(), joinedBy);
        this.saveError = undefined;
      },
      onSaveFailed: (error: unknown) => {
        this.saveError = error instanceof CodedError ? error : new CodedError('INTERNAL', String(error));
        this.#log.error('saveFailed', { code: this.saveError.code, message: this.saveError.message });
      },
      onEvent: (event: NodeEvent) => this.#onEvent(event),
    };
  }

  #onEvent(event: NodeEvent): void {
    if (this.requests.take(event)) return;
    switch (event.kind) {
      case 'foreignQuery':
        void this.surroundings?.forward(event);
        return;
      case 'endpointsChanged':
        // The node is in the middle of its turn.
        setImmediate(() => this.surroundings?.endpointsChanged());
        return;
      case 'interfaceGone':
        this.#log.error('interfaceGone', { interface: this.running?.interfaceName ?? undefined });
        setImmediate(() => this.#restart(true));
        return;
      case 'renewed':
        this.#log.info('renewed', { until: new Date(event.notAfter * 1000).toISOString() });
        // It is on disk when the turn has ended.
        setImmediate(() => this.#takeRenewed());
        return;
      case 'renewalFailed':
        this.#onRenewalFailed();
        return;
      case 'askRouteMtu':
      case 'dial':
        return;
      case 'olderState':
        if (!this.#storage.isOlder) reportEvent(this.#log, this.events, event);
        this.#storage.isOlder = true;
        return;
      default:
        reportEvent(this.#log, this.events, event);
    }
  }

  #takeRenewed(): void {
    const membership = this.running === undefined ? undefined : this.#storage.membership();
    if (membership === undefined) return;
    const before = this.standing?.chain.provides.join(' ');
    this.standing = verifyMembership(membership, this.clock);
    this.trouble = this.standing.lapsed;
    // What it may offer others learn from its records, which are judged when they are made.
    if (before !== undefined && before !== this.standing.chain.provides.join(' ')) void this.#restart(false);
  }

  /** Worth a line while there is a risk that the certificate ends. */
  #onRenewalFailed(): void {
    const { standing } = this;
    if (standing === undefined) return;
    const { notAfter, organisationName } = standing.chain;
    const leftMs = notAfter * 1000 - this.clock.now();
    const fields = { organisation: organisationName, until: new Date(notAfter * 1000).toISOString() };
    if (leftMs < EXPIRY_WARNING_MS) this.#log.warn('renewalFailed', fields);
    else this.#log.info('renewalFailed', fields);
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
    this.clock.follow();
    try {
      await this.start();
    } catch (error) {
      if (this.#isStopped) return;
      this.#log.error('startFailed', { code: (error as CodedError).code, message: (error as Error).message });
      clearTimeout(this.#nextStart);
      const again = () => this.#restart(false, Math.min(2 * waitMs, RETRY_MAX_MS));
      this.#nextStart = setTimeout(again, waitMs).unref();
    }
  }

  warnings(): Warning[] {
    return warnings({
      saveError: this.saveError,
      trouble: this.trouble,
      lostDatabase: this.#storage.lostDatabase && this.running === undefined,
      clockBehindMs: this.clock.behindMs,
      isTemporary: this.#options.forCommand,
      lacksIpv6: this.running?.lacksIpv6 === true,
      remarks: [
        ...(this.#storage.isOlder ? [new CodedError('STATE_OLDER')] : []),
        ...revokedRemark(this.running?.node.revoked() ?? null),
        ...(this.running?.node.namesakes().map(ambiguous) ?? []),
        ...(this.surroundings?.remarks ?? []),
      ],
      organisation: this.standing?.chain.organisationName ?? '',
      certificateExpiresInMs:
        (this.standing?.chain.notAfter ?? Number.POSITIVE_INFINITY) * 1000 - this.clock.now(),
    });
  }

  /** A time that is saved can never be taken back, so it may not make the own certificate look expired. */
  #savableMs(): number {
    const certificateEndMs = (this.standing?.chain.notAfter ?? Number.POSITIVE_INFINITY) * 1000;
    return Math.min(this.clock.savable(), certificateEndMs - 86_400_000);
  }
}
