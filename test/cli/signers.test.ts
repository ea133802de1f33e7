// Signers through the program alone: what bad documents get, another key, and retirement.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type {
  InitResult,
  InstallResult,
  InviteResult,
  OrganisationList,
  RequestView,
  Status,
} from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { errorOf, folder, mcc } from './run.ts';
import { ACME, addressed, json, Vault } from './vault.ts';

privateNamespace(import.meta.filename);
t.setTimeout(240_000);
addressed();

t.test('what bad input gets', (t) => {
  const home = folder(t);
  const [a, g] = [join(home, 'a'), join(home, 'g')];
  const founded = json<{ recoveryPhrase: string }>([...ACME, '--state', a]);
  const vault = new Vault(t);
  const key = ['--recovery-phrase-file', vault.file('phrase', founded.recoveryPhrase)];
  const genesis = ['--genesis', mcc(['organisation', 'show', '--genesis', '--state', a]).stdout.trim()];
  const { document } = json<RequestView>(['organisation', 'create', 'globex', '--state', g]);
  const middle = document.length >> 1;
  const typo =
    document.slice(0, middle) + (document[middle] === 'a' ? 'b' : 'a') + document.slice(middle + 1);
  t.equal(vault.refuses(typo, ...key, ...genesis), 'DOCUMENT_MISTYPED');
  t.equal(vault.refuses('hello', ...key, ...genesis), 'DOCUMENT_MALFORMED');
  t.equal(vault.refuses(genesis[1], ...key), 'DOCUMENT_MALFORMED', 'nothing to sign');
  t.equal(
    vault.refuses(document, '--recovery-phrase-file', vault.file('bad', 'one two three'), ...genesis),
    'RECOVERY_PHRASE_INVALID',
  );
  t.equal(vault.refuses(document), 'USAGE');
  t.equal(vault.refuses(document, '--recovery-phrase-file', join(home, 'none'), ...genesis), 'USAGE');
  const noFile = ['--root-key-file', join(home, 'none'), '--passphrase-file', key[1]];
  t.equal(vault.refuses(document, ...noFile), 'USAGE');
  t.equal(vault.refuses(document, ...key, '--recovery-phrase-file', '-'), 'USAGE');
  const install = (text: string, state = g) =>
    errorOf(mcc(['organisation', 'install', '-', '--json', '--state', state], { input: text })).code;
  t.equal(install(document), 'DOCUMENT_MALFORMED', 'a request is not signed');
  t.equal(install(genesis[1]), 'DOCUMENT_MALFORMED', 'no organisation');
  t.equal(install(vault.sign(document, ...key, ...genesis).document, a), 'DOCUMENT_OTHER_NODE');
  t.equal(
    errorOf(mcc(['organisation', 'signer', 'approve', document, '--json', '--state', a])).code,
    'DOCUMENT_OTHER_NETWORK',
  );
  t.equal(errorOf(mcc(['organisation', 'signer', 'retire', '--json', '--state', a])).code, 'SIGNER_NEEDED');
  t.equal(
    errorOf(mcc(['organisation', 'show', 'nobody', '--json', '--state', a])).code,
    'ORGANISATION_UNKNOWN',
  );
  for (const words of [
    ['organisation', 'create'],
    ['organisation', 'install'],
    ['organisation', 'signer', 'dance'],
    ['organisation', 'signer', 'approve'],
    ['certificate', 'sign'],
    ['init', '--root-keys', '9'],
    ['init', '--root-keys', '3', '--threshold', '4'],
    ['init', '--root-keys', '2', '--root-key-file', 'x', '--passphrase-file', 'y'],
  ]) {
    const done = mcc([...words, '--state', join(home, 'none')]);
    t.equal(done.status, 2, words.join(' '), { stderr: done.stderr });
  }
  t.notOk(existsSync(join(home, 'none')));
  t.end();
});

t.test('a signer takes another key, and retires', (t) => {
  const home = folder(t);
  const a = join(home, 'a');
  const founded = json<InitResult & { recoveryPhrase: string }>([...ACME, '--state', a]);
  const vault = new Vault(t);
  const key = ['--recovery-phrase-file', vault.file('phrase', founded.recoveryPhrase)];
  const genesis = [
    '--genesis',
    vault.file('network', mcc(['organisation', 'show', '--genesis', '--state', a]).stdout),
  ];
  const before = readFileSync(join(a, 'signer.key'), 'utf8');
  const asked = json<RequestView>(['organisation', 'signer', 'request', '--new-key', '--state', a]);
  t.match(asked, { organisation: 'acme', organisationId: founded.organisationId, approved: true });
  t.not(asked.signer, founded.organisationId);
  const signed = vault.sign(asked.document, ...key, ...genesis);
  t.match(json<InstallResult>(['organisation', 'install', '-', '--state', a], signed.document), {
    organisationId: founded.organisationId,
    name: 'alpha',
    nodeId: founded.nodeId,
  });
  t.not(readFileSync(join(a, 'signer.key'), 'utf8'), before);
  t.notOk(existsSync(join(a, 'signer-new.key')));
  t.match(json<InviteResult>(['invite', '--state', a]).token, /^mcc1/);
  t.match(json<OrganisationList>(['organisation', 'list', '--state', a]).organisations[0].signers, [
    { key: asked.signer, here: true },
  ]);
  t.equal(mcc(['organisation', 'signer', 'retire', '--yes', '--state', a]).status, 0);
  t.notOk(existsSync(join(a, 'signer.key')));
  t.match(json<Status>(['status', '--state', a]), { signer: false, organisation: 'acme' });
  t.equal(errorOf(mcc(['invite', '--json', '--state', a])).code, 'NOT_A_SIGNER');
  t.end();
});
