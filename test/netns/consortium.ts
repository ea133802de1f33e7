/** Three organisations of two nodes each in one network, two guests of different ones, and a stranger, each on a host of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, type Lab, until } from './lab.ts';
import { resolverOf } from './members.ts';
import { lastLine, Node } from './node.ts';

export const MEMBERS = ['alpha', 'bravo', 'golf', 'hotel', 'india', 'juliet'] as const;
export const GUESTS = ['gina', 'gus'] as const;
export type Name = (typeof MEMBERS)[number] | (typeof GUESTS)[number];

/** By node: alpha and bravo are acme's, and so on. The first of each is its signer. */
export const ORGANISATIONS: Readonly<Record<(typeof MEMBERS)[number], string>> = {
  alpha: 'acme',
  bravo: 'acme',
  golf: 'globex',
  hotel: 'globex',
  india: 'initech',
  juliet: 'initech',
};

/** Of the second node of an organisation: `ops` is not the same in two of them. */
const TAGS: Partial<Record<Name, string>> = { bravo: 'ops', hotel: 'ops' };
const DIFFICULTY = '10';

export interface Consortium {
  nodes: Readonly<Record<Name, Node>>;
  stranger: Host;
  /** In the middle: each link ends here. */
  router: Host;
  /** Underlay address, IPv4. */
  address: Readonly<Record<Name, string>>;
}

export async function consortium(lab: Lab): Promise<Consortium> {
  const names = [...MEMBERS, ...GUESTS];
  const [router, ...hosts] = lab.starAround(...names, 'stranger') as [Host, ...Host[]];
  const nodes = Object.fromEntries(
    names.map((name, i) => [name, new Node(lab, hosts[i] as Host, name)]),
  ) as Record<Name, Node>;
  const address = Object.fromEntries(names.map((name, i) => [name, `10.${i + 1}.0.2`])) as Record<
    Name,
    string
  >;
  const up = (name: Name): Promise<void> =>
    nodes[name].up(...(name in ORGANISATIONS ? ['--advertise', address[name]] : []));

  const { alpha } = nodes;
  const founded = alpha.json<{ recoveryPhrase: string }>('init', '--organisation', 'acme', '--name', 'alpha');
  await up('alpha');
  const sign = signer(lab, alpha.mcc('organisation', 'show', '--genesis'), founded.recoveryPhrase);
  for (const name of ['golf', 'india'] as const) {
    const node = nodes[name];
    const document = sign(lastLine(node.mcc('organisation', 'create', ORGANISATIONS[name])));
    succeed(node, ['organisation', 'install', '-', '--name', name], document);
    await up(name);
  }
  for (const [from, name] of [
    ['alpha', 'bravo'],
    ['golf', 'hotel'],
    ['india', 'juliet'],
  ] as const) {
    const tag = TAGS[name];
    const words = ['--address', address[from], ...(tag === undefined ? [] : ['--tag', tag])];
    nodes[name].join(lastLine(nodes[from].mcc('invite', ...words)));
    await up(name);
  }
  for (const [from, name] of [
    ['alpha', 'gina'],
    ['golf', 'gus'],
  ] as const) {
    nodes[from].mcc('guests', 'open', '--difficulty', DIFFICULTY);
    const invitation = lastLine(nodes[from].mcc('invite', '--guests', '--address', address[from]));
    succeed(nodes[name], ['join', '--guest', '-'], invitation);
    await up(name);
  }
  for (const node of Object.values(nodes)) node.host.nameservers(...resolverOf(node).slice(0, 1));
  for (const name of MEMBERS) await knowsAll(nodes[name]);
  return { nodes, stranger: hosts.at(-1) as Host, router, address };
}

/** Signs with the network's root key, on a host without network. */
function signer(lab: Lab, genesis: string, phrase: string): (request: string) => string {
  const files = { genesis: join(lab.folder, 'genesis'), phrase: join(lab.folder, 'phrase') };
  writeFileSync(files.genesis, genesis);
  writeFileSync(files.phrase, phrase, { mode: 0o600 });
  const vault = new Node(lab, lab.host('vault'), 'vault');
  const words = ['--recovery-phrase-file', files.phrase, '--genesis', files.genesis];
  return (request) => lastLine(succeed(vault, ['certificate', 'sign', '-', ...words], request));
}

function succeed(node: Node, words: string[], input: string): string {
  const done = node.try(words, input);
  if (done.status !== 0) throw new Error(`mcc ${words.join(' ')}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Names of organisations come with the handshakes of their nodes. */
async function knowsAll(node: Node): Promise<void> {
  const missing = new Set(Object.values(ORGANISATIONS));
  await until(
    `${node.name} knows the organisations ${[...missing]}`,
    async () => {
      const { organisations } = await node.ask<{ organisations: { name: string }[] }>('/v1/organisations');
      for (const { name } of organisations) missing.delete(name);
      return missing.size === 0;
    },
    60_000,
  );
}
