// Requests that go wrong in every way that a seed leads to: of each part some are right, some nearly right, some junk.

export interface FuzzedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** xorshift32: the same requests for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  /** 0 to most - 1. */
  below(most: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % most;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'get'];
const HASH = '0'.repeat(52);
const NAMES = ['web', 'a', 'bravo', 'x'.repeat(63), 'alpha.node', 'web.mcc', HASH, 'colour'];
const SERVICE = {
  port: 80,
  protocol: 'tcp',
  target: '127.0.0.1:80',
  weight: 100,
  share: ['all'],
  check: 'tcp',
};
const RECORD = { value: 'blue' };
const FOUNDING = {
  genesis: 'AA',
  organisation: { certificate: 'AA', signatures: [{ root: 0, signature: 'AA' }] },
  name: 'alpha',
};
const INVITATION = {
  organisation: 'acme',
  uses: 1,
  expiresMs: 1000,
  addresses: ['192.0.2.1:1'],
  provides: ['web-*'],
};
/** What a request is before anything goes wrong with it. */
const OPERATIONS: readonly [method: string, path: string, body?: object][] = [
  ['GET', '/v1/status'],
  ['GET', '/v1/peers'],
  ['GET', '/v1/netcheck'],
  ['POST', '/v1/ping', { target: 'bravo', count: 4 }],
  ['POST', '/v1/keys'],
  ['POST', '/v1/init', FOUNDING],
  ['POST', '/v1/invitations', INVITATION],
  ['POST', '/v1/join', { token: 'mcc1token', name: 'alpha' }],
  ['GET', '/v1/services'],
  ['GET', '/v1/services/:name'],
  ['PUT', '/v1/services/:name', SERVICE],
  ['PUT', '/v1/services/:name', { port: 53, protocol: 'udp' }],
  ['DELETE', '/v1/services/:name'],
  ['POST', '/v1/access', { from: 'guests', to: 'web' }],
  ['POST', '/v1/services/:name/share', { share: ['all'] }],
  ['POST', '/v1/services/:name/unshare', { share: ['all'] }],
  ['GET', '/v1/guests'],
  ['PUT', '/v1/guests', { open: true, difficulty: 20, max: 10 }],
  ['POST', '/v1/guests/invitations', { addresses: ['192.0.2.1:1'] }],
  ['POST', '/v1/guests/work', { token: 'mccg1' }],
  ['GET', '/v1/resolve/:name'],
  ['POST', '/v1/records', RECORD],
  ['PUT', '/v1/records/:name', { valueBase64url: 'AAEC' }],
  ['PUT', '/v1/records/:name', RECORD],
  ['GET', '/v1/records/:name'],
  ['DELETE', '/v1/records/:name'],
  ['GET', '/v1/dht/records?cursor=0'],
];
const VALUES: unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  65_536,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  'x',
  'all',
  '\u0000',
  '\ud800',
  '\u202e',
  'é'.repeat(500),
  'x'.repeat(9000),
  [],
  [[]],
  {},
  { a: {} },
];
const KEYS = [
  'port',
  'value',
  'target',
  '__proto__',
  'constructor',
  'toString',
  '',
  '\u0000',
  'a'.repeat(300),
];
const TYPES = [
  'application/json; charset=utf-8',
  'application/json;charset=utf-16',
  'application/jsonx',
  'text/plain',
  'multipart/form-data; boundary=x',
  '',
  'é',
];

export function fuzzedRequest(dice: Dice): FuzzedRequest {
  const [own, path, ownBody] = dice.of(OPERATIONS);
  const method = dice.once(8) ? dice.of(METHODS) : own;
  const value = dice.once(10) ? dice.of(OPERATIONS)[2] : ownBody;
  const headers: Record<string, string> = {};
  if (value !== undefined) headers['content-type'] = dice.once(10) ? dice.of(TYPES) : 'application/json';
  if (dice.once(10)) headers['if-none-match'] = dice.of(['*', '"x"', '']);
  if (dice.once(20)) headers[dice.of(['accept', 'accept-version', 'x', 'cookie', 'range'])] = junk(dice, 40);
  if (dice.once(20)) headers['last-event-id'] = dice.of(['1', '-1', 'x', '9'.repeat(30)]);
  return { method, url: url(dice, path), headers, body: value === undefined ? undefined : body(dice, value) };
}

