import type { Argv } from 'yargs';
import { CodedError } from '../../core/base/errors.ts';
import { formatDuration } from '../../core/base/time.ts';
import type {
  InstallInput,
  InstallResult,
  NetworkView,
  OrganisationList,
  OrganisationView,
  RequestView,
  Status,
} from '../../host/api/types.ts';
import { type Arguments, type Command, text, texts } from '../command.ts';
import { UsageError } from '../errors.ts';
import { checkName, nameFromHost } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, path, plural, roundTrip, safe, table, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

const { hostname } = process.getBuiltinModule('node:os');

const SIGNER_ACTIONS = ['request', 'approve', 'retire'];

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('action', {
        choices: ['create', 'install', 'list', 'show', 'signer'],
        demandOption: true,
      })
      .positional('subject', {
        type: 'string',
        describe:
          'create: its name; install: the signed document, a file or -; show: name or ID; signer: request, approve, retire',
      })
      .positional('document', { type: 'string', describe: 'signer approve: the request, a file or -' })
      .option('name', { type: 'string', describe: "install: name of this node [the host's name]" })
      .option('contact', {
        type: 'string',
        describe: 'install: NODEID@HOST:PORT or a join token, where the network is found; may be repeated',
      })
      .option('genesis', {
        type: 'boolean',
        describe: 'show: print what the network is, for mcc certificate sign',
      })
      .option('new-key', { type: 'boolean', describe: 'signer request: another key for this signer' })
      .option('yes', { type: 'boolean', describe: 'signer retire: although no other signer is known' })
      .check(complete) as Argv,
  run(args) {
    switch (args.action) {
      case 'create':
        return create(args);
      case 'install':
        return install(args);
      case 'signer':
        return signer(args);
      case 'show':
        return args.genesis === true ? showGenesis(args) : show(args);
    }
    return list(args);
  },
};

function complete(args: Record<string, unknown>): true {
  const { action, subject, document } = args;
  if (action === 'create' && subject === undefined)
    throw new UsageError('mcc organisation create needs a NAME');
  if (action === 'install' && subject === undefined)
    throw new UsageError('mcc organisation install needs the signed document, a file that holds it, or -');
  if (action === 'signer' && !SIGNER_ACTIONS.includes(String(subject)))
    throw new UsageError(`mcc organisation signer ${SIGNER_ACTIONS.join(' | ')}`);
  if (subject === 'approve' && action === 'signer' && document === undefined)
    throw new UsageError('mcc organisation signer approve needs the request, a file that holds it, or -');
  return true;
}

async function create(args: Arguments): Promise<number> {
  const name = checkName(text(args, 'subject') ?? '');
  const request = await withDaemon(placeOf(args.state), { founds: true }, ({ client }) =>
    client.post<RequestView>('/v1/organisations', { name }),
  );
  if (args.json) {
    json(request);
    return 0;
  }
  talk(`organisation ${safe(name)} ${request.organisationId}: its keys are made and stay on this host`);
  talk('1. send the line below to whoever holds a root key of the network; it holds no secret');
  talk('2. they run: mcc certificate sign LINE, and send back what it prints');
  talk('3. here: mcc organisation install WHAT-THEY-SENT');
  data(request.document);
  return 0;
}

async function install(args: Arguments): Promise<number> {
  const { readText } = await import('../documents.ts');
  const document = await readText(text(args, 'subject') ?? '');
  const contacts = await Promise.all(
    texts(args, 'contact').map((one) => (one.includes('@') ? one : readText(one))),
  );
  const name = text(args, 'name');
  const input: InstallInput = {
    document,
    name: checkName(name ?? nameFromHost(hostname())),
    ...(contacts.length === 0 ? {} : { contacts }),
  };
  const { result, temporary } = await withDaemon(
    placeOf(args.state),
    { founds: true },
    async (connection) => ({
      result: await connection.client.post<InstallResult>('/v1/organisations/install', input),
      temporary: connection.temporary,
    }),
  );
  if (args.json) {
    json(result);
    return 0;
  }
  data(`network    ${safe(result.network)} ${result.networkId}`);
  data(`node       ${safe(result.name)} ${result.nodeId}`);
  data(`signer of  ${safe(result.organisation)} ${result.organisationId}`);
  data(`addresses  ${[result.addresses.ipv6, result.addresses.ipv4].filter(Boolean).join('  ')}`);
  const { peer, warnings } = result;
  if (peer !== null) data(`ping       ${safe(peer.name)} ${roundTrip(peer.rttMs[0])} ${path(peer.path)}`);
  for (const warning of warnings) talk(`! ${safe(warning.message, 300)}`);
  if (temporary) talk('no daemon runs here yet; start it: mcc run');
  next('let nodes of the organisation in: mcc invite');
  return 0;
}

