import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { CodedError } from '../../src/core/base/errors.ts';
import { ipv4 } from '../../src/core/base/ip.ts';
import { GUESTS_CLOSED } from '../../src/core/consortium/consortium.ts';
import type { PersistRecord } from '../../src/core/node/types.ts';
import { Storage } from '../../src/host/storage/storage.ts';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

function refusal(body: () => unknown): CodedError {
  try {
    body();
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A row of the list of revocations; storage looks at its bytes only. */
function revocation(value: number): Extract<PersistRecord, { kind: 'revocation' }> {
  return { kind: 'revocation', hash: bytes(32, value), bytes: bytes(300, value), isOwn: false };
}

const RECORDS: PersistRecord[] = [
  {
    kind: 'knownNode',
    node: {
      nodeId: bytes(32, 1),
      name: 'alpha',
      organisation: bytes(32, 2),
      chain: bytes(300, 3),
      addresses: [
        { ip: bytes(16, 4), port: 9376 },
        { ip: bytes(16, 5), port: 1 },
      ],
      lastTrafficMs: 1_700_000_000_123,
    },
  },
  { kind: 'freshness', reservedTo: 2 ** 40 },
  {
    kind: 'token',
    token: {
      tokenId: bytes(32, 6),
      verifier: bytes(32, 7),
      expiresMs: 1_800_000_000_000,
      uses: 3,
      admitted: [
        { nodeId: bytes(32, 8), name: 'bravo', chain: bytes(10, 9) },
        { nodeId: bytes(32, 10), name: 'charlie', chain: bytes(11, 9) },
      ],
      provides: ['web-*', 'db'],
      tags: ['plant', 'db'],
    },
  },
  { kind: 'alias', alias: { address: bytes(16, 11), alias: 0xfffffffe, lastUsedMs: 5 } },
  {
    kind: 'service',
    service: {
      name: 'web',
      port: 80,
      protocol: 'tcp',
      target: '',
      check: 'none',
      selector: 7,
      weight: 100,
      share: 'all',
    },
  },
  {
    kind: 'dhtContact',
    contact: {
      nodeId: bytes(32, 12),
      nonce: bytes(16, 13),
      organisation: bytes(32, 14),
      addresses: [{ ip: ipv4(192, 0, 2, 9), port: 9376 }],
    },
  },
  { kind: 'guestPolicy', policy: { isOpen: true, difficulty: 20, max: 7 } },
  {
    kind: 'guest',
    guest: { nodeId: bytes(32, 16), chain: bytes(12, 17), expiresMs: 1_800_000_000_000 },
  },
  { kind: 'import', record: { name: 'shop', service: 'store', organisation: bytes(32, 18) } },
  { kind: 'discovery', record: { kind: 'value', value: { name: 'greeting', value: bytes(5, 15) } } },
  {
    kind: 'epochs',
    epochs: [
      { bytes: bytes(500, 21), secret: bytes(32, 22), supersededMs: 0 },
      { bytes: bytes(500, 23), secret: bytes(32, 24), supersededMs: 1_700_000_000_125 },
    ],
  },
  { kind: 'foreignEpochs', organisation: bytes(32, 25), epochs: [bytes(400, 26), bytes(401, 27)] },
  { kind: 'called', called: { ip: bytes(16, 0xff), atMs: 1_700_000_000_123 } },
  {
    kind: 'reached',
    reached: {
      globalAtMs: 1_700_000_000_124,
      localAtMs: 0,
      families: { ipv4: true, ipv6: false },
      addresses: [ipv4(192, 0, 2, 9), bytes(16, 16)],
      port: 9376,
    },
  },
];

/** What a state has that was emptied. */
const NOTHING = {
  knownNodes: [],
  tokens: [],
  guestPolicy: { isOpen: false, difficulty: 25, max: 256 },
  guests: [],
  signers: [],
  aliases: [],
  services: [],
  imports: [],
  dhtContacts: [],
  discovery: { lastSequence: 0, values: [] },
  revocations: [],
  epochs: [],
  foreignEpochs: [],
  freshness: 2 ** 40,
  called: [],
};

t.test('what was saved is loaded, by the next process too', (t) => {
  const state = join(t.testdir(), 'deep', 'state');
  let storage = Storage.open(state);
  t.equal(storage.membership(), undefined);
  storage.setMembership({ genesis: bytes(100, 1), chain: bytes(200, 2) });
  storage.save(RECORDS, 1234.5);
  storage.save([{ kind: 'membership', chain: bytes(201, 3) }], 1000);
  storage.close();

  storage = Storage.open(state);
  const loaded = storage.loadState();
  const saved = Object.fromEntries(RECORDS.map((record) => [record.kind, record])) as Record<string, unknown>;
  t.match(saved.knownNode, { node: loaded.knownNodes[0] });
  t.match(saved.token, { token: loaded.tokens[0] });
  t.match(saved.guestPolicy, { policy: loaded.guestPolicy });
  t.match(saved.guest, { guest: loaded.guests[0] });
  t.match(saved.alias, { alias: loaded.aliases[0] });
  t.match(saved.service, { service: loaded.services[0] });
  t.match(saved.import, { record: loaded.imports[0] });
  t.match(saved.dhtContact, { contact: loaded.dhtContacts[0] });
  t.match(saved.called, { called: loaded.called[0] });
  t.equal(loaded.called.length, 1);
  t.match(saved.epochs, { epochs: loaded.epochs });
  t.match(saved.foreignEpochs, loaded.foreignEpochs[0]);
  t.strictSame(saved.reached, { kind: 'reached', reached: loaded.reached });
  t.same(loaded.discovery.values, [{ name: 'greeting', value: bytes(5, 15) }]);
  t.equal(loaded.freshness, 2 ** 40);
  t.same(storage.membership(), { genesis: bytes(100, 1), chain: bytes(201, 3) });
  t.equal(storage.savedTimeMs(), 1234, 'time never goes back');

  storage.save(
    [
      { kind: 'forgetNode', nodeId: bytes(32, 1) },
      { kind: 'guestPolicy', policy: GUESTS_CLOSED },
      { kind: 'forgetGuest', nodeId: bytes(32, 16) },
      { kind: 'forgetToken', tokenId: bytes(32, 6) },
      { kind: 'forgetAlias', address: bytes(16, 11) },
      { kind: 'forgetService', name: 'web' },
      {
        kind: 'forgetImport',
        record: { name: 'shop', service: 'store', organisation: bytes(32, 18) },
      },
      { kind: 'forgetDhtContact', nodeId: bytes(32, 12) },
      { kind: 'epochs', epochs: [] },
      { kind: 'foreignEpochs', organisation: bytes(32, 25), epochs: [] },
      { kind: 'forgetCalled', ip: bytes(16, 0xff) },
      {
        kind: 'discovery',
        record: { kind: 'forgetValue', value: { name: 'greeting', value: bytes(5, 15) } },
      },
    ],
    0,
  );
  t.match(storage.loadState(), NOTHING);
  storage.close();
  t.end();
});

t.test('another network finds nothing of the one before', (t) => {
  const storage = Storage.open(join(t.testdir(), 'state'));
  const membership = { genesis: bytes(100, 1), chain: bytes(200, 2) };
  storage.setMembership(membership);
  storage.save(RECORDS, 0);
  storage.forgetMembership();
  t.equal(storage.membership(), undefined);
  storage.setMembership(membership);
  t.equal(storage.loadState().knownNodes.length, 1, 'the same one does');
  storage.setGenesis(bytes(100, 9));
  t.equal(storage.membership(), undefined);
  t.match(storage.loadState(), { ...NOTHING, called: [{ atMs: 1_700_000_000_123 }] });
  storage.close();
  t.end();
});

t.test('keys are files of their own', (t) => {
  const storage = Storage.open(join(t.testdir(), 'state'));
  t.equal(storage.readSeed('node'), undefined);
  storage.writeSeed('node', bytes(32, 7));
  t.same(storage.readSeed('node'), bytes(32, 7));
  t.equal(storage.readSeed('signer'), undefined);
  writeFileSync(join(storage.directory, 'signer.key'), 'not a key\n', { mode: 0o600 });
  t.equal(refusal(() => storage.readSeed('signer')).code, 'STATE_DAMAGED');
  storage.close();
  t.end();
});

t.test('everything is closed to others', (t) => {
  const umask = process.umask(0);
  t.teardown(() => process.umask(umask));
  const storage = Storage.open(join(t.testdir(), 'state'));
  storage.writeSeed('node', bytes(32, 7));
  storage.save(RECORDS, 0);
  t.equal(statSync(storage.directory).mode & 0o777, 0o700);
  for (const name of ['state.db', 'state.db-wal', 'node.key', 'daemon.pid']) {
    t.equal(statSync(join(storage.directory, name)).mode & 0o777, 0o600, name);
  }
  storage.close();
  t.end();
});

t.test('state that others may read is refused with the command that mends it', (t) => {
  const state = join(t.testdir(), 'state');
  const storage = Storage.open(state);
  storage.writeSeed('node', bytes(32, 7));
  storage.close();
  const cases: [path: string, bad: number, good: number][] = [
    [state, 0o755, 0o700],
    [join(state, 'state.db'), 0o640, 0o600],
  ];
  for (const [path, bad, good] of cases) {
    chmodSync(path, bad);
    const error = refusal(() => Storage.open(state));
    t.equal(error.code, 'STATE_READABLE_BY_OTHERS');
    t.match(error.message, `chmod ${good.toString(8)} ${path}`);
    chmodSync(path, good);
  }
  const open = Storage.open(state);
  chmodSync(join(state, 'node.key'), 0o644);
  t.match(refusal(() => open.readSeed('node')).message, `chmod 600 ${join(state, 'node.key')}`);
  open.close();
  t.end();
});

t.test('symbolic links and foreign files are refused', (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, 'real'), { mode: 0o700 });
  symlinkSync('real', join(folder, 'state'));
  t.equal(refusal(() => Storage.open(join(folder, 'state'))).code, 'STATE_NOT_WRITABLE');
  symlinkSync('/etc/passwd', join(folder, 'real', 'state.db'));
  t.equal(refusal(() => Storage.open(join(folder, 'real'))).code, 'STATE_NOT_WRITABLE');
  writeFileSync(join(folder, 'file'), '');
  t.equal(refusal(() => Storage.open(join(folder, 'file'))).code, 'STATE_NOT_WRITABLE');
  t.end();
});

