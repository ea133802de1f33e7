// The house rules (CONTRIBUTING.md, "The house") as pure functions over a tree: path from the top of the checkout ->
// source text. architecture.test.ts applies them to the repository, rules.test.ts to made-up trees that break them.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

export type Tree = ReadonlyMap<string, string>;
export type Violation = { readonly path: string; readonly message: string };
export type Rule = (tree: Tree) => Violation[];

// Imports point strictly down: from a higher rank to a lower one, so siblings never see each other.
const RANKS: Readonly<Record<string, number>> = {
  'core/base': 0,
  // Below its neighbours: certificates and tokens are made of wire's codec.
  'core/wire': 0.5,
  'core/identity': 1,
  'core/addressing': 1,
  'core/session': 2,
  'core/path': 2,
  'core/congestion': 2,
  'core/dht': 2,
  'core/consortium': 2,
  'core/overlay': 2,
  'core/discovery': 3,
  'core/journal': 3,
  'core/engine': 3,
  'core/dns': 4,
  'core/node': 5,
  'host/native': 6,
  'host/storage': 6,
  'host/crypto': 6,
  sim: 6,
  'host/io': 7,
  'host/dns': 7,
  'host/endpoints': 7,
  'host/portmap': 7,
  'host/streams': 7,
  'host/api': 7,
  'host/dashboard': 7,
  'host/daemon': 8,
  cli: 8,
};

// Leaf libraries: every file is its own door.
const OPEN_MODULES: readonly string[] = ['core/base', 'core/wire'];

// The cli talks REST; all it shares with the program is the types of that conversation. Two files sign by themselves,
// since the root key must never enter the daemon, and one does a guest's proof of work, which the daemon should not wait for.
const WORKS_BY_ITSELF: readonly string[] = [
  'src/cli/root-key.ts',
  'src/cli/documents.ts',
  'src/cli/explain.ts',
  'src/cli/proof-of-work.ts',
  'src/cli/revoking.ts',
];
const CLI_MAY_IMPORT = (path: string, from: string) =>
  path === 'src/host/api/types.ts' ||
  path.startsWith('src/core/base/') ||
  (WORKS_BY_ITSELF.includes(from) && path === 'src/core/identity/identity.ts');

const MAX_LINES = 500;
const MAX_FIELDS = 15;

// Classes that may have more fields than MAX_FIELDS, `path#Class` -> reason.
const FIELD_EXEMPTIONS: ReadonlyMap<string, string> = new Map([
  ['src/sim/port.ts#SimPort', 'six of its fields are the views that PacketPort demands'],
  ['src/core/congestion/bbr-state.ts#BbrState', 'the state that draft-ietf-ccwg-bbr names'],
]);

export const rules: Readonly<Record<string, Rule>> = {
  'imports point strictly down': importsPointDown,
  'a module is entered by its door': modulesHaveDoors,
  'no file imports itself in a circle': noCycles,
  'nothing exports *': noExportStar,
  'core is pure': coreIsPure,
  'the cli knows only REST types and base': cliIsAClient,
  'files are short': filesAreShort,
  'classes have few fields': classesAreSmall,
};

export function importsPointDown(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const path of sources(tree)) {
    const from = moduleOf(path);
    if (from === undefined || RANKS[from] === undefined) {
      found.push({ path, message: 'is in no room that has a rank' });
      continue;
    }
    for (const target of localImports(tree, path)) {
      const to = moduleOf(target);
      if (to === undefined) found.push({ path, message: `imports ${target}, which is outside src` });
      else if (to !== from && !(RANKS[to] < RANKS[from])) {
        found.push({
          path,
          message: `imports ${target}: ${from} (${RANKS[from]}) may not see ${to} (${RANKS[to]})`,
        });
      }
    }
  }
  return found;
}

export function modulesHaveDoors(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const path of sources(tree)) {
    for (const target of localImports(tree, path)) {
      const to = moduleOf(target);
      if (to === undefined || to === moduleOf(path) || OPEN_MODULES.includes(to)) continue;
      const doors = [`src/${to}/${posix.basename(to)}.ts`, `src/${to}/types.ts`];
      if (!doors.includes(target))
        found.push({ path, message: `imports ${target} past the doors ${doors.join(', ')}` });
    }
  }
  return found;
}

export function noCycles(tree: Tree): Violation[] {
  const found: Violation[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done' || !tree.has(path)) return;
    if (state.get(path) === 'open') {
      const circle = [...trail.slice(trail.indexOf(path)), path];
      found.push({ path, message: `is in a circle: ${circle.join(' -> ')}` });
      return;
    }
    state.set(path, 'open');
    for (const target of localImports(tree, path)) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of sources(tree)) visit(path, []);
  return found;
}

