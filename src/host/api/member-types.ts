// Of the REST contract (types.ts): members of the own organisation.

/** What is left out stays as it is. */
export interface MemberInput {
  tags?: string[];
  /** Patterns of service names that the node may offer; none: all. */
  provides?: string[];
}

export interface MemberView {
  nodeId: string;
  /** Of those with the same name only the ID tells which is which. */
  name: string;
  tags: string[];
  provides: string[];
  certificateExpires: string;
  /** Key of the signer that certified it. */
  signer: string;
  self: boolean;
  /** It has a session with this node. */
  online: boolean;
  /** What its next certificate will say; null: the same. */
  pending: { tags: string[]; provides: string[] } | null;
}

export interface MemberList {
  members: MemberView[];
  nextCursor: null;
}
