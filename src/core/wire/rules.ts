// What each message of proto/ may hold: sizes, counts and which fields must be there.
// test/core/wire/rules.test.ts compares the field numbers and types with the .proto files.
import {
  ANSWER_RECORDS_MAX,
  CERTIFICATE_MAX,
  CERTIFICATE_NONCE_BYTES,
  CHAIN_MAX,
  CONTACT_ADDRESSES_MAX,
  CONTACTS_MAX,
  CONTROL_MAX,
  DHT_TOKEN_MAX,
  DOCUMENT_CONTACTS_MAX,
  EARLY_ANSWER_MAX,
  EPOCH_ID_PREFIX_BYTES,
  EPOCH_MAX,
  EPOCH_SECRET_BYTES,
  EXTENSION_VALUE_MAX,
  EXTENSIONS_MAX,
  GENESIS_MAX,
  GENESIS_RANDOM_BYTES,
  HASH_BYTES,
  HOST_MAX,
  KEY_BYTES,
  LEG_MAX,
  NAME_MAX,
  NODE_RECORDS_MAX,
  PATH_DELAY_MAX_S,
  PATH_TEST_MAX,
  PATH_TOKEN_BYTES,
  PROVIDES_MAX,
  PSEUDONYM_MAX,
  PUNCH_ADDRESSES_MAX,
  RECORD_ADDRESSES_MAX,
  RECORD_MAX,
  RELAY_ADDRESSES_MAX,
  RELAYS_MAX,
  REQUEST_MAX,
  REVOCATION_HASHES_MAX,
  REVOCATION_HEAD_BYTES,
  REVOCATION_MAX,
  REVOCATION_PARTS_MAX,
  REVOCATION_REASON_MAX,
  REVOCATION_STATEMENT_MAX,
  REVOCATIONS_MAX,
  ROOT_KEYS_MAX,
  ROOT_SIGNATURES_MAX,
  SERVICE_ADDRESSES_MAX,
  SIGNATURE_BYTES,
  SIGNED_EPOCH_MAX,
  SIGNED_RECORD_MAX,
  SOLUTION_BYTES,
  SPREAD_MAX,
  SUITES_MAX,
  TAGS_MAX,
  TOKEN_ADDRESSES_MAX,
  TOKEN_SECRET_BYTES,
  TOKEN_SIGNERS_MAX,
  VALUE_MAX,
  WAY_TOKEN_BYTES,
} from './limits.ts';
import {
  bytes,
  bytesList,
  type MessageRule,
  message,
  messageList,
  packed,
  text,
  textList,
  U32_MAX,
  u64,
  uint,
} from './scan.ts';

function open(name: string, fields: MessageRule['fields'], oneOf?: readonly number[]): MessageRule {
  return { name, fields, closed: false, ...(oneOf === undefined ? {} : { oneOf }) };
}

function closed(name: string, fields: MessageRule['fields'], oneOf?: readonly number[]): MessageRule {
  return { name, fields, closed: true, ...(oneOf === undefined ? {} : { oneOf }) };
}

const key = bytes(KEY_BYTES, KEY_BYTES);
const hash = bytes(HASH_BYTES, HASH_BYTES);
const name = text(1, NAME_MAX);
const port = uint(65_535);
const ip = bytes(4, 16);
// Of revocations, or a hash where a range of them ends.
const digest = bytes(0, REVOCATION_HEAD_BYTES);

// --- proto/address.proto ---

export const ADDRESS = open('Address', { 1: ip, 2: port });

// --- proto/reach.proto ---

const RELAY_HINT = open('RelayHint', { 1: key, 2: messageList(ADDRESS, RELAY_ADDRESSES_MAX) });
const relays = messageList(RELAY_HINT, RELAYS_MAX);
const pathToken = bytes(PATH_TOKEN_BYTES, PATH_TOKEN_BYTES);
const padding = bytes(0, PATH_TEST_MAX);
const PUNCH = open('Punch', {
  1: uint(),
  2: uint(),
  3: messageList(ADDRESS, PUNCH_ADDRESSES_MAX),
  4: uint(),
  5: uint(),
});

// --- proto/control.proto ---

// A node that was only heard of may have neither name nor organisation yet.
export const NODE_RECORD = open('NodeRecord', {
  1: key,
  2: text(0, NAME_MAX),
  3: bytes(0, KEY_BYTES),
  4: messageList(ADDRESS, RECORD_ADDRESSES_MAX),
  5: uint(1),
  6: relays,
});
const nodeRecords = messageList(NODE_RECORD, NODE_RECORDS_MAX);

