/** Requests for root keys, as their holders sign them, and what is made of the answer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { lastLine, Node } from './node.ts';

/** Signs where there is no network and no daemon, with one root key after the other; returns the document. */
export function signed(lab: Lab, request: string, network: string, phrases: readonly string[]): string {
  const genesis = join(lab.folder, 'network');
  writeFileSync(genesis, network);
  return phrases.reduce((document, phrase, i) => {
    const file = join(lab.folder, `phrase${i}`);
    writeFileSync(file, phrase, { mode: 0o600 });
    // Its own state folder: none of the lab's daemons is asked.
    const vault = new Node(lab, lab.host(`vault${i}-${vaults++}`), `vault${vaults}`);
    const words = ['certificate', 'sign', '-', '--recovery-phrase-file', file, '--genesis', genesis];
    const done = vault.try(words, document);
    if (done.status !== 0) throw new Error(done.stderr);
    return lastLine(done.stdout);
  }, request);
}

let vaults = 0;

/** Throws what is said when it is refused. */
export function install(node: Node, document: string): { peer: { name: string } | null } {
  const done = node.try(['organisation', 'install', '-', '--name', node.name, '--json'], document);
  if (done.status !== 0) throw new Error(done.stdout + done.stderr);
  return JSON.parse(done.stdout);
}
