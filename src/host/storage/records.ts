// Rows of state.db and the node's records: one writer, one loader, the same columns in both.
import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { concat, EMPTY, fromHex, toHex } from '../../core/base/bytes.ts';
import { CodedError } from '../../core/base/errors.ts';
import type { IpAddress, SocketAddress } from '../../core/base/ip.ts';
import { GUESTS_CLOSED } from '../../core/consortium/consortium.ts';
import type {
  AdmittedNode,
  GuestPolicy,
  GuestRecord,
  MemberChange,
  TokenRecord,
} from '../../core/consortium/types.ts';
import type { KeptContact } from '../../core/dht/types.ts';
import type { DiscoveryPersist } from '../../core/discovery/types.ts';
import type {
  AliasRecord,
  KeptEpoch,
  KeptForeignEpochs,
  KnownNode,
  NodeState,
  PersistRecord,
  SavedReach,
  ServiceRecord,
} from '../../core/node/types.ts';
import type { CalledHost } from '../../core/path/types.ts';
import { KEY_BYTES } from '../../core/wire/limits.ts';

/** 16 bytes of address, 2 of port. */
const ADDRESS_BYTES = 18;

/** Rows of `meta` for addresses that were called: then 32 hex digits. They are the host's, whichever network it is in. */
const CALLED = 'called:';

type TableRecord = Exclude<PersistRecord, { kind: 'freshness' } | { kind: 'membership' }>;

/** What the sum of all revocations is kept under. */
const REVOCATION_SUM = 'revocationSum';

export class RecordWriter {
  readonly #statements: Record<keyof typeof SQL, StatementSync>;

