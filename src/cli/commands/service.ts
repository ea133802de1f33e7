import type { Argv } from 'yargs';
import type {
  HealthCheck,
  Protocol,
  ServiceInput,
  ServiceList,
  ServiceView,
  ShareInput,
} from '../../host/api/types.ts';
import { type Arguments, type Command, text, texts } from '../command.ts';
import { UsageError } from '../errors.ts';
import { checkName, parseWhole } from '../parse.ts';
import { placeOf } from '../paths.ts';
import { data, json, next, safe, table } from '../print.ts';
import { withDaemon } from '../session.ts';
import { suggesting } from '../suggest.ts';

export const command: Command = {
  options: (yargs) =>
    yargs
      .positional('action', { choices: ['add', 'list', 'share', 'unshare', 'remove'], demandOption: true })
      .positional('name', { type: 'string', describe: 'name of the service' })
      .option('port', { type: 'string', describe: 'port under which the service is reached' })
      .option('protocol', { choices: ['tcp', 'udp'], default: 'tcp', describe: 'protocol of the port' })
      .option('target', {
        type: 'string',
        describe: "HOST:PORT that serves it: 127.0.0.1 or a device of this LAN [this host's own port]",
      })
      .option('weight', {
        type: 'string',
        default: '100',
        describe: 'share of new connections among the providers, 1 to 1000',
      })
      .option('share', {
        type: 'string',
        describe:
          'who may use it: another ORGANISATION, all, guests; tag:NAME: of the own one those with the tag; may be repeated',
      })
      .option('check', {
        choices: ['tcp', 'none'],
        describe: 'how its health is found out [tcp for TCP, none for UDP]',
      })
      .check(complete) as Argv,
  run(args) {
    if (args.action === 'add') return add(args);
    if (args.action === 'share' || args.action === 'unshare') return reshare(args, args.action);
    return args.action === 'remove' ? remove(args) : list(args);
  },
};

function complete(args: Record<string, unknown>): true {
  if (args.action !== 'list' && args.name === undefined)
    throw new UsageError(`mcc service ${args.action} needs a NAME`);
  if (args.action === 'add' && args.port === undefined)
    throw new UsageError('mcc service add needs --port N');
  if (args.action === 'share' && args.share === undefined)
    throw new UsageError('mcc service share needs --share ORGANISATION, all, guests or tag:NAME');
  if (args.protocol === 'udp' && args.check === 'tcp')
    throw new UsageError('UDP answers no connect: --check none, or leave it out');
  return true;
}

async function add(args: Arguments): Promise<number> {
  const name = checkName(text(args, 'name') ?? '');
  const input: ServiceInput = {
    port: parseWhole(text(args, 'port'), '--port', 1, 65_535),
    protocol: text(args, 'protocol') as Protocol,
    target: text(args, 'target') ?? null,
    weight: parseWhole(text(args, 'weight'), '--weight', 1, 1000),
    share: texts(args, 'share'),
    ...(args.check === undefined ? {} : { check: text(args, 'check') as HealthCheck }),
  };
  const service = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.call<ServiceView>('PUT', `/v1/services/${name}`, input, { 'if-none-match': '*' }),
  );
  if (args.json) {
    json(service);
    return 0;
  }
  data(
    `service ${safe(service.name)}: ${service.protocol} port ${service.port}, open to ${audience(service)}`,
  );
  next(`see how it answers: mcc service list        on any node: mcc resolve ${service.name}`);
  return 0;
}

async function reshare(args: Arguments, how: 'share' | 'unshare'): Promise<number> {
  const name = checkName(text(args, 'name') ?? '');
  const input: ShareInput = { share: texts(args, 'share') };
  const service = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    suggesting(
      () => client.call<ServiceView>('POST', `/v1/services/${name}/${how}`, input),
      name,
      async () => (await client.get<ServiceList>('/v1/services')).services.map((service) => service.name),
    ),
  );
  if (args.json) json(service);
  else data(`service ${safe(service.name)}: open to ${audience(service)}`);
  return 0;
}

async function remove(args: Arguments): Promise<number> {
  const name = checkName(text(args, 'name') ?? '');
  await withDaemon(placeOf(args.state), {}, ({ client }) =>
    suggesting(
      () => client.call<void>('DELETE', `/v1/services/${name}`),
      name,
      async () => (await client.get<ServiceList>('/v1/services')).services.map((service) => service.name),
    ),
  );
  if (args.json) json({ name, removed: true });
  else data(`service ${name} removed`);
  return 0;
}

async function list(args: Arguments): Promise<number> {
  const { services } = await withDaemon(placeOf(args.state), {}, ({ client }) =>
    client.get<ServiceList>('/v1/services'),
  );
  if (args.json) {
    json({ services });
    return 0;
  }
  if (services.length === 0) {
    next('no services; offer a port of this host: mcc service add NAME --port N');
    return 0;
  }
  const rows = services.map((service) => [
    safe(service.name),
    service.protocol,
    String(service.port),
    service.target ?? 'this host',
    String(service.weight),
    health(service),
    audience(service),
  ]);
  for (const line of table([HEADING, ...rows], [2, 4])) data(line);
  for (const { name, health } of services) {
    if (health.reason !== null) data(`! ${safe(name)}: ${safe(health.reason, 200)}`);
  }
  return 0;
}

const HEADING = ['SERVICE', 'PROTOCOL', 'PORT', 'TARGET', 'WEIGHT', 'HEALTH', 'OPEN TO'];

function health({ check, health: { state } }: ServiceView): string {
  return check === 'none' && state !== 'unhealthy' ? 'not checked' : state;
}

function audience({ share }: ServiceView): string {
  const tags = share.filter((part) => part.startsWith('tag:'));
  const others = share.filter((part) => !tags.includes(part));
  const own = tags.length === 0 ? 'own organisation' : `own organisation with ${tags.join(' or ')}`;
  return [own, ...others].map((text) => safe(text, 400)).join(', ');
}
