import { CodedError, type ErrorCode } from '../../core/base/errors.ts';
import type { FieldError, Problem } from './types.ts';

/** Codes whose HTTP status is not 422, "understood and refused". */
const STATUS: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  NAME_INVALID: 400,
  ADDRESS_INVALID: 400,
  RECORD_KEY_INVALID: 400,
  TOKEN_REQUIRED: 401,
  ORIGIN_REFUSED: 403,
  NOT_FOUND: 404,
  PEER_UNKNOWN: 404,
  SERVICE_UNKNOWN: 404,
  IMPORT_UNKNOWN: 404,
  NAME_UNKNOWN: 404,
  RECORD_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  ALREADY_INITIALISED: 409,
  NOT_INITIALISED: 409,
  SERVICE_EXISTS: 409,
  IMPORT_HIDES: 409,
  NAME_IMPORTED: 409,
  NAME_TAKEN: 409,
  SIGNER_NEEDED: 409,
  BODY_TOO_LARGE: 413,
  RECORD_TOO_LARGE: 413,
  CONTENT_TYPE_UNSUPPORTED: 415,
  HOST_REFUSED: 421,
  ADMISSION_RATE_LIMITED: 429,
  INTERNAL: 500,
  NOT_SUPPORTED: 501,
  DISK_FULL: 503,
  EPOCH_MISSING: 503,
  TOO_BUSY: 503,
  PEER_UNREACHABLE: 504,
  NOBODY_ANSWERED: 504,
  SIGNER_UNREACHABLE: 504,
  TIMED_OUT: 504,
};

export const PROBLEM_TYPE = 'application/problem+json';
/** Path of the page that describes the codes, in the repository and on this API. */
export const ERRORS_PAGE = '/docs/errors.md';

export function httpStatus(code: ErrorCode): number {
  return STATUS[code] ?? 422;
}

/** A refusal that names what of the request it is about. */
export class FieldRefusal extends CodedError {
  readonly fields: FieldError[];

  constructor(code: ErrorCode, field: string, reason: string) {
    super(code, `${field} ${reason}`);
    this.fields = [{ field, reason }];
  }
}

export function problem(error: unknown): Problem {
  const coded = toCoded(error);
  const status = httpStatus(coded.code);
  const { code, message } = coded;
  return {
    type: `${ERRORS_PAGE}#${code.toLowerCase()}`,
    title: process.getBuiltinModule('node:http').STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    error: coded instanceof FieldRefusal ? { code, message, fields: coded.fields } : { code, message },
  };
}

/** What goes with some statuses. */
export function problemHeaders(status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer realm="mcc"' };
  if (status === 429) return { 'retry-after': '60' };
  return status === 503 ? { 'retry-after': '1' } : {};
}

/** The whole answer as it travels, for a connection that the framework never sees or knows no more. */
export function rawProblem(error: unknown): string {
  const body = problem(error);
  const text = JSON.stringify(body);
  const headers = {
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
    ...problemHeaders(body.status),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${body.status} ${body.title}\r\n${lines.join('')}\r\n${text}`;
}

/** Fastify's own refusals: validation, body too large, wrong content type, a path that cannot be decoded. */
function toCoded(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const { code, statusCode, validation, validationContext, message } = Object(error) as FastifyRefusal;
  const [first] = validation ?? [];
  if (first !== undefined) return invalid(validationContext ?? 'body', first);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new CodedError('BODY_TOO_LARGE');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new CodedError('CONTENT_TYPE_UNSUPPORTED');
  if (code === 'FST_ERR_BAD_URL')
    return new FieldRefusal('REQUEST_INVALID', 'path', 'is not percent-encoded');
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new FieldRefusal('REQUEST_INVALID', 'path', 'is too long');
  if (statusCode !== undefined && statusCode < 500) {
    return new FieldRefusal('REQUEST_INVALID', 'body', `cannot be read: ${message}`);
  }
  return new CodedError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}

interface FastifyRefusal {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly validation?: readonly AjvError[];
  readonly validationContext?: string;
}

interface AjvError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Record<string, unknown>;
  readonly parentSchema?: { readonly description?: string };
}

function invalid(context: string, error: AjvError): FieldRefusal {
  const { keyword, instancePath, params, parentSchema } = error;
  const root = context === 'params' ? 'path' : context;
  const at = root + instancePath.replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.');
  const fallback = error.message ?? 'is not allowed';
  const refuse = (field: string, reason: string) => new FieldRefusal('REQUEST_INVALID', field, reason);
  switch (keyword) {
    case 'required':
      return refuse(`${at}.${params.missingProperty}`, 'is missing');
    case 'additionalProperties':
      return refuse(`${at}.${String(params.additionalProperty).slice(0, 64)}`, 'is not known here');
    case 'enum':
      return refuse(at, `must be one of ${(params.allowedValues as unknown[]).join(', ')}`);
    default:
      // Our own words where there are some: "must match pattern" helps nobody.
      return refuse(
        at,
        parentSchema?.description === undefined ? fallback : `must be ${parentSchema.description}`,
      );
  }
}
