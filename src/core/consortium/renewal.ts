// A member's certificate is renewed long before it ends, by whichever signer of its organisation answers.

import { equalBytes } from '../base/bytes.ts';
import { type Rng, shuffle, uniform } from '../base/rng.ts';
import { HOUR_MS, MINUTE_MS, NEVER, SECOND_MS } from '../base/time.ts';
import type { RenewalInput, RenewalOutbox } from './types.ts';

/** Part of a certificate's life after which it is renewed: day 10 of 30. */
export const RENEW_AFTER = 1 / 3;
/** Part of its life over which those admitted together spread: a day of 30. */
const RENEW_JITTER = 1 / 30;
/** A signer that does not answer: the next one is asked. */
export const SIGNER_SILENT_MS = 10 * SECOND_MS;
/** Signers asked in one attempt. */
export const SIGNERS_ASKED_MAX = 8;
/** After an attempt that failed, most of them for a short outage: twice as long each time. */
export const RETRY_FIRST_MS = MINUTE_MS;
export const RETRY_MAX_MS = 6 * HOUR_MS;
/** A lookup of the signers is answered by then. */
const FIND_MS = 30 * SECOND_MS;

/** waiting: until it is due. finding: where signers are. asking: one of them. */
type Phase = 'waiting' | 'finding' | 'asking';

/** Renews one certificate after another, for ever. Answers of others than the signer that was asked change nothing. */
export class RenewalMachine {
  /** ms */
  wakeAt = NEVER;
  private readonly rng: Rng;
  /** Unix ms minus `now`. */
  private wallOffsetMs: number;
  private phase: Phase = 'waiting';
  /** Unix ms at which the certificate is to be renewed. */
  private dueMs = NEVER;
  /** Of this attempt, yet to be asked. */
  private signers: Uint8Array[] = [];
  private asked: Uint8Array | undefined;
  private failures = 0;

  constructor(rng: Rng, wallOffsetMs: number) {
    this.rng = rng;
    this.wallOffsetMs = wallOffsetMs;
  }

  /** Whether a signer was asked, and has not answered yet. */
  isAsking(nodeId: Uint8Array): boolean {
    return this.asked !== undefined && equalBytes(this.asked, nodeId);
  }

  handle(input: RenewalInput, now: number, out: RenewalOutbox): void {
    switch (input.kind) {
      case 'certificate':
        this.begin(input.notBefore * SECOND_MS, input.notAfter * SECOND_MS, now);
        return;
      case 'wallClock':
        this.wallOffsetMs = input.wallOffsetMs;
        if (this.phase === 'waiting' && this.failures === 0) this.wait(this.dueMs - input.wallOffsetMs, now);
        return;
      case 'found':
        if (this.phase !== 'finding') return;
        this.signers = shuffle(this.rng, [...input.signers]).slice(0, SIGNERS_ASKED_MAX);
        this.askNext(now, out);
        return;
      case 'established':
        if (this.isAsking(input.nodeId)) out.emit({ kind: 'request', nodeId: input.nodeId });
        return;
      case 'refused':
        if (this.isAsking(input.nodeId)) this.askNext(now, out);
        return;
      case 'now':
        if (this.phase === 'waiting') this.find(now, out);
        return;
    }
  }

  onTimer(now: number, out: RenewalOutbox): void {
    if (now < this.wakeAt) return;
    if (this.phase === 'waiting') this.find(now, out);
    else this.askNext(now, out);
  }

  private begin(notBeforeMs: number, notAfterMs: number, now: number): void {
    const lifeMs = notAfterMs - notBeforeMs;
    const jitterMs = uniform(this.rng, Math.max(1, Math.floor(lifeMs * RENEW_JITTER)));
    this.dueMs = notBeforeMs + lifeMs * RENEW_AFTER + jitterMs;
    this.failures = 0;
    this.wait(this.dueMs - this.wallOffsetMs, now);
  }

  private wait(until: number, now: number): void {
    this.phase = 'waiting';
    this.asked = undefined;
    this.signers = [];
    this.wakeAt = Math.max(now, until);
  }

  private find(now: number, out: RenewalOutbox): void {
    this.phase = 'finding';
    this.wakeAt = now + FIND_MS;
    out.emit({ kind: 'find' });
  }

  private askNext(now: number, out: RenewalOutbox): void {
    const signer = this.signers.pop();
    if (signer === undefined) {
      const retryMs = Math.min(RETRY_FIRST_MS * 2 ** this.failures++, RETRY_MAX_MS);
      this.wait(now + retryMs - uniform(this.rng, retryMs / 4), now);
      out.emit({ kind: 'failed', failures: this.failures });
      return;
    }
    this.phase = 'asking';
    this.asked = signer;
    this.wakeAt = now + SIGNER_SILENT_MS;
    out.emit({ kind: 'connect', nodeId: signer });
  }
}
