// STATE/dns.json: what is changed on this host, so that the next start, or the unit's stop hook, can take it back
// whatever became of the process that changed it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readText, replaceText } from './files.ts';
import { type Change, DNS_MODES } from './types.ts';

const FILE = 'dns.json';
const VERSION = 1;

export function writeChange(stateDirectory: string, change: Change): void {
  const text = `${JSON.stringify({ version: VERSION, ...change }, undefined, 2)}\n`;
  replaceText(join(stateDirectory, FILE), text, { mode: 0o600 });
}

export function forgetChange(stateDirectory: string): void {
  rmSync(join(stateDirectory, FILE), { force: true });
}

/** undefined: nothing is changed. Throws when the file makes no sense. */
export function readChange(stateDirectory: string): Change | undefined {
  const text = readText(join(stateDirectory, FILE));
  if (text === undefined) return undefined;
  const found = JSON.parse(text);
  if (typeof found !== 'object' || found === null || found.version !== VERSION || !isChange(found)) {
    throw new Error(`${join(stateDirectory, FILE)} is not what mcc wrote`);
  }
  return found;
}

function isChange(found: Record<string, unknown>): found is Change & Record<string, unknown> {
  const has = (type: string, ...names: string[]) => names.every((name) => typeof found[name] === type);
  switch (DNS_MODES.find((mode) => mode === found.mode)) {
    case 'resolved':
      return has('string', 'interfaceName') && has('number', 'interfaceIndex');
    case 'dnsmasq':
      return has('string', 'folder', 'name') && has('boolean', 'isNetworkManager');
    case 'resolvconf':
      return has('string', 'entry');
    case 'file':
      return has('string', 'written') && Array.isArray(found.resolvers) && isOriginal(found.original);
    default:
      return false;
  }
}

function isOriginal(found: unknown): boolean {
  if (typeof found !== 'object' || found === null) return false;
  const { kind, text, target, mode } = found as Record<string, unknown>;
  if (kind === 'absent') return true;
  if (typeof text !== 'string') return false;
  return kind === 'link' ? typeof target === 'string' : kind === 'file' && typeof mode === 'number';
}
