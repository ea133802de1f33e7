import { CodedError } from '../../core/base/errors.ts';
import type { Directory } from '../api/api.ts';

/** Names and records of the network, as the API asks for them. */
export class NodeDirectory implements Directory {
  resolve = refuse;
  putRecord = refuse;
  putImmutable = refuse;
  getRecord = refuse;
  getImmutable = refuse;
  deleteRecord = refuse;
}

async function refuse(): Promise<never> {
  throw new CodedError('NOT_SUPPORTED');
}
