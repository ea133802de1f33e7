/** Programs that cannot be installed beside a test, since they take over the host's name resolution: unpacked in the cache. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../netns/lab.ts';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mcc-test');

/** Folder of the unpacked Debian package; undefined when it cannot be had. */
export function unpacked(name: string): string | undefined {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, `${name}-`));
  try {
    const script = 'cd "$1" && apt-get -q download -o APT::Sandbox::User=root "$2"';
    if (run(['sh', '-c', script, 'sh', fresh, name]).status !== 0) return undefined;
    const [archive] = readdirSync(fresh);
    const root = join(fresh, 'root');
    if (archive === undefined || run(['dpkg', '-x', join(fresh, archive), root]).status !== 0)
      return undefined;
    renameSync(root, folder);
    return folder;
  } catch {
    return existsSync(folder) ? folder : undefined;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
