// What is asked of the API when nodes are admitted, and what it says of guests, as JSON.

export interface GuestProof {
  /** Node ID. */
  signerNode: string;
  /** base64url. */
  signer: string;
  hour: number;
  difficulty: number;
  /** base64url, 128 bytes. */
  solution: string;
}

export interface GuestWorkInput {
  token: string;
}

/** What a guest has to do before it is admitted. */
export interface GuestWork {
  networkId: string;
  network: string;
  /** Of this node: the work is for it alone. */
  nodeId: string;
  /** Node ID of the signer that asks for it. */
  signerNode: string;
  /** Its signing key, base64url. */
  signer: string;
  /** Hours of Unix time: the proof is good in this one and the next. */
  hour: number;
  /** It takes 2^difficulty hashes. */
  difficulty: number;
}

export interface GuestsInput {
  open?: boolean;
  difficulty?: number;
  max?: number;
}

/** Automatic admission at this signer. */
export interface GuestsResult {
  open: boolean;
  /** Of the proof of work while few come. */
  difficulty: number;
  /** At present: it rises while many come. */
  currentDifficulty: number;
  /** Guests at a time. */
  max: number;
  /** Admitted here, and their certificates are in force. */
  guests: number;
}

export interface GuestInviteInput {
  /** HOST:PORT by which guests reach this node; default: the advertised and the interfaces' addresses. */
  addresses?: string[];
}

export interface GuestInviteResult {
  /** No secret: whoever reads it may come, while guests are admitted. */
  token: string;
  addresses: string[];
  /** Of each address, in the same order, whether it answers from outside; null: not known. */
  reachable: (boolean | null)[];
  warnings: { code: string; message: string }[];
}

export interface InviteInput {
  /** Name or ID; default: the own one. */
  organisation?: string;
  /** 1 to 1,000; default 1. */
  uses?: number;
  /** Default 24 h. */
  expiresMs?: number;
  /** HOST:PORT by which joiners reach this node; default: the advertised and the interfaces' addresses. */
  addresses?: string[];
  /** Service names that the admitted nodes may offer; default all. */
  provides?: string[];
  /** Go into the certificates of the admitted nodes: services of the organisation may ask for them (`tag:NAME`). */
  tags?: string[];
  /** Name or ID of a node of the organisation: whoever is admitted gets its name and rights, and its key is revoked with that. */
  replaces?: string;
}

/** A node goes on under another key. */
export interface KeyChangeInput {
  /** That a signer made to replace this very node. */
  token: string;
  /** It is meant: the node gets another ID, and other addresses. */
  confirmed?: boolean;
}

export interface JoinInput {
  /** For a guest: an invitation for guests, or a join token of the same signers. */
  token: string;
  name?: string;
  /** Instead of the token's secret: what GuestWork asked for. */
  guest?: GuestProof;
}
