// One statement among many nodes of which hardly any talk to each other: who knows it when, and what that costs.
import { EMPTY } from '../../src/core/base/bytes.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time.ts';
import { signRevocationByRoots } from '../../src/core/identity/identity.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import { EPOCH_MS } from '../../src/sim/world.ts';
import { type IdlePopulation, IdleWorld } from './idle-world.ts';
import { NodeField } from './node-field.ts';

export interface SpreadFigures {
  /** Share of the nodes that know, 0 .. 1. */
  readonly afterSecond: number;
  readonly afterMinute: number;
  readonly afterFiveMinutes: number;
  /** ms; when 99 % knew; Infinity: never. */
  readonly mostMs: number;
  /** ms; when all that were up knew for the first time; Infinity: never. */
  readonly allMs: number;
  /** Bytes that a node sent on average within a minute because of it: what it sends anyway is taken off. NaN: not told. */
  readonly bytesPerNode: number;
}

/** What happens besides: `each` is called every STEP_MS. */
export interface SpreadOptions {
  /** Those of whom it is asked whether they know, at that time. Default: all that are up. */
  readonly counted?: () => readonly FieldNode[];
  readonly each?: () => void;
  /** Who says it, of those counted. Default 0, the first. */
  readonly speaker?: number;
  /** Not played on when all know: what it costs in a minute is not told. Default: no. */
  readonly isBrief?: boolean;
}

type FieldNode = NodeField['nodes'][number];

const STEP_MS = 500;

/** The root keys take back the last node; whoever is first tells the others. */
export function measureSpread(field: NodeField, options: SpreadOptions = {}): SpreadFigures {
  const { world, nodes } = field;
  const { counted = () => nodes.filter(({ isUp }) => isUp), isBrief = false } = options;
  const sent = () => nodes.reduce((sum, node) => sum + node.sentBytes, 0);
  const before = sent();
  field.run(isBrief ? 0 : MINUTE_MS);
  const idle = sent() - before;
  const target = counted().at(-1) as FieldNode;
  const { host } = counted()[options.speaker ?? 0];
  const statement = rootsRevoke(field, target);
  const start = world.now;
  host.run(start, (now) => host.node.takeRevocation(statement, false, now));
  // The revoked one may hear of it or not: others put it out.
  const share = () => {
    const others = counted().filter((node) => node !== target);
    return others.filter((node) => node.host.node.revocations().length > 0).length / others.length;
  };
  const reached = { most: Number.POSITIVE_INFINITY, all: Number.POSITIVE_INFINITY };
  const shares: number[] = [];
  let bytesPerNode = Number.NaN;
  for (const untilMs of [SECOND_MS, MINUTE_MS, 5 * MINUTE_MS]) {
    const isOver = () =>
      shares.at(-1) === 1 && options.each === undefined && (isBrief || untilMs > MINUTE_MS);
    while (world.now - start < untilMs && !isOver()) {
      options.each?.();
      field.run(Math.min(STEP_MS, start + untilMs - world.now));
      const now = share();
      const afterMs = world.now - start;
      if (now >= 0.99) reached.most = Math.min(reached.most, afterMs);
      if (now === 1) reached.all = Math.min(reached.all, afterMs);
      if (isBrief && now === 1) break;
    }
    shares.push(share());
    if (untilMs === MINUTE_MS && !isBrief) bytesPerNode = (sent() - before - 2 * idle) / nodes.length;
  }
  const [afterSecond, afterMinute, afterFiveMinutes] = shares;
  return {
    ...{ afterSecond, afterMinute, afterFiveMinutes, bytesPerNode },
    ...{ mostMs: reached.most, allMs: reached.all },
  };
}

function rootsRevoke({ world }: NodeField, target: FieldNode): Uint8Array {
  return signRevocationByRoots(
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
}

/**
 * In a world where nobody talks to anybody. Where nodes are off: as many go and come in `turnoverMs` as there are of these, none of them the
 * one who says it or the one whom it is about.
 */
export function playIdle(
  seed: string,
  population: IdlePopulation & Pick<SpreadOptions, 'isBrief'>,
  turnoverMs = 5 * MINUTE_MS,
): SpreadFigures {
  const field = new NodeField({ seed, lossShare: 0.01, rttMs: 50 });
  const world = new IdleWorld(field, population);
  const { nodes, offShare = 0, isBrief = false } = population;
  const [first, last] = [world.honest[0], world.honest.at(-1)];
  const changesPerStep = (nodes * offShare * STEP_MS) / turnoverMs;
  let due = 0;
  const each = () => {
    for (due += changesPerStep; due >= 1; due--) world.exchange((node) => node === first || node === last);
  };
  const counted = () => world.honest;
  return measureSpread(field, { counted, isBrief, ...(offShare > 0 ? { each } : {}) });
}
