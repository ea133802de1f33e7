import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Argv } from 'yargs';
import { CodedError } from '../../core/base/errors.ts';
import type { NetworkView, OrganisationList, Status } from '../../host/api/types.ts';
import { Client } from '../client.ts';
import { type Arguments, type Command, text, texts } from '../command.ts';
import { UsageError } from '../errors.ts';
import { parseWhole } from '../parse.ts';
import { type Place, placeOf } from '../paths.ts';
import { data, json, plural, safe, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

const YEARS = 10;
const YEARS_MAX = 30;

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('action', { choices: ['sign', 'show'], demandOption: true })
      .positional('document', {
        type: 'string',
        describe:
          'the text, a file that holds it, or - for standard input; show: [the certificate of this node]',
      })
      .option('root-key-file', { type: 'string', describe: 'file with the root key that mcc init wrote' })
      .option('passphrase-file', { type: 'string', describe: 'file whose first line decrypts the root key' })
      .option('recovery-phrase-file', {
        type: 'string',
        describe: 'file with the 24 words of the root key; - reads standard input',
      })
      .option('genesis', {
        type: 'string',
        describe:
          'what `mcc organisation show --genesis` printed on any node, or a file with it [the daemon here]',
      })
      .option('contact', {
        type: 'string',
        describe: 'NODEID@HOST:PORT of a node by which the network is found; may be repeated [the node here]',
      })
      .option('years', { type: 'string', default: String(YEARS), describe: 'how long the certificate lives' })
      .option('yes', { type: 'boolean', describe: 'do not ask before signing' })
      .check(complete) as Argv,
  run: (args) => (args.action === 'sign' ? sign(args) : show(args)),
};

function complete(args: Record<string, unknown>): true {
  if (args.action !== 'sign') return true;
  if (args.document === undefined) throw new UsageError('mcc certificate sign needs a DOCUMENT, a file or -');
  const isFile = args.rootKeyFile !== undefined;
  if (isFile === (args.recoveryPhraseFile !== undefined))
    throw new UsageError(
      'name the root key: --root-key-file with --passphrase-file, or --recovery-phrase-file',
    );
  if (isFile !== (args.passphraseFile !== undefined))
    throw new UsageError('--root-key-file and --passphrase-file go together');
  return true;
}

async function sign(args: Arguments): Promise<number> {
  const documents = await import('../documents.ts');
  const given = text(args, 'document') ?? '';
  const secret = text(args, 'recoveryPhraseFile') ?? text(args, 'passphraseFile');
  if (given === '-' && secret === '-')
    throw new UsageError('standard input can hold one thing: give the other as a file');
  const years = parseWhole(text(args, 'years'), '--years', 1, YEARS_MAX);
  const document = await documents.readText(given);
  const here = await describedHere(placeOf(args.state));
  const key = await readKey(args);
  const source = await networkText(args, document, key.genesis, here);
  const { network } = documents.networkOf(source);
  const near = here !== undefined && here.networkId === network.idText ? here.document : undefined;
  const contacts = [...texts(args, 'contact'), ...(near === undefined ? [] : [near]), source].flatMap((one) =>
    documents.contactsOf(one, network),
  );
  const prepared = documents.prepare(document, network, years, contacts, Date.now());
  // Refused before anybody is asked.
  const signed = documents.sign(prepared, key.seed);
  const { explainDocument, explainRequest } = await import('../explain.ts');
  const explained = explainDocument(signed);
  const asked = signed.organisation?.asked;
  const lines =
    asked === undefined
      ? explained.lines.slice(1)
      : [...explainRequest(asked).lines.slice(1), ...explained.lines.slice(3)];
  for (const [label, value] of lines) talk(`${label.padEnd(13)}${safe(value, 200)}`);
  const namesake =
    here === undefined || asked === undefined
      ? undefined
      : await namesakeOf(placeOf(args.state), asked.wanted, documents.idOf);
  if (namesake !== undefined)
    talk(`! another organisation has this name already: ${namesake}; by name alone nobody will find either`);
  if (!(await isWanted(args, given === '-' || secret === '-'))) {
    talk('nothing was signed');
    return 1;
  }
  const result = documents.textOf(signed);
  if (args.json) {
    json({ ...explained.json, complete: signed.missing === 0, document: result });
    return 0;
  }
  if (signed.missing > 0) {
    talk(`${plural(signed.missing, 'further root key')} must sign: hand this on for mcc certificate sign:`);
  } else if (asked === undefined) {
    talk('it takes effect with mcc revoke --install on any node of the network:');
  } else {
    if (signed.document.contacts.length === 0)
      talk(
        '! it names no node by which the network is found: give --contact NODEID@HOST:PORT here or when it is installed',
      );
    talk('give this back to whoever asked, for mcc organisation install:');
  }
  data(result);
  return 0;
}

