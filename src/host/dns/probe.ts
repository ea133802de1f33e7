import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

const TRY_MS = 250;
const DNS_PORT = 53;

/** version.bind CH TXT: every dnsmasq answers that by itself, whatever its servers do. */
const QUESTION = Buffer.from(
  '\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07version\x04bind\x00\x00\x10\x00\x03',
  'latin1',
);

/** Whether a name server says anything at all within that time. */
export async function isAnswering(address: string, timeoutMs: number): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  // Refused while it restarts: the next try may be heard.
  socket.on('error', () => {});
  socket.on('message', () => resolve(true));
  const ask = (): void => socket.send(QUESTION, DNS_PORT, address, () => {});
  const again = setInterval(ask, TRY_MS);
  const end = setTimeout(() => resolve(false), timeoutMs);
  ask();
  try {
    return await promise;
  } finally {
    clearInterval(again);
    clearTimeout(end);
    socket.close();
  }
}
