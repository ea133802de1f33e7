/** Version of the tables, kept in SQLite's user_version. A newer one than ours is refused: downgrades lose data. */
export const SCHEMA_VERSION = 8;

/** Made anew when it was lost and is repaired. */
export const REVOCATIONS_TABLE = `
  CREATE TABLE revocations (
    hash BLOB PRIMARY KEY,
    statement BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  `;

/** `MIGRATIONS[n]` lifts version n to n + 1, each in one transaction. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE known_nodes (
    node_id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    organisation BLOB NOT NULL,
    chain BLOB NOT NULL,
    addresses BLOB NOT NULL,
    last_traffic_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE aliases (
    address BLOB PRIMARY KEY,
    alias INTEGER NOT NULL,
    last_used_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tokens (
    token_id BLOB PRIMARY KEY,
    verifier BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    provides TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE admitted (
    token_id BLOB NOT NULL REFERENCES tokens ON DELETE CASCADE,
    node_id BLOB NOT NULL,
    name TEXT NOT NULL,
    chain BLOB NOT NULL,
    PRIMARY KEY (token_id, node_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE services (
    name TEXT PRIMARY KEY,
    port INTEGER NOT NULL,
    protocol TEXT NOT NULL,
    target TEXT NOT NULL,
    weight INTEGER NOT NULL,
    share TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE services ADD COLUMN selector INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE services ADD COLUMN health_check TEXT NOT NULL DEFAULT 'none';

  CREATE TABLE dht_contacts (
    node_id BLOB PRIMARY KEY,
    nonce BLOB NOT NULL,
    organisation BLOB NOT NULL,
    addresses BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE own_values (
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (name, value)
  ) STRICT, WITHOUT ROWID;
  `,
  "ALTER TABLE tokens ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';",
  `
  CREATE TABLE guests (
    node_id BLOB PRIMARY KEY,
    chain BLOB NOT NULL,
    expires_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  REVOCATIONS_TABLE,
  `
  CREATE TABLE imports (
    name TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    organisation BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE epochs (
    statement BLOB PRIMARY KEY,
    secret BLOB NOT NULL,
    superseded_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE foreign_epochs (
    organisation BLOB NOT NULL,
    statement BLOB NOT NULL,
    PRIMARY KEY (organisation, statement)
  ) STRICT, WITHOUT ROWID;

  -- What mcc publishes of its own accord is not the user's: it is said anew at every start.
  DELETE FROM own_values WHERE name LIKE 'mcc:%';
  `,
  // JSON of the node that the token's node takes the place of: ID in hex, and name.
  'ALTER TABLE tokens ADD COLUMN replaces TEXT;',
];
