// Organisations and the documents that root keys sign, as the API tells of them. See types.ts.

export interface SignerView {
  /** Public key as text. */
  key: string;
  notBefore: string;
  notAfter: string;
  /** Nodes known here whose certificates it signed. */
  nodes: number;
  /** This node holds it. */
  here: boolean;
}

export interface OrganisationView {
  organisationId: string;
  name: string;
  own: boolean;
  /** Nodes of it that are known here, this one included. */
  nodes: number;
  /** That certificates known here name. */
  signers: SignerView[];
  /** The latest that is known here; null: none is. */
  epoch: EpochView | null;
}

/** A period of an organisation, in which its private records lie under keys that its members alone know. */
export interface EpochView {
  number: number;
  created: string;
  /** Whole seconds since then; 0 while it is not begun. */
  ageS: number;
}

export interface OrganisationList {
  organisations: OrganisationView[];
  nextCursor: null;
}

export interface NetworkView {
  networkId: string;
  network: string;
  created: string;
  /** Root keys that must sign an organisation. */
  threshold: number;
  rootKeys: number;
  /** What the network is and where it is found, as text: for `mcc certificate sign --genesis`. */
  document: string;
}

export interface OrganisationInput {
  name: string;
}

export interface SignerInput {
  /** A signer asks for another key instead of a new certificate for the one that it has. */
  newKey?: boolean;
}

export interface DocumentInput {
  document: string;
}

/** What is to be signed. */
export interface RequestView {
  /** The request, as text. */
  document: string;
  organisationId: string;
  organisation: string;
  /** Public key of the wanted signer, as text. */
  signer: string;
  /** A signer of the organisation approves, or it is its first one. */
  approved: boolean;
}

export interface InstallInput {
  document: string;
  /** Name of this node, where it is in no network yet. */
  name?: string;
  /** NODEID@HOST:PORT, a join token, or a document that names nodes: where the network is found. */
  contacts?: string[];
}

export interface RetireInput {
  /** Although no other signer is known. */
  force?: boolean;
}