  constructor(database: DatabaseSync) {
    this.#statements = Object.fromEntries(
      Object.entries(SQL).map(([name, text]) => [name, database.prepare(text)]),
    ) as Record<keyof typeof SQL, StatementSync>;
  }

  /** Within the caller's transaction. */
  write(record: TableRecord): void {
    const sql = this.#statements;
    switch (record.kind) {
      case 'knownNode': {
        const node = record.node;
        const addresses = encodeAddresses(node.addresses);
        sql.knownNode.run(
          node.nodeId,
          node.name,
          node.organisation,
          node.chain,
          addresses,
          integer(node.lastTrafficMs),
        );
        return;
      }
      case 'forgetNode':
        sql.forgetNode.run(record.nodeId);
        return;
      case 'token':
        this.#writeToken(record.token);
        return;
      case 'forgetToken':
        sql.forgetToken.run(record.tokenId);
        return;
      case 'guestPolicy':
        sql.meta.run('guestPolicy', JSON.stringify(record.policy));
        return;
      case 'guest':
        sql.guest.run(record.guest.nodeId, record.guest.chain, integer(record.guest.expiresMs));
        return;
      case 'forgetGuest':
        sql.forgetGuest.run(record.nodeId);
        return;
      case 'memberChange':
        sql.meta.run(memberKey(record.change.nodeId), encodeMemberChange(record.change));
        return;
      case 'forgetMemberChange':
        sql.forgetMeta.run(memberKey(record.nodeId));
        return;
      case 'alias':
        sql.alias.run(record.alias.address, record.alias.alias, integer(record.alias.lastUsedMs));
        return;
      case 'forgetAlias':
        sql.forgetAlias.run(record.address);
        return;
      case 'service': {
        const service = record.service;
        sql.service.run(
          service.name,
          service.port,
          service.protocol,
          service.target,
          service.weight,
          service.share,
          service.selector,
          service.check,
        );
        return;
      }
      case 'forgetService':
        sql.forgetService.run(record.name);
        return;
      case 'import': {
        const { name, service, organisation } = record.record;
        sql.import.run(name, service, organisation);
        return;
      }
      case 'forgetImport':
        sql.forgetImport.run(record.record.name);
        return;
      case 'dhtContact': {
        const { nodeId, nonce, organisation, addresses } = record.contact;
        sql.dhtContact.run(nodeId, nonce, organisation, encodeAddresses(addresses));
        return;
      }
      case 'forgetDhtContact':
        sql.forgetDhtContact.run(record.nodeId);
        return;
      case 'signers':
        sql.meta.run('signers', concat(...record.nodeIds));
        return;
      case 'revocation': {
        // The sum is not that of this statement twice when a disk that was full is tried again.
        const { changes } = sql.revocation.run(record.hash, record.bytes);
        if (Number(changes) > 0) this.#addToSum(record.bytes);
        return;
      }
      case 'forgetRevocation': {
        const row = sql.oneRevocation.get(record.hash);
        if (row === undefined) return;
        sql.forgetRevocation.run(record.hash);
        this.#addToSum(row.statement as Uint8Array);
        return;
      }
      case 'epochs':
        sql.forgetEpochs.run();
        for (const { bytes, secret, supersededMs } of record.epochs)
          sql.epoch.run(bytes, secret, integer(supersededMs));
        return;
      case 'foreignEpochs':
        sql.forgetForeignEpochs.run(record.organisation);
        for (const bytes of record.epochs) sql.foreignEpoch.run(record.organisation, bytes);
        return;
      case 'discovery':
        this.#writeDiscovery(record.record);
        return;
      case 'called':
        sql.meta.run(calledKey(record.called.ip), integer(record.called.atMs));
        return;
      case 'forgetCalled':
        sql.forgetMeta.run(calledKey(record.ip));
        return;
      case 'reached':
        sql.meta.run('reached', encodeReach(record.reached));
        return;
    }
  }

  /** In the transaction that changes the list: a row that is lost or damaged later shows. */
  #addToSum(statement: Uint8Array): void {
    const before = this.#statements.oneMeta.get(REVOCATION_SUM)?.value;
    this.#statements.meta.run(REVOCATION_SUM, sumOf([statement], before as Uint8Array | undefined));
  }

  #writeDiscovery(record: DiscoveryPersist): void {
    const sql = this.#statements;
    if (record.kind === 'sequence') {
      sql.meta.run('recordSequence', record.sequence);
      return;
    }
    const { name, value } = record.value;
    // Under a name there is one value; immutable ones have none.
    if (name !== '') sql.forgetName.run(name);
    if (record.kind === 'value') sql.ownValue.run(name, value);
    else if (name === '') sql.forgetValue.run(value);
  }

  #writeToken(token: TokenRecord): void {
    const provides = JSON.stringify(token.provides);
    const tags = JSON.stringify(token.tags);
    const { tokenId, verifier, expiresMs, uses, replaces } = token;
    const before =
      replaces === undefined ? null : JSON.stringify({ nodeId: toHex(replaces.nodeId), name: replaces.name });
    this.#statements.token.run(tokenId, verifier, integer(expiresMs), uses, provides, tags, before);
    for (const node of token.admitted) {
      this.#statements.admitted.run(token.tokenId, node.nodeId, node.name, node.chain);
    }
  }
}

