/** A private message bus, and services on it that stand in for those of a desktop. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dbus, { type MessageBus } from 'dbus-native';
import { start } from '../../netns/lab.ts';

export const BUS_CONFIG = (path: string): string => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>custom</type>
  <listen>unix:path=${path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`;

/** Why there can be no private bus; undefined when there can. */
export function busIsMissing(): string | undefined {
  const { error } = spawnSync('dbus-daemon', ['--version']);
  return error === undefined ? undefined : 'needs dbus-daemon (Debian package dbus-daemon)';
}

/** Starts a bus in the folder; ends with the test. */
export async function startBus(
  test: { teardown(done: () => unknown): unknown },
  folder: string,
): Promise<{ address: string; stop(): Promise<unknown> }> {
  const config = join(folder, 'bus.conf');
  writeFileSync(config, BUS_CONFIG(join(folder, 'bus')));
  const words = ['--nofork', '--nopidfile', '--print-address=1', `--config-file=${config}`];
  const daemon = start(['dbus-daemon', ...words]);
  test.teardown(() => daemon.stop());
  await daemon.waitFor(/^unix:path=.*$/m);
  return { address: `unix:path=${join(folder, 'bus')}`, stop: () => daemon.stop() };
}

export function connect(address: string): MessageBus {
  const bus = dbus.createClient({ busAddress: address, authMethods: ['EXTERNAL'], plainValues: true });
  bus.connection.on('error', () => {});
  return bus;
}

type Result = unknown;

/** What a call gets: its result (null: none), a thrown `{ dbusName, message }`, or a promise of it. */
export type Handler = (member: string, body: unknown[]) => Result;

const MANAGER = 'org.freedesktop.resolve1.Manager';
/** org.freedesktop.resolve1(5). */
const METHODS: Readonly<Record<string, string>> = {
  SetLinkDNS: 'ia(iay)',
  SetLinkDomains: 'ia(sb)',
  SetLinkDefaultRoute: 'ib',
  SetLinkLLMNR: 'is',
  SetLinkMulticastDNS: 'is',
  SetLinkDNSOverTLS: 'is',
  SetLinkDNSSEC: 'is',
  SetLinkDNSSECNegativeTrustAnchors: 'ias',
  RevertLink: 'i',
  FlushCaches: '',
};

/** org.freedesktop.resolve1 that records what it is told. */
export class ResolveService {
  readonly calls: [member: string, ...body: unknown[]][] = [];
  readonly #bus: MessageBus;

  private constructor(bus: MessageBus) {
    this.#bus = bus;
  }

  static async start(
    address: string,
    handler: Handler = () => null,
    without: readonly string[] = [],
  ): Promise<ResolveService> {
    const service = new ResolveService(connect(address));
    const methods = Object.entries(METHODS).filter(([member]) => !without.includes(member));
    const implementation = Object.fromEntries(
      methods.map(([member]) => [
        member,
        (...body: unknown[]) => {
          // The library hands over the message as the last argument.
          const given = body.slice(0, METHODS[member] === '' ? 0 : METHODS[member]!.length === 1 ? 1 : 2);
          service.calls.push([member, ...given]);
          return handler(member, given);
        },
      ]),
    );
    service.#bus.exportInterface(implementation, '/org/freedesktop/resolve1', {
      name: MANAGER,
      methods: Object.fromEntries(methods.map(([member, given]) => [member, [given, '', [], []]])),
    });
    await service.#bus.requestName('org.freedesktop.resolve1', 0);
    return service;
  }

  async stop(): Promise<void> {
    await this.#bus.close();
  }
}
