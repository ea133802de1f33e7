// Completion for bash, zsh and fish, without a run of the program per key press.
import { type CommandDescription, GLOBAL_OPTIONS, type Word, wantsPath } from './describe.ts';

type Commands = readonly CommandDescription[];

export function bashCompletion(commands: Commands): string {
  const flags = (words: readonly Word[]) => words.map(({ name }) => `--${name}`);
  const values = new Map<string, string>();
  for (const { name: command, options } of commands) {
    for (const word of [...options, ...GLOBAL_OPTIONS]) {
      if (!word.takesValue) continue;
      const reply = wantsPath(word) ? '-f' : `-W '${word.choices.join(' ')}'`;
      const keys = [`--${word.name}`, ...(word.short === undefined ? [] : [`-${word.short}`])];
      for (const key of keys) values.set(`${command} ${key}`, reply);
    }
  }
  const byReply = Map.groupBy(values.keys(), (key) => values.get(key)!);
  return [
    '# bash completion for mcc',
    '_mcc() {',
    `  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' words='' i`,
    '  COMPREPLY=()',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    case \${COMP_WORDS[i]} in`,
    '      --state) ((i++)) ;;',
    '      -*) ;;',
    `      *) command=\${COMP_WORDS[i]}; break ;;`,
    '    esac',
    '  done',
    '  case "$command $previous" in',
    '    \' --state\') mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;',
    ...[...byReply].map(([reply, keys]) => {
      const patterns = keys.map((key) => `'${key}'`).join(' | ');
      return `    ${patterns}) mapfile -t COMPREPLY < <(compgen ${reply} -- "$current"); return ;;`;
    }),
    '  esac',
    '  case $command in',
    `    '') words='${[...commands.map(({ name }) => name), ...flags(GLOBAL_OPTIONS), '--version'].join(' ')}' ;;`,
    ...commands.map(({ name, positionals, options }) => {
      const words = [...positionals.flatMap(({ choices }) => choices), ...flags(options)];
      return `    ${name}) words='${[...words, ...flags(GLOBAL_OPTIONS)].join(' ')}' ;;`;
    }),
    '  esac',
    '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")',
    '}',
    'complete -F _mcc mcc',
    '',
  ].join('\n');
}

export function zshCompletion(commands: Commands): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const plain = (text: string) => text.replaceAll(/[[\]\\:]/g, '\\$&');
  const action = (word: Word) =>
    wantsPath(word) ? '_files' : word.choices.length > 0 ? `(${word.choices.join(' ')})` : ' ';
  const argument = (word: Word) => {
    const value = word.takesValue ? `:${word.name}:${action(word)}` : '';
    return quote(`*--${word.name}[${plain(word.describe)}]${value}`);
  };
  const positional = (word: Word, index: number) => quote(`${index + 1}::${word.name}:${action(word)}`);
  const join = (words: readonly string[]) => words.join(' ');
  return [
    '#compdef mcc',
    '',
    '_mcc() {',
    '  local context state line',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, describe }) => `    ${quote(`${name}:${plain(describe)}`)}`),
    '  )',
    `  _arguments -C ${join(GLOBAL_OPTIONS.map(argument))} '--version[show the version]' '1:command:->command' '*::argument:->rest'`,
    '  case $state in',
    '    command) _describe command commands ;;',
    '    rest)',
    '      case $words[1] in',
    ...commands.map(({ name, positionals, options }) => {
      const parts = [...positionals.map(positional), ...[...options, ...GLOBAL_OPTIONS].map(argument)];
      return `        ${name}) _arguments ${join(parts)} ;;`;
    }),
    '      esac',
    '      ;;',
    '  esac',
    '}',
    '',
    '_mcc "$@"',
    '',
  ].join('\n');
}

export function fishCompletion(commands: Commands): string {
  const quote = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const flag = (word: Word) => {
    const value = !word.takesValue ? '' : wantsPath(word) ? ' -r -F' : ' -x';
    const choices = word.choices.length === 0 ? '' : ` -a ${quote(word.choices.join(' '))}`;
    const short = word.short === undefined ? '' : ` -s ${word.short}`;
    return `-l ${word.name}${short}${value}${choices} -d ${quote(word.describe)}`;
  };
  return [
    '# fish completion for mcc',
    'complete -c mcc -f',
    ...GLOBAL_OPTIONS.map((word) => `complete -c mcc ${flag(word)}`),
    "complete -c mcc -n __fish_use_subcommand -l version -d 'show the version'",
    ...commands.flatMap(({ name, describe, positionals, options }) => {
      const inside = `complete -c mcc -n '__fish_seen_subcommand_from ${name}'`;
      return [
        `complete -c mcc -n __fish_use_subcommand -a ${name} -d ${quote(describe)}`,
        ...positionals
          .filter(({ choices }) => choices.length > 0)
          .map(({ choices }) => `${inside} -a ${quote(choices.join(' '))}`),
        ...options.map((word) => `${inside} ${flag(word)}`),
      ];
    }),
    '',
  ].join('\n');
}
