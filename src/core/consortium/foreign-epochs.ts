// What is known of other organisations' epochs: what their signers published, without any secret.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';
import { type ChainVerifier, readEpoch, type VerifiedEpoch } from '../identity/identity.ts';
import type { Crypto, NetworkId, OrganisationId } from '../identity/types.ts';
import { compareEpochs } from './epoch-list.ts';
import type { KeptForeignEpochs } from './types.ts';

/** Organisations of which epochs are kept; one more pushes out the one that was not wanted for longest. */
export const FOREIGN_MAX = 256;
/** Of one organisation: the latest, and the one before. */
export const FOREIGN_EPOCHS = 2;
/** An organisation is asked for again no sooner; where nothing was found of it; and where what is known does not lead to what is wanted. */
export const REFRESH_MS = HOUR_MS;
export const UNKNOWN_MS = MINUTE_MS;
export const URGENT_MS = 10 * SECOND_MS;
/** ... where nothing is known yet: an organisation that has just come says its own a moment later. */
export const URGENT_UNKNOWN_MS = 2 * SECOND_MS;

interface Foreign {
  readonly organisation: OrganisationId;
  epochs: readonly VerifiedEpoch[];
  /** ms; when it was last asked for. */
  askedAt: number;
}

/** Holds nothing of the own organisation. */
export class ForeignEpochs {
  private readonly crypto: Crypto;
  private readonly networkId: NetworkId;
  private readonly verifier: Pick<ChainVerifier, 'verifyOrganisation' | 'isSignerRevoked'>;
  private readonly known: BoundedMap<string, Foreign>;

  /** `onForget`: nothing is kept of it any more. */
  constructor(
    crypto: Crypto,
    networkId: NetworkId,
    verifier: Pick<ChainVerifier, 'verifyOrganisation' | 'isSignerRevoked'>,
    kept: readonly KeptForeignEpochs[],
    nowS: number,
    onForget: (organisation: OrganisationId) => void,
  ) {
    this.crypto = crypto;
    this.networkId = networkId;
    this.verifier = verifier;
    this.known = new BoundedMap(FOREIGN_MAX, (_, { organisation, epochs }) => {
      if (epochs.length > 0) onForget(organisation);
    });
    for (const { organisation, epochs } of kept.slice(0, FOREIGN_MAX)) {
      const read = epochs.flatMap((bytes) => this.read(organisation, bytes, nowS) ?? []);
      if (read.length > 0)
        this.known.set(toHex(organisation), {
          organisation,
          epochs: latest(read),
          askedAt: Number.NEGATIVE_INFINITY,
        });
    }
  }

  get size(): number {
    return this.known.size;
  }

  values(): Iterable<{ readonly organisation: OrganisationId; readonly epochs: readonly VerifiedEpoch[] }> {
    return this.known.values();
  }

  /** The latest first; none: nothing is known. */
  of(organisation: OrganisationId): readonly VerifiedEpoch[] {
    return this.known.peek(toHex(organisation))?.epochs ?? [];
  }

  /** Whether it is to be asked for now; if so, that counts. `isUrgent`: what is known does not lead to what is wanted. */
  want(organisation: OrganisationId, isUrgent: boolean, now: number): boolean {
    const key = toHex(organisation);
    const known = this.known.get(key);
    const isUnknown = known === undefined || known.epochs.length === 0;
    const calmMs = isUnknown ? UNKNOWN_MS : REFRESH_MS;
    const urgentMs = isUnknown ? URGENT_UNKNOWN_MS : URGENT_MS;
    if (known !== undefined && now - known.askedAt < (isUrgent ? urgentMs : calmMs)) return false;
    if (known === undefined) this.known.set(key, { organisation, epochs: [], askedAt: now });
    else known.askedAt = now;
    return true;
  }

  /** An organisation's epoch, if it is one now; undefined: what somebody published is none. */
  read(organisation: OrganisationId, bytes: Uint8Array, nowS: number): VerifiedEpoch | undefined {
    const epoch = readEpoch(this.crypto, this.networkId, this.verifier, bytes, nowS);
    return epoch !== undefined && equalBytes(epoch.organisation, organisation) ? epoch : undefined;
  }

  /** What was found, verified. Gives what is to be kept and told; undefined: it is what was known. */
  found(
    organisation: OrganisationId,
    epochs: readonly VerifiedEpoch[],
  ): readonly VerifiedEpoch[] | undefined {
    const known = this.known.get(toHex(organisation));
    // It was pushed out meanwhile.
    if (known === undefined) return undefined;
    const now = latest([...known.epochs, ...epochs]);
    const isSame =
      now.length === known.epochs.length && now.every(({ id }, i) => equalBytes(id, known.epochs[i].id));
    if (isSame) return undefined;
    known.epochs = now;
    return now;
  }

  /** Takes out what a revoked signer stated; gives whose changed. */
  revoke(): readonly OrganisationId[] {
    const changed: OrganisationId[] = [];
    for (const foreign of this.known.values()) {
      const left = foreign.epochs.filter(
        ({ organisation, signer, created }) => !this.verifier.isSignerRevoked(organisation, signer, created),
      );
      if (left.length === foreign.epochs.length) continue;
      foreign.epochs = left;
      changed.push(foreign.organisation);
    }
    return changed;
  }
}

function latest(epochs: readonly VerifiedEpoch[]): readonly VerifiedEpoch[] {
  const byId = new Map(epochs.map((epoch) => [toHex(epoch.id), epoch]));
  return [...byId.values()].sort(compareEpochs).slice(0, FOREIGN_EPOCHS);
}
