// What a node keeps on disk: STATE/state.db. The open database is also the lock of the state directory: SQLite holds
// it exclusively, and the kernel lets go of it when the process ends, however it ends.
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CodedError } from '../../core/base/errors.ts';
import type { NodeState, PersistRecord } from '../../core/node/types.ts';
import { checkStateFile, createSecret, openStateDirectory, worldError, writeSecret } from './files.ts';
import { type KeyName, readSeed, removeSeed, writeSeed } from './keys.ts';
import { loadState, RecordWriter } from './records.ts';
import { MIGRATIONS, REVOCATIONS_TABLE, SCHEMA_VERSION } from './schema.ts';

export { readSecret, writeSecret } from './files.ts';
export type { KeyName } from './keys.ts';

const DATABASE = 'state.db';
const PID_FILE = 'daemon.pid';

// SQLite's result codes.
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/**
 * Records that others tell again, or that only save a little time: they survive every end of the process at once, a power
 * cut after the kernel's own few seconds. Their turn does not wait for a slow disk, and packets do not either.
 */
const LEARNED_AGAIN: ReadonlySet<PersistRecord['kind']> = new Set([
  'knownNode',
  'forgetNode',
  'alias',
  'forgetAlias',
  'dhtContact',
  'forgetDhtContact',
  'called',
  'forgetCalled',
  'reached',
  'foreignEpochs',
]);

/** What belongs to one network and means nothing in another. */
const NETWORK_TABLES = [
  'guests',
  'known_nodes',
  'aliases',
  'tokens',
  'admitted',
  'services',
  'dht_contacts',
  'own_values',
  'revocations',
  'imports',
  'epochs',
  'foreign_epochs',
];

export interface Membership {
  /** Encoded genesis document. */
  readonly genesis: Uint8Array;
  /** Encoded certificate chain. */
  readonly chain: Uint8Array;
}

export interface StorageOptions {
  /** Pages (4 KB) that the database may have. */
  readonly pagesMax?: number;
  /** A list of revocations that was lost altogether is made anew, without a sum that would fit it. */
  readonly mends?: boolean;
}

/** One open state directory. Every call is synchronous: what returned is on disk. */
export class Storage {
  readonly directory: string;
  /** There was no database before, although there are keys: it was lost or removed. */
  readonly lostDatabase: boolean;
  /** Another node remembers this one from after the time of this state; the node's host says so. */
  isOlder = false;
  readonly #database: DatabaseSync;
  readonly #writer: RecordWriter;
  readonly #setMeta: StatementSync;
  readonly #getMeta: StatementSync;

  private constructor(directory: string, database: DatabaseSync, lostDatabase: boolean) {
    this.directory = directory;
    this.lostDatabase = lostDatabase;
    this.#database = database;
    this.#writer = new RecordWriter(database);
    this.#setMeta = database.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
    this.#getMeta = database.prepare('SELECT value FROM meta WHERE key = ?');
  }

