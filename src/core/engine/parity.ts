// Parity along with what is sent, by the plan of the path in use: which groups there are, and when they end.
import type { Tables } from '../addressing/addressing.ts';
import {
  INFO_NO_RECUT,
  OutRow,
  PARITY_BYTES,
  PARITY_OVERHEAD,
  REPAIR_PARITY_SHIFT,
} from '../base/batch-layout.generated.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import type { LeavingRows } from './leaving.ts';
import { isRepairable } from './rows.ts';
import type { Sender } from './sender.ts';
import type { EngineVoice } from './types.ts';

/** Of what the path holds. */
const FULL_SHARE = 0.8;

/** One per engine. */
export class ParityDesk {
  private readonly tables: Tables;
  private readonly leaving: LeavingRows;
  private readonly voice: EngineVoice;
  private readonly isOn: boolean;

  constructor(tables: Tables, leaving: LeavingRows, voice: EngineVoice, isOn: boolean) {
    this.tables = tables;
    this.leaving = leaving;
    this.voice = voice;
    this.isOn = isOn;
  }

  /** Bytes of plaintext into which the row at `at` is cut: parity is longer than what it covers. */
  longest(sender: Sender, rows: Uint32Array, at: number): number {
    const longest = this.tables.remotes.maxPlaintext[sender.remote];
    const isCut = isRepairable(rows, at) && (rows[at + OutRow.info] & INFO_NO_RECUT) === 0;
    return isCut && sender.path.correction.plan.most > 0 ? longest - PARITY_OVERHEAD : longest;
  }

  /** What the path does is known better. */
  update(sender: Sender, now: number): void {
    if (!this.isOn || !this.isCoverable(sender)) return;
    const { delivery, control, correction, calm } = sender.path;
    const { bw, losses, isFullBwReached, pacingRate } = control.state;
    // Until it is known what the path takes, it is what is tried.
    const rate = (isFullBwReached ? bw : pacingRate) / delivery.transport.smss;
    // A stream that begins is worth more than the room that nobody has taken yet.
    const lossShare = Math.max(losses.share, isFullBwReached ? calm.share : calm.likelyMost);
    correction.update({ rttMs: delivery.rtt.minMs, lossShare, rate }, calm.isUnknown, now);
  }

  /** The port is told what follows, before anything of it is sealed. False: what is sealed already has to leave first. */
  tell(sender: Sender): boolean {
    const { remotes, sendKeys } = this.tables;
    const { corrected, path, remote } = sender;
    // What was planned before the search found that the path takes longer ones.
    if (!this.isCoverable(sender)) path.correction.stop();
    const { most: parities } = path.correction.plan;
    const index = sendKeys.index[remotes.sendKey[remote]];
    const longest = remotes.maxPlaintext[remote] - PARITY_OVERHEAD;
    const isSame =
      corrected.parities === parities &&
      (parities === 0 || (corrected.index === index && corrected.longest === longest));
    if (isSame) return true;
    if (this.leaving.isSealed) return false;
    Object.assign(corrected, { index, parities, longest });
    path.correction.restart();
    this.voice.setParity(remote, parities, parities === 0 ? 1 : longest);
    return true;
  }

  /** Datagrams of the path are not too long for parity, as those of jumbo frames are. */
  private isCoverable({ remote }: Sender): boolean {
    return this.tables.remotes.maxPlaintext[remote] - PARITY_OVERHEAD <= PARITY_BYTES;
  }

  /** The remote is sent nothing any more under the key that the port was told of. */
  forget({ corrected, remote }: Sender): void {
    if (corrected.parities > 0) this.voice.setParity(remote, 0, 1);
  }

  /** Behind the leaving row at `at`, whose datagrams have the sequences from `sequence` on: gives the bytes of its parity. */
  add(sender: Sender, at: number, sequence: number, releaseAt: number, now: number): number {
    const { path, remote } = sender;
    const { rows } = this.leaving;
    const datagrams = rows[at + OutRow.datagrams];
    const parities = path.correction.sent(sequence, datagrams, isFull(sender), now);
    if (parities === 0) return 0;
    rows[at + OutRow.repair] |= parities << REPAIR_PARITY_SHIFT;
    this.tables.remotes.nextCounter[remote] += parities;
    return this.note(sender, sequence + datagrams, parities, Math.max(releaseAt, now));
  }

  /** A group that has waited long enough ends without a row. Nothing of the remote may be sealed and not have left. */
  end(sender: Sender, now: number): void {
    const { path, remote } = sender;
    if (now < path.correction.wakeAt) return;
    const { remotes, sendKeys } = this.tables;
    const key = remotes.sendKey[remote];
    if (sendKeys.index[key] !== sender.corrected.index) {
      // Of the group under way nothing is known any more.
      path.correction.restart();
      return;
    }
    const next = sender.sequence(key, sendKeys.index[key], remotes.nextCounter[remote]);
    const parities = path.correction.onTimer(next, sender.hasWaiting, now);
    if (parities === 0 || this.voice.sendParity(remote, parities) < 0) return;
    const bytes = this.note(sender, next, parities, now);
    path.nextAt = Math.max(path.nextAt, now) + (bytes * SECOND_MS) / path.control.control.pacingRate;
  }

  private note({ path }: Sender, sequence: number, parities: number, at: number): number {
    const bytes = parities * path.delivery.transport.smss;
    path.delivery.sent(sequence, parities, bytes, at);
    // What it covers may be lost with it.
    path.delivery.hurry();
    return bytes;
  }
}

/** Whether more parity would take room from data: much waits, or as much is under way as the path holds. */
function isFull({ path }: Sender): boolean {
  const { transport } = path.delivery;
  const { state } = path.control;
  // As long as the rate is not known, neither is what the path holds.
  const holds = state.isFullBwReached ? state.bdpMultiple(1) : NEVER;
  return transport.appLimited === 0 || transport.inflight >= FULL_SHARE * holds;
}
