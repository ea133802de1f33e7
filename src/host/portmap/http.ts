// One request to the gateway's web server: no redirects, nothing longer than its bound.
import { request } from 'node:http';
import { formatIp, type IpAddress } from '../../core/base/ip.ts';

/** Of the whole answer. */
const TIMEOUT_MS = 5000;
const HEADERS_MAX = 8192;

export interface HttpRequest {
  /** On the gateway: see gatewayUrl. */
  readonly url: URL;
  readonly local: IpAddress;
  readonly method: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Bytes. */
  readonly answerMax: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export function ask(question: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body, answerMax } = question;
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const signal = AbortSignal.any([question.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const asked = request({
    host: url.hostname,
    port: url.port === '' ? 80 : Number(url.port),
    path: url.pathname + url.search,
    localAddress: formatIp(question.local),
    agent: false,
    maxHeaderSize: HEADERS_MAX,
    method,
    headers: {
      Host: url.host,
      Connection: 'close',
      'Content-Length': Buffer.byteLength(body ?? ''),
      ...headers,
    },
    signal,
  });
  asked.on('error', reject);
  asked.on('response', (answer) => {
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > answerMax) asked.destroy(new Error('the gateway answers too much'));
      else chunks.push(chunk);
    });
    answer.on('error', reject);
    answer.on('end', () =>
      resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
    );
  });
  asked.end(body);
  return promise;
}
