// What every row needs that is sealed, whether it leaves at once or waited for its turn.
import type { Tables } from '../addressing/addressing.ts';
import { NONE, REMOTE_ESTABLISHED } from '../addressing/types.ts';
import { OutRow } from '../base/batch-layout.generated.ts';

/** Bytes of plaintext per datagram below which a path carries no packets. */
const MIN_PLAINTEXT = 600;

/** There is a session, and a path that carries packets. */
export function isSealable({ remotes }: Tables, remote: number, now: number): boolean {
  return (
    (remotes.flags[remote] & REMOTE_ESTABLISHED) !== 0 &&
    now < remotes.refuseAtMs[remote] &&
    remotes.path[remote] !== NONE &&
    remotes.maxPlaintext[remote] >= MIN_PLAINTEXT
  );
}

/**
 * Gives a row key, path and as many counters as its OutRow.datagrams, and the time of its release (ms; 0: at once). The remote is sealable and has
 * so many counters left. Gives the first counter.
 */
export function sealRow(
  { remotes }: Tables,
  rows: Uint32Array,
  at: number,
  remote: number,
  releaseAt: number,
): number {
  const counter = remotes.nextCounter[remote];
  const releaseNs = Math.round(releaseAt * 1e6);
  remotes.nextCounter[remote] = counter + rows[at + OutRow.datagrams];
  rows[at + OutRow.key] = remotes.sendKey[remote];
  rows[at + OutRow.counterLow] = counter >>> 0;
  rows[at + OutRow.counterHigh] = counter / 0x1_0000_0000;
  rows[at + OutRow.path] = remotes.path[remote];
  rows[at + OutRow.releaseLow] = releaseNs >>> 0;
  rows[at + OutRow.releaseHigh] = releaseNs / 0x1_0000_0000;
  return counter;
}
