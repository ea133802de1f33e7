// Where a node's things lie, and where the daemon's program is.
import { join, resolve } from 'node:path';

const DEFAULT_STATE = '/var/lib/mcc';
const DEFAULT_SOCKET = '/run/mcc/mcc.sock';

export interface Place {
  /** undefined: the default one, whose socket and configuration lie elsewhere. */
  readonly option: string | undefined;
  readonly state: string;
  readonly socket: string;
}

export function placeOf(option: string | undefined): Place {
  if (option === undefined) return { option, state: DEFAULT_STATE, socket: DEFAULT_SOCKET };
  const state = resolve(option);
  return { option: state, state, socket: join(state, 'mcc.sock') };
}

/** The daemon is a program of its own: beside the bundle, or the source when this runs from sources. */
export function daemonProgram(): URL {
  const path = import.meta.url.endsWith('.ts') ? '../host/daemon/main.ts' : './daemon.js';
  return new URL(path, import.meta.url);
}
