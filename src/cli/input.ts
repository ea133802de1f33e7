import { buffer } from 'node:stream/consumers';

/** All of standard input. Read as a stream: what another program writes to late may be set to not block, and reading it at once fails then. */
export function standardInput(): Promise<Buffer> {
  return buffer(process.stdin);
}
