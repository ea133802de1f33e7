// Imports, as the API tells of them. See types.ts.

/** A service of another organisation that has a name of its own on this node. */
export interface ImportView {
  /** Under which it is found here, without the zone. */
  name: string;
  /** What it is called in its organisation. */
  service: string;
  /** Name of its organisation; the ID where that would not do. */
  organisation: string;
  organisationId: string;
}

export interface ImportList {
  imports: ImportView[];
  nextCursor: null;
}

export interface ImportInput {
  /** SERVICE.ORGANISATION, with the zone or without; the organisation by name or ID. */
  service: string;
}
