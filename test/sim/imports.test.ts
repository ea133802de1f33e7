// Services of other organisations under names of the own node's choice: whole nodes of two organisations.
import { decode, encode as encodeQuery } from 'dns-packet';
import t, { type Test } from 'tap';
import { equalBytes } from '../../src/core/base/bytes.ts';
import { CodedError } from '../../src/core/base/errors.ts';
import { idToText } from '../../src/core/identity/identity.ts';
import { IMPORTS_MAX } from '../../src/core/node/imports.ts';
import type { SimHost } from '../../src/sim/host.ts';
import { meet, resolve } from '../../src/sim/scenarios.ts';
import type { World } from '../../src/sim/world.ts';
import { makeWorld } from './traffic.ts';

const SERVICE = { port: 80, protocol: 'tcp', target: '', check: 'none', weight: 1 } as const;

/** Of acme: alpha and bravo; of globex: golf, which offers `shop` to acme, and `web` as acme does, too. */
function market(seed: string) {
  const world = makeWorld({ seed });
  const acme = world.organisation('acme');
  const [alpha, bravo] = [world.member('alpha', acme, { isSigner: true }), world.member('bravo', acme)];
  const golf = world.member('golf', world.organisation('globex'), { isSigner: true });
  for (const host of [bravo, golf]) meet(world, host, alpha);
  world.run(1000);
  for (const name of ['shop', 'web'])
    golf.run(world.now, (now) =>
      golf.node.addService({ ...SERVICE, name, port: name.length, share: 'acme' }, now),
    );
  bravo.run(world.now, (now) => bravo.node.addService({ ...SERVICE, name: 'web', share: '' }, now));
  world.run(3000);
  return { world, alpha, bravo, golf };
}

function importing(world: World, host: SimHost, name: string, service: string, organisation: string) {
  return host.run(world.now, (now) => host.node.importService(name, service, organisation, now));
}

function refuses(t: Test, code: string, body: () => unknown): void {
  try {
    body();
    t.fail(`not refused: ${code}`);
  } catch (error) {
    t.equal(error instanceof CodedError && error.code, code);
  }
}

/** Names and addresses in the answer to one question. */
function ask(world: World, host: SimHost, type: 'A' | 'AAAA' | 'SRV', name: string) {
  const query = encodeQuery({ type: 'query', id: 1, questions: [{ type, name }] });
  const requestId = host.run(world.now, (now) => host.node.dns(query, now));
  const said = (event: { kind: string; requestId?: number }) =>
    event.kind === 'dnsAnswer' && event.requestId === requestId;
  world.runUntil(() => host.events.some(said), 10_000);
  const event = host.events.find(said);
  if (event?.kind !== 'dnsAnswer' || event.bytes === undefined) throw new Error('no answer');
  return decode(Buffer.from(event.bytes)).answers ?? [];
}

t.test(
  'an imported name leads to the service of the other organisation, in DNS too, and after a restart',
  async (t) => {
    const { world, bravo } = market('imports');
    /** Questions are numbered from 1 again. */
    const again = () => {
      bravo.restart(world.now);
      bravo.events.length = 0;
    };
    t.match(resolve(world, bravo, 'shop'), { kind: 'notFound' }, 'never a stranger by the short name');
    const record = importing(world, bravo, 'shop', 'shop', 'globex');
    importing(world, bravo, 'store', 'shop', idToText(record.organisation));
    t.strictSame(importing(world, bravo, 'shop', 'shop', 'globex'), record, 'twice is once');

    for (const when of ['at once', 'after a restart']) {
      const full = resolve(world, bravo, 'shop.globex');
      if (full?.kind !== 'found') throw new Error(`${when}: shop.globex is ${JSON.stringify(full)}`);
      for (const name of ['shop', 'shop.mcc', 'store', 'shop.globex.mcc']) {
        const found = resolve(world, bravo, name);
        t.match(
          found,
          { kind: 'found', name: 'shop.globex', organisationName: 'globex' },
          `${when}: ${name}`,
        );
        t.ok(found?.kind === 'found' && equalBytes(found.address, full.address));
      }
      t.equal(ask(world, bravo, 'AAAA', 'store.mcc').length, 1, when);
      t.equal(ask(world, bravo, 'A', 'store.mcc').length, 1, when);
      const expected = [{ type: 'SRV', data: { port: 4, target: 'shop.golf.node.globex.mcc' } }];
      t.match(ask(world, bravo, 'SRV', '_store._tcp.mcc'), expected, when);
      t.match(bravo.node.listImports(), [
        { name: 'shop' },
        { name: 'store', service: 'shop', label: 'globex' },
      ]);
      if (when === 'at once') again();
      world.run(3000);
    }
    t.match(
      resolve(world, bravo, 'shop.golf.node.globex'),
      { kind: 'found' },
      'other names are what they were',
    );
    t.match(resolve(world, bravo, 'golf.node'), { kind: 'notFound' });

    bravo.run(world.now, (now) => bravo.node.unimport('shop', now));
    t.match(resolve(world, bravo, 'shop'), { kind: 'notFound' });
    t.match(resolve(world, bravo, 'store'), { kind: 'found' });
    again();
    t.match(bravo.node.listImports(), [{ name: 'store' }]);
  },
);

t.test('what may not be imported', async (t) => {
  const { world, alpha, bravo } = market('refused imports');
  resolve(world, alpha, 'web');
  const into = (name: string, service = 'shop', organisation = 'globex') =>
    importing(world, alpha, name, service, organisation);
  refuses(t, 'IMPORT_HIDES', () => into('web', 'web'));
  refuses(t, 'IMPORT_HIDES', () => importing(world, bravo, 'web', 'web', 'globex'));
  t.match(into('their-web', 'web'), { name: 'their-web', service: 'web' });
  refuses(t, 'NAME_IMPORTED', () => into('their-web', 'shop'));
  refuses(t, 'NAME_IMPORTED', () =>
    alpha.run(world.now, (now) => alpha.node.addService({ ...SERVICE, name: 'their-web', share: '' }, now)),
  );
  refuses(t, 'ORGANISATION_UNKNOWN', () => into('shop', 'shop', 'nobody'));
  refuses(t, 'IMPORT_OWN', () => into('shop', 'shop', 'acme'));
  refuses(t, 'NAME_INVALID', () => into('Shop'));
  refuses(t, 'NAME_INVALID', () => into('shop', 'sh_op'));
  for (const name of ['node', 'mcc', 'localhost', '42']) refuses(t, 'NAME_RESERVED', () => into(name));
  refuses(t, 'IMPORT_UNKNOWN', () => alpha.run(world.now, (now) => alpha.node.unimport('shop', now)));
  for (let i = 1; i < IMPORTS_MAX; i++) into(`shop-${i}`);
  refuses(t, 'IMPORTS_FULL', () => into('shop'));
  t.equal(alpha.node.listImports().length, IMPORTS_MAX);
});

t.test('an import that did not reach the disk is none', async (t) => {
  const { world, alpha } = market('imports without a disk');
  alpha.isDiskFull = true;
  importing(world, alpha, 'shop', 'shop', 'globex');
  t.strictSame(alpha.node.listImports(), []);
  alpha.isDiskFull = false;
  importing(world, alpha, 'shop', 'shop', 'globex');
  alpha.isDiskFull = true;
  alpha.run(world.now, (now) => alpha.node.unimport('shop', now));
  t.match(alpha.node.listImports(), [{ name: 'shop' }]);
});
