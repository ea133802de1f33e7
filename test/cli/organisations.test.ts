// Organisations through the program alone, without packets: asked for on one machine, signed on others that have no network,
// installed. test/netns/organisations.test.ts has the same with packets.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { idToText } from '../../src/core/identity/identity.ts';
import type {
  InitResult,
  InstallResult,
  InviteResult,
  NetworkView,
  OrganisationList,
  RequestView,
  Status,
} from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { errorOf, folder, mcc, PROGRAM } from './run.ts';
import { ACME, addressed, json, Vault } from './vault.ts';

privateNamespace(import.meta.filename);
t.setTimeout(240_000);
addressed();

t.test('two of three root keys, each on another machine, bring an organisation in', async (t) => {
  const home = folder(t);
  const [a, g] = [join(home, 'a'), join(home, 'g')];
  const founded = json<InitResult & { recoveryPhrases: string[] }>([
    ...ACME,
    '--root-keys',
    '3',
    '--threshold',
    '2',
    '--state',
    a,
  ]);
  t.equal(founded.recoveryPhrases.length, 3);
  t.match(json<NetworkView>(['organisation', 'show', '--genesis', '--state', a]), {
    threshold: 2,
    rootKeys: 3,
  });

  const asked = json<RequestView>(['organisation', 'create', 'globex', '--state', g]);
  t.match(asked, { organisation: 'globex', approved: true, document: /^mccr1/ });
  t.equal(
    json<RequestView>(['organisation', 'create', 'globex', '--state', g]).organisationId,
    asked.organisationId,
    'asked again, it is the same organisation',
  );

  const [vault, second] = [new Vault(t), new Vault(t)];
  const [one, two, three] = founded.recoveryPhrases.map((phrase, i) => [
    '--recovery-phrase-file',
    vault.file(`phrase${i}`, phrase),
  ]);
  const described = mcc(['organisation', 'show', '--genesis', '--state', a]).stdout;
  t.match(described, /^mccs1[0-9a-z]+\n$/);
  const genesis = ['--genesis', vault.file('network', described)];
  t.equal(vault.refuses(asked.document, ...one), 'USAGE', 'which network?');
  const half = vault.sign(asked.document, ...one, ...genesis);
  t.equal(half.complete, false);
  t.equal(
    errorOf(mcc(['organisation', 'install', '-', '--json', '--state', g], { input: half.document })).code,
    'DOCUMENT_UNFINISHED',
  );
  t.equal(vault.refuses(half.document, ...one), 'ROOT_KEY_USED');
  const other = json<{ recoveryPhrase: string }>(['init', '--name', 'x', '--state', join(home, 'other')]);
  t.equal(
    vault.refuses(half.document, '--recovery-phrase-file', vault.file('other', other.recoveryPhrase)),
    'ROOT_KEY_WRONG',
  );
  const whole = second.sign(half.document, ...three);
  t.equal(whole.complete, true);
  t.equal(vault.sign(half.document, ...two).complete, true, 'any two will do');

  const shown = second.run(['certificate', 'show', second.file('whole', `Dear Bob,\n${whole.document}\n`)]);
  t.match(shown.stdout, /complete: it can be installed/);
  t.match(shown.stdout, `globex ${asked.organisationId}`);
  t.match(second.run(['certificate', 'show', asked.document]).stdout, /a request for an organisation/);
  t.match(second.run(['certificate', 'show', described.trim()]).stdout, /plant-net/);

  t.equal(
    errorOf(
      mcc(['organisation', 'install', '-', '--json', '--state', join(home, 'x')], { input: whole.document }),
    ).code,
    'DOCUMENT_OTHER_NODE',
  );
  const install = ['organisation', 'install', '-', '--name', 'golf', '--state', g];
  const installed = json<InstallResult>(install, whole.document);
  t.match(installed, {
    network: 'plant-net',
    networkId: founded.networkId,
    organisation: 'globex',
    organisationId: asked.organisationId,
    name: 'golf',
    peer: null,
    warnings: [{ code: 'PEER_UNREACHABLE' }],
  });
  t.match(json<Status>(['status', '--state', g]), { signer: true, organisation: 'globex' });
  t.match(json<OrganisationList>(['organisation', 'list', '--state', g]).organisations[0], {
    name: 'globex',
    own: true,
    signers: [{ key: asked.organisationId, here: true, nodes: 1 }],
  });
  t.match(mcc(['organisation', 'show', '--state', g]).stdout, /admits others/);
  t.match(mcc(['certificate', 'show', '--state', g]).stdout, /globex/);
  t.match(json<InviteResult>(['invite', '--state', g]).token, /^mcc1/);
  t.equal(errorOf(mcc(['organisation', 'create', 'x', '--json', '--state', g])).code, 'ALREADY_INITIALISED');
  imports(t, g);
  t.equal(
    json<InstallResult>(install, whole.document).organisationId,
    asked.organisationId,
    'twice is no harm',
  );
});

