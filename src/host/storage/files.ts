// Files that hold secrets: never followed through a symbolic link, never readable by others, never half written.
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';

export const DIRECTORY_MODE = 0o700;
export const SECRET_MODE = 0o600;
const OTHERS = 0o077;

/** Makes the state directory, or refuses one that others may read, naming the command that mends it. */
export function openStateDirectory(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    mkdirSync(path, { mode: DIRECTORY_MODE });
    return;
  } catch (error) {
    if (errno(error) !== 'EEXIST') throw worldError(error, path);
  }
  const stats = lstatSync(path);
  if (!stats.isDirectory()) {
    throw new CodedError('STATE_NOT_WRITABLE', `${path} is not a directory`);
  }
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== uid) {
    throw new CodedError(
      'STATE_NOT_WRITABLE',
      `${path} belongs to user ${stats.uid}, and this runs as ${uid}`,
    );
  }
  refuseShared(path, stats, DIRECTORY_MODE);
}

/** Text of a secret file; undefined when there is none. */
export function readSecret(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    if (errno(error) === 'ELOOP') {
      throw new CodedError(
        'STATE_NOT_WRITABLE',
        `${path} is a symbolic link, where mcc wants the file itself`,
      );
    }
    throw worldError(error, path);
  }
  try {
    refuseShared(path, fstatSync(descriptor), SECRET_MODE);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** Writes beside, syncs, renames, syncs the directory: after a power cut the old text or the new one stands there. */
export function writeSecret(path: string, text: string): void {
  const fresh = `${path}.new`;
  try {
    rmSync(fresh, { force: true });
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const descriptor = openSync(fresh, flags, SECRET_MODE);
    try {
      fchmodSync(descriptor, SECRET_MODE);
      writeAll(descriptor, Buffer.from(text));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, path);
    syncDirectory(dirname(path));
  } catch (error) {
    rmSync(fresh, { force: true });
    throw worldError(error, path);
  }
}

/** An empty file where there is none. */
export function createSecret(path: string): void {
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    closeSync(openSync(path, flags, SECRET_MODE));
  } catch (error) {
    throw worldError(error, path);
  }
}

/** Refuses a file or directory of ours that its group or others may reach. */
export function refuseShared(path: string, stats: Stats, mode: number): void {
  if ((stats.mode & OTHERS) === 0) return;
  const found = (stats.mode & 0o777).toString(8);
  throw new CodedError(
    'STATE_READABLE_BY_OTHERS',
    `${path} has mode ${found}: chmod ${mode.toString(8)} ${path}`,
  );
}

/** Checks what SQLite and we left in the state directory before anything reads it. */
export function checkStateFile(directory: string, name: string): void {
  const path = join(directory, name);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) throw new CodedError('STATE_NOT_WRITABLE', `${path} is not a plain file`);
  refuseShared(path, stats, SECRET_MODE);
}

/** An error of the operating system as one line that says what to do. */
export function worldError(error: unknown, path: string): CodedError {
  if (error instanceof CodedError) return error;
  const cause = error instanceof Error ? error.message : String(error);
  switch (errno(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new CodedError('DISK_FULL', `${path} was not written`);
    case 'EACCES':
    case 'EPERM':
      return new CodedError('STATE_NOT_WRITABLE', `no access to ${path}`);
    case 'EROFS':
      return new CodedError('STATE_NOT_WRITABLE', `${path} lies on a read-only file system`);
    default:
      return new CodedError('STATE_NOT_WRITABLE', `${path}: ${cause}`, { cause: error });
  }
}

export function errno(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
