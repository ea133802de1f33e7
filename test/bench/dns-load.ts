/**
 * What DNS queries cost a TCP stream through the same node, both on one machine: iperf3 from the user to a provider, while dnsperf asks
 * the user's resolver. Programs, both daemons and kernel share the cores, so what dnsperf itself takes is in the figures.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { impossible, Lab, run } from '../netns/lab.ts';
import { members, providers, resolverOf } from '../netns/members.ts';
import { cores, cpuSeconds, undisturbed } from './measure.ts';

const { values: options } = parseArgs({
  options: {
    /** Queries per second, with commas. */
    rates: { type: 'string', default: '2000,5000,7000,10000' },
    seconds: { type: 'string', default: '5' },
  },
  args: process.argv.slice(3),
});
const RATES = options.rates.split(',').map(Number);
const NAMES = 'hello.mcc A\nhello.mcc AAAA\none.node.mcc A\n';

interface Loaded {
  gigabits: number;
  /** Queries answered per second. */
  answered: number;
  lost: number;
}

/** Why it cannot be measured here; undefined when it can. */
function missing(): string | undefined {
  const tools = ['iperf3', 'dnsperf'].filter((tool) => run(['sh', '-c', `command -v ${tool}`]).status !== 0);
  return tools.length > 0 ? `needs ${tools.join(' and ')} (Debian packages of these names)` : impossible();
}

/** From what dnsperf prints. */
function answers(text: string): Pick<Loaded, 'answered' | 'lost'> {
  const figure = (label: string) => Number(text.match(`${label}:\\s+([\\d.]+)`)?.[1] ?? 0);
  return { answered: figure('Queries per second'), lost: figure('Queries lost') };
}

export async function underLoad(): Promise<void> {
  const why = missing();
  if (why !== undefined) {
    console.log(`beside a TCP stream: not measured, ${why}`);
    return;
  }
  const lab = new Lab();
  try {
    const [boot, one, user] = await members(lab, 'boot', 'one', 'user');
    const server = one.host.start(['iperf3', '-s', '--forceflush']);
    await server.waitFor(/listening/);
    one.mcc('service', 'add', 'hello', '--port', '5201');
    const { addresses } = await providers(user, 'hello', 'one');
    await boot.down();
    const address = addresses.at(-1) as string;
    const resolver = resolverOf(user).at(0) as string;
    const questions = join(lab.folder, 'questions');
    writeFileSync(questions, NAMES);

    const ask = (rate: number) =>
      user.host.start([
        'dnsperf',
        '-s',
        resolver,
        '-d',
        questions,
        '-Q',
        String(rate),
        '-l',
        options.seconds,
      ]);
    const measure = async (rate: number): Promise<Loaded> => {
      const asking = rate === 0 ? undefined : ask(rate);
      const stream = user.host.start(['iperf3', '-c', address, '-J', '-t', options.seconds]);
      const [streamed, asked] = await Promise.all([stream.ended(), asking?.ended()]);
      const report = JSON.parse(streamed.stdout);
      if (report.error !== undefined) throw new Error(`iperf3: ${report.error}`);
      return { gigabits: report.end.sum_received.bits_per_second / 1e9, ...answers(asked?.stdout ?? '') };
    };
    const pids = [user.daemon.pid];
    const before = cpuSeconds(pids);
    const alone = answers((await ask(Math.max(...RATES)).ended()).stdout);
    const cpuUs = ((cpuSeconds(pids) - before) / (alone.answered * Number(options.seconds))) * 1e6;
    console.log(
      `\ndaemon, without other traffic: ${cpuUs.toFixed(1)} us of CPU per query (${alone.answered.toFixed(0)}/s)`,
    );
    const row = (...cells: string[]) => console.log(cells.map((cell) => cell.padStart(12)).join(''));
    console.log(`\nbeside a TCP stream, ${cores} cores, dnsperf on them too`);
    row('asked/s', 'answered/s', 'lost', 'Gbit/s', 'without', 'ratio');
    await measure(0);
    for (const rate of RATES) {
      // Streams without queries before and after: what else the machine does changes slowly.
      const { value, disturbed } = await undisturbed(async () => {
        const before = await measure(0);
        const loaded = await measure(rate);
        const after = await measure(0);
        return { ...loaded, without: (before.gigabits + after.gigabits) / 2 };
      });
      const { gigabits, answered, lost, without } = value;
      const ratio = (gigabits / without).toFixed(2);
      row(
        String(rate),
        answered.toFixed(0),
        String(lost),
        gigabits.toFixed(2),
        without.toFixed(2),
        ratio,
        disturbed ? 'disturbed' : '',
      );
    }
  } finally {
    await lab.close();
  }
}
