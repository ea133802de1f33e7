/**
 * `beat.ts serve ADDRESS` echoes what a TCP connection brings and prints its port; `beat.ts ADDRESS PORT` holds one connection and sends
 * a numbered line every 20 ms; `beat.ts through PROGRAM WORDS…` sends them to a program that brings them back, such as `ssh HOST cat`. On "mark" from standard input it prints, as JSON, the longest silence since the last mark and the last number
 * that came back; lines out of order end it with an error.
 */
import { spawn } from 'node:child_process';
import { createConnection, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';

const BEAT_MS = 20;
const [first = '', second = '', ...words] = process.argv.slice(2);

function serve(address: string): void {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, address, () => console.log(`port ${(server.address() as { port: number }).port}`));
}

function broken(why: string): void {
  console.log(`broken: ${why}`);
  process.exit(1);
}

function connection(address: string, port: number): void {
  const socket = createConnection({ host: address, port, noDelay: true });
  socket.on('connect', () => beat(socket));
  socket.on('error', (error) => broken(error.message));
}

function through(program: string, words: readonly string[]): void {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('exit', (status) => broken(`${program} ended with ${status}`));
  child.stdin.on('error', () => {});
  process.on('SIGTERM', () => {
    child.kill();
    process.exit();
  });
  beat(Duplex.from({ readable: child.stdout, writable: child.stdin }));
}

function beat(stream: Duplex): void {
  let sent = 0;
  let back = 0;
  let last = performance.now();
  let silence = 0;
  console.log('connected');
  setInterval(() => stream.write(`${sent++}\n`), BEAT_MS);
  createInterface(stream).on('line', (line) => {
    if (Number(line) !== back++) broken(`${line} came instead of ${back - 1}`);
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
else if (first === 'through') through(second, words);
else connection(first, Number(second));
