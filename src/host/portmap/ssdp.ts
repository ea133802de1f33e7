// SSDP (UPnP Device Architecture 1.1, section 1.3): where the gateway describes itself.
import { createSocket } from 'node:dgram';
import { formatIp, type IpAddress } from '../../core/base/ip.ts';
import type { Link } from './types.ts';

export const SSDP_PORT = 1900;
const GROUP = '239.255.255.250';
const TYPES = [
  'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
  'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
];
const ANSWER_MAX = 2048;
const ANSWERS_MAX = 64;
const URL_MAX = 512;
/** Datagrams may get lost. */
const REPEAT_MS = 700;

export function searchRequest(type: string): Buffer {
  const lines = [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${GROUP}:${SSDP_PORT}`,
    'MAN: "ssdp:discover"',
    'MX: 1',
    `ST: ${type}`,
    '',
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

/** The description of a gateway in an answer; undefined: it names none on that host. */
export function readSearchAnswer(answer: Uint8Array, gateway: IpAddress): URL | undefined {
  if (answer.length > ANSWER_MAX) return undefined;
  const lines = Buffer.from(answer).toString('latin1').split('\r\n');
  if (!/^HTTP\/1\.[01] 200(?: |$)/.test(lines[0])) return undefined;
  const header = (name: string): string =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? '';
  if (!TYPES.includes(header('st'))) return undefined;
  return gatewayUrl(header('location'), undefined, gateway);
}

/** Only what lies on the gateway itself is ever asked for: nobody makes this host fetch from others. */
export function gatewayUrl(text: string, base: URL | undefined, gateway: IpAddress): URL | undefined {
  if (text.length > URL_MAX || !/^[\x21-\x7e]+$/.test(text)) return undefined;
  const url = URL.parse(text, base?.href);
  if (url === null || url.protocol !== 'http:' || url.username !== '' || url.password !== '')
    return undefined;
  return url.hostname === formatIp(gateway) ? url : undefined;
}

/**
 * Asks the group, and the gateway itself, since firewalls of hosts know no answers to a group. Answers count from the gateway's address,
 * from whichever port: many take a fresh one.
 */
export function search(link: Link, port: number, waitMs: number, signal: AbortSignal): Promise<URL> {
  const { promise, resolve, reject } = Promise.withResolvers<URL>();
  const [local, gateway] = [formatIp(link.local), formatIp(link.gateway)];
  const socket = createSocket('udp4');
  const timers: NodeJS.Timeout[] = [];
  let answers = 0;
  const ask = (): void => {
    for (const type of TYPES) {
      for (const host of [gateway, GROUP]) socket.send(searchRequest(type), port, host, () => undefined);
    }
  };
  socket.on('message', (answer, from) => {
    if (from.address !== gateway) return;
    const url = readSearchAnswer(answer, link.gateway);
    if (url !== undefined) resolve(url);
    else if (++answers >= ANSWERS_MAX) reject(new Error('the gateway answers something else'));
  });
  socket.on('error', reject);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  socket.bind(0, local, () => {
    try {
      socket.setMulticastInterface(local);
      socket.setMulticastTTL(2);
    } catch (error) {
      reject(error);
      return;
    }
    ask();
    timers.push(setTimeout(ask, Math.min(REPEAT_MS, waitMs / 2)));
    timers.push(setTimeout(() => reject(new Error('no UPnP gateway answers')), waitMs));
  });
  return promise.finally(() => {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    socket.close();
  });
}
