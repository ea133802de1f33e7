// Control messages by which guests are admitted: fields of Control (proto/guest.proto).
import { type mcc, own } from './protobuf.ts';
import type { GuestMessage } from './types.ts';

export function guestToProto(message: GuestMessage): mcc.Control.$Properties {
  switch (message.kind) {
    case 'guestQuestion':
      return { guestQuestion: {} };
    case 'guestTerms': {
      const { hour, difficulty, signer } = message;
      return { guestTerms: { hour, difficulty, signer } };
    }
    case 'guestRequest': {
      const { hour, difficulty, solution } = message;
      return { guestRequest: { hour, difficulty, solution } };
    }
  }
}

export function guestFromProto(control: mcc.Control.$Properties): GuestMessage | undefined {
  if (control.guestQuestion) return { kind: 'guestQuestion' };
  if (control.guestTerms) {
    const { hour, difficulty, signer } = control.guestTerms;
    return { kind: 'guestTerms', hour: hour ?? 0, difficulty: difficulty ?? 0, signer: own(signer) };
  }
  if (control.guestRequest) {
    const { hour, difficulty, solution } = control.guestRequest;
    return {
      kind: 'guestRequest',
      hour: hour ?? 0,
      difficulty: difficulty ?? 0,
      solution: own(solution),
    };
  }
  return undefined;
}
