// How long a path may be in doubt, and what bounds its datagrams.
import { SECOND_MS } from '../base/time.ts';

/** A probe is unanswered for so long after a change of this host's own addresses, where the old path is likely broken. */
export const PROBE_WAIT_CHANGED_MS = 300;
/** The remote used the path in use within this time: when it then sends over one of a worse kind, it had its reasons. */
export const LEFT_MS = 5 * SECOND_MS;
/** While the remote sends over another way, the one in use here is tested so often. */
export const DOUBT_MS = SECOND_MS;
/** Another way that answered within this time takes over from one whose test failed. */
export const RECENT_MS = 3 * SECOND_MS;
/** Bytes of the outer IP packet that the way to a relay may carry: its route is not asked. */
export const CIRCUIT_MTU = 1500;
export const MTU_MAX = 65535;
