import { CodedError, type ErrorCode } from '../../core/base/errors.ts';
import type { Problem } from './types.ts';

/** Codes whose HTTP status is not 422, "understood and refused". */
const STATUS: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  NAME_INVALID: 400,
  ADDRESS_INVALID: 400,
  NOT_FOUND: 404,
  PEER_UNKNOWN: 404,
  SERVICE_UNKNOWN: 404,
  ALREADY_INITIALISED: 409,
  NOT_INITIALISED: 409,
  SERVICE_EXISTS: 409,
  NAME_TAKEN: 409,
  ADMISSION_RATE_LIMITED: 429,
  INTERNAL: 500,
  NOT_SUPPORTED: 501,
  DISK_FULL: 503,
  PEER_UNREACHABLE: 504,
  SIGNER_UNREACHABLE: 504,
  TIMED_OUT: 504,
};

export function problem(error: unknown): Problem {
  const coded = toCoded(error);
  const status = STATUS[coded.code] ?? 422;
  return {
    type: 'about:blank',
    title: process.getBuiltinModule('node:http').STATUS_CODES[status] ?? 'Error',
    status,
    detail: coded.message,
    error: { code: coded.code, message: coded.message },
  };
}

/** Fastify's own refusals (validation, body too large, wrong content type) are malformed requests. */
function toCoded(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  const message = error instanceof Error ? error.message : String(error);
  if (status < 500) return new CodedError('REQUEST_INVALID', message);
  return new CodedError('INTERNAL', message, { cause: error });
}