async function list(args: Arguments): Promise<number> {
  const { organisations } = await known(args);
  if (args.json) {
    json({ organisations });
    return 0;
  }
  const rows = organisations.map((organisation) => [
    safe(organisation.name),
    organisation.own ? 'own' : '',
    String(organisation.nodes),
    String(organisation.signers.length),
    organisation.organisationId,
  ]);
  for (const line of table([['ORGANISATION', '', 'NODES', 'SIGNERS', 'ID'], ...rows], [2, 3])) data(line);
  return 0;
}

function known(args: Arguments): Promise<OrganisationList> {
  return withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.get<OrganisationList>('/v1/organisations'),
  );
}

async function show(args: Arguments): Promise<number> {
  const wanted = text(args, 'subject');
  const { status, organisations } = await withDaemon(placeOf(args.state), {}, async ({ client }) => ({
    status: await client.get<Status>('/v1/status'),
    organisations: (await client.get<OrganisationList>('/v1/organisations')).organisations,
  }));
  const found = find(organisations, wanted);
  if (args.json) {
    json(found);
    return 0;
  }
  data(`organisation  ${safe(found.name)} ${found.organisationId}`);
  data(`nodes         ${found.nodes} known here${found.own ? ', this one included' : ''}`);
  for (const { key, notAfter, nodes, here } of found.signers) {
    data(`signer        ${key}${here ? ' (this node)' : ''}`);
    data(`              until ${notAfter.slice(0, 10)}; admitted ${plural(nodes, 'node')} known here`);
  }
  if (found.epoch !== null) {
    const { number, ageS } = found.epoch;
    data(`epoch         ${number}, for ${formatDuration(ageS * 1000)}`);
  } else if (found.own)
    data('epoch         none yet: private services are not published before a signer is met');
  if (found.own) {
    data(`this node     ${status.signer ? 'admits others: mcc invite' : 'does not admit others'}`);
    data(`its own certificate ends ${status.certificateExpires?.slice(0, 10) ?? 'at an unknown time'}`);
  }
  return 0;
}

/** An ID before a name, the own one before others. */
function find(organisations: readonly OrganisationView[], wanted: string | undefined): OrganisationView {
  if (wanted === undefined) {
    const own = organisations.find((organisation) => organisation.own);
    if (own === undefined) throw new CodedError('NOT_INITIALISED');
    return own;
  }
  const byId = organisations.find(({ organisationId }) => organisationId === wanted);
  const named = organisations.filter(({ name }) => name === wanted);
  const found = byId ?? named.find(({ own }) => own) ?? named[0];
  if (found === undefined) throw new CodedError('ORGANISATION_UNKNOWN', wanted.slice(0, 64));
  if (byId === undefined && !found.own && named.length > 1)
    throw new CodedError(
      'ORGANISATION_AMBIGUOUS',
      named.map(({ organisationId }) => organisationId).join(', '),
    );
  return found;
}

async function showGenesis(args: Arguments): Promise<number> {
  const network = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.get<NetworkView>('/v1/network'),
  );
  if (args.json) {
    json(network);
    return 0;
  }
  const { threshold, rootKeys } = network;
  talk(
    `network ${safe(network.network)} ${network.networkId}: ${threshold} of ${plural(rootKeys, 'root key')} sign for it`,
  );
  data(network.document);
  return 0;
}

async function signer(args: Arguments): Promise<number> {
  switch (text(args, 'subject')) {
    case 'request':
      return requestSigner(args);
    case 'approve':
      return approve(args);
  }
  await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.post<void>('/v1/organisations/signers/retire', { force: args.yes === true }),
  );
  if (args.json) json({ retired: true });
  else {
    data('this node is no signer any more: its signing key is destroyed');
    talk('nodes that it admitted stay; its tokens are void');
  }
  return 0;
}

async function requestSigner(args: Arguments): Promise<number> {
  const request = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.post<RequestView>('/v1/organisations/signers/request', { newKey: args.newKey === true }),
  );
  if (args.json) {
    json(request);
    return 0;
  }
  talk(`this node asks to be a signer of ${safe(request.organisation)}`);
  if (!request.approved) talk('first, on a signer of it: mcc organisation signer approve LINE');
  talk(
    'then, whoever holds a root key: mcc certificate sign LINE, and here: mcc organisation install WHAT-THEY-SENT',
  );
  data(request.document);
  return 0;
}

async function approve(args: Arguments): Promise<number> {
  const { readText } = await import('../documents.ts');
  const document = await readText(text(args, 'document') ?? '');
  const request = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.post<RequestView>('/v1/organisations/signers/approve', { document }),
  );
  if (args.json) {
    json(request);
    return 0;
  }
  talk(`approved: ${request.signer} as a signer of ${safe(request.organisation)}`);
  talk('now whoever holds a root key: mcc certificate sign LINE');
  data(request.document);
  return 0;
}
