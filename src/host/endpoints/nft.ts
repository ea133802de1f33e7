// The program nft: the kernel's tables take no other hand as readily.
import { spawnSync } from 'node:child_process';
import { CodedError } from '../../core/base/errors.ts';
import { removal, tableName } from './ruleset.ts';

const TIMEOUT_MS = 5000;

/** Runs nft to its end (5 ms) and returns what it printed. Throws NFT_MISSING or NFT_FAILED. */
export function nft(words: readonly string[], input = ''): string {
  const path = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  const done = spawnSync('nft', words, {
    input,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, PATH: path },
  });
  const errno = (done.error as NodeJS.ErrnoException | undefined)?.code;
  if (errno === 'ENOENT' || errno === 'EACCES') throw new CodedError('NFT_MISSING');
  if (done.error !== undefined) throw new CodedError('NFT_FAILED', done.error.message, { cause: done.error });
  if (done.status !== 0) throw new CodedError('NFT_FAILED', done.stderr.split('\n')[0]?.slice(0, 200));
  return done.stdout;
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
 * A chain of somebody else's that drops by default what is forwarded, where no rule but ours names the interface; undefined:
 * there is none. An accepting rule of ours does not help against it.
 */
export function droppingChain(interfaceName: string): string | undefined {
  const { nftables } = JSON.parse(nft(['-j', 'list', 'chains'])) as { nftables: { chain?: Chain }[] };
  const found = nftables.find(({ chain }) => chain?.hook === 'forward' && chain.policy === 'drop')?.chain;
  if (found === undefined || namesInterface(interfaceName)) return undefined;
  return `${found.family} ${found.table} ${found.name}`;
}

function namesInterface(interfaceName: string): boolean {
  const tables = nft(['list', 'ruleset']).split(/^(?=table )/m);
  const others = tables.filter((text) => !text.startsWith(`table inet ${tableName(interfaceName)} `));
  return others.some((text) => text.includes(`"${interfaceName}"`));
}

/** Ends with no table of ours. Where nft is missing there is none. */
export function removeTable(interfaceName: string): void {
  try {
    nft(['-f', '-'], removal(interfaceName));
  } catch (error) {
    if ((error as CodedError).code !== 'NFT_MISSING') throw error;
  }
}
