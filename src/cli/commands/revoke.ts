import type { Argv } from 'yargs';
import { CodedError } from '../../core/base/errors.ts';
import type {
  NetworkView,
  OrganisationList,
  RevocationList,
  RevocationView,
  RevokeInput,
  Status,
} from '../../host/api/types.ts';
import type { Client } from '../client.ts';
import { type Arguments, type Command, text, texts } from '../command.ts';
import { UsageError } from '../errors.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, safe, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('target', {
        type: 'string',
        describe:
          "name or ID of a node; with root keys also a signer's key, or the name or ID of an organisation",
      })
      .option('list', { type: 'boolean', describe: 'show what was revoked, by whom, when and why' })
      .option('reason', { type: 'string', describe: 'why, in a short line that everybody can read' })
      .option('since', {
        type: 'string',
        describe: 'of a signer: only what it signed from then on, such as 2026-05-01T12:00:00Z [all]',
      })
      .option('root-key-file', {
        type: 'string',
        describe: 'file with a root key: revokes signers, organisations and any node; may be repeated',
      })
      .option('passphrase-file', {
        type: 'string',
        describe: 'file whose first line decrypts the root key; once, or once for each of them',
      })
      .option('yes', { type: 'boolean', describe: 'even if it is this node, which then leaves for good' })
      .check(complete) as Argv,
  run: (args) => (args.list === true ? list(args) : revoke(args)),
};

function complete(args: Record<string, unknown>): true {
  if (args.list === true) return true;
  if (args.target === undefined)
    throw new UsageError('mcc revoke needs a NODE, SIGNER or ORGANISATION, or --list');
  if (args.reason === undefined) throw new UsageError('mcc revoke needs a --reason');
  if ((args.rootKeyFile === undefined) !== (args.passphraseFile === undefined))
    throw new UsageError('--root-key-file and --passphrase-file go together');
  if (args.since !== undefined && args.rootKeyFile === undefined)
    throw new UsageError('--since is for signers, which only root keys revoke: --root-key-file');
  return true;
}

async function list(args: Arguments): Promise<number> {
  const found = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.get<RevocationList>('/v1/revocations'),
  );
  if (args.json) {
    json(found);
    return 0;
  }
  if (found.revocations.length === 0) next('nothing was revoked');
  for (const revocation of found.revocations) data(lineOf(revocation));
  return 0;
}

function lineOf({ kind, target, organisation, since, revoked, reason, by }: RevocationView): string {
  const of = organisation === null ? '' : ` of ${safe(organisation)}`;
  const from = since === null ? '' : `, what it signed since ${since}`;
  const who = by === 'roots' ? 'the root keys' : `signer ${by}`;
  const why = reason === '' ? '' : `: ${safe(reason, 120)}`;
  return `${revoked}  ${kind} ${target}${of}${from}, by ${who}${why}`;
}

async function revoke(args: Arguments): Promise<number> {
  const target = text(args, 'target') ?? '';
  const reason = text(args, 'reason') ?? '';
  const confirmed = args.yes === true;
  const revoked = await withDaemon(placeOf(args.state), {}, async ({ client }) => {
    await refuseSelf(client, target, confirmed);
    const input: RevokeInput =
      texts(args, 'rootKeyFile').length === 0
        ? { node: target, reason, confirmed }
        : { statement: await signed(args, client, target, reason), confirmed };
    return client.post<RevocationView>('/v1/revocations', input);
  });
  if (args.json) json(revoked);
  else {
    data(lineOf(revoked));
    talk('for good: its sessions end now, and no certificate of it is believed any more');
  }
  return 0;
}

/** Says what breaks before anything does. */
async function refuseSelf(client: Client, target: string, confirmed: boolean): Promise<void> {
  if (confirmed) return;
  const status = await client.get<Status>('/v1/status');
  const own = [status.nodeId, status.name, status.organisation, status.organisationId];
  if (!own.includes(target.toLowerCase())) return;
  const services = status.services.map(({ name }) => safe(name)).join(', ');
  if (services !== '') talk(`this node offers ${services}`);
  if (status.signer)
    talk('this node signs for its organisation: with it goes one that admits and renews others');
  if (target === status.organisation || target === status.organisationId)
    talk('all nodes of this organisation would leave the network');
  throw new CodedError('REVOKE_SELF', safe(target));
}

/** By root keys, which never reach the daemon: the statement in base64url. */
async function signed(args: Arguments, client: Client, target: string, reason: string): Promise<string> {
  const { readPassphrase, readRootKey } = await import('../root-key.ts');
  const { networkOf, readFile } = await import('../documents.ts');
  const { revokeByRoots } = await import('../revoking.ts');
  const { document } = await client.get<NetworkView>('/v1/network');
  const passphrases = texts(args, 'passphraseFile').map(readPassphrase);
  const seeds = texts(args, 'rootKeyFile').map((file, i) => {
    const key = readRootKey(readFile(file), passphrases[i] ?? passphrases[0]);
    if (key === undefined) throw new CodedError('ROOT_KEY_WRONG', `${file} does not open`);
    return key.seed;
  });
  const what = await targetOf(client, target);
  const since = sinceOf(text(args, 'since'));
  if (since !== 0 && what.kind !== 'signer')
    throw new UsageError(`--since is for signers, and this is a ${what.kind}`);
  return revokeByRoots(networkOf(document).network, { ...what, since, reason }, seeds);
}

/** Organisations and signers that are known here go before nodes: by root keys, nodes are the exception. */
async function targetOf(
  client: Client,
  target: string,
): Promise<{ readonly kind: RevocationView['kind']; readonly id: string }> {
  const { organisations } = await client.get<OrganisationList>('/v1/organisations');
  const named = organisations.filter(
    ({ name, organisationId }) => name === target || organisationId === target.toLowerCase(),
  );
  if (named.length > 1) throw new CodedError('ORGANISATION_AMBIGUOUS', target);
  const signer = organisations
    .flatMap(({ signers }) => signers)
    .find(({ key }) => key === target.toLowerCase());
  // The first signer's key is the organisation's ID: its name stands for the organisation.
  if (named.length === 1 && (signer === undefined || named[0].name === target))
    return { kind: 'organisation', id: named[0].organisationId };
  if (signer !== undefined) return { kind: 'signer', id: signer.key };
  const status = await client.get<Status>('/v1/status');
  const node = [{ name: status.name, nodeId: status.nodeId }, ...status.peers].find(
    ({ name, nodeId }) => name === target || nodeId === target.toLowerCase(),
  );
  return { kind: 'node', id: node?.nodeId ?? target.toLowerCase() };
}

function sinceOf(since: string | undefined): number {
  if (since === undefined) return 0;
  const ms = Date.parse(since);
  if (!(ms > 0)) throw new UsageError('--since is a time such as 2026-05-01T12:00:00Z');
  return Math.floor(ms / 1000);
}
