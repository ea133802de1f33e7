/**
 * `talk.ts SERVER OWN-NAME NAME…` finds the IPv4 addresses of names by that DNS server, and sends a datagram to each twice a second, which a program
 * like this one brings back. Prints "all answered" once every name did, who has not every half minute until then, and
 * at SIGTERM, as JSON, how many datagrams it sent to each.
 */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';

const PORT = 7007;
const EVERY_MS = 500;
const TELL_MS = 30_000;
const [server = '', own = '', ...names] = process.argv.slice(2);
const resolver = new Resolver({ timeout: 2000, tries: 1 });
resolver.setServers([server]);
const addresses = new Map<string, string>();
const silent = new Set(names);
const socket = createSocket('udp4');
const sent = new Map<string, number>();

async function find(name: string): Promise<void> {
  while (!addresses.has(name)) {
    const [address] = await resolver.resolve4(name).catch(() => []);
    if (address === undefined) await new Promise((resolve) => setTimeout(resolve, 200));
    else addresses.set(name, address);
  }
}

function send(name: string, text: string, port: number, address: string): void {
  socket.send(text, port, address, (error) => {
    if (error === null) sent.set(name, (sent.get(name) ?? 0) + 1);
  });
}

socket.on('error', () => {});
socket.on('message', (bytes, { port, address }) => {
  const [word, name = ''] = bytes.toString().split(' ');
  if (word === 'ask') send(name, `answer ${own}`, port, address);
  else if (silent.delete(name) && silent.size === 0) console.log('all answered');
});
socket.bind(PORT, '0.0.0.0', () => {
  setInterval(() => {
    for (const [name, address] of addresses) send(name, `ask ${own}`, PORT, address);
  }, EVERY_MS);
});
setInterval(() => {
  const told = [...silent].map((name) => `${name} (${addresses.get(name) ?? 'not found'})`);
  if (told.length > 0) console.error(`silent: ${told.join(' ')}`);
}, TELL_MS).unref();
process.on('SIGTERM', () => {
  console.log(`sent ${JSON.stringify(Object.fromEntries(sent))}`);
  process.exit();
});
for (const name of names) await find(name);
