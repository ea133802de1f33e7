// What the daemon tells of itself: warnings in `mcc status`, events in the log and on /v1/events.
import { CodedError } from '../../core/base/errors.ts';
import { idToText } from '../../core/identity/identity.ts';
import type { Namesakes, RevocationView } from '../../core/node/node.ts';
import type { NodeEvent } from '../../core/node/types.ts';
import type { EventRing } from '../api/api.ts';
import type { Warning } from '../api/types.ts';
import type { Log, LogFields } from './log.ts';

/** Leaf certificates live 30 days; from day 20 on their end is worth a warning. */
export const EXPIRY_WARNING_MS = 10 * 86_400_000;
const CLOCK_WARNING_MS = 60_000;

export interface Health {
  /** Why the last save failed; undefined: it did not. */
  readonly saveError: CodedError | undefined;
  /** Why the node does not run although this state belongs to a network. */
  readonly trouble: CodedError | undefined;
  readonly lostDatabase: boolean;
  readonly clockBehindMs: number;
  /** This daemon lives as long as one command. */
  readonly isTemporary: boolean;
  readonly lacksIpv6: boolean;
  /** What of this host is in the way of endpoints and names. */
  readonly remarks: readonly CodedError[];
  readonly certificateExpiresInMs: number;
  /** The own one; '' while the node does not run. */
  readonly organisation: string;
}

export function warnings(health: Health): Warning[] {
  const found: Warning[] = [];
  const warn = (code: string, message: string): void => {
    found.push({ code, message });
  };
  if (health.saveError !== undefined) warn(health.saveError.code, health.saveError.message);
  if (health.trouble !== undefined) warn(health.trouble.code, health.trouble.message);
  if (health.lostDatabase) {
    warn('STATE_DAMAGED', 'there are keys here but no state.db: restore it, or join again with a new token');
  }
  if (health.clockBehindMs > CLOCK_WARNING_MS) warn('CLOCK_WRONG', new CodedError('CLOCK_WRONG').message);
  if (health.isTemporary) warn('DAEMON_UNREACHABLE', 'no daemon runs here; start it: mcc run');
  if (health.lacksIpv6) {
    const how = 'sysctl net.ipv6.conf.all.disable_ipv6';
    warn('ADDRESS_UNAVAILABLE', `IPv6 is switched off on this host (${how}): only virtual IPv4 works`);
  }
  for (const { code, message } of health.remarks) warn(code, message);
  if (health.trouble === undefined && health.certificateExpiresInMs <= 0) {
    const what = `one of the signers of ${health.organisation} has to run where this node reaches it, or gives it a token (mcc invite)`;
    warn('CERTIFICATE_EXPIRED', new CodedError('CERTIFICATE_EXPIRED', what).message);
  } else if (health.trouble === undefined && health.certificateExpiresInMs < EXPIRY_WARNING_MS) {
    const days = Math.max(0, Math.floor(health.certificateExpiresInMs / 86_400_000));
    const what = `the certificate of this node ends in ${days} days, and no signer of ${health.organisation} has renewed it yet`;
    warn('CERTIFICATE_EXPIRING', `${what}: one of them has to run where this node reaches it`);
  }
  return found;
}

type Reported = Exclude<
  NodeEvent,
  { kind: 'joined' | 'pingReply' | 'interfaceGone' | 'askRouteMtu' | 'dial' }
>;

/** What happens all the time is for those who debug, and for nobody's event stream. */
export function reportEvent(log: Log, events: EventRing, event: Reported): void {
  const fields = eventFields(event);
  if (event.kind === 'peerUp' && event.rekey) {
    log.debug('rekeyed', fields);
    return;
  }
  // Whoever has no name yet is a joiner, or a stranger who says that it is one.
  const isStranger = 'name' in event && event.name === '' && event.kind !== 'admitted';
  if (isStranger) {
    log.debug(event.kind, fields);
    return;
  }
  if (event.kind === 'selfRevoked') log.error(event.kind, fields);
  else if (event.kind === 'olderState') log.warn(event.kind, fields);
  else if (event.kind === 'handshakeFailed') log.debug(event.kind, fields);
  else log.info(event.kind, fields);
  events.publish(event.kind, fields);
}

function eventFields(event: Reported): LogFields {
  const fields: LogFields = {};
  if ('nodeId' in event) fields.nodeId = idToText(event.nodeId);
  if ('name' in event) fields.name = event.name;
  if ('path' in event) {
    fields.path = event.path.kind;
    fields.remote = event.path.remote || undefined;
  }
  if ('reason' in event) fields.reason = event.reason;
  if (event.kind === 'joinProgress') {
    fields.state = event.step;
    fields.reason = event.detail;
  }
  if (event.kind === 'refused') {
    const { direction, service, protocol, port, organisation } = event;
    fields.state = direction;
    fields.organisation = organisation;
    const what = port === 0 ? protocol : `${protocol} ${port}`;
    fields.message = service === '' ? what : `${service}, ${what}`;
  }
  if ('statement' in event) {
    const { kind, target, reason } = event.statement;
    fields.state = kind;
    fields.nodeId = idToText(target);
    fields.reason = reason;
  }
  if (event.kind === 'udpBlocked') fields.state = event.isBlocked ? 'blocked' : 'open';
  if (event.kind === 'natChanged') {
    const { nat } = event;
    fields.nat = nat.kind;
    fields.mapping = nat.mapping;
    fields.filtering = nat.filtering;
    fields.publicAddress = nat.publicAddress ?? undefined;
  }
  return fields;
}

/** Seconds of Unix time; whoever signed chose them, and years beyond 275,760 are no dates. */
export function revocationTime(seconds: number): string {
  return new Date(Math.min(seconds * 1000, 8.64e15)).toISOString();
}

/** In `mcc status` of a node that was put out. */
export function revokedRemark(revoked: RevocationView | null): CodedError[] {
  if (revoked === null) return [];
  const { kind, reason, by, issued } = revoked;
  const what = kind === 'node' ? 'this node' : `the ${kind} of this node`;
  const who = by === 'roots' ? 'the root keys' : `the signer ${by}`;
  const why = reason === '' ? '' : ` (${reason})`;
  return [new CodedError('NODE_REVOKED', `${what} was revoked by ${who} at ${revocationTime(issued)}${why}`)];
}

/** In `mcc status`, and where it matters which node is meant. */
export function ambiguous({ name, nodeIds }: Namesakes): CodedError {
  return new CodedError('NAME_AMBIGUOUS', `"${name}": ${nodeIds.slice(0, 4).map(idToText).join(', ')}`);
}
