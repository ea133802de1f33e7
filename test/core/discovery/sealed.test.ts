// Private services: who finds them, and what of them shows to those who keep the records.
import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time.ts';
import { encodeUtf8 } from '../../../src/core/base/utf8.ts';
import { MISSING_AGAIN_MS } from '../../../src/core/discovery/epoch-wants.ts';
import { SEALED_MAX } from '../../../src/core/discovery/own-sealed.ts';
import { SEALED_AHEAD_MS } from '../../../src/core/discovery/own-sequences.ts';
import { EPOCHS_MS, NEGATIVE_MS, REFRESH_MS } from '../../../src/core/discovery/services.ts';
import type { OwnService } from '../../../src/core/discovery/types.ts';
import { epochOf, type Held, organisationKeys, Store } from './sealed-world.ts';
import { service, WALL, type World } from './world.ts';

const acme = organisationKeys('acme');
const globex = organisationKeys('globex');
const umbrella = organisationKeys('umbrella');
const [acme1, acme2, acme3] = [1, 2, 3].map((number) => epochOf(acme, number));
const [globex1, globex2] = [1, 2].map((number) => epochOf(globex, number));
const umbrella1 = epochOf(umbrella, 1);

const id = ({ keys }: World) => toHex(keys.nodeId);
const secret = (name: string, changes: Partial<OwnService> = {}) =>
  service(name, { isPublic: false, ...changes });

function three() {
  const store = new Store();
  store.epochs.set(toHex(acme.nodeId), [acme1]);
  store.epochs.set(toHex(globex.nodeId), [globex1]);
  store.epochs.set(toHex(umbrella.nodeId), [umbrella1]);
  const provider = store.node('provider', acme, [acme1]);
  const colleague = store.node('colleague', acme, [acme1]);
  const partner = store.node('partner', globex, [globex1]);
  const stranger = store.node('stranger', umbrella, [umbrella1]);
  const offer = (changed: OwnService) => {
    provider.give({ kind: 'offer', service: changed });
    store.wait(20 * SECOND_MS);
  };
  return { store, provider, colleague, partner, stranger, offer };
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(bytes).includes(Buffer.from(part));
}

function isPower({ length }: { length: number }): boolean {
  return length >= 4 && (length & (length - 1)) === 0;
}

t.test('who finds what', async (t) => {
  const { store, provider, colleague, partner, stranger, offer } = three();
  offer(secret('private'));
  offer(secret('paired', { sharedWith: [globex.nodeId] }));
  offer(service('public'));
  const all = [id(provider)];
  const table: [string, string[], string[], string[]][] = [
    ['private', all, [], []],
    ['paired', all, all, []],
    ['public', all, all, all],
  ];
  for (const [name, ours, theirs, others] of table) {
    t.strictSame(store.providers(colleague, name), ours, `${name}: a colleague`);
    t.strictSame(store.providers(partner, name, acme), theirs, `${name}: of the other organisation`);
    t.strictSame(store.providers(stranger, name, acme), others, `${name}: of a third`);
  }
  t.equal(store.resolve(partner, 'private', acme)?.kind, 'notFound');
  store.asked = [];
  store.resolve(colleague, 'unheard');
  t.equal(store.asked.length, 1, 'nothing public is asked for own names');
  t.notOk(store.asked.includes(colleague.keyOf('service', 'unheard')));
});

t.test('what those see who keep the records', async (t) => {
  const { store, provider, offer } = three();
  const count = (when: string) => {
    const sealed = store.sealed(WALL + provider.now);
    for (const records of sealed.values()) t.ok(isPower(records), `${when}: ${records.length}`);
    const lengths = new Set([...sealed.values()].flat().map(({ bytes }) => bytes.length));
    t.equal(lengths.size, 1, `${when}: all as long`);
    return [...sealed.values()].flat().length;
  };
  offer(secret('warehouse'));
  t.equal(count('one'), 4);
  for (const name of ['warehouse-b', 'warehouse-c', 'warehouse-d']) offer(secret(name));
  t.equal(count('four'), 4);
  offer(secret('warehouse-d', { sharedWith: [globex.nodeId, umbrella.nodeId] }));
  t.equal(count('six'), 8);
  offer(secret('warehouse-d', { sharedWith: [globex.nodeId] }));
  provider.give({ kind: 'unoffer', name: 'warehouse-c' });
  store.settle();
  t.equal(count('less is shared'), 8, 'nobody sees that it is less');
  offer(secret('warehouse-e', { sharedWith: [globex.nodeId, umbrella.nodeId] }));
  t.equal(count('changed'), 8);
  provider.give({ kind: 'epochs', own: [acme2, acme1] });
  store.wait(2 * MINUTE_MS);
  t.equal(count('a new epoch'), 16);
  t.equal(store.sealed().size, 2, 'under another pseudonym');
  const own: Held[] = [...store.sealed().values()].flat();
  const names = ['warehouse', 'provider'].map(encodeUtf8);
  for (const { bytes, record } of own) {
    for (const known of [...names, provider.keys.nodeId]) t.notOk(contains(bytes, known));
    const past = record.sequence - WALL - provider.now;
    t.ok(past <= SEALED_AHEAD_MS && record.expires * SECOND_MS <= WALL + provider.now + DAY_MS);
  }
  store.wait(DAY_MS, HOUR_MS);
  t.equal(count('later'), 8, 'the former ones have expired');
  t.equal(store.sealed(WALL + provider.now).size, 1);
});

