// The daemon's program: `mcc run`, and the child that the cli starts for one command where no daemon runs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '../../core/base/errors.ts';
import { VERSION } from '../../core/base/version.ts';
import { ApiServer, readApiToken } from '../api/api.ts';
import { nowMs } from '../io/io.ts';
import { nativeSystem } from '../native/native.ts';
import { Storage } from '../storage/storage.ts';
import { readConfig } from './config.ts';
import { Daemon } from './daemon.ts';
import { doctor } from './doctor.ts';
import { createLog, type Log } from './log.ts';
import { mend } from './mend.ts';
import { type DaemonOptions, readOptions } from './options.ts';

export { doctor, mend };

/** Runs until a signal; resolves with the exit status. Throws a CodedError when it cannot start. */
export async function main(args: readonly string[]): Promise<number> {
  const options = await readOptions(args);
  const log = createLog(options.forCommand ? 'silent' : options.config.logLevel, nowMs);
  const stopped = untilStopped(options, log);
  const storage = Storage.open(options.state);
  let daemon: Daemon;
  let api: ApiServer;
  try {
    daemon = new Daemon(options, storage, log);
    await daemon.start();
    api = await listen(options, daemon, log);
  } catch (error) {
    storage.close();
    throw error;
  }
  if (api.tcp !== undefined) log.info('apiListens', { addresses: [api.tcp] });
  announce(options, daemon, log);
  const reason = await stopped;
  log.info('stopping', { reason });
  tellServiceManager('STOPPING=1');
  await api.close();
  await daemon.stop();
  log.info('stopped');
  return 0;
}

function listen(options: DaemonOptions, daemon: Daemon, log: Log): Promise<ApiServer> {
  const { config, socket, state, forCommand } = options;
  const onDefect = (error: unknown): void => reportDefect(log, error);
  const address = config.api?.listen;
  if (address === undefined || forCommand) return ApiServer.listen(daemon, { socket, onDefect });
  const token = readApiToken(config.api?.tokenFile ?? join(state, 'api.token'));
  return ApiServer.listen(daemon, { socket, onDefect, tcp: { address, token } });
}

function announce(options: DaemonOptions, daemon: Daemon, log: Log): void {
  if (options.forCommand) {
    process.stdout.write('ready\n');
    return;
  }
  log.info('ready', { version: VERSION, pid: process.pid, state: options.state });
  process.stdout.write(`mcc ready: ${daemon.summary()}\n`);
  tellServiceManager('READY=1');
  feedWatchdog();
}

/** A timer's turn shows that the event loop turns: packets, requests and timers all go through it. */
function feedWatchdog(): void {
  const { WATCHDOG_USEC, WATCHDOG_PID } = process.env;
  const everyMs = Number(WATCHDOG_USEC ?? 0) / 1000 / 3;
  if (!(everyMs >= 1) || (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== process.pid)) return;
  setInterval(() => tellServiceManager('WATCHDOG=1'), everyMs).unref();
}

/** Resolves with what asks the daemon to stop. */
function untilStopped(options: DaemonOptions, log: Log): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  process.on('SIGHUP', () => {
    if (options.forCommand) resolve('SIGHUP');
    else reload(options, log);
  });
  // Without a listener Node would open its debugger's port for whoever may send the signal.
  process.on('SIGUSR1', () => undefined);
  // A reader of the log or of the output that went away is no reason to end.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  if (options.forCommand) {
    process.stdin
      .on('end', () => resolve('the command ended'))
      .on('error', () => resolve('the command ended'));
    process.stdin.resume();
  }
  // The interface stays, so that nothing leaks; whoever supervises the daemon starts it again.
  process.on('uncaughtException', (error) => {
    reportDefect(log, error);
    process.exit(1);
  });
  return promise;
}

/** The log level follows the file at once; everything else at the next start. */
function reload(options: DaemonOptions, log: Log): void {
  if (!existsSync(options.configPath)) return;
  readConfig(options.configPath).then(
    (config) => {
      log.setLevel(config.logLevel);
      log.info('reloaded', { message: 'the log level; other keys take effect at the next start' });
    },
    (error) => log.error('reloadFailed', { code: error.code, message: error.message }),
  );
}

function reportDefect(log: Log, error: unknown): void {
  log.error('defect', {
    code: 'INTERNAL',
    message: error instanceof Error ? (error.stack ?? '') : String(error),
  });
}

function tellServiceManager(state: string): void {
  const path = process.env.NOTIFY_SOCKET;
  if (path !== undefined && path !== '') nativeSystem().notify(path, state);
}

/** When this file is the program itself: one line of JSON on standard output says why it does not start. */
if (import.meta.main) {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    const coded = error instanceof CodedError ? error : new CodedError('INTERNAL', (error as Error).stack);
    process.stdout.write(`${JSON.stringify(coded)}\n`);
    process.exitCode = 1;
  }
}
