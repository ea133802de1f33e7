// What a node keeps of the network's records, as the API tells of it. See types.ts.

/** A record that some node signed, and that lies here for all. */
export interface KeptRecordView {
  /** Where in the DHT. */
  key: string;
  kind: string;
  /** What the record says it is about, in the clear; '': nothing. */
  name: string;
  /** By whose key it is signed. */
  publisher: string;
  /** Which that key is of; the publisher's certificate says so. */
  organisationId: string;
  sequence: number;
  expires: string;
  /** It says that there is nothing any more. */
  withdrawn: boolean;
  /** As it travels, signature included. */
  recordBase64url: string;
  /** Certificates of the publisher, as they came with it. */
  chainBase64url: string;
}

/** `nextCursor`: where the next page begins; null: there is none. */
export interface KeptRecordList {
  records: KeptRecordView[];
  nextCursor: number | null;
}