// --- proto/dht.proto ---

const flag = uint(1);
const DHT_CONTACT = open('DhtContact', {
  1: key,
  2: bytes(CERTIFICATE_NONCE_BYTES, CERTIFICATE_NONCE_BYTES),
  3: messageList(ADDRESS, CONTACT_ADDRESSES_MAX),
});
const DHT_QUESTION = open('DhtQuestion', {
  1: uint(),
  2: hash,
  3: flag,
  4: flag,
  5: uint(),
  6: uint(),
  7: bytes(0, KEY_BYTES),
});
const DHT_ANSWER = open('DhtAnswer', {
  1: uint(),
  2: messageList(DHT_CONTACT, CONTACTS_MAX),
  3: bytesList(1, SIGNED_RECORD_MAX, ANSWER_RECORDS_MAX),
  4: uint(),
  5: bytes(0, DHT_TOKEN_MAX),
  6: uint(SPREAD_MAX),
  7: bytes(0, CHAIN_MAX),
});
const DHT_STORE = open('DhtStore', {
  1: uint(),
  2: bytes(0, DHT_TOKEN_MAX),
  3: bytes(0, SIGNED_RECORD_MAX),
  4: bytes(0, CHAIN_MAX),
  5: uint(2 ** SPREAD_MAX),
  6: flag,
  7: uint(SPREAD_MAX),
});
const DHT_STORE_ANSWER = open('DhtStoreAnswer', { 1: uint(), 2: uint(), 3: uint(SPREAD_MAX) });

export const SIGNED_RECORD = closed('SignedRecord', {
  1: bytes(1, RECORD_MAX),
  2: bytes(SIGNATURE_BYTES, SIGNATURE_BYTES),
});
export const RECORD = closed('Record', {
  1: uint(),
  2: key,
  3: u64(),
  4: u64(),
  5: text(0, NAME_MAX),
  6: flag,
  7: message(closed('NodeBody', { 1: messageList(ADDRESS, RECORD_ADDRESSES_MAX), 2: flag, 3: relays })),
  8: message(
    closed('ServiceBody', {
      1: uint(65_535),
      2: uint(255),
      3: port,
      4: uint(65_535),
      5: uint(3),
      6: flag,
      7: messageList(ADDRESS, SERVICE_ADDRESSES_MAX),
      8: relays,
    }),
  ),
  9: bytes(0, VALUE_MAX),
  10: bytes(0, HASH_BYTES),
  11: bytes(0, HASH_BYTES),
});

