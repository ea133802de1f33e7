// Which point encodings are keys, and how Ed25519 and X25519 forms belong together. Slow (1 ms), so providers remember.
import { ed25519 } from '@noble/curves/ed25519.js';
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';

export interface KeyForm {
  /** Canonical, in the prime-order subgroup and not the identity: may verify signatures. */
  readonly isPrimeOrder: boolean;
  /** isPrimeOrder and sign bit 0: may be a node ID. */
  readonly isValid: boolean;
  /** X25519 form; undefined unless isValid. */
  readonly x25519: Uint8Array | undefined;
}

const NO_KEY: KeyForm = { isPrimeOrder: false, isValid: false, x25519: undefined };

/** Of any bytes. */
export function inspectKey(publicKey: Uint8Array): KeyForm {
  if (publicKey.length !== 32) return NO_KEY;
  const point = decodePoint(publicKey);
  if (point === undefined || point.is0() || !point.isTorsionFree()) return NO_KEY;
  const isValid = (publicKey[31] & 0x80) === 0;
  return { isPrimeOrder: true, isValid, x25519: isValid ? ed25519.utils.toMontgomery(publicKey) : undefined };
}

/** Whether an encoding is a canonical point of the prime-order subgroup. */
export function isPrimeOrderPoint(encoding: Uint8Array): boolean {
  return decodePoint(encoding)?.isTorsionFree() ?? false;
}

function decodePoint(encoding: Uint8Array): InstanceType<typeof ed25519.Point> | undefined {
  try {
    return ed25519.Point.fromBytes(encoding, false);
  } catch {
    return undefined;
  }
}

/** y = (u - 1) / (u + 1), sign bit 0 (RFC 7748 section 4.1); undefined where no valid key has this form. */
export function edwardsOfMontgomery(
  u: Uint8Array,
  inspect: (publicKey: Uint8Array) => KeyForm,
): Uint8Array | undefined {
  if (u.length !== 32) return undefined;
  const { Fp } = ed25519.Point;
  let value = 0n;
  for (let i = 31; i >= 0; i--) value = (value << 8n) | BigInt(u[i]);
  if (value >= Fp.ORDER || value === Fp.ORDER - 1n) return undefined;
  const publicKey = Fp.toBytes(Fp.div(Fp.sub(value, 1n), Fp.add(value, 1n)));
  const form = inspect(publicKey).x25519;
  return form !== undefined && equalBytes(form, u) ? publicKey : undefined;
}

/** Remembers the forms of the `max` keys used last. What it returns is shared: copy before handing out. */
export class KeyForms {
  private readonly forms: BoundedMap<string, KeyForm>;

  constructor(max: number) {
    this.forms = new BoundedMap(max);
  }

  readonly inspect = (publicKey: Uint8Array): KeyForm => {
    if (publicKey.length !== 32) return NO_KEY;
    const id = toHex(publicKey);
    const known = this.forms.get(id);
    if (known !== undefined) return known;
    const form = inspectKey(publicKey);
    this.forms.set(id, form);
    return form;
  };
}
