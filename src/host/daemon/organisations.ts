// What people do with organisations: asking root keys for one, or for a further signer of the own one, and installing
// what these signed.
import { EMPTY, equalBytes } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import type { SocketAddress } from '../../core/base/ip.ts';
import {
  approveRequest,
  decodeDocument,
  decodeRequest,
  decodeToken,
  documentKind,
  encodeDocument,
  encodeRequest,
  idToText,
  makeRequest,
  type Network,
  networkDocument,
  nodeIdFromText,
  type ReadSignerRequest,
} from '../../core/identity/identity.ts';
import type { NodeKeys } from '../../core/identity/types.ts';
import type { OrganisationView as KnownOrganisation } from '../../core/node/node.ts';
import { DOCUMENT_CONTACTS_MAX } from '../../core/wire/limits.ts';
import type { Chain, OrganisationCertificate, TokenSigner } from '../../core/wire/types.ts';
import { decodeChain, decodeMemberCertificate } from '../../core/wire/wire.ts';
import type { OrganisationBackend } from '../api/api.ts';
import type {
  InitResult,
  InstallInput,
  InstallResult,
  NetworkView,
  OrganisationView,
  PingResult,
  RequestView,
  Warning,
} from '../api/types.ts';
import { nodeCrypto, systemRng } from '../crypto/crypto.ts';
import { resolveAddresses } from '../io/io.ts';
import type { Membership, Storage } from '../storage/storage.ts';
import { DEFAULT_PORT } from './config.ts';
import { ensureKeys, readKeys, readNetwork, type Standing, signerMembership } from './membership.ts';
import type { NodeHost } from './node-host.ts';

export interface OrganisationParts {
  readonly storage: Storage;
  readonly host: NodeHost;
  introduction(): InitResult;
  nodeName(wanted: string | undefined): string;
  ping(nodeId: string): Promise<PingResult>;
}

/** Nodes by which the network is found. */
const CONTACTS_MAX = 2 * DOCUMENT_CONTACTS_MAX;

interface Contact {
  readonly nodeId: Uint8Array;
  readonly addresses: readonly SocketAddress[];
}

interface NamedContact extends Contact {
  /** HOST:PORT. */
  readonly hosts: readonly string[];
}

export class NodeOrganisations implements OrganisationBackend {
  readonly #parts: OrganisationParts;

  constructor(parts: OrganisationParts) {
    this.#parts = parts;
  }

  list(): OrganisationView[] {
    const { host } = this.#parts;
    const nowS = host.clock.now() / 1000;
    return host
      .node()
      .node.organisations()
      .map((known) => organisationView(known, nowS));
  }

  network(): NetworkView {
    const { node } = this.#parts.host.node();
    const { network } = this.#parts.host.standing as Standing;
    const { genesis, idText } = network;
    return {
      networkId: idText,
      network: genesis.network,
      created: time(genesis.created),
      threshold: genesis.threshold,
      rootKeys: genesis.rootKeys.length,
      document: encodeDocument(nodeCrypto, networkDocument(network, node.contacts())),
    };
  }

  create(name: string): RequestView {
    const { storage, host } = this.#parts;
    host.refuseMember();
    if (storage.membership() !== undefined) throw new CodedError('ALREADY_INITIALISED');
    ensureKeys(storage, 'node');
    const signer = ensureKeys(storage, 'signer');
    return this.#request(signer, EMPTY, signer.nodeId, name, undefined);
  }

  requestSigner(newKey: boolean): RequestView {
    const { storage } = this.#parts;
    const { network, chain } = this.#standing();
    if (chain.tier !== 'member') throw new CodedError('NOT_A_SIGNER', 'a guest belongs to no organisation');
    const own = this.#signer();
    const key =
      own !== undefined && !newKey ? own : ensureKeys(storage, own === undefined ? 'signer' : 'signer-new');
    return this.#request(key, network.id, chain.organisation, chain.organisationName, own);
  }

  approve(document: string): RequestView {
    const { network, chain } = this.#standing();
    const own = this.#signer();
    if (own === undefined) throw new CodedError('NOT_A_SIGNER');
    const { request, wanted } = readRequest(document);
    if (!equalBytes(wanted.networkId, network.id)) throw new CodedError('DOCUMENT_OTHER_NETWORK');
    if (!equalBytes(wanted.organisation, chain.organisation) || wanted.name !== chain.organisationName)
      throw new CodedError(
        'DOCUMENT_REFUSED',
        `it asks for a signer of another organisation (${wanted.name})`,
      );
    const { organisation } = decodeChain(chain.bytes);
    const approved = approveRequest(nodeCrypto, network, request, organisation, own.seed);
    return view(readRequest(encodeRequest(nodeCrypto, approved)));
  }

