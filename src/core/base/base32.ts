// Crockford's base32 (https://www.crockford.com/base32.html), lower case, without check symbol.

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

// Character code -> value; 255: not a digit. People read o as 0 and i or l as 1, so these are digits too.
const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 32; value++) {
  VALUES[ALPHABET.charCodeAt(value)] = value;
  VALUES[ALPHABET.toUpperCase().charCodeAt(value)] = value;
}
for (const [alias, value] of [
  ['o', 0],
  ['i', 1],
  ['l', 1],
] as const) {
  VALUES[alias.charCodeAt(0)] = value;
  VALUES[alias.toUpperCase().charCodeAt(0)] = value;
}

export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let buffer = 0;
  for (let i = 0; i < bytes.length; i++) {
    buffer = ((buffer << 8) | bytes[i]) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
  }
  return bits === 0 ? text : text + ALPHABET[(buffer << (5 - bits)) & 31];
}

/** Bytes that base32 text of either case spells; undefined for other characters, lengths or left-over bits. */
export function decodeBase32(text: string): Uint8Array | undefined {
  const length = Math.floor((text.length * 5) / 8);
  if (Math.ceil((length * 8) / 5) !== text.length) return undefined;
  const bytes = new Uint8Array(length);
  let bits = 0;
  let buffer = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? VALUES[code] : 255;
    if (value === 255) return undefined;
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = buffer >> bits;
    }
  }
  return (buffer & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