/** What the daemon of this host, if one runs, says of its network: it is not needed. */
async function describedHere(place: Place): Promise<NetworkView | undefined> {
  if (!existsSync(place.socket)) return undefined;
  return new Client(place.socket).get<NetworkView>('/v1/network').catch(() => undefined);
}

/** ID of another organisation of the same name, as the daemon of this host knows it. */
async function namesakeOf(
  place: Place,
  wanted: { readonly name: string; readonly organisation: Uint8Array },
  idOf: (id: Uint8Array) => string,
): Promise<string | undefined> {
  const list = await new Client(place.socket)
    .get<OrganisationList>('/v1/organisations')
    .catch(() => undefined);
  const id = idOf(wanted.organisation);
  const found = list?.organisations.find((one) => one.name === wanted.name && one.organisationId !== id);
  return found?.organisationId;
}

async function readKey(args: Arguments): Promise<{ seed: Uint8Array; genesis: string | undefined }> {
  const { readPassphrase, readRecoveryPhrase, readRootKey, readRootKeyFile } = await import('../root-key.ts');
  const phraseFile = text(args, 'recoveryPhraseFile');
  if (phraseFile !== undefined) return { seed: readRecoveryPhrase(phraseFile), genesis: undefined };
  const content = readRootKeyFile(text(args, 'rootKeyFile') ?? '');
  const key = readRootKey(content, readPassphrase(text(args, 'passphraseFile') ?? ''));
  if (key === undefined) throw new CodedError('ROOT_KEY_WRONG', 'the root key file does not open');
  return key;
}

/** Which network: said, in the document, beside the root key, or the one of the daemon here. */
async function networkText(
  args: Arguments,
  document: string,
  beside: string | undefined,
  here: NetworkView | undefined,
): Promise<string> {
  const { readText } = await import('../documents.ts');
  const said = text(args, 'genesis');
  if (said !== undefined) return readText(said);
  if (/^mccs[1il]/i.test(document)) return document;
  const found = beside ?? here?.document;
  if (found !== undefined) return found;
  throw new UsageError(
    'which network? Give --genesis with what `mcc organisation show --genesis` prints on one of its nodes',
  );
}

/** People who watch are asked; a script has said so by calling. */
async function isWanted(args: Arguments, isInputUsed: boolean): Promise<boolean> {
  if (args.yes === true || isInputUsed || !process.stdin.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('sign this? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

async function show(args: Arguments): Promise<number> {
  const given = text(args, 'document');
  if (given === undefined) return showOwn(args);
  const { readText } = await import('../documents.ts');
  const { explain } = await import('../explain.ts');
  const explained = explain(await readText(given));
  if (args.json) json(explained.json);
  else for (const [label, value] of explained.lines) data(`${label.padEnd(13)}${safe(value, 400)}`);
  return 0;
}

async function showOwn(args: Arguments): Promise<number> {
  const { status, organisations } = await withDaemon(placeOf(args.state), {}, async ({ client }) => ({
    status: await client.get<Status>('/v1/status'),
    organisations: (await client.get<OrganisationList>('/v1/organisations')).organisations,
  }));
  const own = organisations.find((organisation) => organisation.own);
  if (args.json) {
    const { nodeId, name, organisation, organisationId, networkId, network, certificateExpires, signer } =
      status;
    json({
      kind: 'member',
      nodeId,
      name,
      organisation,
      organisationId,
      networkId,
      network,
      certificateExpires,
      signer,
      signers: own?.signers ?? [],
    });
    return 0;
  }
  data(`this is      the certificate of this node`);
  data(`node         ${safe(status.name ?? '')} ${status.nodeId}`);
  data(`organisation ${safe(status.organisation ?? '')} ${status.organisationId}`);
  data(`network      ${safe(status.network ?? '')} ${status.networkId}`);
  data(`valid        until ${status.certificateExpires ?? 'unknown'}; it renews itself`);
  data(`it may       ${status.signer ? 'admit nodes to its organisation' : 'not admit others'}`);
  return 0;
}
