// One statement among many nodes of which hardly any talk to each other: who knows it when, and what that costs.
import { EMPTY } from '../../src/core/base/bytes.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time.ts';
import { signRevocationByRoots } from '../../src/core/identity/identity.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { EPOCH_MS } from '../../src/sim/world.ts';
import type { NodeField } from './node-field.ts';

export interface SpreadFigures {
  /** Share of the nodes that know, 0 .. 1. */
  readonly afterSecond: number;
  readonly afterMinute: number;
  readonly afterFiveMinutes: number;
  /** ms; when 99 % knew; Infinity: never. */
  readonly mostMs: number;
  /** Bytes that a node sent on average within a minute because of it: what it sends anyway is taken off. */
  readonly bytesPerNode: number;
}

/** The root keys take back the last node; whoever is first tells the others. */
export function measureSpread(field: NodeField): SpreadFigures {
  const { world, nodes } = field;
  const sent = () => nodes.reduce((sum, node) => sum + node.sentBytes, 0);
  const before = sent();
  field.run(MINUTE_MS);
  const idle = sent() - before;
  const online = nodes.filter(({ isUp }) => isUp);
  const target = online[online.length - 1];
  const statement = signRevocationByRoots(
    fakeCrypto,
    world.network,
    {
      kind: 'node',
      target: target.keys.nodeId,
      since: 0,
      issued: Math.floor((EPOCH_MS + world.now) / 1000),
      reason: 'sold',
      organisation: EMPTY,
      issuer: EMPTY,
      extensions: [],
    },
    [{ root: 0, seed: world.root.seed }],
  );
  const start = world.now;
  const { host } = online[0];
  host.run(start, (now) => host.node.takeRevocation(statement, false, now));
  // The revoked one may hear of it or not: others put it out.
  const others = online.slice(0, -1);
  const share = () => others.filter((node) => node.host.node.revocations().length > 0).length / others.length;
  let mostMs = Number.POSITIVE_INFINITY;
  const shares: number[] = [];
  let bytesPerNode = 0;
  for (const untilMs of [SECOND_MS, MINUTE_MS, 5 * MINUTE_MS]) {
    while (world.now - start < untilMs) {
      field.run(Math.min(500, start + untilMs - world.now));
      if (mostMs === Number.POSITIVE_INFINITY && share() >= 0.99) mostMs = world.now - start;
    }
    shares.push(share());
    if (untilMs === MINUTE_MS) bytesPerNode = (sent() - before - 2 * idle) / nodes.length;
    if (shares.at(-1) === 1 && untilMs >= MINUTE_MS) break;
  }
  const [afterSecond, afterMinute, afterFiveMinutes = afterMinute] = shares;
  return { afterSecond, afterMinute, afterFiveMinutes, mostMs, bytesPerNode };
}
