// One connection to the API: one request, one answer, and an end to both.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CodedError } from '../../core/base/errors.ts';
import { type Gate, hasBody } from './gate.ts';
import { FieldRefusal, PROBLEM_TYPE, problem, problemHeaders, rawProblem } from './problem.ts';

/** How long what is left of a refused body is read and thrown away, so that the answer to it is not lost. */
const LINGER_MS = 2000;

export class Connection {
  readonly #socket: Socket;
  readonly #gate: Gate | undefined;
  readonly #timeoutMs: number;
  #deadline: NodeJS.Timeout | undefined;
  #hasAsked = false;

  /** `gate`: of a listener that anybody on this host reaches. The request must be whole within `timeoutMs`, however it drips. */
  constructor(socket: Socket, gate: Gate | undefined, timeoutMs: number) {
    this.#socket = socket;
    this.#gate = gate;
    this.#timeoutMs = timeoutMs;
    this.#end(timeoutMs);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearTimeout(this.#deadline));
  }

  /** Hands the first request on. The answer to it closes the connection; what else comes gets none. */
  ask(request: IncomingMessage, response: ServerResponse, listener: RequestListener): void {
    if (this.#hasAsked) return;
    this.#hasAsked = true;
    response.shouldKeepAlive = false;
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    // From here on the answer may take its time; whoever asked may not.
    if (hasBody(request)) request.once('end', () => clearTimeout(this.#deadline));
    else clearTimeout(this.#deadline);
    response.once('prefinish', () => this.#end(this.#timeoutMs));
    this.#lingerFor(request);
    const refusal = this.#gate?.refusal(request);
    if (refusal === undefined) listener(request, response);
    else answerProblem(response, refusal);
  }

  /** What came was no HTTP, or too much of it. */
  refuse(reason: string): void {
    if (this.#hasAsked) this.#socket.destroy();
    else
      this.#socket.end(rawProblem(new FieldRefusal('REQUEST_INVALID', 'request', `is no HTTP: ${reason}`)));
  }

  #end(timeoutMs: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#socket.destroy(), timeoutMs).unref();
  }

  /** Closing while bytes are unread would reset the connection and take the answer from whoever still writes. */
  #lingerFor(request: IncomingMessage): void {
    const socket = this.#socket;
    const close = socket.destroySoon.bind(socket);
    socket.destroySoon = () => {
      if (request.complete) {
        close();
        return;
      }
      this.#end(LINGER_MS);
      request.once('end', close).resume();
      socket.end();
    };
  }
}

function answerProblem(response: ServerResponse, error: CodedError): void {
  const body = problem(error);
  const text = JSON.stringify(body);
  const headers = { 'content-type': PROBLEM_TYPE, 'content-length': Buffer.byteLength(text) };
  response.writeHead(body.status, { ...headers, ...problemHeaders(body.status) }).end(text);
}
