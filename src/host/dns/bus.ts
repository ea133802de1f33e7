// The system bus, as far as it is needed here. The library is loaded when somebody first opens a bus.
import { existsSync } from 'node:fs';
import type { MessageBus } from 'dbus-native';

const CALL_TIMEOUT_MS = 1_000;
const DAEMON = 'org.freedesktop.DBus';
/** Flag of a call that must not start the service it is for. */
const NO_AUTO_START = 2;

export interface Call {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: unknown[];
}

/** A call that failed; `kind` is the last word of D-Bus's name for it ("AccessDenied", "UnknownMethod", "Timeout"). */
export class BusError extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

export class Bus {
  readonly #bus: MessageBus;
  #isOpen = true;
  #isClosing = false;
  #onLost: (() => void) | undefined;

  private constructor(bus: MessageBus) {
    this.#bus = bus;
  }

  /** Throws a BusError when nobody answers at the address within a second. */
  static async open(address: string): Promise<Bus> {
    const socket = /^unix:path=([^,;]+)$/.exec(address)?.[1];
    // Where there is no bus its library stays out of memory.
    if (socket !== undefined && !existsSync(socket)) throw new BusError('NoServer', 'there is no system bus');
    const { default: library } = await import('dbus-native');
    let client: MessageBus;
    try {
      client = library.createClient({ busAddress: address, authMethods: ['EXTERNAL'], plainValues: true });
    } catch (error) {
      throw new BusError('NoServer', (error as Error).message);
    }
    const bus = new Bus(client);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('no answer')), CALL_TIMEOUT_MS);
    client.connection.on('connect', resolve);
    client.connection.on('error', reject);
    client.connection.on('close', () => {
      bus.#isOpen = false;
      reject(new Error('closed'));
      if (!bus.#isClosing) bus.#onLost?.();
    });
    try {
      await promise;
      return bus;
    } catch (error) {
      bus.close();
      throw new BusError('NoServer', `the system bus does not answer: ${(error as Error).message}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The first result. Throws a BusError. */
  async call(call: Call, options: { isStarting?: boolean; timeoutMs?: number } = {}): Promise<unknown> {
    const message = { ...call, ...(options.isStarting === false && { flags: NO_AUTO_START }) };
    try {
      return await this.#bus.invoke(message, { timeout: options.timeoutMs ?? CALL_TIMEOUT_MS });
    } catch (error) {
      const { dbusName, message: text, code } = error as Error & { dbusName?: string; code?: string };
      const kind = code === 'ETIMEDOUT' ? 'Timeout' : (dbusName?.split('.').pop() ?? code ?? 'Failed');
      throw new BusError(kind, text);
    }
  }

  async property(destination: string, path: string, of: string, name: string): Promise<unknown> {
    return this.call({
      destination,
      path,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      signature: 'ss',
      body: [of, name],
    });
  }

  /** Calls back when a name gets an owner, also another one. */
  async onOwner(name: string, callback: () => void): Promise<void> {
    this.#bus.signals.on(
      this.#bus.mangle('/org/freedesktop/DBus', DAEMON, 'NameOwnerChanged'),
      (body: unknown[]) => {
        if (body[0] === name && body[2] !== '') callback();
      },
    );
    await this.#match(
      `type='signal',sender='${DAEMON}',interface='${DAEMON}',member='NameOwnerChanged',arg0='${name}'`,
    );
  }

  async onSignal(
    sender: string,
    path: string,
    of: string,
    member: string,
    callback: (body: unknown[]) => void,
  ): Promise<void> {
    this.#bus.signals.on(this.#bus.mangle(path, of, member), callback);
    await this.#match(`type='signal',sender='${sender}',path='${path}',interface='${of}',member='${member}'`);
  }

  /** Calls back once when the connection is gone, unless close() was called. */
  onLost(callback: () => void): void {
    this.#onLost = callback;
  }

  /** Calls under way fail. */
  close(): void {
    this.#isClosing = true;
    this.#isOpen = false;
    this.#bus.connection.stream.destroy();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async #match(rule: string): Promise<void> {
    await this.#bus.addMatch(rule);
  }
}
