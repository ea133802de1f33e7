// Who may ask over TCP. Web pages in a browser of this host reach loopback too, under a name that they had point here
// (DNS rebinding) or in a form that they post: the exact Host, no foreign Origin and the token each stop them.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CodedError } from '../../core/base/errors.ts';
import { FieldRefusal } from './problem.ts';

/** Headers that decide something; two of them would let two readers decide differently. */
const SINGLE: readonly string[] = [
  'authorization',
  'content-length',
  'content-type',
  'host',
  'if-none-match',
  'last-event-id',
];
const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"?)?$/i;

export class Gate {
  readonly #hosts: ReadonlySet<string>;
  readonly #digest: Uint8Array;

  /** `port`: where the API listens. */
  constructor(port: number, token: string) {
    this.#hosts = new Set([`127.0.0.1:${port}`, `[::1]:${port}`, `localhost:${port}`]);
    this.#digest = digest(token);
  }

  /** Why this request gets nothing; undefined: it may ask. */
  refusal(request: IncomingMessage): CodedError | undefined {
    const { host, origin, authorization } = request.headers;
    // A target that is a whole URL names a host too.
    const isPath = request.url?.startsWith('/') === true;
    if (host === undefined || !this.#hosts.has(host) || !isPath) return new CodedError('HOST_REFUSED');
    if (origin !== undefined && origin !== `http://${host}`) return new CodedError('ORIGIN_REFUSED');
    const [, token] = /^Bearer +([^ ]{1,256})$/i.exec(authorization ?? '') ?? [];
    if (token === undefined || !timingSafeEqual(digest(token), this.#digest)) {
      return new CodedError('TOKEN_REQUIRED');
    }
    return undefined;
  }
}

/** What no request may have, whichever way it came. */
export function refuseHeaders(request: IncomingMessage): CodedError | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i].toLowerCase();
    if (!SINGLE.includes(name)) continue;
    if (seen.has(name)) return new FieldRefusal('REQUEST_INVALID', `header.${name}`, 'is given twice');
    seen.add(name);
  }
  const type = request.headers['content-type'];
  if (!hasBody(request) || (type !== undefined && JSON_TYPE.test(type))) return undefined;
  return new FieldRefusal(
    'CONTENT_TYPE_UNSUPPORTED',
    'header.content-type',
    type === undefined ? 'is missing' : 'is not application/json',
  );
}

export function hasBody(request: IncomingMessage): boolean {
  const { 'transfer-encoding': coding, 'content-length': length } = request.headers;
  return coding !== undefined || Number(length ?? 0) > 0;
}

/** Digests are of one length, whatever a stranger sends. */
function digest(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
