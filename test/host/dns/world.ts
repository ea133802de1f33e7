/**
 * A host with a network, an /etc and a /run of its own, on which programs resolve names as they always do: libc reads its
 * resolv.conf. 192.0.2.53 is the server of its provider, mcc0 the interface of the overlay.
 */
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab, type Running, run, until } from '../../netns/lab.ts';
import { BUS_CONFIG } from './bus.ts';

export const UPSTREAM = '192.0.2.53';
export const BUS = 'unix:path=/run/dbus/system_bus_socket';
/** What resolved and dnsmasq need beyond what a host always has. */
const USERS = { 'systemd-resolve': 19998, 'mcc-nobody': 19999 };

const PRIVATE = `
mount --bind "$1" /etc
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus
cp "$1/bus.conf" /run/bus.conf
echo ready
exec sleep infinity
`;

type Ending = { teardown(done: () => unknown): unknown };

export class World {
  readonly lab = new Lab();
  readonly host = this.lab.host('names');
  readonly provider = this.lab.host('provider');
  readonly etc: string;
  readonly state: string;
  readonly #holder: Running;

  private constructor() {
    this.etc = join(this.lab.folder, 'etc');
    this.state = join(this.lab.folder, 'state');
    mkdirSync(this.etc);
    mkdirSync(this.state);
    for (const name of ['passwd', 'group', 'ld.so.cache', 'hosts'])
      cpSync(`/etc/${name}`, join(this.etc, name));
    for (const [name, id] of Object.entries(USERS)) {
      writeFileSync(join(this.etc, 'passwd'), `${name}:x:${id}:${id}::/:/bin/false\n`, { flag: 'a' });
      writeFileSync(join(this.etc, 'group'), `${name}:x:${id}:\n`, { flag: 'a' });
    }
    this.write('nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n');
    this.write('resolv.conf', `nameserver ${UPSTREAM}\noptions timeout:2 attempts:2\n`);
    this.write('bus.conf', BUS_CONFIG('/run/dbus/system_bus_socket'));
    // No dummy devices everywhere: a pair of veth is up by itself.
    this.host.ip('link', 'add', 'mcc0', 'type', 'veth', 'peer', 'name', 'far0');
    this.host.ip('address', 'add', '100.100.0.53/16', 'dev', 'mcc0');
    this.host.ip('address', 'add', 'fd12:3456:789a::53/48', 'dev', 'mcc0', 'nodad');
    this.lab.wire(this.host, ['192.0.2.1/24'], this.provider, [`${UPSTREAM}/24`]);
    for (const link of ['far0', 'mcc0']) this.host.ip('link', 'set', link, 'up');
    const words = [
      'unshare',
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      PRIVATE,
      'private',
      this.etc,
    ];
    this.#holder = this.host.start(words);
  }

  static async make(test: Ending): Promise<World> {
    const world = new World();
    test.teardown(() => world.lab.close());
    await world.#holder.waitFor(/ready/);
    return world;
  }

  /** A file of /etc. */
  write(name: string, text: string, mode = 0o644): void {
    const path = join(this.etc, name);
    rmSync(path, { force: true });
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text, { mode });
  }

  link(name: string, target: string): void {
    rmSync(join(this.etc, name), { force: true });
    symlinkSync(target, join(this.etc, name));
  }

  #inside(command: string[]): string[] {
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`, ...command];
  }

  run(command: string[]) {
    return this.host.run(this.#inside(command));
  }

  must(command: string[]): string {
    return this.host.must(this.#inside(command));
  }

  start(command: string[], env: NodeJS.ProcessEnv = {}): Running {
    return this.host.start(this.#inside(command), { env: { ...process.env, ...env } });
  }

  /** Lays the folders of an unpacked package over those of the system. */
  install(folder: string, parts: Readonly<Record<string, string>>): void {
    for (const [part, place] of Object.entries(parts)) {
      const layers = `lowerdir=${join(folder, part)}:${place}`;
      this.must(['mount', '-t', 'overlay', '-o', layers, 'overlay', place]);
    }
  }

  async startBus(): Promise<Running> {
    const words = ['--nofork', '--nopidfile', '--print-address=1', '--config-file=/run/bus.conf'];
    const daemon = this.start(['dbus-daemon', ...words]);
    await daemon.waitFor(/^unix:path/m);
    return daemon;
  }

  /** Whom dnsmasq belongs to (services.ts). */
  async startServices(): Promise<Running> {
    const services = this.start([process.execPath, join(import.meta.dirname, 'services.ts')]);
    await services.waitFor(/^serving$/m);
    return services;
  }

  /** The provider's server. */
  async startUpstream(): Promise<Names> {
    return Names.start((words) => this.provider.start(words), 'upstream', {});
  }

  /** Our resolver on mcc0, and the wiring that leads to it. */
  async startMcc(options: Record<string, unknown> = {}): Promise<Names> {
    const index = Number(
      run(['ip', '-n', this.host.namespace, '-o', 'link', 'show', 'mcc0']).stdout.split(':')[0],
    );
    return Names.start((words) => this.start(words), 'mcc', {
      interfaceIndex: index,
      stateDirectory: this.state,
      mode: 'auto',
      ...options,
    });
  }

  /** What the unit's stop hook does. */
  async restore(): Promise<string> {
    const done = await this.start([
      process.execPath,
      DRIVER,
      'restore',
      JSON.stringify({ stateDirectory: this.state }),
    ]).ended();
    return done.stdout;
  }

  /** Addresses of a name, as any program gets them. */
  getent(name: string): string[] {
    const lines = this.run(['getent', 'ahosts', name]).stdout.split('\n').filter(Boolean);
    return [...new Set(lines.map((line) => line.split(/\s/)[0]!))].sort();
  }
}

const DRIVER = join(import.meta.dirname, 'driver.ts');

/** A driver.ts in the world. */
export class Names {
  readonly running: Running;

  private constructor(running: Running) {
    this.running = running;
  }

  static async start(
    run: (words: string[]) => Running,
    part: string,
    options: Record<string, unknown>,
  ): Promise<Names> {
    const running = run([process.execPath, DRIVER, part, JSON.stringify(options)]);
    await running.waitFor(/^serving$/m);
    return new Names(running);
  }

  /** Resolves once that name was asked, so that `asked` has all that came before. */
  async heard(name: string): Promise<void> {
    await this.running.waitFor(new RegExp(`^asked ${name} `, 'm'));
  }

  /** "hello.mcc A", in the order in which they were asked. */
  asked(): string[] {
    return [...this.running.output().matchAll(/^asked (.*)$/gm)].map((match) => match[1]!);
  }

  log(event: string): string[] {
    return [...this.running.output().matchAll(new RegExp(`^log ${event} (.*)$`, 'gm'))].map(
      (match) => match[1]!,
    );
  }

  /** Mode and reason, once the wiring has said it. */
  async status(): Promise<{ mode: string; reason: string }> {
    const [, json] = await this.running.waitFor(/^status (.*)$/m);
    return JSON.parse(json!);
  }

  async waitForMode(mode: string): Promise<void> {
    await until(`mode ${mode}`, () => {
      const last = [...this.running.output().matchAll(/^(?:status|changed) (.*)$/gm)].at(-1)?.[1];
      return last !== undefined && JSON.parse(last).mode === mode ? true : undefined;
    });
  }

  /** As the daemon does: takes everything back, then ends. */
  async stop(): Promise<void> {
    await this.running.stop('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.running.stop('SIGKILL');
  }
}
