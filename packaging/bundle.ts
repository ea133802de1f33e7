// The bundle: what dist/ and the package ship.
import { join } from 'node:path';
import { type BuildResult, build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
export const ENTRIES = { mcc: 'src/cli/main.ts', daemon: 'src/host/daemon/main.ts' };

/** Nothing is written; paths of `outputFiles` lie in `folder`, and `metafile` tells what went in. */
export function bundle(folder: string): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir: folder,
    write: false,
    metafile: true,
    bundle: true,
    // Whatever a source imports lazily (fastify above all) stays a chunk of its own, loaded when it is needed.
    splitting: true,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    // Libraries in CommonJS ask for Node's own modules by require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}
