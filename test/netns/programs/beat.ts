/**
 * `beat.ts serve ADDRESS` echoes what a TCP connection brings and prints its port; `beat.ts ADDRESS PORT` holds one connection and sends
 * a numbered line every 20 ms. On "mark" from standard input it prints, as JSON, the longest silence since the last mark and the last number
 * that came back; lines out of order end it with an error.
 */
import { createConnection, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const BEAT_MS = 20;
const [first = '', second = ''] = process.argv.slice(2);

function serve(address: string): void {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, address, () => console.log(`port ${(server.address() as { port: number }).port}`));
}

function beat(address: string, port: number): void {
  const socket = createConnection({ host: address, port, noDelay: true });
  let sent = 0;
  let back = 0;
  let last = performance.now();
  let silence = 0;
  socket.on('connect', () => {
    console.log('connected');
    setInterval(() => socket.write(`${sent++}\n`), BEAT_MS);
  });
  socket.on('error', (error) => {
    console.log(`broken: ${error.message}`);
    process.exit(1);
  });
  createInterface(socket).on('line', (line) => {
    if (Number(line) !== back++) {
      console.log(`broken: ${line} came instead of ${back - 1}`);
      process.exit(1);
    }
    const now = performance.now();
    silence = Math.max(silence, now - last);
    last = now;
  });
  createInterface(process.stdin).on('line', () => {
    silence = Math.max(silence, performance.now() - last);
    console.log(JSON.stringify({ silenceMs: Math.round(silence), back }));
    silence = 0;
  });
}

if (first === 'serve') serve(second);
else beat(first, Number(second));
