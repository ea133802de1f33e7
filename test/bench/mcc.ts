/** mcc itself as a contender: the shipped bundle, with either AES. */
import { existsSync } from 'node:fs';
import type { Contender } from './peers.ts';

export function mcc(cipher: 'libipsec-mb' | 'openssl'): Contender {
  return {
    name: `mcc (${cipher})`,
    missing: () => (existsSync('dist/mcc.js') ? 'not yet' : 'it is not built: npm run build'),
    start: async () => {
      throw new Error(`mcc with ${cipher} cannot run yet`);
    },
  };
}