const SQL = {
  knownNode: `INSERT INTO known_nodes (node_id, name, organisation, chain, addresses, last_traffic_ms)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, organisation = excluded.organisation,
    chain = excluded.chain, addresses = excluded.addresses, last_traffic_ms = excluded.last_traffic_ms`,
  forgetNode: 'DELETE FROM known_nodes WHERE node_id = ?',
  token: `INSERT INTO tokens (token_id, verifier, expires_ms, uses, provides, tags, replaces) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET verifier = excluded.verifier, expires_ms = excluded.expires_ms, uses = excluded.uses,
    provides = excluded.provides, tags = excluded.tags, replaces = excluded.replaces`,
  admitted: `INSERT INTO admitted (token_id, node_id, name, chain) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET name = excluded.name, chain = excluded.chain`,
  forgetToken: 'DELETE FROM tokens WHERE token_id = ?',
  guest: `INSERT INTO guests (node_id, chain, expires_ms) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET chain = excluded.chain, expires_ms = excluded.expires_ms`,
  forgetGuest: 'DELETE FROM guests WHERE node_id = ?',
  alias: `INSERT INTO aliases (address, alias, last_used_ms) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET alias = excluded.alias, last_used_ms = excluded.last_used_ms`,
  forgetAlias: 'DELETE FROM aliases WHERE address = ?',
  service: `INSERT INTO services (name, port, protocol, target, weight, share, selector, health_check)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET port = excluded.port, protocol = excluded.protocol, target = excluded.target,
    weight = excluded.weight, share = excluded.share, selector = excluded.selector, health_check = excluded.health_check`,
  forgetService: 'DELETE FROM services WHERE name = ?',
  import: `INSERT INTO imports (name, service, organisation) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET service = excluded.service, organisation = excluded.organisation`,
  forgetImport: 'DELETE FROM imports WHERE name = ?',
  dhtContact: `INSERT INTO dht_contacts (node_id, nonce, organisation, addresses) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET nonce = excluded.nonce, organisation = excluded.organisation,
    addresses = excluded.addresses`,
  forgetDhtContact: 'DELETE FROM dht_contacts WHERE node_id = ?',
  ownValue: 'INSERT INTO own_values (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING',
  forgetName: 'DELETE FROM own_values WHERE name = ?',
  forgetValue: "DELETE FROM own_values WHERE name = '' AND value = ?",
  revocation: 'INSERT INTO revocations (hash, statement) VALUES (?, ?) ON CONFLICT DO NOTHING',
  oneRevocation: 'SELECT statement FROM revocations WHERE hash = ?',
  forgetRevocation: 'DELETE FROM revocations WHERE hash = ?',
  forgetEpochs: 'DELETE FROM epochs',
  epoch: 'INSERT INTO epochs (statement, secret, superseded_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  forgetForeignEpochs: 'DELETE FROM foreign_epochs WHERE organisation = ?',
  foreignEpoch: 'INSERT INTO foreign_epochs (organisation, statement) VALUES (?, ?) ON CONFLICT DO NOTHING',
  oneMeta: 'SELECT value FROM meta WHERE key = ?',
  forgetMeta: 'DELETE FROM meta WHERE key = ?',
  meta: 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
};

/** Everything but the freshness counter. */
export function loadState(database: DatabaseSync): Omit<NodeState, 'freshness'> {
  const rows = (sql: string): Row[] => database.prepare(sql).all() as Row[];
  return {
    knownNodes: rows('SELECT * FROM known_nodes').map(knownNode),
    aliases: rows('SELECT * FROM aliases').map(alias),
    tokens: tokens(rows('SELECT * FROM tokens'), rows('SELECT * FROM admitted')),
    guestPolicy: guestPolicy(rows("SELECT value FROM meta WHERE key = 'guestPolicy'").at(0)),
    guests: rows('SELECT * FROM guests').map(guest),
    memberChanges: rows("SELECT * FROM meta WHERE key BETWEEN 'member:' AND 'member:g'").map(memberChange),
    services: rows('SELECT * FROM services ORDER BY name').map(service),
    imports: rows('SELECT * FROM imports ORDER BY name').map((row) => ({
      name: row.name as string,
      service: row.service as string,
      organisation: row.organisation as Uint8Array,
    })),
    dhtContacts: rows('SELECT * FROM dht_contacts').map(dhtContact),
    signers: nodeIds(rows("SELECT value FROM meta WHERE key = 'signers'").at(0)?.value),
    revocations: revocations(database),
    epochs: rows('SELECT * FROM epochs').map(epoch),
    foreignEpochs: foreignEpochs(rows('SELECT * FROM foreign_epochs')),
    discovery: {
      lastSequence: Number(rows("SELECT value FROM meta WHERE key = 'recordSequence'").at(0)?.value ?? 0),
      values: rows('SELECT * FROM own_values').map((row) => ({
        name: row.name as string,
        value: row.value as Uint8Array,
      })),
    },
    called: rows(`SELECT * FROM meta WHERE key BETWEEN '${CALLED}' AND '${CALLED}g'`).map(calledHost),
    reached: rows("SELECT value FROM meta WHERE key = 'reached'").map(savedReach).at(0),
  };
}