t.test('a damaged and a newer database are told apart', (t) => {
  const state = join(t.testdir(), 'state');
  mkdirSync(state, { mode: 0o700 });
  writeFileSync(join(state, 'state.db'), 'this is no database, '.repeat(500), { mode: 0o600 });
  t.equal(refusal(() => Storage.open(state)).code, 'STATE_DAMAGED');
  const newer = join(t.testdir(), 'newer');
  Storage.open(newer).close();
  const database = new DatabaseSync(join(newer, 'state.db'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  t.equal(refusal(() => Storage.open(newer)).code, 'STATE_TOO_NEW');
  t.end();
});

t.test('a secret that is not kept any more is not on the disk either', (t) => {
  const state = join(t.testdir(), 'state');
  const [old, young] = [7, 8].map((fill) => ({
    bytes: bytes(500, fill + 10),
    secret: Uint8Array.from({ length: 32 }, (_, i) => fill * i),
    supersededMs: 0,
  }));
  const files = () =>
    ['state.db', 'state.db-wal'].map((name) => join(state, name)).filter((path) => existsSync(path));
  const isThere = ({ secret }: typeof old) =>
    files().some((path) => readFileSync(path).includes(Buffer.from(secret)));
  let storage = Storage.open(state);
  storage.save([{ kind: 'epochs', epochs: [old] }], 0);
  storage.save([{ kind: 'epochs', epochs: [young, { ...old, supersededMs: 5 }] }], 0);
  t.same(storage.loadState().epochs.length, 2);
  t.ok(isThere(old));
  storage.save([{ kind: 'epochs', epochs: [young] }], 0);
  storage.close();
  t.ok(isThere(young));
  t.notOk(isThere(old));
  storage = Storage.open(state);
  t.same(storage.loadState().epochs, [young]);
  storage.close();
  t.end();
});

t.test('what mcc publishes of its own accord is not kept by an older state', (t) => {
  const state = join(t.testdir(), 'state');
  Storage.open(state).close();
  const database = new DatabaseSync(join(state, 'state.db'));
  database.exec('DROP TABLE epochs; DROP TABLE foreign_epochs');
  database.exec('ALTER TABLE tokens DROP COLUMN replaces; PRAGMA user_version = 6');
  const insert = database.prepare('INSERT INTO own_values VALUES (?, ?)');
  for (const name of ['mcc:signer', 'mccs', 'mine']) insert.run(name, bytes(4, 1));
  database.close();
  const storage = Storage.open(state);
  const { discovery } = storage.loadState();
  t.same(discovery.values.map(({ name }) => name).sort(), ['mccs', 'mine']);
  storage.close();
  t.end();
});

t.test('revocations stay, once each, and a list that lost or changed something is not believed', (t) => {
  const state = join(t.testdir(), 'state');
  let storage = Storage.open(state);
  const all = [1, 2, 3, 4].map(revocation);
  storage.save(all, 0);
  storage.save([all[1], { kind: 'forgetRevocation', hash: all[3].hash }], 0);
  storage.save([{ kind: 'forgetRevocation', hash: bytes(32, 9) }], 0);
  storage.close();
  storage = Storage.open(state);
  const kept = () => storage.loadState().revocations.map((statement) => statement[0]);
  t.same(kept().sort(), [1, 2, 3]);
  storage.close();
  const damage = (sql: string) => {
    const database = new DatabaseSync(join(state, 'state.db'));
    database.exec(sql);
    database.close();
    storage = Storage.open(state);
    const { code, message } = refusal(kept);
    storage.close();
    t.equal(code, 'REVOCATIONS_DAMAGED', sql);
    t.match(message, 'mcc doctor');
  };
  const backup = new DatabaseSync(join(state, 'state.db'));
  const rows = backup.prepare('SELECT hash, statement FROM revocations').all();
  backup.close();
  damage("UPDATE revocations SET statement = x'00' WHERE hash = (SELECT min(hash) FROM revocations)");
  damage('DELETE FROM revocations');
  const database = new DatabaseSync(join(state, 'state.db'));
  for (const row of rows) {
    database
      .prepare('INSERT INTO revocations VALUES (?, ?)')
      .run(row.hash as Uint8Array, row.statement as Uint8Array);
  }
  database.close();
  storage = Storage.open(state);
  t.same(kept().sort(), [1, 2, 3], 'as it was');
  storage.close();
  damage("DELETE FROM meta WHERE key = 'revocationSum'");
  t.end();
});

t.test('revocations of another network mean nothing', (t) => {
  const storage = Storage.open(join(t.testdir(), 'state'));
  storage.setMembership({ genesis: bytes(100, 1), chain: bytes(200, 2) });
  storage.save([revocation(1)], 0);
  storage.forgetMembership();
  storage.setGenesis(bytes(100, 1));
  t.equal(storage.loadState().revocations.length, 1, 'whoever joins the same one again knows them still');
  storage.setGenesis(bytes(100, 2));
  t.same(storage.loadState().revocations, []);
  storage.save([revocation(1)], 0);
  t.equal(storage.loadState().revocations.length, 1);
  storage.close();
  t.end();
});

t.test('a full disk is reported and loses nothing', (t) => {
  const storage = Storage.open(join(t.testdir(), 'state'), { pagesMax: 16 });
  storage.save(RECORDS, 0);
  const huge: PersistRecord[] = Array.from({ length: 100 }, (_, i) => ({
    kind: 'knownNode',
    node: {
      nodeId: bytes(32, i),
      name: `n${i}`,
      organisation: bytes(32, 2),
      chain: bytes(900, 3),
      addresses: [],
      lastTrafficMs: 0,
    },
  }));
  t.equal(refusal(() => storage.save(huge, 0)).code, 'DISK_FULL');
  t.equal(storage.loadState().knownNodes.length, 1);
  storage.save([{ kind: 'freshness', reservedTo: 2 ** 41 }], 0);
  t.equal(storage.loadState().freshness, 2 ** 41, 'it goes on');
  storage.close();
  t.end();
});

/** Writes counters as fast as it can and says which are on disk; it is killed in the middle of it. */
const WRITER = `
import { writeSync } from 'node:fs';
import { Storage } from ${JSON.stringify(join(import.meta.dirname, '../../src/host/storage/storage.ts'))};
const storage = Storage.open(process.argv[1]);
let counter = storage.loadState().freshness;
for (;;) {
  counter++;
  const node = new Uint8Array(32).fill(counter);
  storage.save([
    { kind: 'freshness', reservedTo: counter },
    { kind: 'service', service: { name: 'n' + counter, port: 1, protocol: 'tcp', target: '', check: 'none', selector: 7, weight: 1, share: 'own' } },
  ], 0);
  writeSync(1, counter + '\\n');
}
`;

t.test('kill -9 at any moment loses nothing that was reported as saved', async (t) => {
  const state = join(t.testdir(), 'state');
  let reported = 0;
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, state], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    const wanted = 3 + round * 17;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').length > wanted) child.kill('SIGKILL');
    });
    await new Promise((resolve) => child.once('close', resolve));
    const lines = text.split('\n').slice(0, -1).map(Number);
    reported = lines.at(-1) ?? reported;
    const storage = Storage.open(state);
    const { freshness, services } = storage.loadState();
    t.ok(
      freshness >= reported && freshness <= reported + 1,
      `round ${round}: ${freshness} on disk, ${reported} reported`,
    );
    t.equal(services.length, freshness, 'a transaction is whole or not there');
    storage.close();
  }
});

t.test('a second daemon on the same state is refused and told who runs', async (t) => {
  const state = join(t.testdir(), 'state');
  const source = join(import.meta.dirname, '../../src/host/storage/storage.ts');
  const holder = `import { Storage } from ${JSON.stringify(source)};
    Storage.open(process.argv[1]); process.stdout.write('open'); process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, state], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const error = refusal(() => Storage.open(state));
  t.equal(error.code, 'ALREADY_RUNNING');
  t.match(error.message, `process ${child.pid}`);
  child.kill('SIGKILL');
  await ended;
  Storage.open(state).close();
});
