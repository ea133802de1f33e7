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
import { data, json, next, plural, safe, talk } from '../print.ts';
import type { Wanted } from '../revoking.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('target', {
        type: 'string',
        describe: "name or ID of a node, a signer's key, or the name or ID of an organisation",
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
      .option('request', {
        type: 'boolean',
        describe:
          'print what root keys are to sign, also of a node; of signers and organisations it always does',
      })
      .option('install', {
        type: 'boolean',
        describe:
          'TARGET is what root keys signed (the text, a file, or - for standard input): put it into force',
      })
      .option('yes', { type: 'boolean', describe: 'even if it is this node, which then leaves for good' })
      .check(complete) as Argv,
  run: (args) => {
    if (args.list === true) return list(args);
    return args.install === true ? install(args) : revoke(args);
  },
};

function complete(args: Record<string, unknown>): true {
  if (args.list === true) return true;
  if (args.install === true) {
    if (args.target === undefined) throw new UsageError('mcc revoke --install needs a DOCUMENT, a file or -');
    if (args.reason !== undefined) throw new UsageError('the reason stands in the document already');
    return true;
  }
  if (args.target === undefined)
    throw new UsageError('mcc revoke needs a NODE, SIGNER or ORGANISATION, or --list');
  if (args.reason === undefined) throw new UsageError('mcc revoke needs a --reason');
  if ((args.rootKeyFile === undefined) !== (args.passphraseFile === undefined))
    throw new UsageError('--root-key-file and --passphrase-file go together');
  if (args.request === true && args.rootKeyFile !== undefined)
    throw new UsageError('--request is for root keys that are elsewhere');
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
  const hasKeys = texts(args, 'rootKeyFile').length > 0;
  return withDaemon(placeOf(args.state), {}, async ({ client }) => {
    const what = await targetOf(client, target, !hasKeys && args.request !== true);
    const since = sinceOf(text(args, 'since'));
    if (since !== 0 && what.kind !== 'signer')
      throw new UsageError(`--since is for signers, and this is a ${what.kind}`);
    const wanted = { ...what, since, reason };
    if (!hasKeys && (what.kind !== 'node' || args.request === true)) return ask(args, client, wanted);
    await refuseSelf(client, what, confirmed);
    const input: RevokeInput = hasKeys
      ? { statement: await signed(args, client, wanted), confirmed }
      : { node: target, reason, confirmed };
    return told(args, await client.post<RevocationView>('/v1/revocations', input));
  });
}

function told(args: Arguments, revoked: RevocationView): number {
  if (args.json) json(revoked);
  else {
    data(lineOf(revoked));
    talk('for good: its sessions end now, and no certificate of it is believed any more');
  }
  return 0;
}

/** Nothing is revoked yet: what root keys are to sign. */
async function ask(args: Arguments, client: Client, wanted: Wanted): Promise<number> {
  const { networkOf } = await import('../documents.ts');
  const { revocationRequest } = await import('../revoking.ts');
  const { document, threshold, rootKeys } = await client.get<NetworkView>('/v1/network');
  const request = revocationRequest(networkOf(document).network, wanted);
  const { kind, id } = wanted;
  if (args.json) json({ kind, target: id, request, threshold, rootKeys });
  else {
    talk(
      `nothing is revoked yet: for this ${kind} it takes ${threshold} of ${plural(rootKeys, 'root key')}.`,
    );
    talk(
      'Each holder, on a machine that needs no network: mcc certificate sign DOCUMENT --root-key-file F …',
    );
    talk(
      '(the first one gets this, each further one what the one before printed; without a root key file also',
    );
    talk(
      '--genesis, which mcc organisation show --genesis prints). Then, on any node: mcc revoke --install DOCUMENT',
    );
    data(request);
  }
  return 0;
}

/** What root keys signed elsewhere takes effect. */
async function install(args: Arguments): Promise<number> {
  const { networkOf, readText } = await import('../documents.ts');
  const { signedRevocation } = await import('../revoking.ts');
  const document = await readText(text(args, 'target') ?? '');
  const confirmed = args.yes === true;
  return withDaemon(placeOf(args.state), {}, async ({ client }) => {
    const here = await client.get<NetworkView>('/v1/network');
    const { statement, ...what } = signedRevocation(document, networkOf(here.document).network);
    await refuseSelf(client, what, confirmed);
    return told(args, await client.post<RevocationView>('/v1/revocations', { statement, confirmed }));
  });
}

/** Says what breaks before anything does. Whether this node is a member by a signer that goes, the daemon knows. */
async function refuseSelf(
  client: Client,
  { kind, id }: Pick<Wanted, 'kind' | 'id'>,
  confirmed: boolean,
): Promise<void> {
  if (confirmed || kind === 'signer') return;
  const status = await client.get<Status>('/v1/status');
  if (id !== (kind === 'node' ? status.nodeId : status.organisationId)) return;
  const services = status.services.map(({ name }) => safe(name)).join(', ');
  if (services !== '') talk(`this node offers ${services}`);
  if (status.signer)
    talk('this node signs for its organisation: with it goes one that admits and renews others');
  if (kind === 'organisation') talk('all nodes of this organisation would leave the network');
  throw new CodedError('REVOKE_SELF', safe((kind === 'node' ? status.name : status.organisation) ?? id));
}

/** By root keys, which never reach the daemon: the statement in base64url. */
async function signed(args: Arguments, client: Client, wanted: Wanted): Promise<string> {
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
  return revokeByRoots(networkOf(document).network, wanted, seeds);
}

/**
 * With root keys, organisations and signers that are known here go before nodes, which are the exception then; without, the nodes that
 * this one may revoke go first.
 */
async function targetOf(
  client: Client,
  target: string,
  nodesFirst: boolean,
): Promise<Pick<Wanted, 'kind' | 'id'>> {
  const status = await client.get<Status>('/v1/status');
  const nodes = [{ name: status.name, nodeId: status.nodeId }, ...status.peers].filter(
    ({ name, nodeId }) => name === target || nodeId === target.toLowerCase(),
  );
  const node = nodes.find(({ nodeId }) => nodeId === target.toLowerCase()) ?? nodes.at(0);
  if (nodesFirst && node !== undefined) return { kind: 'node', id: node.nodeId ?? target };
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
  return { kind: 'node', id: node?.nodeId ?? target.toLowerCase() };
}

function sinceOf(since: string | undefined): number {
  if (since === undefined) return 0;
  const ms = Date.parse(since);
  if (!(ms > 0)) throw new UsageError('--since is a time such as 2026-05-01T12:00:00Z');
  return Math.floor(ms / 1000);
}