  /** Opens or founds the state; throws a CodedError when another daemon holds it, others may read it, or it is damaged. */
  static open(directory: string, options: StorageOptions = {}): Storage {
    openStateDirectory(directory);
    for (const name of [DATABASE, `${DATABASE}-wal`, PID_FILE]) checkStateFile(directory, name);
    const path = join(directory, DATABASE);
    // SQLite would give the file the umask's mode; its log takes the mode of the database.
    if (!existsSync(path)) createSecret(path);
    // Cut to nothing is as good as lost.
    const isNew = lstatSync(path).size === 0;
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { timeout: 0 });
      lock(database);
      migrate(database, path);
      checkRevocations(database, options.mends === true);
      if (options.pagesMax !== undefined) database.exec(`PRAGMA max_page_count = ${options.pagesMax}`);
      const lostDatabase = isNew && existsSync(join(directory, 'node.key'));
      const storage = new Storage(directory, database, lostDatabase);
      writeSecret(join(directory, PID_FILE), `${process.pid}\n`);
      return storage;
    } catch (error) {
      database?.close();
      throw databaseError(error, directory);
    }
  }

  /** What was founded or joined; undefined: unconfigured. */
  membership(): Membership | undefined {
    const genesis = this.#blob('genesis');
    const chain = this.#blob('chain');
    return genesis === undefined || chain === undefined ? undefined : { genesis, chain };
  }

  /** The network that is about to be joined; without a chain it means nothing yet. */
  setGenesis(genesis: Uint8Array): void {
    this.#transaction(() => this.#enter(genesis));
  }

  setMembership(membership: Membership): void {
    this.#transaction(() => {
      this.#enter(membership.genesis);
      this.#setMeta.run('chain', membership.chain);
    });
  }

  /** Unconfigured again; the keys stay, and what is known of the network until another one is entered. */
  forgetMembership(): void {
    this.#transaction(() => this.#database.exec("DELETE FROM meta WHERE key = 'chain'"));
  }

  /** Unix ms of the last write; 0 when there was none. Time for certificates never falls behind it. */
  savedTimeMs(): number {
    return this.#number('savedTimeMs');
  }

  loadState(): NodeState {
    try {
      return { ...loadState(this.#database), freshness: this.#number('freshness') };
    } catch (error) {
      throw databaseError(error, this.directory);
    }
  }

  /** ID of the token that this node became a member by; undefined: by none, or before that was kept. */
  joinedBy(): Uint8Array | undefined {
    return this.#blob('joinedBy');
  }

  /**
   * All records of one turn in one transaction, with the time; throws a CodedError and changes nothing when it fails.
   * `joinedBy`: ID of the token that a membership among the records comes from.
   */
  save(records: readonly PersistRecord[], unixMs: number, joinedBy?: Uint8Array): void {
    const isDurable = !records.every(({ kind }) => LEARNED_AGAIN.has(kind));
    this.#transaction(() => {
      for (const record of records) {
        if (record.kind === 'freshness') this.#setMeta.run('freshness', record.reservedTo);
        else if (record.kind === 'membership') {
          this.#setMeta.run('chain', record.chain);
          if (joinedBy !== undefined) this.#setMeta.run('joinedBy', joinedBy);
        } else this.#writer.write(record);
      }
      if (unixMs > this.savedTimeMs()) this.#setMeta.run('savedTimeMs', Math.floor(unixMs));
    }, isDurable);
  }

  /** SQLite's own check of the whole database: what is wrong, or undefined. */
  fault(): string | undefined {
    try {
      const found = this.#database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check;
      return found === 'ok' ? undefined : String(found);
    } catch (error) {
      return text(error);
    }
  }

  /** The statements of a list that may be damaged. */
  damagedRevocations(): Uint8Array[] {
    try {
      const rows = this.#database.prepare('SELECT statement FROM revocations').all();
      return rows.flatMap(({ statement }) => (statement instanceof Uint8Array ? [statement] : []));
    } catch (error) {
      throw databaseError(error, this.directory);
    }
  }

  /** Puts these in the place of all revocations that are kept. */
  replaceRevocations(kept: readonly { readonly hash: Uint8Array; readonly bytes: Uint8Array }[]): void {
    this.#transaction(() => {
      this.#database.exec("DELETE FROM revocations; DELETE FROM meta WHERE key = 'revocationSum'");
      for (const { hash, bytes } of kept)
        this.#writer.write({ kind: 'revocation', hash, bytes, isOwn: false });
    });
  }

  /** Throws a CodedError when the file is there and others may read it. */
  readSeed(name: KeyName): Uint8Array | undefined {
    return readSeed(this.directory, name);
  }

  writeSeed(name: KeyName, seed: Uint8Array): void {
    writeSeed(this.directory, name, seed);
  }

  removeSeed(name: KeyName): void {
    try {
      removeSeed(this.directory, name);
    } catch (error) {
      throw worldError(error, this.directory);
    }
  }

  close(): void {
    this.#database.close();
  }

  /** What was known of another network means nothing in this one; the freshness counter belongs to the key. */
  #enter(genesis: Uint8Array): void {
    const before = this.#blob('genesis');
    if (before !== undefined && Buffer.compare(before, genesis) === 0) return;
    for (const table of NETWORK_TABLES) this.#database.exec(`DELETE FROM ${table}`);
    this.#database.exec(
      "DELETE FROM meta WHERE key IN ('chain', 'joinedBy', 'signers', 'guestPolicy', 'revocationSum')",
    );
    this.#database.exec("DELETE FROM meta WHERE key BETWEEN 'member:' AND 'member:g'");
    this.#setMeta.run('genesis', genesis);
  }

  #meta(key: string): unknown {
    try {
      return this.#getMeta.get(key)?.value;
    } catch (error) {
      throw databaseError(error, this.directory);
    }
  }

  #blob(key: string): Uint8Array | undefined {
    const value = this.#meta(key);
    return value instanceof Uint8Array ? value : undefined;
  }

  #number(key: string): number {
    const value = this.#meta(key);
    return typeof value === 'number' ? value : 0;
  }

  #transaction(body: () => void, isDurable = true): void {
    try {
      this.#database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`);
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        body();
        this.#database.exec('COMMIT');
      } catch (error) {
        // SQLite has rolled back by itself after some errors.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      throw databaseError(error, this.directory);
    }
  }
}

function lock(database: DatabaseSync): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA foreign_keys = ON');
  // Secrets of old epochs are overwritten, not only forgotten.
  database.exec('PRAGMA secure_delete = ON');
  // 256 KB of pages are plenty, and the log is cut at 1 MB.
  database.exec('PRAGMA cache_size = -256');
  database.exec('PRAGMA journal_size_limit = 1048576');
  database.exec('BEGIN IMMEDIATE; COMMIT');
}

function migrate(database: DatabaseSync, path: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (found > SCHEMA_VERSION) {
    throw new CodedError('STATE_TOO_NEW', `${path} has version ${found}, this mcc knows ${SCHEMA_VERSION}`);
  }
  for (let version = found; version < SCHEMA_VERSION; version++) {
    database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version]}; PRAGMA user_version = ${version + 1}; COMMIT`);
  }
}

function checkRevocations(database: DatabaseSync, mends: boolean): void {
  if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'revocations'").get() !== undefined) return;
  if (!mends) throw new CodedError('REVOCATIONS_DAMAGED', 'it is gone');
  database.exec(REVOCATIONS_TABLE);
}

/** An error of SQLite as one line that says what to do. */
function databaseError(error: unknown, directory: string): CodedError {
  if (error instanceof CodedError) return error;
  const path = join(directory, DATABASE);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new CodedError('ALREADY_RUNNING', `${directory} is in use${holder(directory)}`);
    case SQLITE_FULL:
      return new CodedError('DISK_FULL', `${path} was not written`);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new CodedError('STATE_DAMAGED', `${path}: ${text(error)}`);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return new CodedError('STATE_NOT_WRITABLE', `${path}: ${text(error)}`);
  }
  if (code !== 0) return new CodedError('STATE_DAMAGED', `${path}: ${text(error)}`, { cause: error });
  return worldError(error, path);
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function holder(directory: string): string {
  try {
    const pid = Number.parseInt(readFileSync(join(directory, PID_FILE), 'utf8'), 10);
    return pid > 0 ? ` by process ${pid}` : '';
  } catch {
    return '';
  }
}
