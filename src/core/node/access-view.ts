import type { AccessReason } from '../consortium/consortium.ts';

/** What `access` found. */
export interface AccessView {
  readonly isAllowed: boolean;
  readonly reason: AccessReason;
  /** That decides; '': none. */
  readonly service: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly asker: 'member' | 'guest' | 'self';
  /** ID as text, '' of guests; and the tags that count. */
  readonly organisation: string;
  readonly tags: readonly string[];
  /** With whom the service is shared, as ServiceRequest.share. */
  readonly share: string;
}
