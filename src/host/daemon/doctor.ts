// `mcc doctor`: looks at a state folder while no daemon runs on it, and mends a damaged list of revocations.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';
import { ChainVerifier, type Network, RevocationVerifier } from '../../core/identity/identity.ts';
import type { DoctorCheck, DoctorReport } from '../api/types.ts';
import { nodeCrypto } from '../crypto/crypto.ts';
import { WallClock } from '../io/io.ts';
import { Storage } from '../storage/storage.ts';
import { readKeys, readNetwork, verifyMembership } from './membership.ts';

/** `repair`: a list of revocations that is damaged keeps what proves itself. Throws nothing: what is wrong is in the report. */
export function doctor(state: string, repair: boolean): DoctorReport {
  if (!existsSync(join(state, 'state.db'))) {
    const { code, message } = new CodedError('NOT_INITIALISED', `there is no ${join(state, 'state.db')}`);
    return { checks: [{ name: 'state', ok: false, code, message }], repaired: null };
  }
  const checks: DoctorCheck[] = [];
  const look = <T>(name: string, body: () => T, words: (found: T) => string): T | undefined => {
    try {
      const found = body();
      checks.push({ name, ok: true, code: null, message: words(found) });
      return found;
    } catch (error) {
      const { code, message } = coded(error);
      checks.push({ name, ok: false, code, message });
      return undefined;
    }
  };
  const storage = look(
    'state',
    () => Storage.open(state, { mends: repair }),
    () => 'can be read, by nobody else',
  );
  if (storage === undefined) return { checks, repaired: null };
  try {
    look('database', () => refuseFault(storage), String);
    const keys = look(
      'key',
      () => readKeys(storage, 'node'),
      (found) => (found ? 'is there' : 'none yet'),
    );
    const membership = look(
      'membership',
      () => storage.membership() ?? null,
      (found) => (found === null ? 'this node belongs to no network' : 'is there'),
    );
    if (membership === undefined || membership === null) return { checks, repaired: null };
    look(
      'certificate',
      () => {
        if (keys === undefined) throw new CodedError('STATE_DAMAGED', 'node.key is missing');
        const clock = new WallClock(storage.savedTimeMs());
        const { chain, lapsed } = verifyMembership(membership, clock);
        if (lapsed !== undefined) throw lapsed;
        return chain;
      },
      ({ name, admittedBy, notAfter }) =>
        `${name} of ${admittedBy.name}, until ${new Date(notAfter * 1000).toISOString().slice(0, 10)}`,
    );
    const network = look(
      'network',
      () => readNetwork(membership),
      ({ idText }) => idText,
    );
    const repaired = repair && network !== undefined ? mend(storage, network) : null;
    look('revocations', () => storage.loadState().revocations.length, String);
    return { checks, repaired };
  } finally {
    storage.close();
  }
}

function refuseFault(storage: Storage): string {
  const fault = storage.fault();
  if (fault !== undefined) throw new CodedError('STATE_DAMAGED', fault);
  return 'sound';
}

/** null: the list was good, or cannot be mended. */
function mend(storage: Storage, network: Network): DoctorReport['repaired'] {
  try {
    storage.loadState();
    return null;
  } catch (error) {
    if (coded(error).code !== 'REVOCATIONS_DAMAGED') return null;
  }
  const verifier = new RevocationVerifier(nodeCrypto, network, new ChainVerifier(nodeCrypto, network));
  const found = storage.damagedRevocations();
  const kept = found.flatMap((bytes) => {
    const result = verifier.verify(bytes);
    return result.ok ? [result.verified] : [];
  });
  storage.replaceRevocations(kept);
  return { kept: kept.length, lost: found.length - kept.length };
}

function coded(error: unknown): CodedError {
  return error instanceof CodedError ? error : new CodedError('INTERNAL', (error as Error).message);
}
