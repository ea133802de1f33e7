// Write tokens: whoever stores under a key asked for it here, shortly before, under its own name.
import { concat } from '../base/bytes.ts';
import type { Rng } from '../base/rng.ts';
import type { Crypto, NodeId } from '../identity/types.ts';
import { TOKEN_BYTES, TOKEN_ROTATION_MS } from './limits.ts';

/** HMAC(secret, asker || key), cut short. Good for one to two rotations. Nothing is kept per asker. */
export class WriteTokens {
  private readonly crypto: Crypto;
  private readonly rng: Rng;
  private secret: Uint8Array;
  private former: Uint8Array;
  /** ms; when `secret` was drawn. */
  private drawnAt: number;

  constructor(crypto: Crypto, rng: Rng) {
    this.crypto = crypto;
    this.rng = rng;
    this.secret = rng.bytes(32);
    this.former = this.secret;
    this.drawnAt = Number.NEGATIVE_INFINITY;
  }

  /** Draws a new secret when it is time. */
  rotate(now: number): void {
    if (this.drawnAt === Number.NEGATIVE_INFINITY) this.drawnAt = now;
    const age = now - this.drawnAt;
    if (age < TOKEN_ROTATION_MS) return;
    this.former = age < 2 * TOKEN_ROTATION_MS ? this.secret : this.rng.bytes(32);
    this.secret = this.rng.bytes(32);
    this.drawnAt = now;
  }

  make(asker: NodeId, key: Uint8Array): Uint8Array {
    return this.under(this.secret, asker, key);
  }

  isGood(token: Uint8Array, asker: NodeId, key: Uint8Array): boolean {
    if (token.length !== TOKEN_BYTES) return false;
    const { timingSafeEqual } = this.crypto;
    return (
      timingSafeEqual(token, this.under(this.secret, asker, key)) ||
      timingSafeEqual(token, this.under(this.former, asker, key))
    );
  }

  private under(secret: Uint8Array, asker: NodeId, key: Uint8Array): Uint8Array {
    return this.crypto.hmacSha256(secret, concat(asker, key)).slice(0, TOKEN_BYTES);
  }
}
