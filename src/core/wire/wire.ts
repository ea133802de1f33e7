// The door of wire: datagram headers and the codec of everything that travels. Limits have a door of their own, limits.ts.
export {
  decodeChain,
  decodeGenesis,
  decodeGuestCertificate,
  decodeGuestInvitation,
  decodeJoinToken,
  decodeMemberCertificate,
  decodeOrganisationCertificate,
  decodeSignerNotice,
  encodeChain,
  encodeGenesis,
  encodeGuestCertificate,
  encodeGuestInvitation,
  encodeJoinToken,
  encodeMemberCertificate,
  encodeOrganisationCertificate,
  encodeSignerNotice,
} from './certificate.ts';
export {
  decodeControl,
  decodeControlBody,
  encodeControl,
  encodeControlBody,
  isPathTest,
  nodeRecordBytes,
} from './control.ts';
export {
  contactBytes,
  decodeRecord,
  decodeSignedRecord,
  encodeRecord,
  encodeSignedRecord,
} from './dht.ts';
export {
  decodeSignedDocument,
  decodeSigningRequest,
  decodeWantedSigner,
  encodeSignedDocument,
  encodeSigningRequest,
  encodeWantedSigner,
} from './document.ts';
export {
  decodeEpoch,
  decodePseudonym,
  decodeSignedEpoch,
  encodeEpoch,
  encodePseudonym,
  encodeSignedEpoch,
} from './epoch.ts';
export { decodeHandshakePayload, encodeHandshakePayload } from './handshake.ts';
export {
  classifyDatagram,
  decodeTransportHeader,
  encodeTransportHeader,
  type TransportHeader,
  writeDatagramType,
} from './header.ts';
export {
  decodeRevocation,
  decodeSignedRevocation,
  encodeRevocation,
  encodeSignedRevocation,
  revocationBytes,
} from './revocation.ts';
export { WireError, type WireFault } from './wire-error.ts';
