// Gateways tell how long they have kept their mappings: whose clock goes backwards has lost them.

/** What a gateway said last, and when. */
interface Seen {
  readonly serverS: number;
  readonly clientS: number;
}

export class Epoch {
  readonly #isValid: (before: Seen, now: Seen) => boolean;
  #seen: Seen | undefined;

  constructor(rule: 'pcp' | 'nat-pmp') {
    this.#isValid = rule === 'pcp' ? isValidPcp : isValidNatPmp;
  }

  /** Takes up what an answer says; true: the gateway lost its mappings since the one before. `nowMs` is monotonic. */
  isReset(serverS: number, nowMs: number): boolean {
    const before = this.#seen;
    const now = { serverS, clientS: nowMs / 1000 };
    this.#seen = now;
    return before !== undefined && !this.#isValid(before, now);
  }
}

/** RFC 6887 section 8.5. */
function isValidPcp(before: Seen, now: Seen): boolean {
  if (now.serverS + 1 < before.serverS) return false;
  const server = now.serverS - before.serverS;
  const client = now.clientS - before.clientS;
  return client + 2 >= server - server / 16 && server + 2 >= client - client / 16;
}

/** RFC 6886 section 3.6. */
function isValidNatPmp(before: Seen, now: Seen): boolean {
  return now.serverS >= before.serverS + (7 / 8) * (now.clientS - before.clientS) - 2;
}
