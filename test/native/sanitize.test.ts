// Everything native again under AddressSanitizer and UndefinedBehaviorSanitizer: the packet functions with a fuzzer over
// every decoder and with the kernel comparisons, then the addon's own tests with an addon built that way.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import t from 'tap';
import { buildPrograms, PROGRAMS, type Program, runProgram } from './binary.ts';

const ROOT = join(import.meta.dirname, '../..');
const SEED = process.env.MCC_TEST_SEED ?? '1';
const INPUTS: Record<Program, string[]> = {
  rules: [],
  ordering: [],
  fuzz: [SEED, '1000000'],
  correction: [SEED, '3000'],
  agree: [SEED, '20000'],
  lying: [SEED, '40000'],
};
const needsRoot =
  process.getuid?.() === 0 ? {} : { skip: 'needs root: a network namespace with TUN devices' };

t.setTimeout(600_000);

t.test(
  'The packet functions hold under ASan and UBSan: 10^6 fuzzed inputs and the kernel comparisons',
  async (t) => {
    const names = Object.keys(PROGRAMS) as Program[];
    const folder = await buildPrograms(names, true);
    for (const name of names) {
      t.test(name, PROGRAMS[name] ? needsRoot : {}, async (t) => {
        const lines = (await runProgram(join(folder, name), ...INPUTS[name])).split('\n');
        t.comment(lines.at(-1));
      });
    }
  },
);

/** The runtime of a sanitizer; node itself is not linked with it, so that it must be loaded first. */
function runtime(name: string): string {
  return spawnSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
}

t.test("The addon's own tests pass under ASan and UBSan", needsRoot, async (t) => {
  const environment = {
    ...process.env,
    PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  };
  const build = spawnSync(process.execPath, ['packaging/build.ts', 'sanitized'], {
    cwd: ROOT,
    env: environment,
    encoding: 'utf8',
  });
  t.equal(build.status, 0, `the sanitized addon builds${build.stderr}`);
  const own = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith('.test.ts') && !['packet.test.ts', 'sanitize.test.ts'].includes(name),
  );
  for (const name of own) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, name)], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: {
        ...environment,
        LD_PRELOAD: `${runtime('libasan.so')}:${runtime('libubsan.so')}`,
        // Node frees little at its end; what counts is what is read and written. Programs that the tests call inherit all
        // this, and iproute2 calls strncpy() with overlapping strings.
        ASAN_OPTIONS: 'detect_leaks=0:replace_str=0',
        UBSAN_OPTIONS: 'print_stacktrace=1',
        MCC_ADDON: join(ROOT, 'native/build/Debug/mcc.node'),
        MCC_SANITIZED: '1',
        TAP_TIMEOUT: '300',
      },
    });
    t.equal(status, 0, `${name} (${stdout.match(/^# \{.*\}$/m)?.[0] ?? 'no count'})`);
    if (status !== 0) t.comment(`${stdout}\n${stderr}`.slice(-6000));
  }
});
