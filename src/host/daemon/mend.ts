// `mcc mend`, which no help lists: after the daemon's end, however it came, undoes what it changed on this host. The
// service manager runs it after every end, the package before it goes.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { CodedError } from '../../core/base/errors.ts';
import { nowMs } from '../io/io.ts';
import { nativeSystem } from '../native/native.ts';
import { type Config, defaultConfig, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { readOptions } from './options.ts';
import { mendSurroundings } from './surroundings.ts';

const REMOVE = '--remove-interface';

/**
 * Takes `--state`, `--interface` and `--remove-interface`. Resolves with the exit status. Throws ALREADY_RUNNING where a daemon
 * still answers: what it changed is in use.
 */
export async function mend(args: readonly string[]): Promise<number> {
  const rest = args.filter((word) => word !== REMOVE);
  const { state, socket, config } = await readOptions(rest, configOrDefaults);
  if (await answers(socket)) throw new CodedError('ALREADY_RUNNING');
  await mendSurroundings(config.interface, state, createLog(config.logLevel, nowMs));
  if (args.includes(REMOVE)) removeTun(config.interface);
  return 0;
}

/** One that somebody broke meanwhile is no reason to leave the host as it is. */
function configOrDefaults(path: string): Promise<Config> {
  return readConfig(path).catch(defaultConfig);
}

function answers(socket: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = connect(socket);
  connection.on('connect', () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => connection.destroy());
}

/** Only a TUN can be ours; an interface of another kind keeps its name. */
function removeTun(name: string): void {
  if (!existsSync(`/sys/class/net/${name}/tun_flags`)) return;
  const system = nativeSystem();
  const index = system.linkIndex(name);
  if (index !== 0) system.deleteLink(index);
}
