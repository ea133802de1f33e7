// Control messages about an organisation's epochs, among its members: fields of Control (proto/epoch.proto).
import { EPOCH_ID_PREFIX_BYTES } from './limits.ts';
import { type mcc, own } from './protobuf.ts';
import { WireError } from './wire-error.ts';

export type EpochMessage =
  | EpochHeld
  | {
      readonly kind: 'epochDelivery';
      /** An encoded SignedEpoch, not verified. */
      readonly epoch: Uint8Array;
      /** EPOCH_SECRET_BYTES */
      readonly secret: Uint8Array;
    };

/** What the sender takes for its organisation's current epoch. */
export interface EpochHeld {
  readonly kind: 'epochHeld';
  readonly number: number;
  /** First EPOCH_ID_PREFIX_BYTES of its ID; empty: it has none. */
  readonly id: Uint8Array;
  /** It wants no answer. */
  readonly isAnswer: boolean;
}

export function epochToProto(message: EpochMessage): mcc.Control.$Properties {
  if (message.kind === 'epochHeld') {
    const { number, id, isAnswer } = message;
    return { epochHeld: { number, id, answer: isAnswer } };
  }
  const { epoch, secret } = message;
  return { epochDelivery: { epoch, secret } };
}

/** Undefined: the control message is none of these. */
export function epochFromProto(control: mcc.Control.$Properties): EpochMessage | undefined {
  if (control.epochHeld) {
    const { number, id, answer } = control.epochHeld;
    const prefix = own(id);
    if (prefix.length !== 0 && prefix.length !== EPOCH_ID_PREFIX_BYTES)
      throw new WireError('malformed', `EpochHeld: an ID of ${prefix.length} bytes`);
    return { kind: 'epochHeld', number: number ?? 0, id: prefix, isAnswer: answer ?? false };
  }
  if (control.epochDelivery) {
    const { epoch, secret } = control.epochDelivery;
    return { kind: 'epochDelivery', epoch: own(epoch), secret: own(secret) };
  }
  return undefined;
}
