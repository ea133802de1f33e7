import { EMPTY, toHex } from '../../../src/core/base/bytes.ts';
import type { DropReason } from '../../../src/core/base/drop-reason.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { fraction, seededRng } from '../../../src/core/base/rng.ts';
import type { EpochEvent, EpochInput, EpochSend } from '../../../src/core/consortium/epoch-types.ts';
import { EpochStore } from '../../../src/core/consortium/epochs.ts';
import type { KeptEpoch } from '../../../src/core/consortium/types.ts';
import { ChainVerifier, createEpoch, type OwnEpoch } from '../../../src/core/identity/identity.ts';
import { fakeCrypto } from '../../../src/sim/crypto.ts';
import { createEpochWorld, type Party } from '../identity/epoch-world.ts';
import { NOW } from '../identity/world.ts';

export const { world, acme, umbrella } = createEpochWorld(fakeCrypto);
const WALL_MS = NOW * 1000;

/** Revocations that a member has heard of, by hash in hex. */
type Heard = Map<string, number>;

export class Member {
  readonly store: EpochStore;
  readonly heard: Heard = new Map();
  readonly revokedSigners = new Set<string>();
  readonly drops: DropReason[] = [];
  readonly events: EpochEvent[] = [];
  readonly sends: EpochSend[] = [];
  kept: readonly KeptEpoch[];
  /** Of its wall clock. */
  aheadMs = 0;

  constructor(isSigner: boolean, seed: number | string, now = 0, kept: readonly KeptEpoch[] = []) {
    this.kept = kept;
    const verifier = new ChainVerifier(fakeCrypto, world.network, ({ signer }) =>
      this.revokedSigners.has(toHex(signer)),
    );
    this.store = new EpochStore(
      {
        crypto: fakeCrypto,
        rng: seededRng(seed),
        networkId: world.network.id,
        verifier,
        organisation: acme.signer.nodeId,
        signer: isSigner
          ? { network: world.network, organisation: acme.organisation, seed: acme.signer.seed }
          : undefined,
        issuedOf: (hash) => this.heard.get(toHex(hash)),
      },
      kept,
      WALL_MS,
      now,
    );
  }

  get label(): string {
    const { current } = this.store;
    return current === undefined ? '' : `${current.number} ${toHex(current.id)}`;
  }

  give(input: EpochInput | undefined, now: number): void {
    const out = new OutboxBuffer<EpochSend, EpochEvent, readonly KeptEpoch[]>();
    if (input === undefined) this.store.onTimer(now, out);
    else this.store.handle(input, now, out);
    this.kept = out.persists.at(-1) ?? this.kept;
    this.sends.push(...out.sends);
    this.events.push(...out.events);
    for (const event of out.events) if (event.kind === 'dropped') this.drops.push(event.reason);
  }

  setClock(aheadMs: number, now: number): void {
    this.aheadMs = aheadMs;
    this.give({ kind: 'wallClock', wallOffsetMs: WALL_MS + aheadMs }, now);
  }

  hear(hash: Uint8Array, now: number, isOwn = false, issued = NOW + Math.floor(now / 1000)): void {
    this.heard.set(toHex(hash), issued);
    this.give({ kind: 'revoked', hash, issued, isOwn }, now);
  }

  /** What it says, in order; all of it is taken. */
  say(): EpochSend[] {
    return this.sends.splice(0);
  }

  madeCount(): number {
    return this.events.filter(({ kind }) => kind === 'made').length;
  }
}

/** Members who can all talk to each other, but for what gets lost. */
export class Group {
  now = 0;
  readonly members = new Map<string, Member>();
  bytes = 0;
  /** 0 .. 1 */
  lossShare = 0;
  private readonly rng = seededRng('group');

  add(name: string, isSigner: boolean, isAlone = false): Member {
    const member = new Member(isSigner, name, this.now);
    this.members.set(name, member);
    member.give({ kind: 'start', isAlone }, this.now);
    return member;
  }

  all(): Member[] {
    return [...this.members.values()];
  }

  agree(): boolean {
    return this.all().every(({ label }) => label !== '' && label === this.all()[0].label);
  }

  meet(a: string, b: string): void {
    this.members.get(a)?.give({ kind: 'met', peer: b }, this.now);
    this.members.get(b)?.give({ kind: 'met', peer: a }, this.now);
  }

  meetAll(): void {
    const names = [...this.members.keys()];
    for (const [i, a] of names.entries()) for (const b of names.slice(i + 1)) this.meet(a, b);
  }

  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      this.deliver();
      const next = Math.min(...this.all().map(({ store }) => store.wakeAt));
      if (next > end) break;
      this.now = Math.max(this.now, next);
      for (const member of this.all()) if (member.store.wakeAt <= this.now) member.give(undefined, this.now);
    }
    this.now = end;
  }

  private deliver(): void {
    for (let isBusy = true; isBusy; ) {
      isBusy = false;
      for (const [from, member] of this.members) {
        // Whoever has something new asks all whom it knows.
        const changed = member.events.some(({ kind }) => kind === 'changed');
        if (changed) {
          member.events.splice(
            0,
            member.events.length,
            ...member.events.filter(({ kind }) => kind !== 'changed'),
          );
          for (const peer of this.members.keys())
            if (peer !== from) member.give({ kind: 'met', peer }, this.now);
        }
        for (const { to, message } of member.say()) {
          isBusy = true;
          this.bytes += 1;
          if (fraction(this.rng) < this.lossShare) continue;
          this.members.get(to)?.give({ kind: 'said', peer: from, message }, this.now);
        }
      }
    }
  }
}

export function epoch(
  number: number,
  changes: { party?: Party; created?: number; cause?: Uint8Array; seed?: string } = {},
): OwnEpoch {
  const { party = acme, created = NOW, cause = EMPTY, seed = '' } = changes;
  const rng = seededRng(`${number} ${seed}`);
  return createEpoch(fakeCrypto, world.network.id, {
    organisation: party.organisation,
    signerSeed: party.signer.seed,
    number,
    created,
    cause,
    random: (bytes) => rng.bytes(bytes),
  });
}

export function bring(
  member: Member,
  { bytes, secret }: { bytes: Uint8Array; secret: Uint8Array },
  now: number,
  peer = 'p',
): void {
  member.give({ kind: 'said', peer, message: { kind: 'epochDelivery', epoch: bytes, secret } }, now);
}
