// Mode file: /etc/resolv.conf itself names our resolver, which asks the former servers for all other names.
import { rmSync } from 'node:fs';
import { putBack, readText, removeLeftover, replaceText, snapshot } from './files.ts';
import { at } from './host.ts';
import { namesResolver, ourResolvConf, parseResolvConf, withoutResolver } from './resolv-conf.ts';
import {
  type Change,
  type DnsHost,
  type OriginalFile,
  type Standing,
  Unsuitable,
  type WayContext,
} from './types.ts';
import { NameWatch } from './watch.ts';

const RESOLV_CONF = '/etc/resolv.conf';
const READABLE = 0o644;
/** Wait before our text replaces somebody else's, doubled while they keep coming back. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
/** Peace this long ends the doubling. */
const PEACE_MS = 600_000;

type FileChange = Extract<Change, { mode: 'file' }>;

export async function beginFile(context: WayContext): Promise<Standing> {
  if (context.options.forwarder === undefined) {
    throw new Unsuitable('other names of this host would not be answered');
  }
  const standing = new FileStanding(context);
  try {
    standing.take();
  } catch (error) {
    standing.close();
    throw new Unsuitable(`/etc/resolv.conf cannot be replaced: ${(error as Error).message}`);
  }
  return standing;
}

class FileStanding implements Standing {
  readonly reason = 'configured; /etc/resolv.conf names mcc, which passes other names on';
  readonly #context: WayContext;
  readonly #path: string;
  readonly #watch: NameWatch;
  #written = '';
  #original: OriginalFile = { kind: 'absent' };
  #waitMs = FIRST_WAIT_MS;
  #takenAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: WayContext) {
    this.#context = context;
    this.#path = at(context.host, RESOLV_CONF);
    this.#watch = new NameWatch(this.#path, () => this.#changed());
  }

  /** Makes the file ours, whatever it is now, and remembers what it was. */
  take(): void {
    const { resolvers, options } = this.#context;
    const original = this.#withoutUs(snapshot(this.#path));
    const text = original.kind === 'absent' ? '' : original.text;
    const { nameservers, settings } = parseResolvConf(text);
    const written = ourResolvConf(resolvers, settings, options.stateDirectory);
    this.#context.record({ mode: 'file', original, written, resolvers });
    this.#original = original;
    this.#written = written;
    const like = original.kind === 'file' ? original : { mode: READABLE };
    replaceText(this.#path, written, like);
    // A program that only removes the file tells nothing about the servers.
    if (original.kind !== 'absent' || nameservers.length > 0) options.forwarder?.setUpstreams(nameservers);
    this.#takenAtMs = performance.now();
  }

  obstacle(): undefined {
    return undefined;
  }

  async again(): Promise<void> {
    this.#changed();
  }

  close(): void {
    this.#watch.close();
    clearTimeout(this.#timer);
  }

  /** Somebody edited our text: what they changed is theirs, the servers are those from before. */
  #withoutUs(found: OriginalFile): OriginalFile {
    const { resolvers } = this.#context;
    if (found.kind === 'absent' || !namesResolver(found.text, resolvers)) return found;
    const before = this.#original.kind === 'absent' ? '' : this.#original.text;
    const text = withoutResolver(found.text, resolvers, before);
    return found.kind === 'link'
      ? { kind: 'file', text, mode: READABLE, uid: 0, gid: 0 }
      : { ...found, text };
  }

  #changed(): void {
    if (this.#timer !== undefined || readText(this.#path) === this.#written) return;
    const { options, tell } = this.#context;
    if (performance.now() - this.#takenAtMs > PEACE_MS) this.#waitMs = FIRST_WAIT_MS;
    options.log.warn('dnsOverwritten', {
      reason: `somebody changed /etc/resolv.conf; mcc takes it again in ${this.#waitMs / 1000} s`,
    });
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (readText(this.#path) === this.#written) return;
      try {
        this.take();
        tell(this.reason);
      } catch (error) {
        const reason = `another program keeps /etc/resolv.conf: ${(error as Error).message}`;
        tell(reason);
      }
    }, this.#waitMs).unref();
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }
}

/** Puts the original back where the file is still ours; what others wrote in the meantime stays. */
export async function undoFile(change: FileChange, host: DnsHost): Promise<string> {
  const path = at(host, RESOLV_CONF);
  removeLeftover(path);
  const found = snapshot(path);
  const text = found.kind === 'absent' ? undefined : found.text;
  if (found.kind === 'file' && text === change.written) {
    putBack(path, change.original);
    return 'the original /etc/resolv.conf is back';
  }
  if (found.kind === 'file' && namesResolver(found.text, change.resolvers)) {
    const before = change.original.kind === 'absent' ? '' : change.original.text;
    const kept = withoutResolver(found.text, change.resolvers, before);
    if (kept.trim() === '' && change.original.kind === 'absent') rmSync(path);
    else replaceText(path, kept, found);
    return 'somebody edited /etc/resolv.conf: the edits stay, the former servers are back';
  }
  return '/etc/resolv.conf is no longer ours and stays as it is';
}
