// A large network of which hardly any two nodes have a session: each remembers some others from its disk, as days of the DHT leave them
// behind, and nobody looks for anybody. Their DHT is left out: it would take all the time and memory.
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time.ts';
import { idToText } from '../../src/core/identity/identity.ts';
import type { NodeField } from './node-field.ts';

type FieldNode = NodeField['nodes'][number];

export interface IdlePopulation {
  readonly nodes: number;
  /** Core nodes that each remembers. Default 24. */
  readonly contacts?: number;
  /** Of the nodes: clients behind routers of their own, whom nobody reaches but through their relay. */
  readonly hiddenShare?: number;
  /** Of the core nodes: they take every statement, say so, and pass none on, nor answer questions. */
  readonly hostileShare?: number;
  /** Of the nodes: they are off, and come while as many others go. */
  readonly offShare?: number;
}

/** Until routers' filtering is known, and relays keep who is behind them. */
const SETTLE_MS = 4 * MINUTE_MS;
/** Handshakes of a node that starts, for which the DHT would choose it some. */
const FIRST_CALLS = 3;

export class IdleWorld {
  readonly field: NodeField;
  private readonly hostile = new Set<FieldNode>();
  private readonly known = new Map<FieldNode, readonly FieldNode[]>();
  private readonly off: FieldNode[] = [];
  private readonly cores: FieldNode[];

  constructor(field: NodeField, population: IdlePopulation) {
    const { nodes, contacts = 24, hiddenShare = 0, hostileShare = 0, offShare = 0 } = population;
    this.field = field;
    const isNth = (i: number, share: number) => Math.floor((i + 1) * share) > Math.floor(i * share);
    for (let i = 0; i < nodes; i++) {
      const isHidden = isNth(i, hiddenShare);
      const node = field.add(i % 3, !isHidden, isHidden);
      field.leaveOutDht(node);
    }
    this.cores = field.nodes.filter(({ isCore }) => isCore);
    for (const [i, node] of this.cores.entries()) {
      if (!isNth(i, hostileShare)) continue;
      this.hostile.add(node);
      field.silence(node, ({ kind }) => kind.startsWith('revocation'));
    }
    for (const [i, node] of field.nodes.entries()) {
      const chosen = new Set<FieldNode>();
      while (chosen.size < Math.min(contacts, this.cores.length - 1)) {
        const other = this.cores[field.below(this.cores.length)];
        if (other !== node) chosen.add(other);
      }
      this.known.set(node, [...chosen]);
      // Offset, so that it falls on nodes of all kinds.
      if (isNth(i + 7, offShare)) this.off.push(node);
    }
    const isOff = new Set(this.off);
    for (const node of field.nodes) if (!isOff.has(node)) this.field.start(node, this.known.get(node));
    field.run(SECOND_MS);
    for (const node of field.nodes) if (node.isUp && !node.isCore) this.callSome(node);
    field.run(SETTLE_MS);
  }

  /**
   * Those whose knowledge counts. Of those behind routers the ones that somebody honest has a session with: nobody could tell the others,
   * whose relay is hostile, or has just gone; they learn with their next handshake.
   */
  get honest(): FieldNode[] {
    const hostile = new Set([...this.hostile].map(({ keys }) => idToText(keys.nodeId)));
    return this.field.nodes.filter((node) => {
      if (!node.isUp || this.hostile.has(node)) return false;
      const peers = node.isCore ? [] : node.host.node.peers(this.field.world.now);
      return node.isCore || peers.some(({ state, nodeId }) => state === 'connected' && !hostile.has(nodeId));
    });
  }

  /** One goes without a word, one of those that were off comes. */
  exchange(isSpared: (node: FieldNode) => boolean): void {
    const up = this.field.nodes.filter((node) => node.isUp && !isSpared(node));
    const leaving = up[this.field.below(up.length)];
    this.field.kill(leaving);
    const [coming] = this.off.splice(this.field.below(this.off.length), 1);
    this.off.push(leaving);
    this.field.start(coming, this.known.get(coming));
    this.callSome(coming);
  }

  private callSome(node: FieldNode): void {
    const known = this.known.get(node) ?? [];
    const from = this.field.below(known.length);
    this.field.connect(node, [...known.slice(from), ...known].slice(0, FIRST_CALLS));
  }
}
