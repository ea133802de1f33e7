// The joiner's side: from a token to a certificate, by the first signer that answers.
import { equalBytes } from '../base/bytes.ts';
import { NEVER, SECOND_MS } from '../base/time.ts';
import { admissionProof, tokenId, tokenVerifier, type VerifiedChain } from '../identity/identity.ts';
import type { Crypto } from '../identity/types.ts';
import type { RefusalCode } from '../wire/types.ts';
import type { JoinAsk, JoinEvent, JoinInput, JoinOutbox } from './types.ts';

/** Without an answer the request is repeated; asking again costs no use of the token. */
export const REQUEST_REPEAT_MS = SECOND_MS;
/** So many requests without an answer, and new keys are asked for: the signer may have started again, or forgotten the old ones. */
export const REQUESTS_PER_KEYS = 3;
/** The next signer of the token is tried too when one was silent for so long. */
export const NEXT_SIGNER_MS = 5 * SECOND_MS;
/** Then the joiner gives up. */
export const JOIN_TIMEOUT_MS = 30 * SECOND_MS;

type Phase = 'new' | 'connecting' | 'requested' | 'done';

/** Refusals that another signer of the same token cannot mend. */
const FINAL: ReadonlySet<RefusalCode> = new Set(['expired', 'used', 'nameTaken', 'nameInvalid']);

/**
 * One attempt to join, or to learn what a guest has to do. It ends with exactly one of `admitted`, `terms` and `failed`; every input after that is ignored. Answers of others
 * than the token's signers change nothing; a chain that does not verify or names another node is its signer's refusal.
 */
export class JoinMachine {
  /** ms */
  wakeAt = NEVER;
  private readonly crypto: Crypto;
  private readonly ask: JoinAsk;
  private readonly nodeId: Uint8Array;
  private readonly verify: (chain: Uint8Array) => VerifiedChain | undefined;
  private phase: Phase = 'new';
  /** Signers (places in the token) that a session was asked for. */
  private tried = 0;
  /** Signers (places in the token) that said no. */
  private readonly refused = new Set<number>();
  /** ms */
  private giveUpAt = NEVER;
  private nextSignerAt = NEVER;
  private repeatAt = NEVER;
  /** The request under way. */
  private request: Extract<JoinEvent, { kind: 'request' }> | undefined;
  /** Since there are these keys, or others were asked for: at most REQUESTS_PER_KEYS. */
  private requests = 0;
  /** The last refusal that another signer might mend. */
  private refusal: RefusalCode | undefined;

  constructor(
    crypto: Crypto,
    ask: JoinAsk,
    nodeId: Uint8Array,
    verify: (chain: Uint8Array) => VerifiedChain | undefined,
  ) {
    this.crypto = crypto;
    this.ask = ask;
    this.nodeId = nodeId;
    this.verify = verify;
  }

  handle(input: JoinInput, now: number, out: JoinOutbox): void {
    if (this.phase === 'done') return;
    if (input.kind === 'start') {
      if (this.phase !== 'new') return;
      this.phase = 'connecting';
      this.giveUpAt = now + JOIN_TIMEOUT_MS;
      this.trySigner(now, out);
      return;
    }
    const signer = this.ask.token.signers.findIndex((known) => equalBytes(known.nodeId, input.nodeId));
    if (signer < 0 || this.phase === 'new') return;
    switch (input.kind) {
      case 'established':
        this.request = {
          kind: 'request',
          nodeId: input.nodeId,
          message: this.messageFor(input.handshakeHash),
        };
        this.phase = 'requested';
        this.requests = 0;
        this.send(this.request, now, out);
        this.arm();
        return;
      case 'unreachable':
        this.onUnreachable(signer, now, out);
        return;
      case 'answer':
        this.onAnswer(signer, input.nodeId, input.chain, now, out);
        return;
      case 'terms':
        if (this.ask.kind === 'guestTerms') this.finish(input, out);
        return;
      case 'refusal':
        this.onRefusal(signer, input.code, now, out);
        return;
    }
  }

  onTimer(now: number, out: JoinOutbox): void {
    if (this.phase === 'done' || now < this.wakeAt) return;
    if (now >= this.giveUpAt) {
      this.finish({ kind: 'failed', code: this.refusal ?? 'unreachable' }, out);
      return;
    }
    if (now >= this.nextSignerAt) this.trySigner(now, out);
    if (now >= this.repeatAt && this.request !== undefined) {
      if (this.requests >= REQUESTS_PER_KEYS) {
        this.requests = 0;
        out.emit({ kind: 'newKeys', nodeId: this.request.nodeId });
      }
      this.send(this.request, now, out);
    }
    this.arm();
  }

  private trySigner(now: number, out: JoinOutbox): void {
    const signer = this.tried++;
    this.nextSignerAt = this.tried < this.ask.token.signers.length ? now + NEXT_SIGNER_MS : NEVER;
    this.arm();
    if (signer < this.ask.token.signers.length) out.emit({ kind: 'connect', signer });
  }

  private messageFor(handshakeHash: Uint8Array): Extract<JoinEvent, { kind: 'request' }>['message'] {
    const { ask } = this;
    if (ask.kind === 'guestTerms') return { kind: 'guestQuestion' };
    if (ask.kind === 'guest') return ask.request;
    const verifier = tokenVerifier(this.crypto, ask.token.secret);
    const proof = admissionProof(this.crypto, verifier, handshakeHash, this.nodeId);
    return { kind: 'admissionRequest', tokenId: tokenId(this.crypto, verifier), proof, name: ask.name };
  }

  private send(request: JoinEvent, now: number, out: JoinOutbox): void {
    this.requests++;
    this.repeatAt = now + REQUEST_REPEAT_MS;
    out.emit(request);
  }

  private onAnswer(
    signer: number,
    nodeId: Uint8Array,
    chain: Uint8Array,
    now: number,
    out: JoinOutbox,
  ): void {
    const verified = this.verify(chain);
    if (
      verified === undefined ||
      !equalBytes(verified.nodeId, this.nodeId) ||
      !equalBytes(verified.admittedBy.id, this.ask.token.organisation)
    ) {
      this.onRefusal(signer, 'other', now, out);
      return;
    }
    this.finish({ kind: 'admitted', nodeId, chain: verified.bytes }, out);
  }

  private onRefusal(signer: number, code: RefusalCode, now: number, out: JoinOutbox): void {
    this.refusal = code;
    this.refused.add(signer);
    this.request = undefined;
    this.repeatAt = NEVER;
    if (FINAL.has(code) || this.refused.size >= this.ask.token.signers.length) {
      this.finish({ kind: 'failed', code }, out);
    } else if (this.tried < this.ask.token.signers.length) {
      this.trySigner(now, out);
    }
  }

  /** Tries the next signer, or the same one again: the line may be bad, or the signer about to start. */
  private onUnreachable(signer: number, now: number, out: JoinOutbox): void {
    if (this.tried < this.ask.token.signers.length) this.trySigner(now, out);
    else if (!this.refused.has(signer)) out.emit({ kind: 'connect', signer });
  }

  private finish(event: JoinEvent, out: JoinOutbox): void {
    this.phase = 'done';
    this.wakeAt = NEVER;
    out.emit(event);
  }

  private arm(): void {
    this.wakeAt = Math.min(this.giveUpAt, this.nextSignerAt, this.repeatAt);
  }
}
