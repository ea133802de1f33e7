// The door of identity: keys and IDs, certificates and their verification, tokens, the portable crypto provider.
export { CLOCK_SKEW_S, DOCUMENT_CONTACTS_MAX } from '../wire/limits.ts';
export {
  GUEST_LIFETIME_S,
  issueGuest,
  issueMember,
  MEMBER_LIFETIME_S,
  type NewMember,
  ORGANISATION_LIFETIME_S,
  RENEWAL_GRACE_S,
  type RootSigner,
  signGuest,
  signMember,
  signOrganisation,
} from './certificate.ts';
export {
  type CertifiedKeys,
  type ChainRefusal,
  type ChainResult,
  ChainVerifier,
  chainDropReason,
  type Tier,
  type VerifiedChain,
} from './chain.ts';
export {
  addSignature,
  approveRequest,
  type DocumentFault,
  type DocumentResult,
  type DocumentTerms,
  decodeDocument,
  decodeRequest,
  documentKind,
  encodeDocument,
  encodeRequest,
  judgeRequest,
  makeRequest,
  makeRevocationRequest,
  networkDocument,
  prepareDocument,
  type ReadDocument,
  type ReadRequest,
  type ReadRevocationRequest,
  type ReadSignerRequest,
  type RequestResult,
  type RootKeyFault,
  revocationOf,
} from './documents.ts';
export {
  createGenesis,
  type GenesisRefusal,
  type GenesisResult,
  type Network,
  type NewGenesis,
  readGenesis,
} from './genesis.ts';
export { edwardsOfMontgomery, KeyForms } from './key-form.ts';
export { checkLength, nobleCrypto, noiseHkdf } from './noble-crypto.ts';
export {
  endpointId,
  generateNodeKeys,
  ID_TEXT_LENGTH,
  idFromText,
  idToText,
  nodeIdFromText,
  nodeIdToText,
  nodeKeysFromSeed,
  serviceId,
} from './node-id.ts';
export {
  checkWork,
  DIFFICULTY_DEFAULT,
  DIFFICULTY_MAX,
  DIFFICULTY_MIN,
  hourOf,
  isHourInForce,
  PUZZLES,
  SOLUTION_BYTES,
  Solver,
  type Work,
  workSeed,
} from './proof-of-work.ts';
export {
  addressOfRecord,
  dhtPlace,
  type RecordAddress,
  readRecord,
  recordKey,
  shardKey,
  signRecord,
} from './record.ts';
export { recoveryPhrase, seedFromRecoveryPhrase } from './recovery.ts';
export {
  type RevocationRefusal,
  type RevocationResult,
  RevocationVerifier,
  readRevocation,
  reasonFault,
  revocationDropReason,
  revocationInput,
  revocationOfRoots,
  signRevocation,
  signRevocationByRoots,
  type VerifiedRevocation,
} from './revocation.ts';
export { RESERVED_PREFIX, readNotice, SIGNER_NOTICE_NAME, signNotice } from './signer-notice.ts';
export {
  admissionProof,
  decodeInvitation,
  decodeToken,
  encodeInvitation,
  encodeToken,
  type InvitationResult,
  isInvitation,
  type TokenFault,
  type TokenResult,
  tokenId,
  tokenVerifier,
} from './token.ts';
