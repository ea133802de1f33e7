// Arguments of `mcc run` and of the daemon that the cli starts for one command.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CodedError } from '../../core/base/errors.ts';
import { applyOption, type Config, readConfig } from './config.ts';

const DEFAULT_STATE = '/var/lib/mcc';
const DEFAULT_SOCKET = '/run/mcc/mcc.sock';
const DEFAULT_CONFIG = '/etc/mcc/mcc.yaml';

export interface DaemonOptions {
  readonly state: string;
  readonly socket: string;
  readonly configPath: string;
  readonly config: Config;
  /** Started by the cli for one command: no interface; the end of standard input ends it. */
  readonly forCommand: boolean;
}

export async function readOptions(
  args: readonly string[],
  read: (path: string) => Promise<Config> = readConfig,
): Promise<DaemonOptions> {
  const values = parse(args);
  const state = values.state === undefined ? DEFAULT_STATE : resolve(values.state);
  const inState = values.state !== undefined;
  const configPath = inState ? join(state, 'mcc.yaml') : DEFAULT_CONFIG;
  const config = await read(configPath);
  if (values.listen !== undefined) applyOption(config, 'listen', '--listen', values.listen);
  if (values.interface !== undefined) applyOption(config, 'interface', '--interface', values.interface);
  if (values.advertise !== undefined) applyOption(config, 'advertise', '--advertise', values.advertise);
  if (values['log-level'] !== undefined) applyOption(config, 'logLevel', '--log-level', values['log-level']);
  return {
    state,
    socket: inState ? join(state, 'mcc.sock') : DEFAULT_SOCKET,
    configPath,
    config,
    forCommand: values['for-command'] === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        state: { type: 'string' },
        listen: { type: 'string', multiple: true },
        interface: { type: 'string' },
        advertise: { type: 'string', multiple: true },
        'log-level': { type: 'string' },
        json: { type: 'boolean' },
        'for-command': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CodedError('USAGE', `mcc run: ${reason.split('. ')[0]}`);
  }
}
