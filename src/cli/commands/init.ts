import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import type { InitResult, Keys } from '../../host/api/types.ts';
import type { Client } from '../client.ts';
import { type Arguments, type Command, text, texts } from '../command.ts';
import { UsageError } from '../errors.ts';
import { checkName, nameFromHost, parseWhole } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, safe, talk } from '../print.ts';
import { withDaemon } from '../session.ts';

/** Root keys of a network, and signatures of them that a certificate has room for (core/wire/limits.ts). */
const ROOT_KEYS_MAX = 8;
const ROOT_SIGNATURES_MAX = 5;

export const command: Command = {
  options: (yargs) =>
    yargs
      .option('network', { type: 'string', default: 'mcc', describe: 'name of the network' })
      .option('organisation', { type: 'string', default: 'main', describe: 'name of its first organisation' })
      .option('name', { type: 'string', describe: "name of this node [the host's name]" })
      .option('root-keys', {
        type: 'string',
        default: '1',
        describe: 'how many root keys the network has: each holder of one gets its own',
      })
      .option('threshold', {
        type: 'string',
        describe: 'how many of them must sign an organisation [more than half]',
      })
      .option('root-key-file', {
        type: 'string',
        describe:
          'keep the root key in this new file, encrypted, instead of printing its recovery phrase; once for each root key',
      })
      .option('passphrase-file', {
        type: 'string',
        describe:
          'file whose first line encrypts the root key file; - reads standard input; once, or once for each root key',
      }),
  async run(args) {
    const wanted = read(args);
    const { result, phrases, temporary } = await withDaemon(
      placeOf(args.state),
      { founds: true },
      async (connection) => ({ ...(await init(connection.client, wanted)), temporary: connection.temporary }),
    );
    if (args.json) json({ ...result, ...shown(phrases) });
    else print(result, phrases, wanted);
    if (temporary) next('start the daemon:  mcc run        then:  mcc invite');
    else next('let another node in:  mcc invite');
    return 0;
  },
};

interface Wanted {
  readonly network: string;
  readonly organisation: string;
  readonly name: string;
  readonly count: number;
  readonly threshold: number;
  /** One for each root key, or none. */
  readonly rootKeyFiles: readonly string[];
  readonly passphraseFiles: readonly string[];
}

function read(args: Arguments): Wanted {
  const rootKeyFiles = texts(args, 'rootKeyFile');
  const passphraseFiles = texts(args, 'passphraseFile');
  if ((rootKeyFiles.length === 0) !== (passphraseFiles.length === 0)) {
    throw new UsageError('--root-key-file and --passphrase-file go together');
  }
  const count = parseWhole(text(args, 'rootKeys'), '--root-keys', 1, ROOT_KEYS_MAX);
  if (rootKeyFiles.length !== 0 && rootKeyFiles.length !== count)
    throw new UsageError(`--root-keys ${count} needs as many --root-key-file`);
  if (passphraseFiles.length > 1 && passphraseFiles.length !== count)
    throw new UsageError('--passphrase-file is given once, or once for each root key');
  if (passphraseFiles.length > 1 && passphraseFiles.includes('-'))
    throw new UsageError('standard input has one passphrase: give the others as files');
  const most = Math.min(count, ROOT_SIGNATURES_MAX);
  return {
    network: checkName(text(args, 'network') ?? ''),
    organisation: checkName(text(args, 'organisation') ?? ''),
    name: checkName(text(args, 'name') ?? nameFromHost(hostname())),
    count,
    threshold: parseWhole(text(args, 'threshold') ?? Math.floor(count / 2) + 1, '--threshold', 1, most),
    rootKeyFiles,
    passphraseFiles,
  };
}

async function init(client: Client, wanted: Wanted): Promise<{ result: InitResult; phrases: string[] }> {
  const keys = await client.post<Keys>('/v1/keys', {});
  const { found, readPassphrase, writeRootKey } = await import('../root-key.ts');
  const passphrases = wanted.passphraseFiles.map(readPassphrase);
  const signerKey = new Uint8Array(Buffer.from(keys.signerKey, 'base64url'));
  const { roots, genesis, input } = found(
    wanted.network,
    wanted.organisation,
    signerKey,
    wanted.count,
    wanted.threshold,
  );
  const written: string[] = [];
  try {
    // On disk before the network exists: a network whose root key is lost can never admit a second organisation.
    wanted.rootKeyFiles.forEach((file, i) => {
      writeRootKey(file, roots[i].seed, genesis, passphrases[i] ?? passphrases[0]);
      written.push(file);
    });
    const result = await client.post<InitResult>('/v1/init', { ...input, name: wanted.name });
    return { result, phrases: written.length > 0 ? [] : roots.map(({ phrase }) => phrase) };
  } catch (error) {
    // There is no network that these keys could be the roots of.
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
}

/** As JSON: of one root key `recoveryPhrase`, of several `recoveryPhrases`. */
function shown(phrases: readonly string[]): object {
  if (phrases.length === 0) return {};
  return phrases.length === 1 ? { recoveryPhrase: phrases[0] } : { recoveryPhrases: phrases };
}

function print(result: InitResult, phrases: readonly string[], wanted: Wanted): void {
  data(`network    ${safe(result.network)} ${result.networkId}`);
  data(`node       ${safe(result.name)} ${result.nodeId}`);
  data(`signer of  ${safe(result.organisation)} ${result.organisationId}`);
  data(`addresses  ${[result.addresses.ipv6, result.addresses.ipv4].filter(Boolean).join('  ')}`);
  const { count, threshold, rootKeyFiles } = wanted;
  if (count > 1) data(`root keys  ${threshold} of ${count} must sign a further organisation`);
  if (rootKeyFiles.length > 0) {
    const which = count === 1 ? 'the root key is' : 'the root keys are';
    talk(`${which} in ${rootKeyFiles.join(', ')}, under your passphrase: keep both away from this host`);
    return;
  }
  phrases.forEach((phrase, key) => {
    const words = phrase.split(' ');
    data(count === 1 ? 'root key' : `root key ${key + 1} of ${count}`);
    for (let i = 0; i < words.length; i += 6) data(`  ${words.slice(i, i + 6).join(' ')}`);
  });
  if (count > 1) talk('give each of them to another person');
  talk('write these 24 words on paper: they are shown once, kept nowhere, and sign further organisations');
}
