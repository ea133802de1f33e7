import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Changes come in bursts (a file beside, a rename, a mode). */
const SETTLE_MS = 200;

/** Calls back, once per burst, when what a name stands for may have changed. It keeps no process alive. */
export class NameWatch {
  readonly #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** With `isFolder`, anything in that folder counts. */
  constructor(path: string, callback: () => void, { isFolder = false } = {}) {
    const name = isFolder ? undefined : basename(path);
    try {
      this.#watcher = watch(isFolder ? path : dirname(path), { persistent: false }, (_event, changed) => {
        if (name !== undefined && changed !== null && changed !== name) return;
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          callback();
        }, SETTLE_MS).unref();
      });
      this.#watcher.on('error', () => {});
    } catch {
      // Out of inotify watches: names work, only later changes are not noticed.
      this.#watcher = undefined;
    }
  }

  close(): void {
    this.#watcher?.close();
    clearTimeout(this.#timer);
  }
}
