// Opening and closing further UDP sockets, and what becomes of ways over one that is closed.
import { type NodeContext, toPath } from './context.ts';
import type { LocalSocket, SocketPurpose } from './sockets.ts';

/** Has a socket opened; what came of it is told to `onSocket`. Undefined: there are as many as may be. */
export function openSocket(c: NodeContext, purpose: SocketPurpose): LocalSocket | undefined {
  const socket = c.sockets.claim(purpose);
  if (socket !== undefined) c.out.commands.push({ kind: 'openSocket', socket: socket.number });
  return socket;
}

/** Ways over it are given up: whoever uses one falls back to another. */
export function closeSocket(c: NodeContext, number: number): void {
  if (!c.sockets.release(number)) return;
  c.out.commands.push({ kind: 'closeSocket', socket: number });
  dropWays(c, number);
}

/** Undefined: it was given up before it was open. */
export function onSocketOpened(c: NodeContext, number: number, port: number): LocalSocket | undefined {
  const socket = c.sockets.get(number);
  if (socket !== undefined) socket.port = port;
  return socket;
}

export function onSocketFailed(c: NodeContext, number: number): LocalSocket | undefined {
  const socket = c.sockets.get(number);
  if (socket === undefined || !c.sockets.release(number)) return undefined;
  dropWays(c, number);
  return socket;
}

/** Whether a remote's datagrams leave over it. */
export function isSocketUsed(c: NodeContext, number: number): boolean {
  for (const remote of c.remotes.values()) if (remote.path.current?.via === number) return true;
  return false;
}

function dropWays(c: NodeContext, number: number): void {
  for (const remote of c.remotes.values()) {
    const { current, candidates } = remote.path;
    const ways = candidates.map(({ address }) => address);
    if (current !== undefined) ways.push(current);
    for (const address of ways)
      if (address.via === number) toPath(c, remote, { kind: 'candidateGone', address });
  }
}