t.test('covers are the same after a restart, and sequences rise', async (t) => {
  const world = three();
  const { store, offer } = world;
  let { provider } = world;
  offer(secret('hello'));
  const keys = [...store.held.keys()].sort();
  for (let i = 0; i < 3; i++) {
    provider = store.restart(provider, acme, [acme1]);
    provider.give({ kind: 'offer', service: secret('hello') });
    store.wait(20 * SECOND_MS);
    t.strictSame(
      [...store.held.keys()].sort(),
      keys,
      'and no sequence falls, which the store would not bear',
    );
  }
});

t.test('taken back at once, for one organisation or all, and offered again', async (t) => {
  const { store, provider, colleague, partner, offer } = three();
  const all = [id(provider)];
  offer(secret('hello', { sharedWith: [globex.nodeId] }));
  t.strictSame(store.providers(partner, 'hello', acme), all);
  t.strictSame(store.providers(colleague, 'hello'), all);
  offer(secret('hello'));
  partner.wait(REFRESH_MS);
  partner.give({ kind: 'used', organisation: acme.nodeId, service: 'hello' });
  store.wait(NEGATIVE_MS + REFRESH_MS);
  t.strictSame(store.providers(partner, 'hello', acme), []);
  t.strictSame(store.providers(colleague, 'hello'), all);
  offer(service('hello'));
  store.wait(NEGATIVE_MS);
  t.strictSame(store.providers(partner, 'hello', acme), all, 'public');
  offer(secret('hello', { sharedWith: [globex.nodeId] }));
  store.wait(REFRESH_MS);
  t.strictSame(store.providers(partner, 'hello', acme), all, 'no longer public, but for this organisation');
  provider.give({ kind: 'stop' });
  store.wait(REFRESH_MS);
  for (const [world, organisation] of [[colleague], [partner, acme]] as const) {
    store.providers(world, 'hello', organisation);
    store.wait(REFRESH_MS + NEGATIVE_MS);
    t.strictSame(store.providers(world, 'hello', organisation), [], 'the node stopped');
  }
});

t.test('while epochs change, old and new providers are found', async (t) => {
  const { store, provider, colleague, partner, offer } = three();
  const late = store.node('late', acme, [acme1]);
  const shared = secret('hello', { sharedWith: [globex.nodeId] });
  offer(shared);
  late.give({ kind: 'offer', service: shared });
  store.wait(20 * SECOND_MS);
  provider.give({ kind: 'epochs', own: [acme2, acme1] });
  store.epochs.set(toHex(acme.nodeId), [acme2, acme1]);
  store.wait(2 * MINUTE_MS);
  const both = [id(provider), id(late)].sort();
  t.strictSame(store.providers(colleague, 'hello'), both, 'who has the old one only');
  t.strictSame(store.providers(partner, 'hello', acme), both);
  const knows = store.node('knows', acme, [acme2, acme1]);
  t.strictSame(store.providers(knows, 'hello'), both, 'who has both');
  const found = store.resolve(knows, 'hello');
  t.equal(found?.kind === 'found' && found.total, 2, 'each counts once');
  const fresh = store.node('fresh', acme, [acme2]);
  t.strictSame(store.providers(fresh, 'hello'), [id(provider)], 'who joined since has the new one only');
  late.give({ kind: 'epochs', own: [acme2, acme1] });
  store.wait(MINUTE_MS + REFRESH_MS);
  store.providers(fresh, 'hello');
  t.strictSame(store.providers(fresh, 'hello'), both);
  provider.give({ kind: 'unoffer', name: 'hello' });
  store.wait(REFRESH_MS);
  store.providers(colleague, 'hello');
  store.wait(REFRESH_MS);
  t.strictSame(
    store.providers(colleague, 'hello'),
    [id(late)],
    'what is under the old one is taken back, too',
  );
  for (const world of [late, knows]) world.give({ kind: 'epochs', own: [acme3] });
  store.wait(MINUTE_MS + REFRESH_MS);
  store.providers(knows, 'hello');
  store.wait(REFRESH_MS);
  t.strictSame(store.providers(knows, 'hello'), [id(late)]);
});