/** At a node of globex that has met nobody: acme is known there by its ID alone. */
function imports(t: Test, g: string): void {
  const code = (...words: string[]) => errorOf(mcc([...words, '--json', '--state', g])).code;
  const acme = idToText(new Uint8Array(32).fill(7));
  t.equal(code('import', 'shop.nobody'), 'ORGANISATION_UNKNOWN');
  t.equal(code('import', 'shop.globex'), 'IMPORT_OWN');
  t.equal(code('import', 'shop'), 'NAME_INVALID');
  t.equal(code('import', 'golf.node.globex'), 'NAME_INVALID');
  t.equal(code('unimport', 'shop'), 'IMPORT_UNKNOWN');
  t.strictSame(json(['import', '--list', '--state', g]), { imports: [] });
  const shop = { name: 'shop', service: 'store', organisation: acme, organisationId: acme };
  t.strictSame(json(['import', `store.${acme}.mcc`, '--as', 'shop', '--state', g]), shop);
  t.equal(code('import', `web.${acme}`, '--as', 'shop'), 'NAME_IMPORTED');
  t.equal(code('service', 'add', 'shop', '--port', '80'), 'NAME_IMPORTED');
  t.match(mcc(['import', `web.${acme}`, '--state', g]), {
    status: 0,
    stdout: `web is service web of ${acme}`,
  });
  t.match(json(['import', '--list', '--state', g]), { imports: [shop, { name: 'web' }] });
  t.match(
    mcc(['import', '--list', '--state', g]).stdout,
    new RegExp(`^NAME +SERVICE +ORGANISATION\\nshop +store +${acme}\\n`),
  );
  t.equal(mcc(['unimport', 'web', '--state', g]).status, 0);
  t.strictSame(json(['unimport', 'shop', '--state', g]), { name: 'shop', removed: true });
  t.strictSame(json(['import', '--list', '--state', g]), { imports: [] });
}

t.test('a root key file is all that signing takes', (t) => {
  const home = folder(t);
  const [a, g] = [join(home, 'a'), join(home, 'g')];
  const vault = new Vault(t);
  const passphrase = vault.file('passphrase', 'correct horse battery\n');
  const files = [0, 1].map((i) => join(vault.folder, `root${i}.key`));
  const keys = files.flatMap((file) => ['--root-key-file', file]);
  const init = [...ACME, '--root-keys', '2', '--threshold', '1', ...keys, '--passphrase-file', passphrase];
  t.notOk('recoveryPhrases' in json<object>([...init, '--state', a]));
  const asked = json<RequestView>(['organisation', 'create', 'globex', '--state', g]);
  for (const file of files) {
    const key = ['--root-key-file', file, '--passphrase-file', passphrase];
    const { document, complete } = vault.sign(
      asked.document,
      ...key,
      '--years',
      '2',
      '--contact',
      `${asked.signer}@vpn.example.org:443`,
    );
    t.ok(complete);
    const shown = json<{ notAfter: string; contacts: string[] }>(['certificate', 'show', document]);
    t.equal(new Date(shown.notAfter).getUTCFullYear(), new Date().getUTCFullYear() + 2);
    t.same(shown.contacts, [asked.signer]);
  }
  const [file] = files;
  const wrong = vault.file('wrong', 'another passphrase\n');
  t.equal(
    vault.refuses(asked.document, '--root-key-file', file, '--passphrase-file', wrong),
    'ROOT_KEY_WRONG',
  );
  // Whoever changes the network that lies beside the key does not make it sign for that one.
  const changed = JSON.parse(readFileSync(file, 'utf8'));
  const bytes = Buffer.from(changed.genesis, 'base64url');
  bytes[bytes.length - 1] ^= 1;
  const forged = vault.file(
    'forged.key',
    JSON.stringify({ ...changed, genesis: bytes.toString('base64url') }),
  );
  t.equal(
    vault.refuses(asked.document, '--root-key-file', forged, '--passphrase-file', passphrase),
    'ROOT_KEY_WRONG',
  );
  t.end();
});

/** Runs a command and kills it and all that it started after a while; resolves when nothing of it is left. */
function killed(words: readonly string[], input: string, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const timer = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), afterMs);
    child.stdin.on('error', () => undefined).end(input);
    child.stdout.resume();
    child.once('exit', () => clearTimeout(timer));
    child.once('close', () => resolve());
  });
}

t.test('whoever is killed while it installs can install again', async (t) => {
  const home = folder(t);
  const [a, g] = [join(home, 'a'), join(home, 'g')];
  const founded = json<{ recoveryPhrase: string }>([...ACME, '--state', a]);
  const vault = new Vault(t);
  const key = ['--recovery-phrase-file', vault.file('phrase', founded.recoveryPhrase)];
  const genesis = [
    '--genesis',
    vault.file('network', mcc(['organisation', 'show', '--genesis', '--state', a]).stdout),
  ];
  const asked = json<RequestView>(['organisation', 'create', 'globex', '--state', g]);
  const { document } = vault.sign(asked.document, ...key, ...genesis);
  const install = ['organisation', 'install', '-', '--name', 'golf', '--state', g];
  // At which step, the load of the machine decides.
  for (const afterMs of [100, 200, 300, 400, 500, 700]) await killed(install, document, afterMs);
  t.match(json<InstallResult>(install, document), { organisation: 'globex', name: 'golf' });
  t.match(json<Status>(['status', '--state', g]), { signer: true, organisationId: asked.organisationId });
});
