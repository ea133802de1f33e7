// Which way names of the zone take to our resolver, and back again.
import { formatIp } from '../../core/base/ip.ts';
import { beginDnsmasq, undoDnsmasq } from './dnsmasq.ts';
import { beginFile, undoFile } from './file.ts';
import { at, hostOf } from './host.ts';
import { forgetChange, readChange, writeChange } from './record.ts';
import { beginResolvconf, undoResolvconf } from './resolvconf.ts';
import { beginResolved, undoResolved } from './resolved.ts';
import {
  type Change,
  type DnsHost,
  type DnsLog,
  type DnsMode,
  type DnsStatus,
  type DnsWiringOptions,
  type Standing,
  Unsuitable,
  type WayContext,
} from './types.ts';
import { NameWatch } from './watch.ts';

type ActiveMode = Exclude<DnsMode, 'none'>;

const BEGIN: Readonly<Record<ActiveMode, (context: WayContext) => Promise<Standing>>> = {
  resolved: beginResolved,
  dnsmasq: beginDnsmasq,
  resolvconf: beginResolvconf,
  file: beginFile,
};

/** Tried in this order; replacing /etc/resolv.conf itself is never done unasked. */
const AUTOMATIC: readonly ActiveMode[] = ['resolved', 'dnsmasq', 'resolvconf'];

const NOT_STARTED: DnsStatus = { mode: 'none', reason: 'not started' };
const STILL = 'names are resolved by `mcc resolve` only';

/**
 * The wiring of one interface. start() first takes back what an earlier run left. All calls may overlap; they are done
 * one after the other, and none of them throws: where names cannot be wired the mode is none and the reason says why.
 */
export class DnsWiring {
  #options: DnsWiringOptions;
  readonly #host: DnsHost;
  #status: DnsStatus = NOT_STARTED;
  #standing: Standing | undefined;
  #watch: NameWatch | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: DnsWiringOptions) {
    this.#options = options;
    this.#host = hostOf(options.host);
  }

  get status(): DnsStatus {
    return this.#status;
  }

  start(): Promise<DnsStatus> {
    return this.#inTurn(async () => {
      if (this.#standing === undefined) {
        await this.#choose();
        if (this.#options.mode === 'auto') {
          this.#watch ??= new NameWatch(at(this.#host, '/etc/resolv.conf'), () => void this.#reconsider());
        }
      }
      return this.#status;
    });
  }

  /** Takes everything back. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      this.#watch?.close();
      this.#watch = undefined;
      await this.#takeBack();
      this.#status = { mode: 'none', reason: 'stopped' };
    });
  }

  /** For a host that may have forgotten or changed how it resolves names: after a sleep, on a new network. */
  reapply(): Promise<DnsStatus> {
    return this.#inTurn(async () => {
      if (this.#status === NOT_STARTED) return this.#status;
      if (this.#standing === undefined) await this.#choose();
      else await this.#standing.again().catch((error) => this.#tell((error as Error).message));
      return this.#status;
    });
  }

  /** The interface was made again and has another index. */
  follow(interfaceIndex: number): Promise<DnsStatus> {
    return this.#inTurn(async () => {
      if (interfaceIndex === this.#options.interfaceIndex) return this.#status;
      this.#options = { ...this.#options, interfaceIndex };
      if (this.#standing !== undefined) {
        await this.#takeBack();
        await this.#choose();
      }
      return this.#status;
    });
  }

  #reconsider(): Promise<void> {
    return this.#inTurn(async () => {
      const obstacle = this.#standing?.obstacle();
      if (this.#watch === undefined || (this.#standing !== undefined && obstacle === undefined)) return;
      if (obstacle !== undefined) {
        this.#options.log.info('dnsChanged', { state: this.#status.mode, reason: obstacle });
        await this.#takeBack();
      }
      await this.#choose();
    });
  }

  async #choose(): Promise<void> {
    const { mode, stateDirectory, log, resolvers } = this.#options;
    const left = await restoreDns(stateDirectory, { host: this.#host, log });
    if (left !== undefined) return this.#settle('none', `an earlier change could not be taken back: ${left}`);
    if (mode === 'none') return this.#settle('none', `switched off in the configuration; ${STILL}`);
    if (resolvers.length === 0) return this.#settle('none', 'the resolver has no address on this host');
    if (mode === 'auto' && !this.#host.isOwn()) {
      const reason = `in a network namespace of its own mcc leaves name resolution alone unless \`dns\` names a mode; ${STILL}`;
      return this.#settle('none', reason);
    }
    const reasons: string[] = [];
    for (const candidate of mode === 'auto' ? AUTOMATIC : [mode]) {
      try {
        this.#standing = await BEGIN[candidate](this.#context(mode !== 'auto'));
        return this.#settle(candidate, this.#standing.reason);
      } catch (error) {
        // Half of it may be done.
        await restoreDns(stateDirectory, { host: this.#host, log });
        const { message } = error as Error;
        if (!(error instanceof Unsuitable)) log.warn('dnsFailed', { state: candidate, reason: message });
        reasons.push(`${candidate}: ${message}`);
      }
    }
    this.#settle('none', `${STILL} (${reasons.join('; ')})`);
  }

  async #takeBack(): Promise<void> {
    this.#standing?.close();
    this.#standing = undefined;
    await restoreDns(this.#options.stateDirectory, { host: this.#host, log: this.#options.log });
  }

  #context(isConfigured: boolean): WayContext {
    const { stateDirectory, resolvers } = this.#options;
    return {
      options: this.#options,
      host: this.#host,
      resolvers: resolvers.map(formatIp),
      isConfigured,
      record: (change) => writeChange(stateDirectory, change),
      tell: (reason) => this.#tell(reason),
    };
  }

  #tell(reason: string): void {
    this.#settle(this.#status.mode, reason);
  }

  #settle(mode: DnsMode, reason: string): void {
    if (mode === this.#status.mode && reason === this.#status.reason) return;
    this.#status = { mode, reason };
    this.#options.log[mode === 'none' && this.#options.mode !== 'none' ? 'warn' : 'info']('dns', {
      state: mode,
      reason,
    });
    this.#options.onChange?.(this.#status);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }
}

/**
 * Takes back what the record in the state directory says was changed, and forgets it. Does nothing where nothing is
 * recorded, may be called any number of times and never throws; returns why something could not be taken back (the record
 * then stays for the next time).
 */
export async function restoreDns(
  stateDirectory: string,
  options: { host?: Partial<DnsHost>; log?: DnsLog } = {},
): Promise<string | undefined> {
  const host = hostOf(options.host);
  let change: Change | undefined;
  try {
    change = readChange(stateDirectory);
    if (change === undefined) return undefined;
    const done = await undo(change, host);
    forgetChange(stateDirectory);
    options.log?.info('dnsRestored', { state: change.mode, reason: done });
    return undefined;
  } catch (error) {
    const reason = (error as Error).message;
    options.log?.warn('dnsNotRestored', { ...(change && { state: change.mode }), reason });
    return reason;
  }
}

function undo(change: Change, host: DnsHost): Promise<string> {
  switch (change.mode) {
    case 'resolved':
      return undoResolved(change, host);
    case 'dnsmasq':
      return undoDnsmasq(change, host);
    case 'resolvconf':
      return undoResolvconf(change, host);
    case 'file':
      return undoFile(change, host);
  }
}
