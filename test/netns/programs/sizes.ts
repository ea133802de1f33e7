/**
 * `sizes.ts ADDRESS PORT FIRST LAST STEP`: sends a UDP datagram of every size to an echo and compares what comes back, a few at a
 * time. A size that does not come back within 2 s is sent once more; prints the sizes that came through and those that never did.
 */

import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

const [address = '', port = '', first = '1', last = '65507', step = '1'] = process.argv.slice(2);
const IN_FLIGHT = 4;
const bytes = randomBytes(65_552);
const socket = createSocket({
  type: address.includes(':') ? 'udp6' : 'udp4',
  recvBufferSize: 4 << 20,
  sendBufferSize: 4 << 20,
});
const waiting = new Map<number, { timer: NodeJS.Timeout; tries: number }>();
const failed: number[] = [];
let next = Number(first);
let passed = 0;
let resent = 0;

function transmit(size: number, tries: number): void {
  const timer = setTimeout(() => {
    waiting.delete(size);
    if (tries < 2) {
      resent++;
      transmit(size, tries + 1);
      return;
    }
    failed.push(size);
    fill();
  }, 2000);
  waiting.set(size, { timer, tries });
  socket.send(bytes.subarray(size % 16, (size % 16) + size), Number(port), address, (error) => {
    if (error !== null) throw error;
  });
}

function fill(): void {
  while (waiting.size < IN_FLIGHT && next <= Number(last)) {
    transmit(next, 1);
    next += Number(step);
  }
  if (waiting.size > 0) return;
  console.log(JSON.stringify({ passed, resent, failed }));
  socket.close();
}

socket.on('message', (message) => {
  const size = message.length;
  const sent = waiting.get(size);
  if (sent === undefined) return;
  clearTimeout(sent.timer);
  waiting.delete(size);
  if (message.equals(bytes.subarray(size % 16, (size % 16) + size))) passed++;
  else failed.push(size);
  fill();
});
socket.bind(0, fill);
