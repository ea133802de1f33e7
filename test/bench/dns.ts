// How long the responder takes per query of a name that is known, and what queries cost a TCP stream beside them:
// `npm run bench -- dns`. At 10,000 queries a second, each microsecond is 1 % of a core.
import type { DnsInput } from '../../src/core/dns/types.ts';
import { directory, encodeQuery, endpoint, ip, node, service, World } from '../core/dns/world.ts';
import { underLoad } from './dns-load.ts';

const ROUNDS = 200_000;
const PTR = `1.e.0.0.${'0.'.repeat(16)}5.0.4.0.3.0.2.0.1.0.d.f.ip6.arpa`;

const endpoints = Array.from({ length: 8 }, (_, i) => endpoint(`hello.box-${i}.node`, 80));
const world = new World(
  directory({
    hello: service('hello', { endpoints }),
    'box.node': node('box'),
    [Buffer.from(ip('fd01:203:405::e1')).toString('hex')]: service('hello'),
  }),
);
const { responder, out } = world;

function bench(name: string, type: string): void {
  const query = { kind: 'query', token: 1, bytes: encodeQuery(name, type), isTcp: false } as const;
  // Looked up once: what discovery takes is not measured here.
  world.looked.length = 0;
  world.ask(name, type);
  const [looked] = world.looked;
  const result = looked === undefined ? undefined : world.directory(looked);
  const resolved = { kind: 'resolved', id: 0, result } as Extract<DnsInput<number>, { kind: 'resolved' }>;
  const run = (rounds: number): number => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < rounds; i++) {
      responder.handle(query, i, out);
      const [event] = out.events;
      if (event?.kind === 'resolve') responder.handle({ ...resolved, id: event.id }, i, out);
      if (out.sends.length !== 1) throw new Error('not answered');
      out.clear();
    }
    return Number(process.hrtime.bigint() - start) / rounds;
  };
  run(ROUNDS / 4);
  const ns = Math.min(run(ROUNDS), run(ROUNDS), run(ROUNDS));
  process.stdout.write(
    `${`${type} ${name}`.slice(0, 40).padEnd(44)} ${ns.toFixed(0).padStart(6)} ns/query\n`,
  );
}

bench('hello.mcc', 'A');
bench('hello.mcc', 'AAAA');
bench('hello.mcc', 'HTTPS');
bench('hello.mcc', 'SRV');
bench('box.node.mcc', 'AAAA');
bench('nothing.mcc', 'A');
bench(PTR, 'PTR');
bench('www.example.org', 'A');

await underLoad();
