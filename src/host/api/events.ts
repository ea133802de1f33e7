// Server-sent events: what happened, for dashboards and scripts. A bounded ring lets a reader that lost its
// connection go on where it was.
import type { ServerResponse } from 'node:http';
import type { ApiEvent, EventSource } from './backend.ts';

const KEPT_EVENTS = 256;
const COMMENT_EVERY_MS = 15_000;
/** Bytes that a reader may fall behind before it is cut off. */
const BACKLOG_MAX = 1_048_576;

export class EventRing implements EventSource {
  readonly #kept: ApiEvent[] = [];
  readonly #listeners = new Set<(event: ApiEvent) => void>();
  lastId = 0;

  publish(name: string, data: unknown): void {
    const event = { id: ++this.lastId, name, data };
    this.#kept.push(event);
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift();
    for (const listener of this.#listeners) listener(event);
  }

  since(id: number): ApiEvent[] | undefined {
    if (id > this.lastId || id < this.lastId - this.#kept.length) return undefined;
    return this.#kept.filter((event) => event.id > id);
  }

  subscribe(listener: (event: ApiEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Streams events on a response that was taken over from the framework until the reader goes away. */
export function streamEvents(
  response: ServerResponse,
  source: EventSource,
  lastEventId: string | undefined,
  snapshot: () => unknown,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const write = (text: string): void => {
    if (response.writableLength > BACKLOG_MAX) response.destroy();
    else response.write(text);
  };
  const missed = /^\d{1,15}$/.test(lastEventId ?? '') ? source.since(Number(lastEventId)) : undefined;
  if (missed === undefined) {
    if (lastEventId !== undefined) write(format(source.lastId, 'reset', {}));
    write(format(source.lastId, 'snapshot', snapshot()));
  } else {
    for (const event of missed) write(format(event.id, event.name, event.data));
  }
  const unsubscribe = source.subscribe((event) => write(format(event.id, event.name, event.data)));
  const timer = setInterval(() => write(': still here\n\n'), COMMENT_EVERY_MS);
  response.on('close', () => {
    clearInterval(timer);
    unsubscribe();
  });
}

function format(id: number, name: string, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
