/** Runs inside a World: the provider's name server, or our resolver with its wiring, or the stop hook. */
import { parseIp, parsePrefix } from '../../../src/core/base/ip.ts';
import { DnsWiring, Forwarder, restoreDns } from '../../../src/host/dns/dns.ts';
import { type Answer, a, aaaa, encodeName, lookUp, Stub, type Zone } from './stub.ts';

const OURS: Zone = {
  'hello.mcc A': [a('100.100.0.7')],
  'hello.mcc AAAA': [aaaa([0xfd12, 0x3456, 0x789a, 0, 0, 0, 0, 7])],
  '7.0.100.100.in-addr.arpa PTR': [encodeName('hello.mcc')],
};

const THEIRS: Zone = {
  'www.example.test A': [a('198.18.0.80')],
  'local.example.test A': [a('127.0.0.1')],
  '80.0.18.198.in-addr.arpa PTR': [encodeName('www.example.test')],
};

const REVERSE = '100.100.in-addr.arpa';

const [part, json = '{}'] = process.argv.slice(2);
const options = JSON.parse(json);

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const log = (event: string, fields?: { state?: string; reason?: string }): void =>
  say(`log ${event} ${JSON.stringify(fields ?? {})}`);

function tell(answer: Answer): Answer {
  return (bytes, asked) => {
    say(`asked ${asked.name} ${asked.type}`);
    return answer(bytes, asked);
  };
}

async function serve(answer: Answer, addresses: string[]): Promise<void> {
  for (const address of addresses) await Stub.start(address, 53, tell(answer));
  say('serving');
}

async function mcc(): Promise<void> {
  const forwarder = new Forwarder({
    zones: ['mcc', REVERSE],
    guarded: [parsePrefix('fd12:3456:789a::/48')!, parsePrefix('100.100.0.0/16')!],
  });
  await serve(
    async (bytes) => {
      if (!forwarder.isForeign(bytes)) return lookUp(OURS, bytes);
      const said = await forwarder.forward(bytes, 1232);
      return said === undefined ? undefined : Buffer.from(said);
    },
    ['100.100.0.53', 'fd12:3456:789a::53'],
  );
  const wiring = new DnsWiring({
    interfaceName: 'mcc0',
    zone: 'mcc',
    reverseZones: [REVERSE],
    resolvers: [parseIp('fd12:3456:789a::53')!, parseIp('100.100.0.53')!],
    log: { info: log, warn: log },
    forwarder,
    onChange: (status) => say(`changed ${JSON.stringify(status)}`),
    ...options,
    // This namespace is the host of the test, unless it wants to know what the product thinks of it.
    host: {
      systemBus: 'unix:path=/run/dbus/system_bus_socket',
      ...(options.isOwn === 'ask' ? {} : { isOwn: () => true }),
    },
  });
  process.on('SIGTERM', () => void wiring.stop().then(() => process.exit(0)));
  say(`status ${JSON.stringify(await wiring.start())}`);
}

switch (part) {
  case 'upstream':
    await serve((bytes) => lookUp(THEIRS, bytes), ['192.0.2.53']);
    break;
  case 'mcc':
    await mcc();
    break;
  default:
    say(
      `restored ${await restoreDns(options.stateDirectory, {
        log: { info: log, warn: log },
        host: { systemBus: 'unix:path=/run/dbus/system_bus_socket' },
      })}`,
    );
}