t.test("the other organisation's epoch changes", async (t) => {
  const { store, provider, partner, offer } = three();
  offer(secret('hello', { sharedWith: [globex.nodeId] }));
  store.epochs.set(toHex(globex.nodeId), [globex2, globex1]);
  partner.give({ kind: 'epochs', own: [globex2, globex1] });
  t.strictSame(store.providers(partner, 'hello', acme), [id(provider)], 'before the provider knows');
  store.wait(11 * MINUTE_MS, SECOND_MS);
  t.ok(store.sealed().get([...store.sealed().keys()][0])?.length === 4);
  const fresh = store.node('fresh', globex, [globex2]);
  t.strictSame(store.providers(fresh, 'hello', acme), [id(provider)]);
  partner.give({ kind: 'used', organisation: acme.nodeId, service: 'hello' });
  store.wait(REFRESH_MS);
  t.strictSame(store.providers(partner, 'hello', acme), [id(provider)]);
});

t.test('an answer waits for the epochs of the other organisation, for so long', async (t) => {
  const { store, provider, partner, offer } = three();
  offer(secret('hello', { sharedWith: [globex.nodeId] }));
  offer(service('open'));
  store.epochs.delete(toHex(acme.nodeId));
  const open = partner.resolve({ service: 'open', organisation: undefined });
  store.settle();
  t.equal(partner.answer(open)?.kind, 'notFound', 'of its own organisation');
  t.strictSame(store.providers(partner, 'open', acme), [id(provider)], 'what is public is there at once');
  t.equal(store.resolve(partner, 'hello', acme), undefined);
  const { organisation } = { organisation: acme.nodeId };
  partner.give({ kind: 'foreignEpochs', organisation, epochs: [acme1] });
  store.wait(50, 50);
  const answers = partner.events('resolved');
  t.match(
    answers.map(({ result }) => result.kind),
    ['found'],
  );
  t.equal(store.resolve(partner, 'nothing', acme), undefined, 'there may be newer ones');
  store.wait(EPOCHS_MS);
  t.match(
    partner.events('resolved').map(({ result }) => result.kind),
    ['notFound'],
  );
  const begin = partner.now;
  t.equal(store.resolve(partner, 'nothing', acme)?.kind, 'notFound', 'remembered');
  t.ok(partner.now - begin <= 50);
});

t.test('a member that has no epoch yet', async (t) => {
  const { store, provider, offer } = three();
  offer(secret('private'));
  offer(service('public'));
  const young = store.node('young', acme);
  t.strictSame(store.providers(young, 'public'), [id(provider)]);
  t.equal(store.resolve(young, 'private')?.kind, 'noEpoch');
  young.give({ kind: 'offer', service: secret('mine') });
  store.wait(MINUTE_MS);
  t.equal(store.sealed().size, 1, 'says nothing of what is private');
  t.equal(store.resolve(young, 'private')?.kind, 'noEpoch');
  young.give({ kind: 'epochs', own: [acme1] });
  t.strictSame(store.providers(young, 'private'), [id(provider)], 'at once');
  store.wait(MINUTE_MS);
  t.equal(store.sealed().size, 2);
  const guest = store.node('guest', acme);
  t.equal(guest.events('wantEpochs').length, 0);
});

t.test('epochs that are missing are asked for again, ever more seldom', async (t) => {
  const { store, provider } = three();
  const missing = organisationKeys('missing').nodeId;
  provider.give({ kind: 'offer', service: secret('hello', { sharedWith: [missing] }) });
  t.match(provider.events('wantEpochs'), [{ organisation: missing, isUrgent: true }]);
  provider.wait(MISSING_AGAIN_MS);
  t.match(provider.events('wantEpochs'), [{ isUrgent: true }]);
  provider.wait(HOUR_MS);
  t.ok(provider.events('wantEpochs').length <= 12);
  provider.give({ kind: 'offer', service: secret('hello') });
  provider.wait(DAY_MS);
  t.equal(provider.events('wantEpochs').length, 0);
  store.settle();
});

t.test('so many at most', async (t) => {
  const { store, provider } = three();
  for (let i = 0; i < 200; i++)
    provider.give({
      kind: 'offer',
      service: secret(`s${i}`, { selector: i + 1, sharedWith: [globex.nodeId] }),
    });
  store.wait(2 * MINUTE_MS);
  t.equal([...store.sealed().values()].flat().length, SEALED_MAX);
  for (let i = 0; i < 150; i++) provider.give({ kind: 'unoffer', name: `s${i}` });
  store.wait(2 * MINUTE_MS);
  provider.give({ kind: 'offer', service: secret('further', { sharedWith: [umbrella.nodeId] }) });
  store.wait(2 * MINUTE_MS);
  t.equal([...store.sealed().values()].flat().length, SEALED_MAX, 'with those that make room');
});
