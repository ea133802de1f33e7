// The daemon's log: one JSON object per line on standard error, always with `time`, `level` and `event`, further
// fields by the names of LogFields. No secret is ever a field, and no event may flood the disk.
import pino from 'pino';
import type { LogLevel } from './config.ts';

/** Names and units are fixed: operators search for them. docs/log.md lists the events. */
export interface LogFields {
  nodeId?: string;
  networkId?: string;
  /** Name of the remote node, as its organisation certified it. */
  name?: string;
  organisation?: string;
  /** ADDRESS:PORT. */
  remote?: string;
  /** direct, punched or relayed. */
  path?: string;
  /** Why, in a word or a sentence. */
  reason?: string;
  /** Code of the error catalogue. */
  code?: string;
  message?: string;
  interface?: string;
  /** Bytes of an MTU. */
  mtu?: number;
  /** Library that seals AES-256-GCM. */
  aesGcm?: string;
  /** Addresses of this node, or sockets it listens on. */
  addresses?: string[];
  version?: string;
  pid?: number;
  state?: string;
  durationMs?: number;
  /** Lines of this event that the limit swallowed since the last one. */
  suppressed?: number;
  count?: number;
  /** What stands between this node and the others: its kind, and its behaviour in RFC 4787's words. */
  nat?: string;
  mapping?: string;
  filtering?: string;
  /** As others see this node. */
  publicAddress?: string;
  /** When something ends, in UTC. */
  until?: string;
}

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  setLevel(level: LogLevel): void;
}

const LINES_PER_SECOND = 10;
/** Text that may stem from a remote is cut here. */
const TEXT_MAX = 2048;

interface Window {
  startedAt: number;
  lines: number;
  suppressed: number;
}

/** `nowMs` is monotonic. At most LINES_PER_SECOND lines per event and reason. */
export function createLog(
  level: LogLevel,
  nowMs: () => number,
  destination: pino.DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  const logger = pino(
    {
      level,
      base: undefined,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  // Keyed by our own event names and reasons, of which there are a few dozen.
  const windows = new Map<string, Window>();

  function write(label: 'debug' | 'info' | 'warn' | 'error', event: string, fields: LogFields = {}): void {
    if (!logger.isLevelEnabled(label)) return;
    const now = nowMs();
    const key = `${event} ${fields.code ?? ''}`;
    let window = windows.get(key);
    if (window === undefined || now - window.startedAt >= 1000) {
      const suppressed = window?.suppressed ?? 0;
      window = { startedAt: now, lines: 0, suppressed: 0 };
      windows.set(key, window);
      if (suppressed > 0) fields = { ...fields, suppressed };
    }
    if (++window.lines > LINES_PER_SECOND) {
      window.suppressed++;
      return;
    }
    logger[label]({ event, ...clean(fields) });
  }

  return {
    debug: (event, fields) => write('debug', event, fields),
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
    setLevel: (next) => {
      logger.level = next;
    },
  };
}

/** Cuts long text and makes control and bidirectional characters visible; JSON would pass the latter on. */
function clean(fields: LogFields): Record<string, unknown> {
  const cleaned: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    cleaned[key] = typeof value === 'string' ? printable(value).slice(0, TEXT_MAX) : value;
  }
  return cleaned;
}

function printable(value: string): string {
  return value.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}
