import type { DoctorReport } from '../../host/api/types.ts';
import type { Command } from '../command.ts';
import { daemonProgram, placeOf } from '../paths.ts';
import { data, json, plural, safe, talk } from '../print.ts';

const LINE_MAX = 512;

interface DaemonProgram {
  doctor(state: string, repair: boolean): DoctorReport;
}

/** No daemon may run on the state, and one that does not start is the reason for asking: the program itself looks. */
export const command: Command = {
  options: (yargs) =>
    yargs.option('repair', {
      type: 'boolean',
      describe: 'mend a damaged list of revocations: what proves itself is kept, the rest is learnt again',
    }),
  async run(args) {
    const { doctor } = (await import(daemonProgram().href)) as DaemonProgram;
    const report = doctor(placeOf(args.state).state, args.repair === true);
    const isWell = report.checks.every(({ ok }) => ok);
    if (args.json) json(report);
    else print(report, isWell);
    return isWell ? 0 : 1;
  },
};

function print({ checks, repaired }: DoctorReport, isWell: boolean): void {
  for (const { name, ok, code, message } of checks)
    data(
      `${ok ? ' ' : '!'} ${name.padEnd(12)} ${safe(message, LINE_MAX)}${code === null ? '' : ` (${code})`}`,
    );
  if (repaired !== null) {
    const lost = repaired.lost === 0 ? '' : `, ${repaired.lost} could not be read`;
    talk(
      `the list of revocations was mended: ${plural(repaired.kept, 'statement')} kept${lost}; what is missing is learnt from the next node that this one meets`,
    );
  } else if (checks.some(({ code }) => code === 'REVOCATIONS_DAMAGED')) talk('mend it: mcc doctor --repair');
  else if (isWell) talk('nothing is wrong with the state');
}
