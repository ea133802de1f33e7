// Small text files of the host: read with a bound, replaced in one step.
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { OriginalFile } from './types.ts';

/** Bytes of a configuration file that are read. */
const TEXT_MAX = 256 * 1024;
/** Bytes of a file that is kept to be put back. */
const ORIGINAL_MAX = 64 * 1024;

/** Its first 256 KB; undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const buffer = Buffer.alloc(TEXT_MAX);
    let length = 0;
    for (;;) {
      const got = readSync(descriptor, buffer, length, TEXT_MAX - length, null);
      length += got;
      if (got === 0 || length === TEXT_MAX) return buffer.toString('utf8', 0, length);
    }
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** What a path holds, to be put back by `putBack`. Throws for what is neither text nor link. */
export function snapshot(path: string): OriginalFile {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'absent' };
  if (stats.isSymbolicLink()) return { kind: 'link', target: readlinkSync(path), text: readText(path) ?? '' };
  if (!stats.isFile()) throw new Error(`${path} is not a file`);
  if (stats.size > ORIGINAL_MAX) throw new Error(`${path} is larger than ${ORIGINAL_MAX} bytes`);
  return {
    kind: 'file',
    text: readFileSync(path, 'utf8'),
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
  };
}

export function putBack(path: string, original: OriginalFile): void {
  switch (original.kind) {
    case 'absent':
      rmSync(path, { force: true });
      break;
    case 'link': {
      const fresh = beside(path);
      rmSync(fresh, { force: true });
      symlinkSync(original.target, fresh);
      renameSync(fresh, path);
      break;
    }
    case 'file':
      replaceText(path, original.text, original);
  }
  syncFolder(path);
}

/** Old text or new text, never half of it, also after a power cut. A file that is a mount itself is overwritten. */
export function replaceText(
  path: string,
  text: string,
  like: { mode: number; uid?: number; gid?: number },
): void {
  const fresh = beside(path);
  rmSync(fresh, { force: true });
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = openSync(fresh, flags, like.mode);
  try {
    writeFileSync(descriptor, text);
    fchmodSync(descriptor, like.mode);
    if (like.uid !== undefined && like.gid !== undefined && process.getuid?.() === 0) {
      fchownSync(descriptor, like.uid, like.gid);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    renameSync(fresh, path);
  } catch (error) {
    unlinkSync(fresh);
    // Containers get their resolv.conf as a bind mount, which cannot be renamed over.
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    writeFileSync(path, text);
  }
  syncFolder(path);
}

/** What a process that was killed while replacing may have left. */
export function removeLeftover(path: string): void {
  rmSync(beside(path), { force: true });
}

/** Hidden, so that programs that read whole folders (dnsmasq) pass it over. */
function beside(path: string): string {
  const slash = path.lastIndexOf('/');
  return join(path.slice(0, slash + 1), `.${path.slice(slash + 1)}.mcc-new`);
}

function syncFolder(path: string): void {
  const descriptor = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
