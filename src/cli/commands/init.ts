import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import type { InitInput, InitResult, Keys } from '../../host/api/types.ts';
import type { Client } from '../client.ts';
import { type Arguments, type Command, text } from '../command.ts';
import { UsageError } from '../errors.ts';
import { checkName, nameFromHost } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, safe, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .option('network', { type: 'string', default: 'mcc', describe: 'name of the network' })
      .option('organisation', { type: 'string', default: 'main', describe: 'name of its first organisation' })
      .option('name', { type: 'string', describe: "name of this node [the host's name]" })
      .option('root-key-file', {
        type: 'string',
        describe: 'keep the root key in this new file, encrypted, instead of printing its recovery phrase',
      })
      .option('passphrase-file', {
        type: 'string',
        describe: 'file whose first line encrypts the root key file; - reads standard input',
      }),
  async run(args) {
    const wanted = read(args);
    const { result, phrase, temporary } = await withDaemon(
      placeOf(args.state),
      { founds: true },
      async (connection) => ({ ...(await init(connection.client, wanted)), temporary: connection.temporary }),
    );
    if (args.json) json(phrase === undefined ? result : { ...result, recoveryPhrase: phrase });
    else print(result, phrase, wanted.rootKeyFile);
    if (temporary) next('start the daemon:  mcc run        then:  mcc invite');
    else next('let another node in:  mcc invite');
    return 0;
  },
};

interface Wanted {
  readonly network: string;
  readonly organisation: string;
  readonly name: string;
  readonly rootKeyFile: string | undefined;
  readonly passphraseFile: string | undefined;
}

function read(args: Arguments): Wanted {
  const rootKeyFile = text(args, 'rootKeyFile');
  const passphraseFile = text(args, 'passphraseFile');
  if ((rootKeyFile === undefined) !== (passphraseFile === undefined)) {
    throw new UsageError('--root-key-file and --passphrase-file go together');
  }
  return {
    network: checkName(text(args, 'network') ?? ''),
    organisation: checkName(text(args, 'organisation') ?? ''),
    name: checkName(text(args, 'name') ?? nameFromHost(hostname())),
    rootKeyFile,
    passphraseFile,
  };
}

async function init(
  client: Client,
  wanted: Wanted,
): Promise<{ result: InitResult; phrase: string | undefined }> {
  const keys = await client.post<Keys>('/v1/keys', {});
  const { found, readPassphrase, writeRootKey } = await import('../root-key.ts');
  const signerKey = new Uint8Array(Buffer.from(keys.signerKey, 'base64url'));
  const founding = found(wanted.network, wanted.organisation, signerKey);
  // On disk before the network exists: a network whose root key is lost can never admit a second organisation.
  if (wanted.rootKeyFile !== undefined && wanted.passphraseFile !== undefined) {
    writeRootKey(wanted.rootKeyFile, founding.seed, readPassphrase(wanted.passphraseFile));
  }
  const input: InitInput = {
    genesis: founding.genesis,
    organisation: founding.organisation,
    name: wanted.name,
  };
  let result: InitResult;
  try {
    result = await client.post<InitResult>('/v1/init', input);
  } catch (error) {
    // There is no network that this key could be the root of.
    if (wanted.rootKeyFile !== undefined) rmSync(wanted.rootKeyFile, { force: true });
    throw error;
  }
  return { result, phrase: wanted.rootKeyFile === undefined ? founding.phrase : undefined };
}

function print(result: InitResult, phrase: string | undefined, rootKeyFile: string | undefined): void {
  data(`network    ${safe(result.network)} ${result.networkId}`);
  data(`node       ${safe(result.name)} ${result.nodeId}`);
  data(`signer of  ${safe(result.organisation)} ${result.organisationId}`);
  data(`addresses  ${[result.addresses.ipv6, result.addresses.ipv4].filter(Boolean).join('  ')}`);
  if (phrase === undefined) {
    talk(`the root key is in ${rootKeyFile}, under your passphrase: keep both away from this host`);
    return;
  }
  const words = phrase.split(' ');
  data('root key');
  for (let i = 0; i < words.length; i += 6) data(`  ${words.slice(i, i + 6).join(' ')}`);
  talk('write these 24 words on paper: they are shown once, kept nowhere, and sign further organisations');
}
