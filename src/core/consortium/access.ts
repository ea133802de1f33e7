// Who may open a flow to what: the answer and its reason, of a node's policy and what certificates say. The engine decides the same by
// its tables, packet by packet.
import { parseShare } from './share.ts';

/** Who asks, as its certificate says. */
export interface AccessParty {
  /** self: programs of the host itself, which the engine lets reach whatever is offered here. */
  readonly kind: 'member' | 'guest' | 'self';
  /** ID as text; '' for guests. */
  readonly organisation: string;
  readonly tags: readonly string[];
}

/** A service, as its provider offers it. */
export interface AccessService {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** As shareText() writes it. */
  readonly share: string;
  /** It is the host's own port, and reached by the host's address as well. */
  readonly isHostPort: boolean;
}

/** What is asked for: a port of a service's endpoint, or of the host itself. */
export interface AccessTarget {
  /** undefined: the host. */
  readonly service: AccessService | undefined;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

export type AccessReason =
  /** Yes: of this host; of the own organisation; its certificate bears a tag that is asked for; shared with its organisation; with all; with guests. */
  | 'self'
  | 'own'
  | 'tag'
  | 'organisation'
  | 'all'
  | 'guests'
  /** No: nothing is offered there; not shared with its organisation, or with guests; its certificate bears no tag that is asked for. */
  | 'closed'
  | 'notShared'
  | 'noTag';

export interface Access {
  readonly isAllowed: boolean;
  readonly reason: AccessReason;
  /** The service that decides; undefined: none does. */
  readonly service: AccessService | undefined;
}

/** `own`: ID of the provider's organisation as text; `services`: all that it offers. */
export function accessOf(
  from: AccessParty,
  to: AccessTarget,
  own: string,
  services: readonly AccessService[],
): Access {
  const isSelf = from.kind === 'self';
  const isOwn = isSelf || (from.kind === 'member' && from.organisation === own);
  const service = to.service ?? services.find((one) => one.isHostPort && serves(one, to));
  if (service === undefined) {
    if (isOwn) return { isAllowed: true, reason: isSelf ? 'self' : 'own', service: undefined };
    return { isAllowed: false, reason: 'closed', service: undefined };
  }
  if (!serves(service, to)) return { isAllowed: false, reason: 'closed', service };
  const yes = (reason: AccessReason): Access => ({ isAllowed: true, reason, service });
  const no = (reason: AccessReason): Access => ({ isAllowed: false, reason, service });
  if (isSelf) return yes('self');
  const { reach, organisations, tags } = parseShare(service.share);
  if (isOwn) {
    if (tags.length === 0) return yes('own');
    return tags.some((tag) => from.tags.includes(tag)) ? yes('tag') : no('noTag');
  }
  if (from.kind === 'guest') return reach === 'guests' ? yes('guests') : no('notShared');
  if (reach !== 'listed') return yes('all');
  return organisations.includes(from.organisation) ? yes('organisation') : no('notShared');
}

function serves({ protocol, port }: AccessService, to: AccessTarget): boolean {
  return protocol === to.protocol && port === to.port;
}
