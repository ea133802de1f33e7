/** mcc itself as a contender: the shipped bundle, with either library for AES-GCM. */
import { existsSync, readFileSync } from 'node:fs';
import { type Node, pair } from '../netns/node.ts';
import { type Contender, firstPing, OUTER } from './peers.ts';

const LIBRARY = /libIPSec_MB\.so/;

/**
 * Starts a program in the mount namespace that `ip netns exec` gave it, in which libipsec-mb is not there to be found: the machine is
 * as one without the package.
 */
const WITHOUT_LIBRARY = [
  'sh',
  '-c',
  'for f in /usr/lib/*/libIPSec_MB.so.*; do [ ! -e "$f" ] || mount --bind /dev/null "$f"; done; exec "$@"',
  'sh',
];

function isInstalled(): boolean {
  return ['x86_64-linux-gnu'].some((folder) =>
    ['1', '2'].some((version) => existsSync(`/usr/lib/${folder}/libIPSec_MB.so.${version}`)),
  );
}

/** The daemon must use what the column says. */
function checkLibrary(node: Node, expected: boolean): void {
  const found = LIBRARY.test(readFileSync(`/proc/${node.daemon.pid}/maps`, 'latin1'));
  if (found !== expected) throw new Error(`${node.name} ${found ? 'uses' : 'does not use'} libipsec-mb`);
}

export function mcc(cipher: 'libipsec-mb' | 'openssl'): Contender {
  return {
    name: `mcc (${cipher})`,
    missing: () => {
      if (!existsSync('dist/mcc.js')) return 'it is not built: npm run build';
      if (cipher === 'libipsec-mb' && !isInstalled()) return 'libipsec-mb is not installed';
      return undefined;
    },
    start: async (lab, hostA, hostB) => {
      const { a, b, toB } = await pair(lab, hostA, hostB, OUTER.a);
      const nodes: Node[] = [a, b];
      for (const node of nodes) await node.down();
      for (const node of nodes) if (cipher === 'openssl') node.launcher = WITHOUT_LIBRARY;
      const began = performance.now();
      const ready = Promise.all(nodes.map((node) => node.up()));
      await firstPing(hostA, toB.ipv4);
      const startMs = performance.now() - began;
      await ready;
      for (const node of nodes) checkLibrary(node, cipher === 'libipsec-mb');
      return { address: toB.ipv4, pids: nodes.map((node) => node.daemon.pid), startMs };
    },
  };
}
