// The manual pages: mcc(1) from what the program says about its commands, mcc.yaml(5) from docs/configuration.md.
import { type CommandDescription, GLOBAL_OPTIONS, type Word } from './describe.ts';

export function programPage(commands: readonly CommandDescription[], version: string, date: string): string {
  return [
    heading('MCC', 1, version, date, 'User Commands'),
    '.SH NAME',
    'mcc \\- a decentralised mesh VPN for a consortium',
    '.SH SYNOPSIS',
    '.B mcc',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    ...DESCRIPTION.flatMap((text, index) => [...(index === 0 ? [] : ['.PP']), inline(text)]),
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SS mcc completion',
    inline('Print a completion script for bash or zsh. The package has installed one already.'),
    '.SH OPTIONS OF ALL COMMANDS',
    ...GLOBAL_OPTIONS.flatMap(optionEntry),
    '.SH EXIT STATUS',
    inline('0: done. 1: refused or failed; the message says why and what to do. 2: used wrongly.'),
    '.SH FILES',
    ...FILES.flatMap(([path, text]) => ['.TP', `.I ${typed(path)}`, inline(text)]),
    '.SH EXAMPLES',
    ...EXAMPLES.flatMap(([text, ...lines], index) => [
      ...(index === 0 ? [] : ['.PP']),
      inline(text),
      '.PP',
      '.EX',
      ...lines.map(typed),
      '.EE',
    ]),
    '.SH SEE ALSO',
    '.BR mcc.yaml (5)',
    '',
  ].join('\n');
}

const DESCRIPTION = [
  'Hosts of several organisations form one encrypted network, without a server. Every node has an IPv6 address that is the same everywhere and an IPv4 alias on each host; services have names, and any number of nodes may provide one.',
  'The service `mcc` runs the daemon. It waits until this host founds a network (`mcc init`) or joins one (`mcc join`). Members of the group mcc, and root, may use the commands.',
];

const FILES: readonly (readonly [string, string])[] = [
  ['/etc/mcc/mcc.yaml', 'configuration, see `mcc.yaml`(5)'],
  ['/var/lib/mcc', 'keys, certificates and what the node knows; a copy of it is this node'],
  ['/run/mcc/mcc.sock', 'socket of the REST API, which all commands use'],
];

const EXAMPLES: readonly (readonly [string, ...string[]])[] = [
  [
    'Found a network, and let another host join:',
    'mcc init --network example --organisation acme',
    'mcc invite',
  ],
  ['On the other host:', 'mcc join -'],
  [
    'Offer the web server of this host to the network, and use it from any node:',
    'mcc service add web --port 80',
    'curl http://web.mcc/',
  ],
];

function commandSection({ usage, describe, positionals, options }: CommandDescription): string[] {
  return [
    `.SS mcc ${typed(usage)}`,
    inline(`${describe}.`),
    ...positionals.flatMap((word) => {
      const text = [word.describe, word.choices.join(', ')].filter(Boolean).join(': ');
      return text === '' ? [] : ['.TP', `.I ${typed(word.name)}`, inline(text)];
    }),
    ...options.flatMap(optionEntry),
  ];
}

function optionEntry(word: Word): string[] {
  const short = word.short === undefined ? '' : `\\fB\\-${word.short}\\fR, `;
  const value = word.takesValue ? ` \\fI${typed(word.name.split('-').at(-1)!.toUpperCase())}\\fR` : '';
  const choices = word.choices.length === 0 ? '' : `: ${word.choices.join(', ')}`;
  const usual = word.default === undefined ? '' : ` [${word.default}]`;
  return [
    '.TP',
    `${short}\\fB\\-\\-${typed(word.name)}\\fR${value}`,
    inline(`${word.describe}${choices}${usual}`),
  ];
}

/** The page knows as much Markdown as that file uses: paragraphs, one table with a key first, one block of YAML. */
export function configurationPage(markdown: string, version: string, date: string): string {
  const blocks = markdown.split(/\n{2,}/).filter((block) => !block.startsWith('# '));
  return [
    heading('MCC.YAML', 5, version, date, 'File Formats'),
    '.SH NAME',
    'mcc.yaml \\- configuration of mcc',
    '.SH DESCRIPTION',
    ...blocks.flatMap((block, index) => {
      if (block.startsWith('|')) return ['.SH KEYS', ...block.split('\n').slice(2).flatMap(keyEntry)];
      if (block.startsWith('```')) {
        return ['.SH EXAMPLE', '.EX', ...block.trim().split('\n').slice(1, -1).map(typed), '.EE'];
      }
      return [...(index === 0 ? [] : ['.PP']), inline(block.replaceAll('\n', ' '))];
    }),
    '.SH SEE ALSO',
    '.BR mcc (1)',
    '',
  ].join('\n');
}

function keyEntry(row: string): string[] {
  const [key = '', usual = '', meaning = ''] = row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  return ['.TP', inline(key), inline(`${meaning}. Default: ${usual}.`)];
}

function heading(name: string, section: number, version: string, date: string, book: string): string {
  return `.TH ${name} ${section} ${date} "mcc ${version}" "${book}"\n.nh\n.ad l`;
}

/** `code` becomes bold, **bold** too. */
function inline(text: string): string {
  return typed(text)
    .replaceAll(/`([^`]*)`/g, '\\fB$1\\fR')
    .replaceAll(/\*\*([^*]*)\*\*/g, '\\fB$1\\fR');
}

/** A hyphen of these pages is one that can be typed. */
function typed(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll(/^(['.])/gm, '\\&$1');
}
