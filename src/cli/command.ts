import type { ArgumentsCamelCase, Argv } from 'yargs';

/** One file per command exports one of these as `command`; main.ts loads it when it is named. */
export interface Command {
  options(yargs: Argv): Argv;
  /** Prints the result; throws what goes wrong. The returned number is the exit status, 0 when there is none. */
  run(args: Arguments): Promise<number | undefined> | number | undefined;
}

export type Arguments = ArgumentsCamelCase<{ state?: string; json?: boolean }>;

/** yargs hands over what was typed; an option given twice becomes a list, which most commands do not take. */
export function text(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined) return undefined;
  const last = String(Array.isArray(value) ? value[value.length - 1] : value);
  // yargs makes an empty text of a lone hyphen.
  return last === '' && process.argv.includes('-') ? '-' : last;
}

export function texts(args: Arguments, name: string): string[] {
  const value = args[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
