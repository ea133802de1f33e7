// Revocations by root keys, through the program alone: what is to be signed, signed in turns on machines without a network, and put into
// force. test/netns/revocation.test.ts has what it brings about on the wire.
import { join } from 'node:path';
import t from 'tap';
import type { InitResult, RevocationList, RevocationView, Status } from '../../src/host/api/types.ts';
import { privateNamespace } from '../native/twin.ts';
import { errorOf, folder, mcc } from './run.ts';
import { ACME, addressed, json, Vault } from './vault.ts';

privateNamespace(import.meta.filename);
t.setTimeout(240_000);
addressed();

interface Asked {
  kind: string;
  target: string;
  request: string;
  threshold: number;
}

function refusal(words: readonly string[], input = ''): string {
  return errorOf(mcc([...words, '--json'], { input })).code;
}

t.test('two of three root keys, each on another machine, revoke', (t) => {
  const home = folder(t);
  const [a, o] = [join(home, 'a'), join(home, 'o')];
  const keys = ['--root-keys', '3', '--threshold', '2'];
  const founded = json<InitResult & { recoveryPhrases: string[] }>([...ACME, ...keys, '--state', a]);
  const other = json<{ recoveryPhrase: string }>(['init', '--name', 'x', '--state', o]);
  const [vault, second] = [new Vault(t), new Vault(t)];
  const phrase = (name: string, words: string) => ['--recovery-phrase-file', vault.file(name, words)];
  const [one, , three] = founded.recoveryPhrases.map((words, i) => phrase(`phrase${i}`, words));
  const described = (state: string) => mcc(['organisation', 'show', '--genesis', '--state', state]).stdout;
  const genesis = ['--genesis', vault.file('network', described(a))];
  const { organisationId } = json<Status>(['status', '--state', a]);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

  const words = ['revoke', String(organisationId), '--reason', 'stolen', '--since', tomorrow, '--state', a];
  const spoken = mcc(words);
  t.equal(spoken.status, 0);
  t.match(spoken.stdout, /^mccr1[0-9a-z]+\n$/);
  t.match(
    spoken.stderr,
    /nothing is revoked yet.* 2 of 3 root keys[\s\S]*certificate sign[\s\S]*revoke --install/,
  );
  const asked = json<Asked>(words);
  t.match(asked, { kind: 'signer', target: organisationId, threshold: 2, request: /^mccr1/ });
  t.match(
    second.run(['certificate', 'show', asked.request]).stdout,
    /request to take a key back[\s\S]*what it signed from/,
  );

  t.equal(
    vault.refuses(asked.request, ...one, '--genesis', vault.file('other', described(o))),
    'DOCUMENT_OTHER_NETWORK',
  );
  t.equal(
    vault.refuses(asked.request, ...phrase('stranger', other.recoveryPhrase), ...genesis),
    'ROOT_KEY_WRONG',
  );
  const middle = asked.request.length >> 1;
  const typo = `${asked.request.slice(0, middle)}${asked.request[middle] === 'a' ? 'b' : 'a'}${asked.request.slice(middle + 1)}`;
  t.equal(vault.refuses(typo, ...one, ...genesis), 'DOCUMENT_MISTYPED');
  const half = vault.sign(asked.request, ...one, ...genesis);
  t.equal(half.complete, false);
  const install = ['revoke', '--install', '-', '--state'];
  t.equal(refusal([...install, a], half.document), 'DOCUMENT_UNFINISHED');
  t.equal(refusal([...install, a], asked.request), 'DOCUMENT_MALFORMED', 'nobody signed');
  t.equal(vault.refuses(half.document, ...one), 'ROOT_KEY_USED');
  const whole = second.sign(half.document, ...three);
  t.equal(whole.complete, true);
  const shown = second.run([
    'certificate',
    'show',
    second.file('whole', `Dear Bob,\n${whole.document}\n`),
  ]).stdout;
  t.match(
    shown,
    /a revocation by root keys, complete[\s\S]*signer [0-9a-z]{52}[\s\S]*stolen[\s\S]*plant-net[\s\S]*root key \d, \d/,
  );

  t.equal(refusal([...install, o], whole.document), 'DOCUMENT_OTHER_NETWORK');
  t.equal(refusal(['organisation', 'install', '-', '--state', a], whole.document), 'DOCUMENT_MALFORMED');
  t.equal(refusal(['revoke', '--install', '--reason', 'x', whole.document, '--state', a]), 'USAGE');
  t.same(json<RevocationList>(['revoke', '--list', '--state', a]).revocations, [], 'nothing half-done');
  const revoked = json<RevocationView>([...install, a], whole.document);
  t.match(revoked, { kind: 'signer', target: organisationId, reason: 'stolen', by: 'roots' });
  t.same(json<RevocationList>(['revoke', '--list', '--state', a]).revocations, [revoked]);
  t.equal(refusal([...install, a], whole.document), 'ALREADY_REVOKED');

  const left = json<Asked>(['revoke', 'acme', '--reason', 'left the consortium', '--state', a]);
  t.match(left, { kind: 'organisation', target: organisationId });
  const all = vault.sign(vault.sign(left.request, ...three, ...genesis).document, ...one).document;
  t.equal(refusal([...install, a], all), 'REVOKE_SELF');
  t.match(json<RevocationView>([...install, a, '--yes'], all), { kind: 'organisation', by: 'roots' });
  t.ok(json<Status>(['status', '--state', a]).warnings.some(({ code }) => code === 'NODE_REVOKED'));
  t.end();
});

t.test('whoever has enough root keys at hand revokes at once', (t) => {
  const home = folder(t);
  const a = join(home, 'a');
  const vault = new Vault(t);
  const secret = ['--passphrase-file', vault.file('passphrase', 'correct horse battery\n')];
  const [first, second] = [0, 1].map((i) => ['--root-key-file', join(vault.folder, `root${i}.key`)]);
  json([...ACME, '--root-keys', '2', '--threshold', '2', ...first, ...second, ...secret, '--state', a]);
  const guest = json<InitResult>(['init', '--name', 'x', '--state', join(home, 'o')]).nodeId;
  const node = ['revoke', String(guest), '--reason', 'sold', '--state', a];
  t.equal(refusal([...node, ...first, ...secret]), 'REVOKE_REFUSED', 'one of two');
  t.equal(refusal([...node, ...first, ...first, ...secret]), 'REVOKE_REFUSED', 'the same twice');
  const wrong = ['--passphrase-file', vault.file('wrong', 'another passphrase\n')];
  t.equal(refusal([...node, ...first, ...second, ...wrong]), 'ROOT_KEY_WRONG');
  t.equal(refusal([...node, ...first, ...second]), 'USAGE');
  t.equal(refusal([...node, ...first, ...second, ...secret, '--request']), 'USAGE');
  t.equal(refusal([...node, '--since', '2026-01-01', ...first, ...second, ...secret]), 'USAGE');
  const byRoots = json<RevocationView>([...node, ...first, ...second, ...secret]);
  t.match(byRoots, { kind: 'node', target: guest, organisation: null, by: 'roots', reason: 'sold' });
  const organisation = ['revoke', 'acme', '--reason', 'gone', ...first, ...second, ...secret, '--state', a];
  t.equal(refusal(organisation), 'REVOKE_SELF');
  t.match(json<RevocationView>([...organisation, '--yes']), { kind: 'organisation', by: 'roots' });
  t.equal(json<RevocationList>(['revoke', '--list', '--state', a]).revocations.length, 2);
  t.end();
});
