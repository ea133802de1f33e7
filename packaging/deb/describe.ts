// What the program itself says about its commands, for completion and the manual page.
import type { Argv } from 'yargs';
import { COMMANDS } from '../../src/cli/table.ts';

export interface Word {
  readonly name: string;
  /** One letter. */
  readonly short: string | undefined;
  readonly describe: string;
  readonly choices: readonly string[];
  readonly takesValue: boolean;
  readonly default: string | undefined;
}

export interface CommandDescription {
  readonly name: string;
  /** As in the help: "service <action> [name]". */
  readonly usage: string;
  readonly describe: string;
  readonly positionals: readonly Word[];
  readonly options: readonly Word[];
}

export const GLOBAL_OPTIONS: readonly Word[] = [
  option('state', { type: 'string', describe: 'folder of another node on this host' }),
  option('json', { type: 'boolean', describe: 'print the result, and errors, as JSON' }),
  option('help', { type: 'boolean', alias: 'h', describe: 'show how a command is used' }),
];

interface Spec {
  type?: string;
  alias?: string;
  describe?: string;
  choices?: readonly string[];
  default?: unknown;
}

export async function describeCommands(): Promise<CommandDescription[]> {
  const found: CommandDescription[] = [];
  for (const [name, { usage, describe, load }] of Object.entries(COMMANDS)) {
    const positionals: Word[] = [];
    const options: Word[] = [];
    (await load()).command.options(recorder(positionals, options));
    found.push({ name, usage, describe, positionals, options });
  }
  return found;
}

/** Stands in for yargs: notes what is declared, and lets everything else pass. */
function recorder(positionals: Word[], options: Word[]): Argv {
  const proxy: unknown = new Proxy(
    {},
    {
      get:
        (_, member) =>
        (...args: unknown[]) => {
          const into = member === 'positional' ? positionals : member === 'option' ? options : undefined;
          into?.push(option(String(args[0]), args[1] as Spec));
          if (member === 'options') {
            for (const [name, spec] of Object.entries(args[0] as object)) options.push(option(name, spec));
          }
          return proxy;
        },
    },
  );
  return proxy as Argv;
}

function option(name: string, spec: Spec): Word {
  return {
    name,
    short: spec.alias,
    describe: spec.describe ?? '',
    choices: spec.choices ?? [],
    takesValue: spec.type !== 'boolean',
    default: spec.default === undefined ? undefined : String(spec.default),
  };
}

/** What a file or folder goes into. */
export function wantsPath({ name }: Word): boolean {
  return name === 'state' || name.endsWith('-file');
}
