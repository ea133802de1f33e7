// What a person should know of a request, a signed document or a token, in words.
import { CodedError } from '../core/base/errors.ts';
import {
  decodeInvitation,
  decodeToken,
  documentKind,
  idToText,
  isInvitation,
  nobleCrypto,
  type ReadDocument,
  type ReadRequest,
} from '../core/identity/identity.ts';
import { documentOf, requestOf } from './documents.ts';

type Revocation = NonNullable<ReadDocument['revocation']>;

/** `lines`: label and value. */
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

export function explainRequest(asked: ReadRequest): Explained {
  if (asked.kind === 'revocation') {
    const networkId = idToText(asked.request.networkId);
    const { json, lines } = explainRevocation(asked.revocation);
    return {
      json: { kind: 'revocationRequest', networkId, ...json },
      lines: [
        ['this is', 'a request to take a key back: root keys have not signed it'],
        ...lines,
        ['network', networkId],
      ],
    };
  }
  const { wanted, sponsor } = asked;
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

function explainRevocation({ kind, target, since, reason, issued }: Revocation): Explained {
  const key = idToText(target);
  const from = since === 0 ? null : date(since);
  return {
    json: { revokes: kind, target: key, since: from, reason, issued: date(issued) },
    lines: [
      ['takes back', `${kind} ${key}`],
      ['which ends', endOf(kind, from)],
      ['why', reason === '' ? 'no reason given' : reason],
      ['asked', day(issued)],
    ],
  };
}

/** What a revocation brings about, for whoever is to sign it. */
function endOf(kind: Revocation['kind'], from: string | null): string {
  if (kind === 'organisation') return 'the membership of all its nodes, for good';
  if (kind === 'node') return 'its membership in every organisation, for good';
  return from === null ? 'whatever it signed, for good' : `what it signed from ${from} on, for good`;
}

function networkLine(networkId: Uint8Array): readonly (readonly [string, string])[] {
  return networkId.length === 0 ? [] : [['network', idToText(networkId)]];
}

export function explainDocument(read: ReadDocument): Explained {
  const { network, organisation, revocation, document, missing } = read;
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
  const signatures = document.signatures.map(({ root }) => root + 1);
  const signedBy: [string, string] = [
    'signed by',
    signatures.length === 0 ? 'no root key yet' : `root key ${signatures.join(', ')}`,
  ];
  const state = missing === 0 ? 'complete: it can be installed' : `not complete: ${missing} more must sign`;
  const counted = { signatures: document.signatures.map(({ root }) => root), missing };
  if (revocation !== undefined) {
    const { json, lines } = explainRevocation(revocation);
    return {
      json: { kind: 'revocation', ...about, ...json, ...counted },
      lines: [['this is', `a revocation by root keys, ${state}`], ...lines, ...net, signedBy],
    };
  }
  if (organisation === undefined) {
    return {
      json: { kind: 'network', ...about, created: date(genesis.created), contacts },
      lines: [['this is', 'a description of a network'], ...net, ['founded', day(genesis.created)], found],
    };
  }
  const { certificate } = organisation;
  return {
    json: {
      kind: 'organisation',
      ...about,
      organisation: certificate.name,
      organisationId: idToText(certificate.organisation),
      signer: idToText(certificate.signer),
      notBefore: date(certificate.notBefore),
      notAfter: date(certificate.notAfter),
      ...counted,
      contacts,
    },
    lines: [
      ['this is', `the certificate of a signer, ${state}`],
      ['organisation', `${certificate.name} ${idToText(certificate.organisation)}`],
      ['signer', idToText(certificate.signer)],
      ['valid', `from ${day(certificate.notBefore)} until ${day(certificate.notAfter)}`],
      ...net,
      signedBy,
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

function date(seconds: number): string {
  return new Date(Math.min(seconds * 1000, 8.64e15)).toISOString();
}

function day(seconds: number): string {
  return date(seconds).slice(0, 10);
}
