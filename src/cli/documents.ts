// Requests, signed documents and tokens as `mcc certificate` reads, explains and signs them: by itself, without a daemon,
// a state or a network.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { CodedError } from '../core/base/errors.ts';
import { parseSocketAddress } from '../core/base/ip.ts';
import { DAY_S } from '../core/base/time.ts';
import {
  addSignature,
  CLOCK_SKEW_S,
  DOCUMENT_CONTACTS_MAX,
  decodeDocument,
  decodeRequest,
  decodeToken,
  documentKind,
  encodeDocument,
  idToText,
  judgeRequest,
  type Network,
  nobleCrypto,
  nodeIdFromText,
  prepareDocument,
  type ReadDocument,
  type ReadRequest,
  readGenesis,
} from '../core/identity/identity.ts';
import { standardInput } from './input.ts';
import { rootKeyRng } from './root-key.ts';

const YEAR_S = 365 * DAY_S;
const FILE_BYTES_MAX = 64 * 1024;

type Contacts = ReadDocument['document']['contacts'];

/** A document from an argument, a file or standard input (-), with whatever was printed before it cut off. */
export async function readText(given: string): Promise<string> {
  if (given === '-') return cut((await standardInput()).toString());
  if (/^\s*mcc[a-z]?[1il]/i.test(given) && !existsSync(given)) return cut(given);
  return cut(readFile(given));
}

/** Throws a CodedError when there is none, or a long one. */
export function readFile(path: string): string {
  try {
    if (statSync(path).size > FILE_BYTES_MAX)
      throw new CodedError('DOCUMENT_MALFORMED', `${path} is too long`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    throw new CodedError('DOCUMENT_MALFORMED', `${path.slice(0, 80)} cannot be read (${reason})`);
  }
}

function cut(text: string): string {
  if (text.length > FILE_BYTES_MAX) throw new CodedError('DOCUMENT_MALFORMED', 'too long');
  const start = /^[ \t]*mcc[a-z]?[1il]/im.exec(text)?.index ?? 0;
  return text.slice(start).trim();
}

export const idOf = idToText;

export function requestOf(text: string): ReadRequest {
  const result = decodeRequest(nobleCrypto, text);
  if (!result.ok) throw new CodedError(result.code);
  return result.read;
}

export function documentOf(text: string): ReadDocument {
  const result = decodeDocument(nobleCrypto, text);
  if (!result.ok) throw new CodedError(result.code);
  return result.read;
}

/** A network and where it is found, of a description, a token, a signed document or a genesis document in base64url. */
export function networkOf(text: string): { readonly network: Network; readonly contacts: Contacts } {
  if (documentKind(text) === 'signed') {
    const { network, document } = documentOf(text);
    return { network, contacts: document.contacts };
  }
  const token = decodeToken(nobleCrypto, text);
  if (token.ok) return { network: token.network, contacts: token.token.signers };
  const genesis = readGenesis(nobleCrypto, new Uint8Array(Buffer.from(text.trim(), 'base64url')));
  if (!genesis.ok) throw new CodedError('DOCUMENT_MALFORMED', 'this describes no network');
  return { network: genesis.network, contacts: [] };
}

/** NODEID@HOST:PORT, or whatever else names nodes of the network. */
export function contactsOf(text: string, network: Network): Contacts {
  const [, id, place] = /^([0-9a-zA-Z]{52})@(.+)$/.exec(text.trim()) ?? [];
  if (id === undefined) {
    const other = networkOf(text);
    if (other.network.idText !== network.idText) throw new CodedError('DOCUMENT_OTHER_NETWORK');
    return other.contacts;
  }
  const nodeId = nodeIdFromText(nobleCrypto, id);
  const address = parseSocketAddress(place, 9376);
  const [, host, port] = /^([A-Za-z0-9][A-Za-z0-9.-]{0,252}?)(?::(\d{1,5}))?$/.exec(place) ?? [];
  if (nodeId === undefined) throw new CodedError('ADDRESS_INVALID', text.slice(0, 120));
  if (address !== undefined && address.port > 0) return [{ nodeId, addresses: [address], hosts: [] }];
  const number = Number(port ?? 9376);
  if (host === undefined || number < 1 || number > 65_535)
    throw new CodedError('ADDRESS_INVALID', text.slice(0, 120));
  return [{ nodeId, addresses: [], hosts: [{ host: host.toLowerCase(), port: number }] }];
}

/** What is to be signed, checked: of a request a new document, of a document that others signed the same. */
export function prepare(
  text: string,
  network: Network,
  years: number,
  contacts: Contacts,
  nowMs: number,
): ReadDocument {
  const isRequest = documentKind(text) === 'request';
  const before = isRequest ? undefined : documentOf(text);
  const asked = isRequest ? requestOf(text) : before?.organisation?.asked;
  if (asked === undefined && before?.revocation === undefined)
    throw new CodedError('DOCUMENT_MALFORMED', 'in this one there is nothing to sign');
  if (before !== undefined && before.network.idText !== network.idText)
    throw new CodedError('DOCUMENT_OTHER_NETWORK');
  const nowS = Math.floor(nowMs / 1000);
  const fault = asked && judgeRequest(nobleCrypto, network, asked, nowS);
  if (fault !== undefined) throw new CodedError(fault);
  const terms = {
    notBefore: nowS - CLOCK_SKEW_S,
    notAfter: nowS + Math.round(years * YEAR_S),
    nonce: rootKeyRng.bytes(16),
    contacts: merged(contacts),
  };
  if (before === undefined) return readBack(prepareDocument(network, asked as ReadRequest, terms));
  const { document, revocation } = before;
  const found = revocation === undefined ? merged([...document.contacts, ...contacts]) : [];
  return readBack({ ...document, contacts: found });
}

/** The document with one more signature. Throws ROOT_KEY_WRONG and ROOT_KEY_USED. */
export function sign({ document, network }: ReadDocument, seed: Uint8Array): ReadDocument {
  const signed = addSignature(nobleCrypto, network, document, seed);
  if (typeof signed === 'string') throw new CodedError(signed);
  return readBack(signed);
}

export function textOf({ document }: ReadDocument): string {
  return encodeDocument(nobleCrypto, document);
}

function readBack(document: ReadDocument['document']): ReadDocument {
  try {
    return documentOf(encodeDocument(nobleCrypto, document));
  } catch (error) {
    if (error instanceof RangeError) throw new CodedError('USAGE', `too many contacts: ${error.message}`);
    throw error;
  }
}

/** One entry of each node, as many as a document holds. */
function merged(contacts: Contacts): Contacts {
  const byNode = new Map(contacts.map((contact) => [idToText(contact.nodeId), contact]));
  return [...byNode.values()].slice(0, DOCUMENT_CONTACTS_MAX);
}
