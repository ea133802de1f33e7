// What people do with the members of their organisation.
import { CodedError } from '../../core/base/errors.ts';
import { idToText } from '../../core/identity/identity.ts';
import type { MemberView as KnownMember, Node } from '../../core/node/node.ts';
import type { MemberBackend } from '../api/api.ts';
import type { MemberInput, MemberView } from '../api/types.ts';
import { ambiguous } from './health.ts';
import type { NodeHost } from './node-host.ts';

export class NodeMembers implements MemberBackend {
  readonly #host: NodeHost;

  constructor(host: NodeHost) {
    this.#host = host;
  }

  list(): MemberView[] {
    return this.#host.node().node.members().map(memberView);
  }

  change(member: string, input: MemberInput): MemberView {
    const { node } = this.#host.node();
    refuseAmbiguous(node, member);
    const nodeId = node.find(member)?.nodeId;
    if (nodeId === undefined) throw new CodedError('PEER_UNKNOWN', member);
    const { tags, provides } = input;
    const wanted = {
      ...(tags === undefined ? {} : { tags }),
      ...(provides === undefined ? {} : { provides }),
    };
    return memberView(this.#host.command((now) => node.changeMember(nodeId, wanted, now)));
  }
}

function memberView(known: KnownMember): MemberView {
  const { nodeId, name, tags, provides, notAfter, signer, isSelf, isOnline, pending } = known;
  return {
    nodeId: idToText(nodeId),
    name,
    tags: [...tags],
    provides: [...provides],
    certificateExpires: new Date(notAfter * 1000).toISOString(),
    signer: idToText(signer),
    self: isSelf,
    online: isOnline,
    pending: pending === undefined ? null : { tags: [...pending.tags], provides: [...pending.provides] },
  };
}

/** A name that several nodes of the organisation have names none of them, where it matters which. */
export function refuseAmbiguous(node: Pick<Node, 'namesakes'>, target: string): void {
  const label = target.trim().toLowerCase().split('.')[0];
  const found = node.namesakes().find(({ name }) => name === label);
  if (found !== undefined) throw ambiguous(found);
}
