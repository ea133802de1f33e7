// Two nodes of the own organisation under one name: signers that did not know of each other admitted both.
import { CodedError } from '../../core/base/errors.ts';
import type { Warning } from '../api/types.ts';

export interface Named {
  readonly nodeId: string;
  readonly name: string;
  readonly organisation: string;
}

interface NamedPeer extends Named {
  readonly state: string;
}

/** Names told of at a time. */
const NAMES_MAX = 4;

/** Of this node and those that it has a session with: whoever is gone may have left its name to another. */
export function namesakeWarnings(own: Named, peers: readonly NamedPeer[]): Warning[] {
  const here = peers.filter(
    ({ state, organisation }) => state === 'connected' && organisation === own.organisation,
  );
  const twice = [...Map.groupBy([own, ...here], ({ name }) => name)].filter(
    ([name, nodes]) => name !== '' && own.organisation !== '' && nodes.length > 1,
  );
  return twice.slice(0, NAMES_MAX).map(([name, nodes]) => {
    const who = nodes.map(({ nodeId }) => nodeId).join(' and ');
    const { code, message } = new CodedError('NAME_TWICE', `${name} is the name of ${who}`);
    return { code, message };
  });
}
