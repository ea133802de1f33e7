// How long the engine takes per row: `node test/bench/engine.ts`. The target is 300 ns; a row is up to 64 KB of TCP.

import {
  BATCH_ROWS,
  INFO_SYN,
  INFO_TCP_GSO,
  InRow,
  OutRow,
  ROW_WORDS,
} from '../../src/core/base/batch-layout.generated.ts';
import { EMPTY } from '../../src/core/base/bytes.ts';
import { parseIp } from '../../src/core/base/ip.ts';
import { seededRng } from '../../src/core/base/rng.ts';
import { ACME, OWN, type PacketFacts, ports, TCP, UDP, World } from '../core/engine/world.ts';

const REMOTES = 5000;
const ROUNDS = 40_000;
const rng = seededRng(1);

const SERVICE = 'fd01:203:405:1::1';

/** `toService`: to a service of eight endpoints, or from one of them. */
function bench(
  name: string,
  organisation: number,
  isOutbound: boolean,
  facts: () => PacketFacts,
  toService = false,
): void {
  const host = new World(32768);
  host.tables.openPorts.open(0, 6, 443, { kind: 'members' });
  for (let i = 0; i < REMOTES; i++) host.peer(organisation);
  host.tables.remotes.counterLimit.fill(2 ** 52);
  host.tables.remotes.rekeyAtCounter.fill(2 ** 52);
  host.tables.setService(0, parseIp(SERVICE) as Uint8Array, 0);
  const usual = { selector: 7, weight: 1, isUp: true, protocol: TCP, port: 443, ipv4: true, ipv6: true };
  host.tables.setServiceEndpoints(
    0,
    Array.from({ length: 8 }, (_, remote) => ({ ...usual, remote })),
  );
  const batches = Array.from({ length: 64 }, () => {
    const rows = new Uint32Array(BATCH_ROWS * ROW_WORDS);
    for (let row = 0; row < BATCH_ROWS; row++) {
      const remote = rng.u32() % 24;
      const made = facts();
      const to = toService ? SERVICE : remote;
      const selectors = toService ? 7 << 16 : 0;
      rows.set(isOutbound ? host.outRow(to, made) : host.inRow(remote, made, selectors), row * ROW_WORDS);
    }
    return rows;
  });
  const run = (rounds: number): number => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < rounds; i++) {
      const rows = batches[i & 63];
      if (isOutbound) host.engine.outbound(rows, host.bytes, BATCH_ROWS, i / 1000, host.sink);
      else host.engine.inbound(rows, EMPTY, BATCH_ROWS, i / 1000, host.sink);
    }
    return Number(process.hrtime.bigint() - start) / (rounds * BATCH_ROWS);
  };
  run(ROUNDS / 4);
  const sent = batches.every((rows) => rows[isOutbound ? OutRow.action : InRow.action] === 1);
  const ns = Math.min(run(ROUNDS / 4), run(ROUNDS / 4), run(ROUNDS / 4));
  process.stdout.write(
    `${name.padEnd(44)} ${ns.toFixed(1).padStart(7)} ns/row${sent ? '' : '  (not sent)'}\n`,
  );
}

const gso = { info: INFO_TCP_GSO, length: 61_000, segmentBytes: 1360, headerBytes: 72 };
bench('out: TCP super-packets, own organisation', OWN, true, () => gso);
bench('out: TCP super-packets, another organisation', ACME, true, () => gso);
bench('out: UDP, own organisation', OWN, true, () => ({ protocol: UDP, headerBytes: 48 }));
bench('out: UDP, another organisation (flow cache)', ACME, true, () => ({
  protocol: UDP,
  headerBytes: 48,
  ports: ports(1024 + (rng.u32() % 4), 53),
}));
bench('in: TCP, own organisation', OWN, false, () => ({ length: 61_000 }));
bench('in: TCP SYN to a shared port', ACME, false, () => ({ info: INFO_SYN, ports: ports(9, 443) }));
bench('in: IPv4 TCP, another organisation', ACME, false, () => ({ family: 4 }));
const many = () => ports(1024 + (rng.u32() % 2048), 443);
bench('out: TCP super-packets to a service', OWN, true, () => ({ ...gso, ports: many() }), true);
bench('out: TCP SYN to a service', OWN, true, () => ({ info: INFO_SYN, ports: many() }), true);
