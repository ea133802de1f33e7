// Schemas of what a node keeps for the network.
import { answer, count, flag, ID, list, type Schema, TIME, text } from './answer-parts.ts';
import type { KeptRecordList, KeptRecordView } from './kept-types.ts';

export const KEPT_ANSWERS: { readonly KeptRecordList: Schema } = {
  KeptRecordList: answer<KeptRecordList>({
    records: list(
      answer<KeptRecordView>({
        key: text('where in the DHT'),
        kind: text('what it is'),
        name: text('what it says it is about, in the clear; empty: nothing'),
        publisher: text('by whose key it is signed'),
        organisationId: ID,
        sequence: count('larger is newer, of one publisher'),
        expires: TIME,
        withdrawn: flag('it says that there is nothing any more'),
        recordBase64url: text('as it travels, signature included'),
        chainBase64url: text('certificates of the publisher, as they came with it'),
      }),
    ),
    nextCursor: { type: ['integer', 'null'], description: 'where the next page begins; null: there is none' },
  }),
};