/** CodedError unless all is there as it was written. */
function revocations(database: DatabaseSync): Uint8Array[] {
  const rows = database.prepare('SELECT hash, statement FROM revocations').all();
  const statements = rows.map((row) => row.statement as Uint8Array);
  const kept = database.prepare('SELECT value FROM meta WHERE key = ?').get(REVOCATION_SUM)?.value;
  const sum = kept instanceof Uint8Array ? kept : new Uint8Array(SUM_BYTES);
  if (Buffer.compare(sum, sumOf(statements, undefined)) !== 0) throw new CodedError('REVOCATIONS_DAMAGED');
  return statements;
}

const SUM_BYTES = 32;

/** The hashes of all, by exclusive or: whatever the order, and with one more or less at the cost of one. */
function sumOf(statements: readonly Uint8Array[], before: Uint8Array | undefined): Uint8Array {
  const sum = before?.slice() ?? new Uint8Array(SUM_BYTES);
  for (const statement of statements) {
    const hash = createHash('sha256').update(statement).digest();
    for (let i = 0; i < SUM_BYTES; i++) sum[i] ^= hash[i];
  }
  return sum;
}

type Row = Record<string, string | number | Uint8Array>;

function knownNode(row: Row): KnownNode {
  return {
    nodeId: row.node_id as Uint8Array,
    name: row.name as string,
    organisation: row.organisation as Uint8Array,
    chain: row.chain as Uint8Array,
    addresses: decodeAddresses(row.addresses as Uint8Array),
    lastTrafficMs: row.last_traffic_ms as number,
  };
}

function guestPolicy(row: Row | undefined): GuestPolicy {
  return row === undefined ? GUESTS_CLOSED : (JSON.parse(row.value as string) as GuestPolicy);
}

/** Rows of `meta` for members that got other rights: then their ID in hex. */
function memberKey(nodeId: Uint8Array): string {
  return `member:${toHex(nodeId)}`;
}

function encodeMemberChange({ tags, provides, changedS, isTaken }: MemberChange): string {
  return JSON.stringify({ tags, provides, changedS, isTaken });
}

function memberChange({ key, value }: Row): MemberChange {
  const nodeId = fromHex((key as string).slice('member:'.length)) ?? EMPTY;
  return { nodeId, ...(JSON.parse(value as string) as Omit<MemberChange, 'nodeId'>) };
}

function guest(row: Row): GuestRecord {
  return {
    nodeId: row.node_id as Uint8Array,
    chain: row.chain as Uint8Array,
    expiresMs: row.expires_ms as number,
  };
}

function epoch(row: Row): KeptEpoch {
  return {
    bytes: row.statement as Uint8Array,
    secret: row.secret as Uint8Array,
    supersededMs: row.superseded_ms as number,
  };
}

function foreignEpochs(rows: readonly Row[]): KeptForeignEpochs[] {
  const byOrganisation = Map.groupBy(rows, (row) => hex(row.organisation as Uint8Array));
  return [...byOrganisation.values()].map((its) => ({
    organisation: its[0].organisation as Uint8Array,
    epochs: its.map((row) => row.statement as Uint8Array),
  }));
}

function dhtContact(row: Row): KeptContact {
  return {
    nodeId: row.node_id as Uint8Array,
    nonce: row.nonce as Uint8Array,
    organisation: row.organisation as Uint8Array,
    addresses: decodeAddresses(row.addresses as Uint8Array),
  };
}

