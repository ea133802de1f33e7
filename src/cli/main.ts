// The program `mcc`. Every command is a file of its own, loaded when it is named; `mcc run` does not even load yargs.
import { argv, exit } from 'node:process';
import type { Arguments, Command } from './command.ts';
import { errorBody, exitStatus, UsageError } from './errors.ts';
import { json, talk } from './print.ts';

const NODE_MAJOR = 24;

interface Entry {
  readonly usage: string;
  readonly describe: string;
  load(): Promise<{ command: Command }>;
}

const COMMANDS: Record<string, Entry> = {
  init: { usage: 'init', describe: 'Found a network', load: () => import('./commands/init.ts') },
  invite: {
    usage: 'invite',
    describe: 'Print a token with which another node joins',
    load: () => import('./commands/invite.ts'),
  },
  join: {
    usage: 'join [token]',
    describe: 'Become a node of the network that a token names',
    load: () => import('./commands/join.ts'),
  },
  run: {
    usage: 'run',
    describe: 'Run the daemon in the foreground',
    load: () => import('./commands/run.ts'),
  },
  status: {
    usage: 'status',
    describe: 'Show this node and its peers',
    load: () => import('./commands/status.ts'),
  },
  peers: { usage: 'peers', describe: 'List the peers', load: () => import('./commands/peers.ts') },
  ping: {
    usage: 'ping <target>',
    describe: 'Measure the way to a node',
    load: () => import('./commands/ping.ts'),
  },
  resolve: {
    usage: 'resolve <name>',
    describe: 'Show who a name stands for',
    load: () => import('./commands/resolve.ts'),
  },
  put: {
    usage: 'put <key> [value]',
    describe: 'Store a small value in the network for a day',
    load: () => import('./commands/put.ts'),
  },
  get: {
    usage: 'get <key>',
    describe: 'Print the values that are stored under a key',
    load: () => import('./commands/get.ts'),
  },
  service: {
    usage: 'service <action> [name]',
    describe: 'Offer a port of this host: service add NAME --port N, service list, service remove NAME',
    load: () => import('./commands/service.ts'),
  },
};

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