export const CONTROL = open(
  'Control',
  {
    1: message(open('Ping', { 1: uint() })),
    2: message(open('Pong', { 1: uint(), 2: message(ADDRESS) })),
    3: message(ADDRESS),
    4: message(open('AdmissionRequest', { 1: hash, 2: hash, 3: text(0, NAME_MAX) })),
    5: message(open('AdmissionAnswer', { 1: bytes(1, CHAIN_MAX), 2: nodeRecords })),
    6: message(open('AdmissionRefusal', { 1: uint() })),
    7: message(open('NodeRecords', { 1: nodeRecords, 2: uint(LEG_MAX + 1) })),
    8: message(open('Close', { 1: uint() })),
    9: message(DHT_QUESTION),
    10: message(DHT_ANSWER),
    11: message(DHT_STORE),
    12: message(DHT_STORE_ANSWER),
    13: message(open('DialRequest', { 1: key, 2: message(ADDRESS, 1), 3: padding })),
    14: message(open('RelayRequest', { 1: uint(LEG_MAX), 2: flag })),
    15: message(open('RelayGrant', { 1: uint(LEG_MAX), 2: uint(), 3: flag })),
    16: message(open('RelayRefusal', { 1: uint() })),
    17: message(open('CircuitOpen', { 1: key, 2: uint(LEG_MAX) })),
    18: message(open('CircuitOffer', { 1: key, 2: uint(LEG_MAX) })),
    19: message(open('CircuitClose', { 1: uint(LEG_MAX), 2: uint() })),
    20: message(open('PathChallenge', { 1: pathToken, 2: flag, 3: padding, 4: uint(PATH_DELAY_MAX_S) })),
    21: message(open('PathResponse', { 1: pathToken, 2: message(ADDRESS), 3: padding })),
    22: message(PUNCH),
    23: message(open('CircuitEnd', { 1: key, 2: message(ADDRESS, 1) })),
    24: message(open('RenewalRequest', {})),
    25: message(open('GuestQuestion', {})),
    26: message(open('GuestTerms', { 1: uint(), 2: uint(), 3: key })),
    27: message(open('GuestRequest', { 1: uint(), 2: uint(), 3: bytes(0, SOLUTION_BYTES) })),
    28: message(open('RevocationHead', { 1: digest })),
    29: message(
      open('RevocationQuery', {
        1: digest,
        2: digest,
        3: digest,
        4: bytesList(HASH_BYTES, HASH_BYTES, REVOCATION_HASHES_MAX),
      }),
    ),
    30: message(
      open('RevocationAnswer', {
        1: digest,
        2: digest,
        3: bytesList(HASH_BYTES, HASH_BYTES, REVOCATION_HASHES_MAX),
        4: messageList(open('RevocationPart', { 1: digest, 2: digest }), REVOCATION_PARTS_MAX),
      }),
    ),
    31: message(open('Revocations', { 1: bytesList(1, REVOCATION_MAX, REVOCATIONS_MAX) })),
    32: message(open('Confirmation', { 1: bytes(WAY_TOKEN_BYTES, WAY_TOKEN_BYTES) })),
    33: message(open('FlowRefusal', { 1: uint(), 2: uint(255), 3: uint(), 4: uint(), 5: uint() })),
    34: message(open('RelayCall', { 1: message(RELAY_HINT, 1), 2: bytes(0, CONTROL_MAX) })),
    35: message(open('EpochHeld', { 1: u64(), 2: bytes(0, EPOCH_ID_PREFIX_BYTES), 3: flag })),
    36: message(
      open('EpochDelivery', {
        1: bytes(1, SIGNED_EPOCH_MAX),
        2: bytes(EPOCH_SECRET_BYTES, EPOCH_SECRET_BYTES),
      }),
    ),
  },
  [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
    30, 31, 32, 33, 34, 35, 36,
  ],
);

// --- proto/handshake.proto ---

export const HANDSHAKE_PAYLOAD = open('HandshakePayload', {
  1: uint(),
  2: bytes(0, CHAIN_MAX),
  3: packed(U32_MAX, SUITES_MAX),
  4: u64(),
  5: bytes(0, REVOCATION_HEAD_BYTES),
  // Of a response; an initiation's is shorter, which session enforces.
  6: bytes(0, EARLY_ANSWER_MAX),
});

// --- proto/certificate.proto ---

const EXTENSION = closed('Extension', { 1: uint(), 2: uint(1), 3: bytes(0, EXTENSION_VALUE_MAX) });
const extensions = messageList(EXTENSION, EXTENSIONS_MAX);
const nonce = bytes(CERTIFICATE_NONCE_BYTES, CERTIFICATE_NONCE_BYTES);
const signature = bytes(SIGNATURE_BYTES, SIGNATURE_BYTES);
const certificate = bytes(1, CERTIFICATE_MAX);

