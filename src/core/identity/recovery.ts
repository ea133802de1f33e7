// A root key as 24 English words (BIP 39), to be written on paper.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

export function recoveryPhrase(seed: Uint8Array): string {
  if (seed.length !== 32) throw new RangeError('a seed has 32 bytes');
  return entropyToMnemonic(seed, wordlist);
}

/** The seed; undefined when a word is unknown, one is missing or the checksum is wrong. Case and spacing do not matter. */
export function seedFromRecoveryPhrase(phrase: string): Uint8Array | undefined {
  if (phrase.length > 1000) return undefined;
  const words = phrase.trim().toLowerCase().split(/\s+/);
  if (words.length !== 24) return undefined;
  try {
    return mnemonicToEntropy(words.join(' '), wordlist).slice();
  } catch {
    return undefined;
  }
}