  async retire(force: boolean): Promise<void> {
    const { storage, host } = this.#parts;
    if (this.#signer() === undefined) throw new CodedError('NOT_A_SIGNER');
    const own = this.list().find((organisation) => organisation.own);
    if (!force && own?.signers.every(({ here }) => here) !== false) throw new CodedError('SIGNER_NEEDED');
    storage.removeSeed('signer-new');
    storage.removeSeed('signer');
    await host.goOn();
  }

  async install(input: InstallInput): Promise<InstallResult> {
    const decoded = decodeDocument(nodeCrypto, input.document);
    if (!decoded.ok) throw new CodedError(decoded.code);
    const { document, network, organisation, revocation, missing } = decoded.read;
    if (revocation !== undefined)
      throw new CodedError('DOCUMENT_MALFORMED', 'this one takes a key back: mcc revoke --install');
    if (organisation === undefined || document.statement === undefined)
      throw new CodedError('DOCUMENT_MALFORMED', 'this one names a network and no organisation');
    if (missing > 0)
      throw new CodedError('DOCUMENT_UNFINISHED', `${missing} of ${network.genesis.threshold} are missing`);
    const signer = this.#keyOf(organisation.certificate);
    // More of them would only make every chain longer, and the room for patterns and tags another than before.
    const signatures = document.signatures.slice(0, network.genesis.threshold);
    const level0 = { certificate: document.statement.bytes, signatures };
    const given = readContacts(input.contacts ?? [], network);
    const contacts = await resolved([...given, ...document.contacts.map(named)]);
    const membership = this.#parts.storage.membership();
    if (membership === undefined) await this.#enter(network, level0, signer, input.name, contacts);
    else
      await this.#continue(
        membership,
        network,
        organisation.certificate,
        level0,
        signer,
        given.length > 0 ? contacts : [],
      );
    // A member knows its way.
    const peer = membership === undefined || given.length > 0 ? await this.#greet(contacts) : null;
    return { ...this.#parts.introduction(), peer, warnings: warningsOf(membership, contacts, peer) };
  }

  /** The first node of an organisation, and its signer. */
  async #enter(
    network: Network,
    organisation: Chain['organisation'],
    signer: NodeKeys,
    name: string | undefined,
    contacts: readonly Contact[],
  ): Promise<void> {
    const { storage, host, nodeName } = this.#parts;
    await host.change(async () => {
      const node = {
        nodeId: ensureKeys(storage, 'node').nodeId,
        name: nodeName(name),
        nonce: systemRng.bytes(16),
      };
      const membership = signerMembership(network, organisation, signer, node, host.clock.now());
      // Where the network is comes first: who is killed in between can install again.
      storage.setGenesis(network.bytes);
      this.#know(contacts);
      storage.setMembership(membership);
      await host.startOrUndo();
    });
  }

  #know(contacts: readonly Contact[]): void {
    const { storage, host } = this.#parts;
    const known = contacts.map(({ nodeId, addresses }) => ({
      kind: 'knownNode' as const,
      node: { nodeId, name: '', organisation: EMPTY, chain: EMPTY, addresses, lastTrafficMs: 0 },
    }));
    if (known.length > 0) storage.save(known, host.clock.savable());
  }

  /** A member becomes a signer, or a signer goes on under another certificate or key. */
  async #continue(
    membership: Membership,
    network: Network,
    { organisation }: OrganisationCertificate,
    level0: Chain['organisation'],
    signer: NodeKeys,
    contacts: readonly Contact[],
  ): Promise<void> {
    const { host } = this.#parts;
    if (readNetwork(membership).idText !== network.idText) throw new CodedError('DOCUMENT_OTHER_NETWORK');
    const chain = decodeChain(membership.chain);
    if (!('member' in chain)) throw new CodedError('DOCUMENT_OTHER_NODE', 'this node is a guest');
    const member = decodeMemberCertificate(chain.member.certificate);
    if (!equalBytes(member.organisation, organisation)) throw new CodedError('DOCUMENT_OTHER_NODE');
    const exchanged = signerMembership(network, level0, signer, member, host.clock.now());
    this.#know(contacts);
    await host.exchange(exchanged);
  }

  /** The own key that a certificate names. */
  #keyOf({ signer }: OrganisationCertificate): NodeKeys {
    for (const name of ['signer', 'signer-new'] as const) {
      const keys = readKeys(this.#parts.storage, name);
      if (keys !== undefined && equalBytes(keys.nodeId, signer)) return keys;
    }
    throw new CodedError('DOCUMENT_OTHER_NODE');
  }

  /** Of the first contact that answers. */
  async #greet(contacts: readonly Contact[]): Promise<PingResult | null> {
    for (const { nodeId } of contacts) {
      const result = await this.#parts.ping(idToText(nodeId)).catch(() => null);
      if (result !== null && result.rttMs.length > 0) return result;
    }
    return null;
  }

  #request(
    key: NodeKeys,
    networkId: Uint8Array,
    organisation: Uint8Array,
    name: string,
    approver: NodeKeys | undefined,
  ): RequestView {
    const created = Math.floor(this.#parts.host.clock.now() / 1000);
    const signer = key.nodeId;
    const wanted = { networkId, organisation, signer, name, created, extensions: [] };
    let request = makeRequest(nodeCrypto, key.seed, wanted);
    if (approver !== undefined) {
      const { network, chain } = this.#standing();
      const { organisation: sponsor } = decodeChain(chain.bytes);
      request = approveRequest(nodeCrypto, network, request, sponsor, approver.seed);
    }
    return view(readRequest(encodeRequest(nodeCrypto, request)));
  }

  #standing(): Standing {
    this.#parts.host.node();
    return this.#parts.host.standing as Standing;
  }

  /** The key under which this node admits others; undefined: it does not. */
  #signer(): NodeKeys | undefined {
    const keys = readKeys(this.#parts.storage, 'signer');
    return keys !== undefined && equalBytes(keys.nodeId, this.#standing().chain.signer) ? keys : undefined;
  }
}

