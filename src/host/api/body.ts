// Request bodies: JSON and nothing else, and no two readers of one body may understand it differently.
import { FieldRefusal } from './problem.ts';

/** Throws a FieldRefusal. Empty: undefined. */
export function parseBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FieldRefusal('REQUEST_INVALID', 'body', 'is not UTF-8');
  }
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FieldRefusal('REQUEST_INVALID', 'body', `is not JSON: ${reason.slice(0, 100)}`);
  }
  if (countKeys(value) !== writtenKeys(text)) {
    throw new FieldRefusal('REQUEST_INVALID', 'body', 'has a key twice');
  }
  return value;
}

/** Strings of valid JSON; those before a colon are keys. */
const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

function writtenKeys(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(STRINGS)) if (colon !== undefined) count++;
  return count;
}

/** Without recursion: 64 KB nest 32,768 deep. */
function countKeys(value: unknown): number {
  let count = 0;
  for (const open = [value]; open.length > 0; ) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) count += Object.keys(next).length;
    for (const child of Object.values(next)) open.push(child);
  }
  return count;
}
