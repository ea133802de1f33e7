// What the tests of the API share: servers, raw conversations.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { parseSocketAddress } from '../../../src/core/base/ip.ts';
import { ApiServer, type ListenOptions } from '../../../src/host/api/api.ts';
import { MemoryBackend } from './memory-backend.ts';

export const TOKEN = 't'.repeat(43);

export const raise = (error: unknown): never => {
  throw error;
};

/** tap's own folders have names too long for a socket. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'mcc-test-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

export interface Served {
  readonly api: ApiServer;
  readonly backend: MemoryBackend;
  readonly socket: string;
}

export async function serve(t: Test, options: Partial<ListenOptions> = {}): Promise<Served> {
  const backend = new MemoryBackend();
  const socket = join(folder(t), 'mcc.sock');
  const api = await ApiServer.listen(backend, { socket, onDefect: raise, ...options });
  t.teardown(() => api.close());
  return { api, backend, socket };
}

/** The same on a free port of 127.0.0.1. */
export async function serveTcp(t: Test): Promise<Served & { port: number }> {
  const address = parseSocketAddress('127.0.0.1:0');
  if (address === undefined) throw new Error('not an address');
  const served = await serve(t, { tcp: { address, token: TOKEN } });
  return { ...served, port: Number(served.api.tcp?.split(':')[1]) };
}

export function get(socketPath: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

/** Sends bytes, reads until the other side ends. What it was refused stands in the answer. */
export function exchange(where: NetConnectOpts, bytes: string | Uint8Array): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = createConnection(where);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A reset is an end as well.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks).toString('utf8'))));
    socket.write(bytes);
  });
}

export interface Answer {
  /** 0: none. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export function parseAnswer(text: string): Answer {
  const end = text.indexOf('\r\n\r\n');
  const [first, ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(first.split(' ')[1] ?? 0), headers: new Map(headers), body: text.slice(end + 4) };
}

export function codeOf(answer: Answer): string {
  return JSON.parse(answer.body).error.code;
}
