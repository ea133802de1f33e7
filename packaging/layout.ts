// Turns native/batch.h, the layout that C++ and TypeScript share by memory, into a TypeScript module.
// The header keeps to two shapes, `enum Name : uint32_t { ... };` and `constexpr uint32_t NAME = value;`;
// anything else that declares something is an error here, so that the two sides cannot drift apart in silence.

type Member = { name: string; value: number; remark: string };
type Declaration =
  | { kind: 'enum'; name: string; members: Member[]; lead: string[] }
  | { kind: 'constant'; name: string; value: string; remark: string; lead: string[] };

const ENUM = /^enum (\w+) : uint32_t \{$/;
const MEMBER = /^(\w+) = (0x[0-9a-fA-F]+|\d+),\s*(?:\/\/ ?(.*))?$/;
const CONSTANT = /^constexpr uint32_t (\w+) = (0x[0-9a-fA-F]+|\d+);\s*(?:\/\/ ?(.*))?$/;
const SILENT = /^(#pragma once|#include <cstdint>|namespace mcc \{|\}\s*\/\/ namespace mcc)?$/;

export function layoutModule(header: string): string {
  const lines = ['// Generated from native/batch.h by `npm run generate`; change the header instead.', ''];
  for (const declaration of parse(header)) lines.push(...render(declaration));
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function parse(header: string): Declaration[] {
  const declarations: Declaration[] = [];
  let lead: string[] = [];
  let members: Member[] | undefined;
  header.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    const fail = () =>
      new Error(`native/batch.h:${index + 1}: not a shape the layout generator knows: ${line}`);
    if (members !== undefined) {
      if (line === '};') members = undefined;
      else if (line.startsWith('//') && members.length > 0)
        members[members.length - 1].remark += ` ${line.slice(2).trim()}`;
      else if (line !== '') {
        const [, name, value, remark] = MEMBER.exec(line) ?? [];
        if (name === undefined) throw fail();
        members.push({ name, value: Number(value), remark: remark ?? '' });
      }
      return;
    }
    const [, enumName] = ENUM.exec(line) ?? [];
    const [, name, value, remark] = CONSTANT.exec(line) ?? [];
    if (line.startsWith('//')) {
      lead.push(line.slice(2).trim());
      return;
    }
    if (enumName !== undefined) {
      members = [];
      declarations.push({ kind: 'enum', name: enumName, members, lead });
    } else if (name !== undefined)
      declarations.push({ kind: 'constant', name, value, remark: remark ?? '', lead });
    else if (!SILENT.test(line)) throw fail();
    lead = [];
  });
  return declarations;
}

function render(declaration: Declaration): string[] {
  const lead = declaration.lead.map((text) => `// ${text}`.trimEnd());
  if (declaration.kind === 'constant') {
    return [
      ...lead,
      `export const ${declaration.name} = ${declaration.value};${remarkOf(declaration.remark)}`,
    ];
  }
  const { name, members } = declaration;
  // OUT_SLOT of OutRow becomes OutRow.slot: the first word of the first member is the prefix of the enum.
  const prefix = members[0].name.slice(0, members[0].name.indexOf('_') + 1);
  return [
    '',
    ...lead,
    `export const ${name} = {`,
    ...members.map((member) => `  ${camel(member.name, prefix)}: ${member.value},${remarkOf(member.remark)}`),
    '} as const;',
    `export type ${name} = (typeof ${name})[keyof typeof ${name}];`,
    '',
  ];
}

function remarkOf(text: string): string {
  return text === '' ? '' : ` // ${text}`;
}

function camel(name: string, prefix: string): string {
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return bare.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
