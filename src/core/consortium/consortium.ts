// The door of consortium: how nodes come in, how they are put out, what they share.

export {
  type Access,
  type AccessParty,
  type AccessReason,
  type AccessService,
  type AccessTarget,
  accessOf,
} from './access.ts';
export { AdmissionDesk, type Signer, TOKEN_KEPT_MS, TOKEN_USES_MAX, TOKENS_MAX } from './admission.ts';
export { compareEpochs, EPOCHS_MAX, READABLE_MS } from './epoch-list.ts';
export { ROTATE_JITTER_MS, ROTATE_MS } from './epoch-rotation.ts';
export type { EpochEvent, EpochInput, EpochOutbox, EpochSend, EpochWorld } from './epoch-types.ts';
export { EpochStore } from './epochs.ts';
export {
  answerQuery,
  bundle,
  type ExchangeInput,
  type ExchangeOutbox,
  RevocationExchange,
} from './exchange.ts';
export { FOREIGN_EPOCHS, FOREIGN_MAX, ForeignEpochs } from './foreign-epochs.ts';
export {
  GUESTS_CLOSED,
  GUESTS_DEFAULT,
  GUESTS_MAX,
  type GuestApplicant,
  GuestDesk,
  LOAD_MS,
  LOAD_STEP,
  TOLD_MS,
} from './guests.ts';
export {
  JOIN_TIMEOUT_MS,
  JoinMachine,
  NEXT_SIGNER_MS,
  REQUEST_REPEAT_MS,
  REQUESTS_PER_KEYS,
} from './join.ts';
export { isSame, issuedS, MEMBER_CHANGES_MAX, MemberChanges } from './member-changes.ts';
export { RENEW_AFTER, RenewalMachine } from './renewal.ts';
export { type Addition, Revocations, STATEMENTS_MAX, STATEMENTS_PER_ORGANISATION } from './revocations.ts';
export { parseShare, type Share, shareParts, shareText, shareWith, unshareWith } from './share.ts';
