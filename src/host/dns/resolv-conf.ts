// resolv.conf(5), as far as it matters who is asked.

export interface ResolvConf {
  /** As written, in order, at most 16. */
  readonly nameservers: readonly string[];
  /** All other settings, without comments. */
  readonly settings: readonly string[];
}

const NAMESERVERS_MAX = 16;
const NAMESERVER = /^\s*nameserver\s+(\S+)/;

export function parseResolvConf(text: string): ResolvConf {
  const nameservers: string[] = [];
  const settings: string[] = [];
  for (const line of text.split('\n')) {
    const server = NAMESERVER.exec(line)?.[1];
    if (server !== undefined) {
      if (nameservers.length < NAMESERVERS_MAX) nameservers.push(server);
    } else if (/^\s*[a-z]/.test(line)) settings.push(line.trim());
  }
  return { nameservers, settings };
}

const HEADER = '# Written by mcc';

/** Our file: only our resolver, for a second server would get to know our names whenever the first one is slow. */
export function ourResolvConf(
  resolvers: readonly string[],
  settings: readonly string[],
  stateDirectory: string,
): string {
  const lines = [
    `${HEADER}, which puts the original back when it stops (kept in ${stateDirectory}/dns.json).`,
    ...resolvers.map((address) => `nameserver ${address}`),
    ...settings,
  ];
  return `${lines.join('\n')}\n`;
}

/** Whether a file sends its readers to our resolver. */
export function namesResolver(text: string, resolvers: readonly string[]): boolean {
  return parseResolvConf(text).nameservers.some((server) => resolvers.includes(server));
}

/** A file of ours that somebody edited, with the original's name servers instead of ours. */
export function withoutResolver(text: string, resolvers: readonly string[], original: string): string {
  const servers = parseResolvConf(original).nameservers.map((server) => `nameserver ${server}`);
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith(HEADER)) continue;
    const server = NAMESERVER.exec(line)?.[1];
    if (server === undefined || !resolvers.includes(server)) kept.push(line);
    else kept.push(...servers.splice(0));
  }
  return kept.join('\n');
}
