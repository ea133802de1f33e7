// The one catalogue of errors that people see, each with what to do about it. docs/errors.md tells the same
// (test/core/base/errors.test.ts compares).

export const ERRORS = {
  // Tokens and joining.
  TOKEN_MALFORMED:
    'This is not a join token: it starts with mcc1 and is one line. Copy the last line that `mcc invite` printed.',
  TOKEN_MISTYPED: 'The join token has a typing error or is cut short. Copy it again, whole.',
  TOKEN_EXPIRED: 'The join token has expired. Ask for a new one: `mcc invite`.',
  TOKEN_USED_UP: 'The join token has been used as often as it allows. Ask for a new one: `mcc invite`.',
  TOKEN_UNKNOWN:
    'The node that issued the join token does not know it, or withdrew it. Ask for a new one: `mcc invite`.',
  TOKEN_OTHER_NETWORK:
    'The join token is for another network than the one this node belongs to. Use another `--state` folder for a second network.',
  SIGNER_UNREACHABLE:
    'No address in the join token answered. Check that the inviting node runs and that its UDP port is open, or invite again with `--address HOST:PORT`.',
  ADMISSION_REFUSED: 'The inviting node refused to admit this node. Its log says why.',
  ADMISSION_RATE_LIMITED: 'The inviting node has too many requests at the moment. Try again in a minute.',
  GUESTS_CLOSED:
    'The organisation admits no guests at the moment. Ask it to open, `mcc guests open`, or for a join token: `mcc invite`.',
  GUESTS_FULL:
    'The organisation has as many guests as it admits. Try again later, or ask it to raise the limit: `mcc guests open --max N`.',
  WORK_STALE:
    'The proof of work is of another hour, or easier than what is asked for by now. Join again: `mcc join --guest`.',
  GUEST_NOT_ALLOWED:
    'This node is a guest: it uses what is shared with guests and offers nothing. Become a member with a join token: `mcc invite` on a node of the organisation.',
  NAME_TAKEN:
    'Another node of this organisation already has this name, perhaps this host before its state was lost. Choose another with `--name`, or restore the old node.key.',
  NAME_TWICE:
    'Two nodes of this organisation have one name: signers that did not know of each other admitted both. Revoke one by its ID, and let it join anew under another name.',
  NAME_INVALID:
    'A name is 1 to 63 lower-case letters, digits and hyphens, and neither begins nor ends with a hyphen.',
  // The node and its state.
  NOT_INITIALISED:
    'This node belongs to no network yet. Found one with `mcc init`, or join one with `mcc join TOKEN`.',
  ALREADY_INITIALISED:
    'This node already belongs to a network. Use another `--state` folder for a second one.',
  NOT_A_SIGNER:
    'This node may not invite: it holds no signing key of the organisation. Run `mcc invite` on a node that does.',
  CERTIFICATE_TOO_LONG:
    'A certificate with all of them would not fit into a handshake. Use fewer or shorter ones: `--provides PATTERN`, `--tag NAME`.',
  ORGANISATION_UNKNOWN: 'There is no organisation of this name or ID here. `mcc status` shows the own one.',
  ORGANISATION_AMBIGUOUS: 'Several organisations have this name. Name the one that is meant by its ID.',
  ALREADY_RUNNING:
    'A daemon already runs on this state folder. Stop it first, or use another `--state` folder.',
  STATE_READABLE_BY_OTHERS:
    'The state holds secret keys and other users can read it. Mend it with the command shown, then start again.',
  STATE_NOT_WRITABLE:
    'The state folder cannot be written. Run as its owner or as root, or choose another with `--state`.',
  STATE_DAMAGED:
    'The state could not be read. Restore it from a backup, or move the folder away and join again.',
  STATE_OLDER:
    'Other nodes remember this one from after the time of its state: it was restored from a backup, or a copy of it runs elsewhere, which must stop. On a signer, uses of tokens that were counted since come back: docs/revocation.md.',
  STATE_TOO_NEW: 'The state was written by a newer version of mcc. Install that version or a later one.',
  DISK_FULL:
    'The state could not be saved: the disk is full. Free some space; the node goes on with what it had.',
  CLOCK_WRONG:
    'The clock of this host is far off, so that certificates seem invalid. Set the time (timedatectl) and start again.',
  CERTIFICATE_EXPIRING:
    'The certificate of this node ends within ten days, and no signer of its organisation has renewed it. Start one that this node reaches.',
  CERTIFICATE_EXPIRED:
    'The certificate of this node has expired. Join again with a new token: `mcc join TOKEN`.',
  CERTIFICATE_INVALID:
    'A certificate of this node does not verify. Join again with a new token: `mcc join TOKEN`.',
  RECOVERY_PHRASE_INVALID: 'This is not a valid recovery phrase: 24 words, spelled as they were printed.',
  // Root keys, and documents for them.
  DOCUMENT_MALFORMED:
    'This is no document of mcc: a request starts with mccr1 and a signed document with mccs1, each in one line. Copy it again, whole.',
  DOCUMENT_MISTYPED: 'The document has a typing error or is cut short. Copy it again, whole.',
  DOCUMENT_REFUSED: 'The document does not hold. Ask for a new one.',
  DOCUMENT_OTHER_NETWORK: 'The document is for another network.',
  DOCUMENT_OTHER_NODE:
    'The document was made for the key of another node. Install it where `mcc organisation create` or `signer request` ran.',
  DOCUMENT_UNAPPROVED:
    'A signer of the organisation must approve the request first: `mcc organisation signer approve`.',
  DOCUMENT_UNFINISHED:
    'More root keys must sign the document. Hand it to their holders: `mcc certificate sign`.',
  ROOT_KEY_WRONG:
    'This is no root key of the network, or the passphrase is wrong. Check which key and which network are meant.',
  ROOT_KEY_USED: 'This root key has signed the document already. Another one must sign it.',
  KEY_CHANGE:
    'This node would get another ID and other virtual addresses, and its old key would be revoked for good. Say `--yes` if that is meant.',
  NAME_AMBIGUOUS:
    'Several nodes have this name, as signers gave it who did not know of each other. Name the one that is meant by its ID, and let one of them join again under another name.',
  MEMBER_OTHER: 'This is not a node of the own organisation. Its own organisation says what it may.',
  SIGNER_NEEDED:
    'Nobody else is known here who could admit nodes to this organisation. Add a signer first, or repeat with `--yes`.',
  // The host.
  NOT_ROOT:
    'This needs the right to configure networks. Run it with sudo, or give the program CAP_NET_ADMIN.',
  NO_TUN: 'There is no /dev/net/tun. Load it with `modprobe tun`; in a container, pass the device in.',
  PORT_TAKEN: 'Another program uses this UDP port. Stop it, or choose another with `--listen ADDRESS:PORT`.',
  INTERFACE_TAKEN:
    'Another program uses this network interface. Choose another name with `--interface NAME`.',
  INTERFACE_FAILED: 'The network interface could not be set up.',
  ADDRESS_UNAVAILABLE:
    'This host does not have the address to listen on. Choose one of its own with `--listen`.',
  SOCKET_FAILED: 'The API socket could not be opened. Check the owner and the mode of its folder.',
  ADDON_MISSING:
    'The native part is not built. Install a C++ compiler and make, then run `npm ci` (or `npm run build`).',
  // Configuration and usage.
  CONFIG_INVALID:
    'The configuration file has an error. The message names the line and what is allowed there.',
  CONFIG_UNREADABLE: 'The configuration file cannot be read. Check its owner and mode.',
  INTERRUPTED: 'Stopped before it was done. Nothing was changed.',
  USAGE: 'The command was used wrongly. `mcc --help` shows how it goes.',
  ADDRESS_INVALID:
    'This is not an address: write 192.0.2.1:9376, [2001:db8::1]:9376 or a host name and a port.',
  INTERFACE_NAME_INVALID: 'An interface name has 1 to 15 letters, digits, dots, hyphens or underscores.',
  DURATION_INVALID: 'This is not a span of time: write 30m, 24h or 7d.',
  NUMBER_INVALID: 'This is not a number in the allowed range.',
  // The API.
  DAEMON_UNREACHABLE: 'No daemon answers. Start it with `mcc run` or `systemctl start mcc`.',
  DAEMON_FAILED: 'The daemon stopped during the start. Its last lines of log say why.',
  PERMISSION_DENIED: 'You may not use the API socket. Run with sudo, or become a member of the group mcc.',
  TOKEN_REQUIRED:
    'The API asks for its token: send `Authorization: Bearer TOKEN` with the text of the token file.',
  HOST_REFUSED:
    'The Host header does not name this API. Ask 127.0.0.1, [::1] or localhost with the port, without a proxy in between.',
  ORIGIN_REFUSED: 'Web pages of other origins may not use the API.',
  METHOD_NOT_ALLOWED: 'This path does not know the method. The header Allow lists those that it knows.',
  CONTENT_TYPE_UNSUPPORTED: 'The body must be JSON: send it once as `content-type: application/json`.',
  BODY_TOO_LARGE: 'The body of a request may have 65,536 bytes.',
  TOO_BUSY: 'The API answers as many connections as it may at the moment. Close one, or try again later.',
  REQUEST_INVALID: 'The request is malformed. The message names the field and what is allowed there.',
  NOT_FOUND: 'There is nothing of this name here.',
  TIMED_OUT: 'No answer came in time.',
  PEER_UNKNOWN: 'No node of this name, ID or address is known here. `mcc peers` lists them.',
  PEER_UNREACHABLE: 'The node does not answer. `mcc peers` shows when it was last seen.',
  NOBODY_ANSWERED:
    'Without an answer of another node nothing is known of the way to it. Check that UDP leaves this network, and that other nodes run: `mcc peers`.',
  // Services and records.
  SERVICE_EXISTS:
    'A service of this name is already offered here. Remove it first: `mcc service remove NAME`.',
  SERVICE_UNKNOWN: 'No service of this name is offered here. `mcc service list` shows them.',
  SERVICE_NOT_PROVIDED:
    'The certificate of this node does not let it offer a service of this name. Join again with a token that does: `mcc invite --provides PATTERN`.',
  IMPORT_HIDES:
    'The own organisation has a service of this name, which would be hidden. Import under another one: `mcc import SERVICE.ORG --as NAME`.',
  IMPORT_OWN: 'Services of the own organisation need no import: `SERVICE.mcc` is theirs.',
  IMPORT_UNKNOWN: 'Nothing was imported under this name. `mcc import --list` shows what was.',
  IMPORTS_FULL: 'This node has imported as much as it may. Give something up first: `mcc unimport NAME`.',
  NAME_IMPORTED:
    'On this node the name stands for an imported service. Choose another, or give that one up first: `mcc unimport NAME`.',
  ACCESS_ELSEWHERE:
    'Only the node that offers something decides who may use it: ask there, with `mcc access FROM TO`. `mcc service list` shows what this one offers.',
  SHARE_INVALID:
    'A service cannot be shared like that. `mcc service list` shows who may use it now; `mcc service share --help` shows what can be said.',
  NAME_RESERVED: 'This name has a meaning of its own in the zone. Choose another.',
  NAME_UNKNOWN:
    'Nobody in the network answers to this name. `mcc service list` on the provider shows what it offers.',
  EPOCH_MISSING:
    'Nothing public has this name, and this node cannot tell what is private: it has no epoch key of its organisation yet. Any other member or signer brings one when they meet: `mcc peers` shows whom it meets.',
  RECORD_UNKNOWN: 'No value is stored under this key, or it has expired.',
  RECORD_KEY_INVALID:
    'A key is 1 to 63 bytes of text without control characters. 52 characters of base32 are the hash of a value that cannot change.',
  RECORD_TOO_LARGE: 'A value has 1 to 820 bytes.',
  RECORDS_FULL: 'This node already keeps as many values as it may. Take one back first: `mcc forget KEY`.',
  TARGET_INVALID:
    'This is not a target: write 127.0.0.1:5432, 192.0.2.50:554 or the name of a device and a port.',
  TARGET_REFUSED:
    'A service may not lead there. Choose an address of this host or of a device on its network.',
  TARGET_UNREACHABLE: 'The target of the service does not answer. Start its program, or check its address.',
  NFT_MISSING:
    'There is no program nft here, which sends packets on to the targets of services. Install the package nftables.',
  NFT_FAILED: 'The kernel refused the rules that send packets on to the targets of services.',
  FIREWALL_DROPS:
    'A firewall of this host drops by default what others send to its services. Let the interface pass there.',
  REVOCATIONS_DAMAGED:
    'The list of what was revoked is damaged, and without it the revoked would come back. Mend it with `mcc doctor --repair`, or restore the state from a backup.',
  ALREADY_REVOKED: 'This was revoked before. `mcc revoke --list` shows when, by whom and why.',
  REVOKE_SELF:
    'This is the node that you are on: it would leave the network for good, and needs a new key and a new invitation to come back. Say `--yes` if that is meant.',
  REVOKE_REFUSED:
    'Nobody would believe this revocation. Nodes are revoked by a signer of their organisation, signers and organisations by the root keys.',
  REVOKE_TARGET:
    'This is not a node of the own organisation. Only its own organisation, or the root keys, can revoke it.',
  REASON_INVALID: 'The reason cannot be used. Give a short line of text.',
  NODE_REVOKED:
    'The key of this node was revoked, for good. Move its state folder away and join again: it gets a new key.',
  NOT_SUPPORTED: 'This version of mcc cannot do that yet.',
  INTERNAL: 'This should not have happened. Please report it with the log.',
} as const;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}

/** An error for people and programs: a code of the catalogue and a message that ends with what to do. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: ErrorCode;

  /** `detail` is what happened here, without a full stop: it goes in front of the catalogue's text. */
  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? ERRORS[code] : `${detail}. ${ERRORS[code]}`, options);
    this.code = code;
  }

  toJSON(): { error: { code: ErrorCode; message: string } } {
    return { error: { code: this.code, message: this.message } };
  }
}
