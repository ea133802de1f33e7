// The proof of work of a guest: done in the cli's process, so that neither the daemon nor anything else waits for it.
import { constants, setPriority } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { CodedError } from '../core/base/errors.ts';
import { idFromText, nobleCrypto, PUZZLES, Solver } from '../core/identity/identity.ts';
import type { GuestProof, GuestWork } from '../host/api/types.ts';
import { span, talk } from './print.ts';

/** Some 50 ms: in between the bar moves, and an interrupt is heard. */
const HASHES_PER_STEP = 131_072;
const BAR_WIDTH = 30;
const BAR_EVERY_MS = 200;
const LINE_EVERY_MS = 5000;

/** `isSilent`: nothing is told of how it goes. INTERRUPTED on SIGINT and SIGTERM: nothing was changed by then. */
export async function doWork(work: GuestWork, isSilent: boolean): Promise<GuestProof> {
  const { networkId, nodeId, signerNode, signer, hour, difficulty } = work;
  const solver = new Solver(nobleCrypto, {
    networkId: id(networkId),
    nodeId: id(nodeId),
    signer: new Uint8Array(Buffer.from(signer, 'base64url')),
    hour,
    difficulty,
  });
  // It may take minutes, and nobody waits for it but who started it.
  setPriority(constants.priority.PRIORITY_LOW);
  const progress = new Progress(isSilent);
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    while (!solver.run(HASHES_PER_STEP)) {
      progress.show(solver.solved / PUZZLES);
      await setImmediate();
      if (isInterrupted) throw new CodedError('INTERRUPTED');
    }
    progress.show(1);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    progress.end();
  }
  const solution = Buffer.from(solver.solution).toString('base64url');
  return { signerNode, signer, hour, difficulty, solution };
}

function id(text: string): Uint8Array {
  const bytes = idFromText(text);
  if (bytes === undefined) throw new CodedError('INTERNAL', `${text} is no ID`);
  return bytes;
}

/** A bar where somebody watches, else a line now and then. */
class Progress {
  readonly #startedAt = performance.now();
  readonly #isBar = process.stderr.isTTY === true;
  readonly #isSilent: boolean;
  #shownAt: number;
  #hasBar = false;

  constructor(isSilent: boolean) {
    this.#isSilent = isSilent;
    this.#shownAt = this.#isBar ? Number.NEGATIVE_INFINITY : this.#startedAt;
  }

  show(share: number): void {
    const now = performance.now();
    const every = this.#isBar ? BAR_EVERY_MS : LINE_EVERY_MS;
    if (this.#isSilent || (now - this.#shownAt < every && share < 1)) return;
    this.#shownAt = now;
    const text = `${Math.round(share * 100)} %${left(share, now - this.#startedAt)}`;
    if (!this.#isBar) {
      talk(`working: ${text}`);
      return;
    }
    const full = Math.round(share * BAR_WIDTH);
    const bar = '#'.repeat(full) + '.'.repeat(BAR_WIDTH - full);
    process.stderr.write(`\r[${bar}] ${text}\x1b[K`);
    this.#hasBar = true;
  }

  end(): void {
    if (this.#hasBar) process.stderr.write('\n');
  }
}

function left(share: number, spentMs: number): string {
  if (share >= 1) return ` after ${span(spentMs)}`;
  return share < 0.1 ? '' : `, about ${span((spentMs / share) * (1 - share))} left`;
}
