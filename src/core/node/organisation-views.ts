// What this node knows of the organisations of its network, as certificates that it verified told.
import { equalBytes, toHex } from '../base/bytes.ts';
import { isCircuit } from '../base/circuit.ts';
import { isDialable } from '../base/ip.ts';
import { isStream } from '../base/stream.ts';
import { DOCUMENT_CONTACTS_MAX, TOKEN_ADDRESSES_MAX } from '../wire/limits.ts';
import type { TokenSigner } from '../wire/types.ts';
import { decodeChain, decodeOrganisationCertificate, WireError } from '../wire/wire.ts';
import { callable } from './commands.ts';
import type { NodeContext } from './context.ts';

/** A key that admits nodes to an organisation. Times: seconds of Unix time. */
export interface SignerView {
  readonly key: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Nodes known here whose certificates it signed. */
  readonly nodes: number;
  /** This node holds it. */
  readonly isHere: boolean;
}

export interface OrganisationView {
  readonly id: Uint8Array;
  readonly name: string;
  readonly isOwn: boolean;
  /** Nodes of it that are known here, this one included. */
  readonly nodes: number;
  /** That certificates known here name. */
  readonly signers: readonly SignerView[];
  /** Number and beginning (seconds of Unix time) of its latest epoch that is known here. */
  readonly epoch: { readonly number: number; readonly created: number } | undefined;
}

type Gathered = Omit<OrganisationView, 'nodes' | 'signers' | 'epoch'> & {
  nodes: number;
  readonly signers: Omit<SignerView, 'isHere'>[];
};

/** The own one first, then by name. */
export function organisationViews(c: NodeContext): OrganisationView[] {
  const views = new Map<string, Gathered>();
  const { chain } = c.self;
  if (chain !== undefined) add(c, views, chain.bytes, true);
  for (const remote of c.remotes.values()) {
    if (remote.kind === 'member' || remote.kind === 'told') add(c, views, remote.chain, false);
  }
  for (const [name, ids] of c.organisations.named()) {
    for (const id of ids) {
      if (views.has(toHex(id))) continue;
      views.set(toHex(id), { id, name, isOwn: c.organisations.isOwn(id), nodes: 0, signers: [] });
    }
  }
  const own = c.desk === undefined || chain === undefined ? undefined : chain.signer;
  return [...views.values()]
    .map(({ signers, ...view }) => ({
      ...view,
      signers: signers.map((one) => withHere(one, own)),
      epoch: epochOf(c, view),
    }))
    .sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || (a.name < b.name ? -1 : 1));
}

function epochOf(
  c: NodeContext,
  { id, isOwn }: { id: Uint8Array; isOwn: boolean },
): OrganisationView['epoch'] {
  const epoch = isOwn ? c.epochs?.store.current : c.epochs?.foreign.of(id).at(0);
  return epoch === undefined ? undefined : { number: epoch.number, created: epoch.created };
}

function withHere(signer: Omit<SignerView, 'isHere'>, own: Uint8Array | undefined): SignerView {
  return { ...signer, isHere: own !== undefined && equalBytes(own, signer.key) };
}

/** `bytes`: a chain that was verified when it came, or on an earlier run; empty: none came yet. */
function add(c: NodeContext, views: Map<string, Gathered>, bytes: Uint8Array, isSelf: boolean): void {
  if (bytes.length === 0) return;
  try {
    const chain = decodeChain(bytes);
    const {
      organisation: id,
      name,
      signer: key,
      ...dates
    } = decodeOrganisationCertificate(chain.organisation.certificate);
    const view = views.get(toHex(id)) ?? {
      id,
      name,
      isOwn: isSelf || c.organisations.isOwn(id),
      nodes: 0,
      signers: [],
    };
    views.set(toHex(id), view);
    const { notBefore, notAfter } = dates;
    const same = view.signers.findIndex((signer) => toHex(signer.key) === toHex(key));
    const before = view.signers[same];
    const isMember = 'member' in chain ? 1 : 0;
    view.nodes += isMember;
    // Of several certificates of one key the one that ends last.
    const latest = before !== undefined && before.notAfter >= notAfter ? before : { notBefore, notAfter };
    const signer = {
      key,
      notBefore: latest.notBefore,
      notAfter: latest.notAfter,
      nodes: (before?.nodes ?? 0) + isMember,
    };
    if (before === undefined) view.signers.push(signer);
    else view.signers[same] = signer;
  } catch (error) {
    // A record that an older version wrote.
    if (!(error instanceof WireError)) throw error;
  }
}

/** Nodes by which another finds the network: this one, then core nodes that it reaches directly. At most DOCUMENT_CONTACTS_MAX. */
export function contacts(c: NodeContext): TokenSigner[] {
  const own = callable(c).slice(0, TOKEN_ADDRESSES_MAX);
  const found: TokenSigner[] =
    own.length === 0 ? [] : [{ nodeId: c.self.keys.nodeId, addresses: own, hosts: [] }];
  for (const { nodeId, isCore, path } of c.remotes.values()) {
    if (found.length >= DOCUMENT_CONTACTS_MAX) break;
    const { current } = path;
    if (!isCore || current === undefined || isCircuit(current.ip) || isStream(current.ip)) continue;
    const { ip, port } = current;
    if (isDialable({ ip, port })) found.push({ nodeId, addresses: [{ ip, port }], hosts: [] });
  }
  return found;
}
