// Every size and count on the wire, with its unit and why it is what it is. Whoever decodes enforces it while decoding.

// --- Datagrams (bytes of UDP payload) ---

/** Largest datagram that UDP over IPv4 carries. */
export const DATAGRAM_MAX = 65_507;
/** Type, reserved, receiver index, counter: 16, no more than WireGuard's. */
export const TRANSPORT_HEADER_BYTES = 16;
/** Tag of either AEAD. */
export const TAG_BYTES = 16;
/** Header and tag around an empty plaintext: a keepalive. */
export const TRANSPORT_MIN = TRANSPORT_HEADER_BYTES + TAG_BYTES;
/** Truncated HMAC-SHA-256 in front of all work of a handshake. */
export const MAC_BYTES = 16;
/**
 * Of a handshake datagram: another value for each address that it goes to, so that whoever returns it received something there. One
 * guess costs a handshake.
 */
export const WAY_TOKEN_BYTES = 4;
/** Truncated HMAC-SHA-256 under a cookie: shares the room of a MAC with the way token. */
export const COOKIE_MAC_BYTES = MAC_BYTES - WAY_TOKEN_BYTES;
/** An index that the peer puts into what it sends here. */
export const INDEX_BYTES = 4;
/** Handshakes fit the smallest MTU of IPv6 (1,280) with IPv6 and UDP headers, in one datagram. */
export const HANDSHAKE_MAX = 1280 - 40 - 8;
/** Type, reserved, sender index; ephemeral key, sealed static key, sealed payload of no bytes; two MACs. */
export const INITIATION_MIN = 4 + INDEX_BYTES + 32 + (32 + TAG_BYTES) + TAG_BYTES + 2 * MAC_BYTES;
/** Type, reserved, both indices; ephemeral key, sealed payload of no bytes; two MACs. */
export const RESPONSE_MIN = 4 + 2 * INDEX_BYTES + 32 + TAG_BYTES + 2 * MAC_BYTES;
/** Type, reserved, receiver index, 24-byte nonce, sealed cookie. */
export const COOKIE_REPLY_BYTES = 4 + INDEX_BYTES + 24 + MAC_BYTES + TAG_BYTES;
/** Bytes sent to an address that is not proven, per byte received from it (RFC 9000 section 8). */
export const AMPLIFICATION_MAX = 3;

/** Of padding in a request for a call: as much as pays for two initiations, so that one may be lost. */
export const DIAL_PADDING = Math.ceil((2 * HANDSHAKE_MAX) / AMPLIFICATION_MAX) - TRANSPORT_MIN;

// --- Session keys (datagrams, ms) ---

/** A new key is wanted from this counter on ... */
export const REKEY_AFTER_MESSAGES = 2 ** 26;
/** ... and no datagram is sealed or opened with this counter or a higher one. Far below the AEADs' limits. */
export const REJECT_AFTER_MESSAGES = 2 ** 28;
/** ms, the same by age (WireGuard section 6.1). */
export const REKEY_AFTER_MS = 120_000;
/** ms */
export const REJECT_AFTER_MS = 180_000;
/** Counters behind the highest that are still accepted once; 32,768 hold 40 ms of 10 Gbit/s. */
export const REPLAY_WINDOW = 32_768;

// --- Protobuf, whatever the message ---

/** Messages inside messages. */
export const PROTOBUF_DEPTH_MAX = 5;
/** Fields in one message with all that is in it, unknown ones included. */
export const PROTOBUF_FIELDS_MAX = 512;
/** Elements of a list where nothing smaller is said. */
export const LIST_MAX = 32;

// --- Control messages ---

/** Bytes of plaintext, the leading byte included: fits a path of 1,280 bytes with everything around it. */
export const CONTROL_MAX = 1100;
/** Node records in one message. */
export const NODE_RECORDS_MAX = LIST_MAX;
/** Addresses in one node record. */
export const RECORD_ADDRESSES_MAX = 8;

// --- Reach ---

/** Relays through which a node says that it is reached. */
export const RELAYS_MAX = 2;
/** Addresses of one of them. */
export const RELAY_ADDRESSES_MAX = 2;
/** Legs and circuit numbers: 16 bits each in front of every relayed datagram. */
export const LEG_MAX = 65_535;
/** Bit of circuit numbers that a relay chose; others were chosen by whoever opened the circuit. */
export const NUMBER_OF_RELAY = 0x8000;
/** Bit of those that the neighbour with the larger node ID chose: so two that relay for each other choose none twice. */
export const NUMBER_OF_LARGER = 0x4000;
/**
 * In place of a circuit number in a bare relay header, beside the sender's leg for the receiver: the receiver shall answer; this is
 * such an answer. 0: nothing is wanted but that the way stays open.
 */
export const KEEPALIVE_ASK = 0x8000;
export const KEEPALIVE_ANSWER = 0x4000;
/** Bytes of plaintext of a request to be called through a relay: with what is around it, a third of the longest handshake. */
export const RELAY_CALL_BYTES = 400;
/** Bytes of the token of a path challenge. */
export const PATH_TOKEN_BYTES = 8;
/** Bytes of plaintext of a path challenge or response with its padding: as long as datagrams get (jumbo frames of 9,000). */
export const PATH_TEST_MAX = 9000;
/** Seconds after which a path challenge may ask to be answered: longer than mappings that matter live. */
export const PATH_DELAY_MAX_S = 600;
/** Addresses in one message of punching. */
export const PUNCH_ADDRESSES_MAX = 16;

// --- Acknowledgements (src/core/wire/ack.ts) ---

/** Ranges of counters in one of them. */
export const ACK_RANGES_MAX = 32;

// --- DHT ---

