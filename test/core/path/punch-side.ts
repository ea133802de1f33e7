/** Rounds of punching of one node, by hand. */
import { equalBytes } from '../../../src/core/base/bytes.ts';
import { parseIp, parseSocketAddress, type SocketAddress } from '../../../src/core/base/ip.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { PunchRounds } from '../../../src/core/path/path.ts';
import type {
  PunchEvent,
  PunchInput,
  PunchMessage,
  PunchOwn,
  PunchSend,
} from '../../../src/core/path/types.ts';

export const at = (text: string) => parseSocketAddress(text) as SocketAddress;
const HOME = parseIp('192.168.1.2') as Uint8Array;
export const OWN: PunchOwn = {
  addresses: [at('198.51.100.1:9376')],
  mapping: 'endpointIndependent',
  filtering: 'addressAndPortDependent',
  local: [HOME],
  publicIps: [at('198.51.100.1:9376').ip],
  isMoved: false,
};

/** One node's rounds, and what they said. */
export class Side {
  now = 0;
  /** Where a relay says that every remote is. */
  seenIp: Uint8Array | undefined;
  /** A way leads over it. */
  usedSocket = 0;
  /** Its NAT gives another port to each remote. */
  isHard = false;
  readonly rounds: PunchRounds;
  readonly out = new OutboxBuffer<PunchSend, PunchEvent>();

  constructor(seed: string, own = OWN) {
    this.rounds = new PunchRounds(seededRng(seed), {
      own: () => own,
      isHard: () => this.isHard,
      isOuter: () => true,
      isHeard: (_, { ip }) => this.seenIp !== undefined && equalBytes(this.seenIp, ip),
      seenIp: () => this.seenIp,
      isSocketUsed: (_, socket) => socket === this.usedSocket,
    });
  }

  give(input: PunchInput): void {
    this.rounds.handle(input, this.now, this.out);
  }

  message(slot: number, message: Partial<PunchMessage>, isLarger = false): void {
    const { addresses, mapping, filtering } = OWN;
    const whole = {
      kind: 'punch',
      round: 1,
      step: 'request',
      addresses,
      mapping,
      filtering,
      ...message,
    } as const;
    this.give({ kind: 'message', slot, message: whole, isLarger });
  }

  run(ms: number): void {
    const end = this.now + ms;
    while (this.rounds.wakeAt <= end) {
      this.now = Math.max(this.now, this.rounds.wakeAt);
      this.rounds.onTimer(this.now, this.out);
    }
    this.now = end;
  }

  get said(): PunchMessage[] {
    return this.out.sends.flatMap((send) => (send.kind === 'say' ? [send.message] : []));
  }

  get probes(): Extract<PunchSend, { kind: 'probe' }>[] {
    return this.out.sends.flatMap((send) => (send.kind === 'probe' ? [send] : []));
  }

  drops(reason: string): number {
    return this.out.events.filter((event) => event.kind === 'drop' && event.reason === reason).length;
  }
}

export const BRAVO = [at('203.0.113.9:9376')];
/** A remote's NAT that gives another port to each. */
export const HARD = { mapping: 'addressAndPortDependent', filtering: 'addressAndPortDependent' } as const;
