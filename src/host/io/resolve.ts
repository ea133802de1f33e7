import { lookup } from 'node:dns/promises';
import { CodedError } from '../../core/base/errors.ts';
import { parseIp, parseSocketAddress, type SocketAddress } from '../../core/base/ip.ts';

/** HOST:PORT texts as addresses, names by the host's resolver: every address that it knows for them. Throws a CodedError. */
export async function resolveAddresses(
  texts: readonly string[],
  defaultPort: number,
): Promise<SocketAddress[]> {
  const found = await Promise.all(texts.map((text) => resolve(text, defaultPort)));
  return found.flat();
}

async function resolve(text: string, defaultPort: number): Promise<SocketAddress[]> {
  const literal = parseSocketAddress(text, defaultPort);
  if (literal !== undefined) {
    if (literal.port === 0) throw new CodedError('ADDRESS_INVALID', text);
    return [literal];
  }
  const [, host, digits] = /^([A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = Number(digits ?? defaultPort);
  if (host === undefined || port < 1 || port > 65_535)
    throw new CodedError('ADDRESS_INVALID', text.slice(0, 64));
  try {
    const answers = await lookup(host, { all: true });
    return answers.flatMap(({ address }) => {
      const ip = parseIp(address);
      return ip === undefined ? [] : [{ ip, port }];
    });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CodedError('ADDRESS_INVALID', `${host} cannot be resolved (${reason})`);
  }
}
