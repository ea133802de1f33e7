// What a resolver did since it was made.
import { Rcode } from './message.ts';

export type RcodeName = keyof typeof Rcode;

const NAMES = Object.keys(Rcode) as RcodeName[];
const NAME_OF: ReadonlyMap<number, RcodeName> = new Map(NAMES.map((name) => [Rcode[name], name]));

/** Only ever grows. */
export interface DnsCounts {
  /** Whatever came, readable or not. */
  readonly queries: { udp: number; tcp: number };
  /** Answers of this resolver, by response code; what it handed on is not among them. */
  readonly answers: Record<RcodeName, number>;
  /** Names that had to be looked up and were known already, so that nobody else was asked. */
  cacheHits: number;
}

export function noCounts(): DnsCounts {
  const answers = Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<RcodeName, number>;
  return { queries: { udp: 0, tcp: 0 }, answers, cacheHits: 0 };
}

export function countAnswer(counts: DnsCounts, rcode: number): void {
  const name = NAME_OF.get(rcode);
  if (name !== undefined) counts.answers[name]++;
}