/** Contacts in one answer: what fits a control message beside a token, with one IPv4 address each. */
export const CONTACTS_MAX = 16;
/** Addresses of one contact. */
export const CONTACT_ADDRESSES_MAX = 3;
/** Records in one answer. */
export const ANSWER_RECORDS_MAX = 8;
/** Bytes of a record with its signature: fits a store beside its token. */
export const SIGNED_RECORD_MAX = 1024;
/** Signature and field headers around a record. */
export const RECORD_MAX = SIGNED_RECORD_MAX - 64 - 6;
/** Bytes of a user's value: fits a record beside name, publisher and times. */
export const VALUE_MAX = 820;
/** Bytes of the record inside a sealed one: the longest of a service, and some room. */
export const SEALED_INNER_MAX = 480;
/** Bytes of a sealed record's value, all alike: nonce, length, the record padded, tag. */
export const SEALED_BYTES = 24 + 2 + SEALED_INNER_MAX + TAG_BYTES;
/** Bytes of a write token. */
export const DHT_TOKEN_MAX = 16;
/** A key has at most 2^SPREAD_MAX shards. */
export const SPREAD_MAX = 10;
/** Addresses in a service record. */
export const SERVICE_ADDRESSES_MAX = 3;

// --- Handshake payload ---

/** Bytes of payload that fit into an initiation. */
export const INITIATION_PAYLOAD_MAX = HANDSHAKE_MAX - INITIATION_MIN;
/** Bytes of payload that fit into a response. */
export const RESPONSE_PAYLOAD_MAX = HANDSHAKE_MAX - RESPONSE_MIN;
/** Cipher suites offered. */
export const SUITES_MAX = 8;
/** Bytes of the question (a control message) that an initiation may carry: fits beside the longest chain. */
export const EARLY_MAX = 96;
/** Bytes of the answer that a response may carry: what a short chain leaves. A longer chain leaves less. */
export const EARLY_ANSWER_MAX = 1000;
/** Bytes of a revocation digest. */
export const REVOCATION_HEAD_BYTES = 32;

// --- Identities and certificates (bytes, unless said otherwise) ---

export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
export const HASH_BYTES = 32;
/** Names of nodes, organisations, networks, services: one DNS label. */
export const NAME_MAX = 63;
/** Root keys of a network; all signatures of a chain must fit CHAIN_MAX. */
export const ROOT_KEYS_MAX = 8;
/** Signatures of root keys under one organisation certificate. */
export const ROOT_SIGNATURES_MAX = 5;
export const GENESIS_RANDOM_BYTES = 16;
export const GENESIS_MAX = 512;
/** Nonce by which an issuer places a node in the DHT. */
export const CERTIFICATE_NONCE_BYTES = 16;
/** One certificate without its signatures. */
export const CERTIFICATE_MAX = 600;
/** Certificates from the roots to a leaf, all tiers. */
export const CHAIN_LENGTH_MAX = 4;
/** A whole chain with all signatures: fits a handshake. */
export const CHAIN_MAX = 900;
/** Patterns of service names in one certificate. */
export const PROVIDES_MAX = 16;
/** Tags in one certificate. */
export const TAGS_MAX = 16;
/** Extensions of one certificate, genesis document or token. */
export const EXTENSIONS_MAX = 8;
export const EXTENSION_VALUE_MAX = 128;
/** One statement of an epoch without its signatures. */
export const EPOCH_MAX = 320;
/** With what proves the right to it: fits a user's value, and leaves room for a pseudonym in a chain. */
export const SIGNED_EPOCH_MAX = CHAIN_MAX - 120;
/** What says who a pseudonym is, without its signature. */
export const PSEUDONYM_MAX = 48;
/** Bytes that an epoch's keys come of. */
export const EPOCH_SECRET_BYTES = 32;
/** Seconds by which clocks may differ. */
export const CLOCK_SKEW_S = 300;

// --- Guests ---

/** Bytes of the solution of a proof of work: a nonce of four bytes for each of 32 puzzles. */
export const SOLUTION_BYTES = 128;

// --- Join tokens ---

/** Bytes before base32. */
export const TOKEN_MAX = 1200;
export const TOKEN_SECRET_BYTES = 16;
export const TOKEN_SIGNERS_MAX = 4;
/** Addresses of one signer. */
export const TOKEN_ADDRESSES_MAX = 8;
/** A DNS name. */
export const HOST_MAX = 253;

// --- Revocations (proto/revocation.proto) ---

/** Bytes of the text that says why, which people wrote. */
export const REVOCATION_REASON_MAX = 120;
/** One statement without its signatures. */
export const REVOCATION_STATEMENT_MAX = 340;
/** With signatures and what proves the right to it: fits a control message. */
export const REVOCATION_MAX = 1080;
/** Statements in one message; CONTROL_MAX binds sooner. */
export const REVOCATIONS_MAX = 8;
/** Hashes in one answer, or wanted at a time: fit a control message beside the ends of a range. */
export const REVOCATION_HASHES_MAX = 28;
/** Parts that an answer cuts a range into. */
export const REVOCATION_PARTS_MAX = 14;

// --- Epochs (proto/epoch.proto) ---

/** Bytes of an epoch's ID by which two nodes compare what they have: enough to tell apart the few of one number. */
export const EPOCH_ID_PREFIX_BYTES = 8;

// --- Documents for root keys ---

/** Bytes of a request before base32: what is asked for, with the organisation certificate of whoever approves. */
export const REQUEST_MAX = 1800;
/** Bytes of a signed document before base32. */
export const DOCUMENT_MAX = 4096;
/** Nodes that a document names. */
export const DOCUMENT_CONTACTS_MAX = 4;