export const GENESIS = closed('Genesis', {
  1: name,
  2: uint(ROOT_KEYS_MAX),
  3: bytesList(KEY_BYTES, KEY_BYTES, ROOT_KEYS_MAX),
  4: u64(),
  5: bytes(GENESIS_RANDOM_BYTES, GENESIS_RANDOM_BYTES),
  15: extensions,
});
export const ORGANISATION_CERTIFICATE = closed('OrganisationCertificate', {
  1: key,
  2: key,
  3: name,
  4: u64(),
  5: u64(),
  6: nonce,
  15: extensions,
});
export const MEMBER_CERTIFICATE = closed('MemberCertificate', {
  1: key,
  2: key,
  3: key,
  4: name,
  5: u64(),
  6: u64(),
  7: nonce,
  8: textList(1, NAME_MAX, PROVIDES_MAX),
  9: textList(1, NAME_MAX, TAGS_MAX),
  15: extensions,
});
const ROOT_SIGNATURE = closed('RootSignature', { 1: uint(ROOT_KEYS_MAX - 1), 2: signature });
export const GUEST_CERTIFICATE = closed('GuestCertificate', {
  1: key,
  2: key,
  3: key,
  5: u64(),
  6: u64(),
  15: extensions,
});
const epoch = bytes(1, EPOCH_MAX);
const rootSignatures = messageList(ROOT_SIGNATURE, ROOT_SIGNATURES_MAX);
const SIGNED_ORGANISATION = closed('SignedOrganisation', { 1: certificate, 2: rootSignatures });
export const CHAIN = closed('Chain', {
  1: message(SIGNED_ORGANISATION, 1),
  // Exactly one of the three: decodeChain asks for it.
  2: message(closed('SignedMember', { 1: certificate, 2: signature })),
  3: message(closed('SignedGuest', { 1: certificate, 2: signature })),
  4: message(closed('SignedPseudonym', { 1: epoch, 2: signature, 3: bytes(1, PSEUDONYM_MAX), 4: signature })),
});
export const EPOCH = closed('Epoch', {
  1: key,
  2: key,
  3: u64(),
  4: u64(),
  5: key,
  6: key,
  // Empty or a hash: decodeEpoch asks for it.
  7: bytes(0, HASH_BYTES),
  15: extensions,
});
export const SIGNED_EPOCH = closed('SignedEpoch', {
  1: message(SIGNED_ORGANISATION, 1),
  2: epoch,
  3: signature,
});
export const PSEUDONYM = closed('Pseudonym', { 1: key, 2: u64() });
export const SIGNER_NOTICE = closed('SignerNotice', { 1: message(SIGNED_ORGANISATION, 1), 2: signature });
const TOKEN_SIGNER = closed('TokenSigner', {
  1: key,
  2: messageList(
    closed('TokenAddress', { 1: bytes(0, 16), 2: port, 3: text(0, HOST_MAX) }),
    TOKEN_ADDRESSES_MAX,
  ),
});
export const JOIN_TOKEN = closed('JoinToken', {
  1: bytes(1, GENESIS_MAX),
  2: key,
  3: bytes(TOKEN_SECRET_BYTES, TOKEN_SECRET_BYTES),
  4: u64(),
  5: messageList(TOKEN_SIGNER, TOKEN_SIGNERS_MAX),
  15: extensions,
});
export const GUEST_INVITATION = closed('GuestInvitation', {
  1: bytes(1, GENESIS_MAX),
  2: key,
  5: messageList(TOKEN_SIGNER, TOKEN_SIGNERS_MAX),
  15: extensions,
});

// --- proto/revocation.proto ---

export const REVOCATION = closed('Revocation', {
  1: uint(2),
  2: key,
  3: u64(),
  4: u64(),
  5: text(0, REVOCATION_REASON_MAX),
  6: bytes(0, KEY_BYTES),
  7: bytes(0, KEY_BYTES),
  15: extensions,
});
export const SIGNED_REVOCATION = closed('SignedRevocation', {
  1: bytes(1, REVOCATION_STATEMENT_MAX),
  2: bytes(0, SIGNATURE_BYTES),
  3: message(SIGNED_ORGANISATION),
  4: rootSignatures,
});
export const WANTED_SIGNER = closed('WantedSigner', {
  1: bytes(0, HASH_BYTES),
  2: key,
  3: key,
  4: name,
  5: u64(),
  15: extensions,
});
const ORGANISATION_REQUEST = closed('OrganisationRequest', {
  1: certificate,
  2: signature,
  3: message(SIGNED_ORGANISATION),
  4: bytes(0, SIGNATURE_BYTES),
});
const REVOCATION_REQUEST = closed('RevocationRequest', {
  1: bytes(HASH_BYTES, HASH_BYTES),
  2: bytes(1, REVOCATION_STATEMENT_MAX),
});
/** What may be asked for; encoding and decoding see to it that it is one thing. */
export const SIGNING_REQUEST = closed(
  'SigningRequest',
  { 1: message(ORGANISATION_REQUEST), 2: message(REVOCATION_REQUEST) },
  [1, 2],
);
export const SIGNED_DOCUMENT = closed(
  'SignedDocument',
  {
    1: bytes(1, GENESIS_MAX),
    2: rootSignatures,
    3: messageList(TOKEN_SIGNER, DOCUMENT_CONTACTS_MAX),
    4: bytes(0, REQUEST_MAX),
    5: bytes(0, CERTIFICATE_MAX),
    6: bytes(0, REVOCATION_STATEMENT_MAX),
    15: extensions,
  },
  [5, 6],
);
