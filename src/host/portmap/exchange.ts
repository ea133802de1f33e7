// A question and its answer over UDP, with nobody but the gateway.
import { createSocket } from 'node:dgram';

/** No message of PCP is longer (RFC 6887 section 7). */
const ANSWER_MAX = 1100;
/** Answers to something else that are looked at. */
const WRONG_MAX = 32;

export interface Question<T> {
  /** Own address; the gateway's, with its zone. */
  readonly local: string;
  readonly host: string;
  readonly port: number;
  readonly bytes: Uint8Array;
  /** What an answer says; undefined: it answers something else. Throws to end the exchange. */
  read(answer: Uint8Array): T | undefined;
  readonly waitsMs: readonly number[];
  readonly signal: AbortSignal;
}

/** Rejects when nothing fitting comes. The socket is connected, so that the kernel passes on what the gateway's port sends, only. */
export function exchange<T>(question: Question<T>): Promise<T> {
  const { host, port, bytes, waitsMs, signal } = question;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const socket = createSocket(question.local.includes(':') ? 'udp6' : 'udp4');
  let timer: NodeJS.Timeout | undefined;
  let tries = 0;
  let wrong = 0;
  const ask = (): void => {
    if (tries >= waitsMs.length) {
      reject(new Error('the gateway does not answer'));
      return;
    }
    // A refusal of the network comes as an error of the socket as well.
    socket.send(bytes, () => undefined);
    timer = setTimeout(ask, waitsMs[tries++]);
  };
  socket.on('message', (answer) => {
    try {
      const value = answer.length > ANSWER_MAX ? undefined : question.read(answer);
      if (value !== undefined) resolve(value);
      else if (++wrong >= WRONG_MAX) reject(new Error('the gateway answers something else'));
    } catch (error) {
      reject(error);
    }
  });
  socket.on('error', reject);
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  socket.bind(0, question.local, () => {
    try {
      socket.connect(port, host, ask);
    } catch (error) {
      reject(error);
    }
  });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    socket.close();
  });
}
