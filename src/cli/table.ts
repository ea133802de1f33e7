// The commands. Help, completion and the manual page are made from this table and from what each command's own file says.
import type { Command } from './command.ts';

export interface Entry {
  readonly usage: string;
  readonly describe: string;
  load(): Promise<{ command: Command }>;
}

export const COMMANDS: Readonly<Record<string, Entry>> = {
  init: { usage: 'init', describe: 'Found a network', load: () => import('./commands/init.ts') },
  invite: {
    usage: 'invite',
    describe: 'Print a token with which another node joins',
    load: () => import('./commands/invite.ts'),
  },
  join: {
    usage: 'join [token]',
    describe: 'Become a node of the network that a token names',
    load: () => import('./commands/join.ts'),
  },
  key: {
    usage: 'key <action> [token]',
    describe: 'Go on under another key, with a token of `mcc invite --replace`: key change TOKEN',
    load: () => import('./commands/key.ts'),
  },
  member: {
    usage: 'member <action> [node]',
    describe:
      'Show the nodes of the own organisation, and what they may: member list, member set NODE --tag NAME',
    load: () => import('./commands/member.ts'),
  },
  guests: {
    usage: 'guests <action>',
    describe: 'Admit guests who do a proof of work: guests open, guests close, guests status',
    load: () => import('./commands/guests.ts'),
  },
  run: {
    usage: 'run',
    describe: 'Run the daemon in the foreground',
    load: () => import('./commands/run.ts'),
  },
  status: {
    usage: 'status',
    describe: 'Show this node and its peers',
    load: () => import('./commands/status.ts'),
  },
  peers: { usage: 'peers', describe: 'List the peers', load: () => import('./commands/peers.ts') },
  ping: {
    usage: 'ping <target>',
    describe: 'Measure the way to a node',
    load: () => import('./commands/ping.ts'),
  },
  netcheck: {
    usage: 'netcheck',
    describe: 'Ask other nodes what stands between them and this one, and say what it means',
    load: () => import('./commands/netcheck.ts'),
  },
  resolve: {
    usage: 'resolve <name>',
    describe: 'Show who a name stands for, and who offers it',
    load: () => import('./commands/resolve.ts'),
  },
  access: {
    usage: 'access <from> <to>',
    describe:
      'Say whether a node, an organisation, tag:NAME or guests may use something of this node, and why',
    load: () => import('./commands/access.ts'),
  },
  records: {
    usage: 'records',
    describe: "List what of the network's records lies at this node",
    load: () => import('./commands/records.ts'),
  },
  put: {
    usage: 'put <key> [value]',
    describe: 'Store a small value in the network, for as long as this node runs and a day after',
    load: () => import('./commands/put.ts'),
  },
  get: {
    usage: 'get <key>',
    describe: 'Print the values that are stored under a key',
    load: () => import('./commands/get.ts'),
  },
  forget: {
    usage: 'forget <key>',
    describe: 'Take a value of this node back',
    load: () => import('./commands/forget.ts'),
  },
  service: {
    usage: 'service <action> [name]',
    describe: 'Offer a port of this host: service add NAME --port N, service list, service remove NAME',
    load: () => import('./commands/service.ts'),
  },
  import: {
    usage: 'import [service]',
    describe: 'Give a service of another organisation a name on this node: import SERVICE.ORG [--as NAME]',
    load: () => import('./commands/import.ts'),
  },
  unimport: {
    usage: 'unimport <name>',
    describe: 'Give such a name up',
    load: () => import('./commands/unimport.ts'),
  },
  organisation: {
    usage: 'organisation <action> [subject] [document]',
    describe:
      'Bring an organisation into the network: create NAME, install DOCUMENT, list, show, signer request',
    load: () => import('./commands/organisation.ts'),
  },
  revoke: {
    usage: 'revoke [target]',
    describe:
      'Take back a node, a signer or an organisation for good: revoke TARGET --reason TEXT, revoke --list',
    load: () => import('./commands/revoke.ts'),
  },
  doctor: {
    usage: 'doctor',
    describe: 'Look at the state of a node whose daemon does not start: doctor, doctor --repair',
    load: () => import('./commands/doctor.ts'),
  },
  certificate: {
    usage: 'certificate <action> [document]',
    describe:
      'Sign for a network with its root key, or show what a document says: sign DOCUMENT, show DOCUMENT',
    load: () => import('./commands/certificate.ts'),
  },
};
