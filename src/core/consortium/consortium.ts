// The door of consortium: how nodes come in. Renewal, sharing, revocation and guests follow here.
export { AdmissionDesk, type Signer, TOKEN_KEPT_MS, TOKEN_USES_MAX, TOKENS_MAX } from './admission.ts';
export {
  JOIN_TIMEOUT_MS,
  JoinMachine,
  NEXT_SIGNER_MS,
  REQUEST_REPEAT_MS,
  REQUESTS_PER_KEYS,
} from './join.ts';
