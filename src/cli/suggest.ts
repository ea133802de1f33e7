import { CodedError, isErrorCode } from '../core/base/errors.ts';
import { nearest } from '../core/base/near.ts';
import { RemoteError } from './errors.ts';

/** Runs `ask`; when the daemon knows no `name`, the refusal also tells which one of `known` may be meant. */
export async function suggesting<T>(
  ask: () => Promise<T>,
  name: string,
  known: () => Promise<readonly string[]>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RemoteError) || !isErrorCode(error.code) || !UNKNOWN.has(error.code)) throw error;
    const meant = nearest(name, await known().catch(() => []));
    if (meant === undefined || meant === name) throw error;
    throw new CodedError(error.code, `${name}; did you mean ${meant}`);
  }
}

const UNKNOWN: ReadonlySet<string> = new Set(['PEER_UNKNOWN', 'SERVICE_UNKNOWN', 'NAME_UNKNOWN']);