function url(dice: Dice, template: string): string {
  if (dice.once(20)) return `/${junk(dice, 60)}`;
  let path = template.replace(':name', () => name(dice));
  if (dice.once(12)) path = mutate(dice, path);
  if (dice.once(12)) path += `?${junk(dice, 20)}`;
  return path.startsWith('/') ? path : `/${path}`;
}

function name(dice: Dice): string {
  if (!dice.once(4)) return dice.of(NAMES);
  return dice.once(2) ? encodeURIComponent(junk(dice, 80).toWellFormed()) : junk(dice, 80);
}

function junk(dice: Dice, longest: number): string {
  let text = '';
  for (let i = dice.below(longest); i >= 0; i--) {
    text += dice.once(20)
      ? dice.of(['%', '%00', '%ff', '..', '/', '\\', '?', '#', 'é', '😀', ';'])
      : letter(dice);
  }
  return text;
}

function letter(dice: Dice): string {
  return String.fromCharCode(0x21 + dice.below(0x5e));
}

function body(dice: Dice, whole: object): Buffer {
  const value = structuredClone(whole);
  for (let i = dice.below(3); i > 0; i--) spoil(dice, value);
  let text = JSON.stringify(value);
  if (dice.once(8)) text = mutate(dice, text);
  if (dice.once(30)) text = text.replace('{', '{"port":1,');
  if (dice.once(200)) text = `${'['.repeat(20_000)}${text}`;
  if (dice.once(400)) text += ' '.repeat(70_000);
  const bytes = Buffer.from(text);
  if (dice.once(10) && bytes.length > 0) bytes[dice.below(bytes.length)] = dice.below(256);
  return bytes;
}

/** Replaces, adds or removes something anywhere within. */
function spoil(dice: Dice, value: object): void {
  const within = Object.values(value).filter((child) => typeof child === 'object' && child !== null);
  if (within.length > 0 && dice.once(2)) {
    spoil(dice, dice.of(within) as object);
    return;
  }
  const keys = Object.keys(value);
  const key = keys.length > 0 && !dice.once(3) ? dice.of(keys) : dice.of(KEYS);
  if (dice.once(4)) Reflect.deleteProperty(value, key);
  else
    Object.defineProperty(value, key, {
      value: structuredClone(dice.of(VALUES)),
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

function mutate(dice: Dice, text: string): string {
  const at = dice.below(text.length + 1);
  switch (dice.below(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at) + text.slice(0, at);
    case 2:
      return text.slice(0, at) + junk(dice, 4) + text.slice(at);
    default:
      return text.slice(0, at) + text.slice(at + 1 + dice.below(3));
  }
}

/** As it travels, with whatever that breaks. */
export function rawRequest(dice: Dice): Buffer {
  const { method, url: target, headers, body: bytes } = fuzzedRequest(dice);
  const path = dice.once(30) ? '/v1/events' : target;
  const lines = Object.entries({ host: 'x', ...headers }).map(([key, value]) => `${key}: ${value}\r\n`);
  if (bytes !== undefined) {
    const length = dice.once(20) ? dice.below(100_000) : bytes.length;
    lines.push(`${dice.once(30) ? 'transfer-encoding: chunked' : `content-length: ${length}`}\r\n`);
  }
  if (dice.once(30)) lines.push(`${junk(dice, 30)}\r\n`);
  if (dice.once(30)) lines.push(dice.of(lines));
  const head = Buffer.from(`${method} ${path} HTTP/1.${dice.once(20) ? 0 : 1}\r\n${lines.join('')}\r\n`);
  const all = Buffer.concat([head, bytes ?? Buffer.alloc(0)]);
  for (let i = dice.below(3); i > 0 && dice.once(3); i--) all[dice.below(all.length)] = dice.below(256);
  return dice.once(20) ? all.subarray(0, dice.below(all.length)) : all;
}