function calledKey(ip: IpAddress): string {
  return `${CALLED}${hex(ip)}`;
}

function calledHost(row: Row): CalledHost {
  const ip = new Uint8Array(Buffer.from((row.key as string).slice(CALLED.length), 'hex'));
  return { ip, atMs: row.value as number };
}

function encodeReach({ globalAtMs, localAtMs, families, addresses, port }: SavedReach): string {
  const ips = addresses.map((ip) => hex(ip));
  return JSON.stringify({ globalAtMs, localAtMs, ...families, addresses: ips, port });
}

function savedReach(row: Row): SavedReach {
  const { globalAtMs, localAtMs, ipv4, ipv6, addresses, port } = JSON.parse(row.value as string);
  const ips = (addresses as string[]).map((text) => new Uint8Array(Buffer.from(text, 'hex')));
  return { globalAtMs, localAtMs, families: { ipv4, ipv6 }, addresses: ips, port };
}

function alias(row: Row): AliasRecord {
  return {
    address: row.address as Uint8Array,
    alias: row.alias as number,
    lastUsedMs: row.last_used_ms as number,
  };
}

function tokens(rows: Row[], admittedRows: Row[]): TokenRecord[] {
  const admitted = Map.groupBy(admittedRows, (row) => hex(row.token_id));
  return rows.map((row) => ({
    tokenId: row.token_id as Uint8Array,
    verifier: row.verifier as Uint8Array,
    expiresMs: row.expires_ms as number,
    uses: row.uses as number,
    admitted: (admitted.get(hex(row.token_id)) ?? []).map(admittedNode),
    provides: JSON.parse(row.provides as string) as string[],
    tags: JSON.parse(row.tags as string) as string[],
    replaces: replaced(row.replaces as string | null),
  }));
}

function replaced(json: string | null): TokenRecord['replaces'] {
  if (json === null) return undefined;
  const { nodeId, name } = JSON.parse(json) as { nodeId: string; name: string };
  return { nodeId: fromHex(nodeId) ?? EMPTY, name };
}

function admittedNode(row: Row): AdmittedNode {
  return { nodeId: row.node_id as Uint8Array, name: row.name as string, chain: row.chain as Uint8Array };
}

function service(row: Row): ServiceRecord {
  return {
    name: row.name as string,
    port: row.port as number,
    protocol: row.protocol as ServiceRecord['protocol'],
    target: row.target as string,
    weight: row.weight as number,
    share: row.share as string,
    selector: row.selector as number,
    check: row.health_check as ServiceRecord['check'],
  };
}

function encodeAddresses(addresses: readonly SocketAddress[]): Uint8Array {
  const bytes = new Uint8Array(addresses.length * ADDRESS_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, address] of addresses.entries()) {
    bytes.set(address.ip, i * ADDRESS_BYTES);
    view.setUint16(i * ADDRESS_BYTES + 16, address.port);
  }
  return bytes;
}

function decodeAddresses(bytes: Uint8Array): SocketAddress[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const addresses: SocketAddress[] = [];
  for (let at = 0; at + ADDRESS_BYTES <= bytes.length; at += ADDRESS_BYTES) {
    addresses.push({ ip: bytes.slice(at, at + 16), port: view.getUint16(at + 16) });
  }
  return addresses;
}

/** One behind the other. */
function nodeIds(value: unknown): Uint8Array[] {
  const bytes = value instanceof Uint8Array ? value : EMPTY;
  const count = Math.floor(bytes.length / KEY_BYTES);
  return Array.from({ length: count }, (_, i) => bytes.slice(i * KEY_BYTES, (i + 1) * KEY_BYTES));
}

function hex(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString('hex');
}

function integer(ms: number): number {
  return Number.isFinite(ms) ? Math.floor(ms) : 0;
}
