// The program nft: the kernel's tables take no other hand as readily.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { CodedError } from '../../core/base/errors.ts';
import { removal, tableName } from './ruleset.ts';

const TIMEOUT_MS = 5000;
/** Bytes of a listing that are read; a host with more rules is told nothing about them. */
const LISTING_MAX = 16 * 1_048_576;

const OPTIONS = {
  encoding: 'utf8',
  timeout: TIMEOUT_MS,
  killSignal: 'SIGKILL',
  maxBuffer: LISTING_MAX,
} as const;

/** Runs nft to its end (5 ms) and returns what it printed. Throws NFT_MISSING or NFT_FAILED. */
export function nft(words: readonly string[], input = ''): string {
  const done = spawnSync('nft', words, { ...OPTIONS, input, env: environment() });
  const errno = (done.error as NodeJS.ErrnoException | undefined)?.code;
  if (errno === 'ENOENT' || errno === 'EACCES') throw new CodedError('NFT_MISSING');
  if (done.error !== undefined) throw new CodedError('NFT_FAILED', done.error.message, { cause: done.error });
  if (done.status !== 0) throw new CodedError('NFT_FAILED', done.stderr.split('\n')[0]?.slice(0, 200));
  return done.stdout;
}

/** As nft(), for what may take long: a host may have tens of thousands of rules. Rejects with whatever went wrong. */
async function list(words: readonly string[]): Promise<string> {
  const done = await promisify(execFile)('nft', words, { ...OPTIONS, env: environment() });
  return done.stdout;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin` };
}

export function hasTable(interfaceName: string): boolean {
  try {
    nft(['list', 'table', 'inet', tableName(interfaceName)]);
    return true;
  } catch {
    return false;
  }
}

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
}

/**
 * A chain of somebody else's that drops by default what is forwarded, where no rule of its table names the interface; undefined:
 * there is none. An accepting rule of ours does not help against it. Rejects when nft does not tell.
 */
export async function droppingChain(interfaceName: string): Promise<string | undefined> {
  const { nftables } = JSON.parse(await list(['-j', 'list', 'chains'])) as { nftables: { chain?: Chain }[] };
  for (const { chain } of nftables) {
    if (chain?.hook !== 'forward' || chain.policy !== 'drop') continue;
    const { family, table, name } = chain;
    // Without what its sets hold.
    const rules = await list(['-t', 'list', 'table', family, table]);
    if (!rules.includes(`"${interfaceName}"`)) return `${family} ${table} ${name}`;
  }
  return undefined;
}

/** Ends with no table of ours. Where nft is missing there is none. */
export function removeTable(interfaceName: string): void {
  try {
    nft(['-f', '-'], removal(interfaceName));
  } catch (error) {
    if ((error as CodedError).code !== 'NFT_MISSING') throw error;
  }
}
