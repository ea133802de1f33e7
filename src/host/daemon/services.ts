import { isDeepStrictEqual } from 'node:util';
import { CodedError } from '../../core/base/errors.ts';
import type { Node } from '../../core/node/node.ts';
import type { ServiceInput } from '../api/types.ts';
import { serviceRequest } from './views.ts';

/**
 * Offers a service under a name; another one of this name is replaced, or SERVICE_EXISTS unless it is the same. True: the
 * name is new. Within one turn, so that no packet falls between.
 */
export function offerService(
  node: Node,
  name: string,
  input: ServiceInput,
  replace: boolean,
  now: number,
): boolean {
  const wanted = serviceRequest(name, input);
  const before = node.listServices().find((service) => service.name === name);
  if (before === undefined) {
    node.addService(wanted, now);
    return true;
  }
  node.removeService(name, now);
  try {
    // The node writes organisations by their IDs: only what it made of both can be compared.
    const after = node.addService(wanted, now);
    if (replace || isDeepStrictEqual({ ...after }, { ...before })) return false;
    node.removeService(name, now);
    throw new CodedError('SERVICE_EXISTS', name);
  } catch (error) {
    node.addService(before, now);
    throw error;
  }
}
