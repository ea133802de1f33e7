// What schemas of answers are made of.
import type { PeerFlowView } from './flow-types.ts';
import type { EpochView } from './types.ts';

export type Schema = Readonly<Record<string, unknown>>;

export const text = (description: string): Schema => ({ type: 'string', description });
export const textOrNull = (description: string): Schema => ({ type: ['string', 'null'], description });
export const count = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
export const flag = (description: string): Schema => ({ type: 'boolean', description });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const ref = (name: string): Schema => ({ $ref: `${name}#` });
export const TIME: Schema = { type: 'string', format: 'date-time' };
export const TIME_OR_NULL: Schema = { type: ['string', 'null'], format: 'date-time' };
export const ID: Schema = {
  type: 'string',
  pattern: '^[0-9a-hjkmnp-tv-z]{52}$',
  description: '32 bytes in base32',
};
export const ID_OR_NULL: Schema = { ...ID, type: ['string', 'null'] };

/** Exactly the fields of T; all of them are there but the `optional` ones. */
export function answer<T>(
  fields: { readonly [K in keyof T]-?: Schema },
  optional: readonly (keyof T)[] = [],
) {
  return {
    type: 'object',
    required: Object.keys(fields).filter((key) => !optional.includes(key as keyof T)),
    additionalProperties: false,
    properties: fields,
  };
}

export const EPOCH = answer<EpochView>({
  number: count('rises with every epoch of the organisation'),
  created: TIME,
  ageS: count('seconds since it began'),
});

const figure = (description: string): Schema => ({ type: 'number', minimum: 0, description });

export const FLOW: Schema = {
  anyOf: [
    answer<PeerFlowView>({
      state: text(
        'of BBR: Startup, Drain, ProbeBW_DOWN, ProbeBW_CRUISE, ProbeBW_REFILL, ProbeBW_UP or ProbeRTT',
      ),
      governed: flag('what is sent waits for its turn; false: the path is faster than this host'),
      mbps: figure('Mbit/s at which is sent'),
      shortestRttMs: figure('ms'),
      rttMs: figure('ms, smoothed: what it is longer than the shortest is the queue on the way'),
      queueMs: figure('ms that what is sent now waits in this node'),
      sent: count('datagrams since the path was first used'),
      lost: count('of them, lost on the way'),
      resent: count('of TCP, sent again for that'),
      unrepaired: count('lost and not sent again'),
    }),
    { type: 'null' },
  ],
};
