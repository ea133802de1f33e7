import type { Command } from '../command.ts';
import { daemonProgram } from '../paths.ts';

/** Shown by `mcc run --help`; the daemon itself reads its arguments (src/host/daemon/options.ts), without yargs. */
export const command: Command = {
  options: (yargs) =>
    yargs
      .option('listen', {
        type: 'string',
        describe: 'ADDR:PORT of the UDP socket; may be repeated [all addresses, 9376]',
      })
      .option('interface', { type: 'string', describe: 'name of the interface [mcc0]' })
      .option('advertise', {
        type: 'string',
        describe: 'HOST:PORT by which others reach this node; may be repeated',
      })
      .option('log-level', { type: 'string', describe: 'trace, debug, info, warn, error or silent [info]' }),
  run: () => runDaemon(process.argv.slice(3)),
};

/** The daemon in this process; resolves when it has stopped. */
export async function runDaemon(args: readonly string[]): Promise<number> {
  // The packet's way makes next to no garbage, so a young generation that stays at 1 MB costs nothing and saves 3 MB.
  process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
  return (await daemon()).main(args);
}

/** Undoes what a daemon that ended changed on this host: `mcc mend`. */
export async function mendHost(args: readonly string[]): Promise<number> {
  return (await daemon()).mend(args);
}

interface DaemonProgram {
  main(args: readonly string[]): Promise<number>;
  mend(args: readonly string[]): Promise<number>;
}

function daemon(): Promise<DaemonProgram> {
  return import(daemonProgram().href);
}