function readRequest(document: string): ReadSignerRequest {
  const result = decodeRequest(nodeCrypto, document);
  if (!result.ok) throw new CodedError(result.code);
  if (result.read.kind !== 'organisation')
    throw new CodedError('DOCUMENT_REFUSED', 'it asks to take a key back, which only root keys can');
  return result.read;
}

function view(read: ReadSignerRequest): RequestView {
  const { request, wanted, sponsor } = read;
  return {
    document: encodeRequest(nodeCrypto, request),
    organisationId: idToText(wanted.organisation),
    organisation: wanted.name,
    signer: idToText(wanted.signer),
    approved: sponsor !== undefined || equalBytes(wanted.organisation, wanted.signer),
  };
}

/** Throws a CodedError for what names no node, or nodes of another network. */
function readContacts(texts: readonly string[], network: Network): NamedContact[] {
  return texts.flatMap((text) => {
    const [, id, address] = /^([0-9a-zA-Z]{52})@(.+)$/.exec(text.trim()) ?? [];
    if (id === undefined) return contactsOf(text, network).map(named);
    const nodeId = nodeIdFromText(nodeCrypto, id);
    if (nodeId === undefined) throw new CodedError('ADDRESS_INVALID', text.slice(0, 120));
    return [{ nodeId, addresses: [], hosts: [address] }];
  });
}

function contactsOf(text: string, network: Network): readonly TokenSigner[] {
  if (documentKind(text) === 'signed') {
    const result = decodeDocument(nodeCrypto, text);
    if (!result.ok) throw new CodedError(result.code);
    if (result.read.network.idText !== network.idText) throw new CodedError('DOCUMENT_OTHER_NETWORK');
    return result.read.document.contacts;
  }
  const result = decodeToken(nodeCrypto, text);
  if (!result.ok) throw new CodedError('ADDRESS_INVALID', text.slice(0, 120));
  if (result.network.idText !== network.idText) throw new CodedError('TOKEN_OTHER_NETWORK');
  return result.token.signers;
}

function named({ nodeId, addresses, hosts }: TokenSigner): NamedContact {
  return { nodeId, addresses, hosts: hosts.map(({ host, port }) => `${host}:${port}`) };
}

/** A name that cannot be resolved at the moment is left out. */
async function resolved(contacts: readonly NamedContact[]): Promise<Contact[]> {
  const all = await Promise.all(
    contacts.slice(0, CONTACTS_MAX).map(async ({ nodeId, addresses, hosts }) => ({
      nodeId,
      addresses: [...addresses, ...(await resolveAddresses(hosts, DEFAULT_PORT).catch(() => []))],
    })),
  );
  return all.filter(({ addresses }) => addresses.length > 0);
}

function warningsOf(
  before: Membership | undefined,
  contacts: readonly Contact[],
  peer: PingResult | null,
): Warning[] {
  if (before !== undefined || peer !== null) return [];
  const message =
    contacts.length === 0
      ? 'the document names no node of the network, so it is found on this LAN only: install it again with --contact NODEID@HOST:PORT'
      : 'no node that the document names answers yet: let UDP pass, or install it again with --contact NODEID@HOST:PORT';
  return [{ code: 'PEER_UNREACHABLE', message }];
}

function organisationView(
  { id, name, isOwn, nodes, signers, epoch }: KnownOrganisation,
  nowS: number,
): OrganisationView {
  return {
    organisationId: idToText(id),
    name,
    own: isOwn,
    nodes,
    signers: signers.map((signer) => ({
      key: idToText(signer.key),
      notBefore: time(signer.notBefore),
      notAfter: time(signer.notAfter),
      nodes: signer.nodes,
      here: signer.isHere,
    })),
    epoch:
      epoch === undefined
        ? null
        : {
            number: epoch.number,
            created: time(epoch.created),
            ageS: Math.max(0, Math.floor(nowS - epoch.created)),
          },
  };
}

/** `seconds` of Unix time; what is beyond the calendar is its end. */
function time(seconds: number): string {
  return new Date(Math.min(seconds * 1000, 8.64e15)).toISOString();
}
