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
  decodeInvitation,
  decodeRequest,
  decodeToken,
  documentKind,
  encodeDocument,
  idToText,
  isInvitation,
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

/** What a person should know of a text. `lines`: label and value. */
export interface Explained {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly (readonly [string, string])[];
}

export function explain(text: string): Explained {
  switch (documentKind(text)) {
    case 'request':
      return explainRequest(requestOf(text));
    case 'signed':
      return explainDocument(documentOf(text));
  }
  return isInvitation(text) ? explainInvitation(text) : explainToken(text);
}

export function explainRequest({ wanted, sponsor }: ReadRequest): Explained {
  const organisationId = idToText(wanted.organisation);
  const signer = idToText(wanted.signer);
  const isFirst = organisationId === signer;
  const by = sponsor === undefined ? null : idToText(sponsor.signer);
  const what = isFirst
    ? 'a request for an organisation'
    : 'a request for a further signer of an organisation';
  return {
    json: {
      kind: 'request',
      networkId: wanted.networkId.length === 0 ? null : idToText(wanted.networkId),
      organisation: wanted.name,
      organisationId,
      signer,
      created: date(wanted.created),
      approvedBy: by,
    },
    lines: [
      ['this is', `${what}: root keys have not signed it`],
      ['organisation', `${wanted.name} ${organisationId}`],
      ['signer', signer],
      ...networkLine(wanted.networkId),
      ['asked', day(wanted.created)],
      ...(isFirst
        ? []
        : [['approved', by === null ? 'not yet by a signer of it' : `by its signer ${by}`] as const]),
    ],
  };
}

function networkLine(networkId: Uint8Array): readonly (readonly [string, string])[] {
  return networkId.length === 0 ? [] : [['network', idToText(networkId)]];
}

export function explainDocument({ network, organisation, document, missing }: ReadDocument): Explained {
  const { genesis, idText } = network;
  const contacts = document.contacts.map(({ nodeId }) => idToText(nodeId));
  const keys = `${genesis.threshold} of ${genesis.rootKeys.length} sign for it`;
  const about = {
    networkId: idText,
    network: genesis.network,
    threshold: genesis.threshold,
    rootKeys: genesis.rootKeys.length,
  };
  const found: [string, string] = ['contacts', contacts.length === 0 ? 'none' : contacts.join(' ')];
  const net: [string, string][] = [
    ['network', `${genesis.network} ${idText}`],
    ['root keys', keys],
  ];
  if (organisation === undefined) {
    return {
      json: { kind: 'network', ...about, created: date(genesis.created), contacts },
      lines: [['this is', 'a description of a network'], ...net, ['founded', day(genesis.created)], found],
    };
  }
  const { certificate } = organisation;
  const signatures = document.signatures.map(({ root }) => root + 1);
  const state = missing === 0 ? 'complete: it can be installed' : `not complete: ${missing} more must sign`;
  return {
    json: {
      kind: 'organisation',
      ...about,
      organisation: certificate.name,
      organisationId: idToText(certificate.organisation),
      signer: idToText(certificate.signer),
      notBefore: date(certificate.notBefore),
      notAfter: date(certificate.notAfter),
      signatures: document.signatures.map(({ root }) => root),
      missing,
      contacts,
    },
    lines: [
      ['this is', `the certificate of a signer, ${state}`],
      ['organisation', `${certificate.name} ${idToText(certificate.organisation)}`],
      ['signer', idToText(certificate.signer)],
      ['valid', `from ${day(certificate.notBefore)} until ${day(certificate.notAfter)}`],
      ...net,
      ['signed by', signatures.length === 0 ? 'no root key yet' : `root key ${signatures.join(', ')}`],
      found,
    ],
  };
}

function explainToken(text: string): Explained {
  const decoded = decodeToken(nobleCrypto, text);
  if (!decoded.ok) {
    const isToken = /^\s*mcc[1il]/i.test(text);
    throw new CodedError(isToken ? decoded.code : 'DOCUMENT_MALFORMED');
  }
  const { token, network } = decoded;
  return {
    json: {
      kind: 'token',
      networkId: network.idText,
      network: network.genesis.network,
      organisationId: idToText(token.organisation),
      expires: date(token.expires),
      contacts: token.signers.map(({ nodeId }) => idToText(nodeId)),
    },
    lines: [
      ['this is', 'a join token: secret until it is used'],
      ['network', `${network.genesis.network} ${network.idText}`],
      ['organisation', idToText(token.organisation)],
      ['good until', date(token.expires)],
      ['ask at', token.signers.map(({ nodeId }) => idToText(nodeId)).join(' ')],
    ],
  };
}

function explainInvitation(text: string): Explained {
  const decoded = decodeInvitation(nobleCrypto, text);
  if (!decoded.ok) throw new CodedError(decoded.code);
  const { invitation, network } = decoded;
  const contacts = invitation.signers.map(({ nodeId }) => idToText(nodeId));
  const organisationId = idToText(invitation.organisation);
  return {
    json: {
      kind: 'guestInvitation',
      networkId: network.idText,
      network: network.genesis.network,
      organisationId,
      contacts,
    },
    lines: [
      ['this is', 'an invitation for guests: no secret'],
      ['network', `${network.genesis.network} ${network.idText}`],
      ['organisation', organisationId],
      ['ask at', contacts.join(' ')],
    ],
  };
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
  const nowS = Math.floor(nowMs / 1000);
  const isRequest = documentKind(text) === 'request';
  const asked = isRequest ? requestOf(text) : documentOf(text).organisation?.asked;
  if (asked === undefined) throw new CodedError('DOCUMENT_MALFORMED', 'in this one there is nothing to sign');
  const fault = judgeRequest(nobleCrypto, network, asked, nowS);
  if (fault !== undefined) throw new CodedError(fault);
  const terms = {
    notBefore: nowS - CLOCK_SKEW_S,
    notAfter: nowS + Math.round(years * YEAR_S),
    nonce: rootKeyRng.bytes(16),
    contacts: merged(contacts),
  };
  if (isRequest) return readBack(prepareDocument(network, asked, terms));
  const { document } = documentOf(text);
  return readBack({ ...document, contacts: merged([...document.contacts, ...contacts]) });
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

function date(seconds: number): string {
  return new Date(Math.min(seconds * 1000, 8.64e15)).toISOString();
}

function day(seconds: number): string {
  return date(seconds).slice(0, 10);
}
