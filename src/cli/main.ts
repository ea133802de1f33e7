// The program `mcc`. Every command is a file of its own, loaded when it is named; `mcc run` does not even load yargs.
import { argv, exit } from 'node:process';
import type { Arguments } from './command.ts';
import { errorBody, exitStatus, UsageError } from './errors.ts';
import { json, talk } from './print.ts';
import { COMMANDS } from './table.ts';

const NODE_MAJOR = 24;

async function main(args: readonly string[]): Promise<number> {
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
    talk(
      `mcc: needs Node.js ${NODE_MAJOR} and this is ${process.versions.node}; from a checkout, run: npx mcc`,
    );
    return 1;
  }
  try {
    if (args[0] === 'run' && !args.includes('--help')) {
      const { runDaemon } = await import('./commands/run.ts');
      return await runDaemon(args.slice(1));
    }
    // Not in the table: nobody needs it by hand.
    if (args[0] === 'mend') {
      const { mendHost } = await import('./commands/run.ts');
      return await mendHost(args.slice(1));
    }
    return await parse(args);
  } catch (error) {
    if (args.includes('--json')) json({ error: errorBody(error) });
    else talk(`mcc: ${line(error)}`);
    return exitStatus(error);
  }
}

/** What, why, what to do, code; a defect of ours with its stack. */
function line(error: unknown): string {
  const { code, message } = errorBody(error);
  return `${message} (${code})`;
}

async function parse(args: readonly string[]): Promise<number> {
  const { default: yargs } = await import('yargs');
  let status = 0;
  let program = yargs([...args])
    .scriptName('mcc')
    .usage('$0 <command>\n\nA mesh VPN: hosts of several organisations in one network, without a server.')
    .option('state', { type: 'string', global: true, describe: 'folder of another node on this host' })
    .option('json', { type: 'boolean', global: true, describe: 'print the result, and errors, as JSON' })
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message.replaceAll('\n', ' ').replace(/[.?\s]+$/, ''));
    })
    .strict()
    .recommendCommands()
    .demandCommand(1, 1, 'which command? mcc --help lists them')
    .completion('completion', 'Print a completion script for bash or zsh')
    .version(await version())
    .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false })
    .alias('help', 'h')
    .wrap(110);
  for (const entry of Object.values(COMMANDS)) {
    program = program.command(
      entry.usage,
      entry.describe,
      async (builder) => (await entry.load()).command.options(builder),
      async (parsed) => {
        status = (await (await entry.load()).command.run(parsed as Arguments)) ?? 0;
      },
    );
  }
  await program.parseAsync();
  return status;
}

async function version(): Promise<string> {
  const { VERSION } = await import('../core/base/version.ts');
  return VERSION;
}

// `mcc status | head -1` is no error.
process.stdout.on('error', () => exit(0));
const status = await main(argv.slice(2));
// What was printed must be out first; a daemon that stopped has closed everything.
if (process.stdout.writableLength === 0) exit(status);
process.exitCode = status;