export function noExportStar(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const path of sources(tree)) {
    walk(parse(tree, path), (node) => {
      if (
        ts.isExportDeclaration(node) &&
        (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause))
      ) {
        found.push({ path, message: `has \`${node.getText()}\`` });
      }
    });
  }
  return found;
}

const IMPURE_NAMES: readonly string[] = [
  'Date',
  'performance',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Promise',
  'Buffer',
  'console',
  'globalThis',
];

export function coreIsPure(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const path of sources(tree)) {
    if (!path.startsWith('src/core/')) continue;
    for (const specifier of specifiers(tree, path)) {
      if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
        found.push({ path, message: `imports ${specifier}` });
      }
    }
    const file = parse(tree, path);
    walk(file, (node) => {
      const impurity = impurityOf(node);
      if (impurity === undefined) return;
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ path: `${path}:${line}`, message: `uses ${impurity}` });
    });
  }
  return found;
}

function impurityOf(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isAwaitExpression(node)) return 'await';
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random';
  if (!ts.isIdentifier(node) || !IMPURE_NAMES.includes(node.text)) return undefined;
  const { parent } = node;
  const isMemberName =
    (ts.isPropertyAccessExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isMethodDeclaration(parent)) &&
    parent.name === node;
  return isMemberName ? undefined : node.text;
}

export function cliIsAClient(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const path of sources(tree)) {
    if (moduleOf(path) !== 'cli') continue;
    for (const target of localImports(tree, path)) {
      if (moduleOf(target) !== 'cli' && !CLI_MAY_IMPORT(target, path))
        found.push({ path, message: `imports ${target}` });
    }
  }
  return found;
}

export function filesAreShort(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const [path, text] of tree) {
    const lines = text.split('\n').length - 1;
    if (lines > MAX_LINES && !isGenerated(path)) {
      found.push({ path, message: `has ${lines} lines, more than ${MAX_LINES}` });
    }
  }
  return found;
}

export function classesAreSmall(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const path of sources(tree)) {
    walk(parse(tree, path), (node) => {
      if (!ts.isClassLike(node)) return;
      const name = node.name?.text ?? 'a class without a name';
      const fields = node.members.filter((member) => ts.isPropertyDeclaration(member) && !isStatic(member));
      if (fields.length > MAX_FIELDS && !FIELD_EXEMPTIONS.has(`${path}#${name}`)) {
        found.push({ path, message: `${name} has ${fields.length} fields, more than ${MAX_FIELDS}` });
      }
    });
  }
  return found;
}

function isStatic(member: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(member) &&
    (member.modifiers ?? []).some((m) => m.kind === ts.SyntaxKind.StaticKeyword)
  );
}

function isGenerated(path: string): boolean {
  return path.includes('/generated/') || path.includes('.generated.');
}

/** TypeScript sources under src, generated ones left out. */
function sources(tree: Tree): string[] {
  return [...tree.keys()].filter(
    (path) => path.startsWith('src/') && path.endsWith('.ts') && !isGenerated(path),
  );
}

/** `core/session` for src/core/session/…, `cli` for src/cli/…; undefined for what is in no room. */
function moduleOf(path: string): string | undefined {
  return /^src\/((?:core|host)\/[^/]+|sim|cli)\/./.exec(path)?.[1];
}

function localImports(tree: Tree, path: string): string[] {
  return specifiers(tree, path)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(path), specifier));
}

/** Every way to name another module: import, export from, import(), import types. Types count like values. */
function specifiers(tree: Tree, path: string): string[] {
  const names: string[] = [];
  walk(parse(tree, path), (node) => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
          ? node.argument.literal
          : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
            ? node.arguments[0]
            : undefined;
    if (named !== undefined && ts.isStringLiteral(named)) names.push(named.text);
  });
  return names;
}

const parsed = new WeakMap<Tree, Map<string, ts.SourceFile>>();

function parse(tree: Tree, path: string): ts.SourceFile {
  const files = parsed.get(tree) ?? new Map<string, ts.SourceFile>();
  parsed.set(tree, files);
  const file =
    files.get(path) ?? ts.createSourceFile(path, tree.get(path) ?? '', ts.ScriptTarget.ESNext, true);
  files.set(path, file);
  return file;
}

function walk(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => walk(child, see));
}
