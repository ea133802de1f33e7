import { CodedError, isErrorCode } from '../core/base/errors.ts';
import type { ErrorBody } from '../host/api/types.ts';

/** An error as the daemon reported it: its code may be newer than this program's catalogue. */
export class RemoteError extends Error {
  readonly code: string;

  constructor(body: ErrorBody) {
    super(body.message);
    this.code = body.code;
  }
}

/** Wrong usage: exit status 2. */
export class UsageError extends CodedError {
  constructor(detail: string) {
    super('USAGE', detail);
  }
}

export function errorBody(error: unknown): ErrorBody {
  if (error instanceof RemoteError || error instanceof CodedError) {
    return { code: error.code, message: error.message };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'INTERNAL', message };
}

const USAGE_CODES = new Set([
  'USAGE',
  'ADDRESS_INVALID',
  'DURATION_INVALID',
  'NUMBER_INVALID',
  'NAME_INVALID',
]);

/** 1: refused or failed. 2: wrong usage, which only this program's own checks find. */
export function exitStatus(error: unknown): number {
  return error instanceof CodedError && isErrorCode(error.code) && USAGE_CODES.has(error.code) ? 2 : 1;
}
