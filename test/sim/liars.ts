// Members with valid certificates that do harm: they drop, lie, flood, and surround a key with nodes that do not exist.
import { ipv4 } from '../../src/core/base/ip.ts';
import type { DhtInput, DhtOutbox } from '../../src/core/dht/types.ts';
import { dhtPlace } from '../../src/core/identity/identity.ts';
import type { DhtAnswer, DhtContact, DhtQuestion } from '../../src/core/wire/types.ts';
import { contactBytes } from '../../src/core/wire/wire.ts';
import { fakeCrypto } from '../../src/sim/crypto.ts';
import type { DhtLike, Field, FieldNode } from './field.ts';

/**
 * drop: answers nothing and keeps nothing, and says that it does. lie: knows no record and only its accomplices. surround: the
 * same with made-up nodes around one key, where nobody is. flood: asks, answers and stores without sense, ten times a second.
 */
export const HARMS = ['drop', 'lie', 'surround', 'flood'] as const;
export type Harm = (typeof HARMS)[number];

const FLOOD_MS = 100;
const ANSWER_ROOM = 900;
const FAKES = 16;
const NONE = new Uint8Array(0);
/** Nonces tried for each made-up node, so that it stands close to the key. */
const GRIND = 4096;

export interface Gang {
  readonly field: Field;
  readonly members: FieldNode[];
  /** The key that `surround` is about. */
  key: Uint8Array | undefined;
  fakes: readonly Placed[];
  /** Members by the first bits of their places. */
  readonly regions: Placed[][];
}

/** Somebody to speak of, and where that is. */
interface Placed {
  readonly contact: DhtContact;
  readonly place: Uint8Array;
}

const REGION_BITS = 6;

export function gangOf(field: Field): Gang {
  return {
    field,
    members: [],
    key: undefined,
    fakes: [],
    regions: Array.from({ length: 2 ** REGION_BITS }, () => []),
  };
}

/** The members closest to a key, and some that are not much further away, in any order. */
function membersNear({ regions }: Gang, key: Uint8Array): Placed[] {
  const near: Placed[] = [];
  const own = key[0] >> (8 - REGION_BITS);
  for (let other = 0; other < regions.length && near.length < FAKES; other++)
    near.push(...regions[own ^ other]);
  return near;
}

/** Makes a node that is not started yet a liar. */
export function corrupt(gang: Gang, node: FieldNode, harm: Harm): void {
  gang.members.push(node);
  const { place } = node;
  gang.regions[place[0] >> (8 - REGION_BITS)].push({ contact: contactOf(node), place });
  const make = node.make;
  node.make = (machine) => new Liar(gang, node, harm, make(machine));
}

/** Makes up nodes around the key. */
export function surround(gang: Gang, key: Uint8Array): void {
  gang.key = key;
  gang.fakes = Array.from({ length: FAKES }, (_, i) => {
    const nodeId = fakeCrypto.ed25519.publicKey(fakeCrypto.sha256(Uint8Array.of(i, 77)));
    let best = new Uint8Array(16);
    let closest = Number.POSITIVE_INFINITY;
    for (let n = 0; n < GRIND; n++) {
      const nonce = new Uint8Array(16);
      nonce.set([n & 255, n >> 8, i]);
      const distance = distanceOf(dhtPlace(fakeCrypto, gang.field.networkId, nodeId, nonce), key);
      if (distance >= closest) continue;
      closest = distance;
      best = nonce;
    }
    const contact = { nodeId, nonce: best, addresses: [{ ip: ipv4(198, 41, i, 4), port: 9376 }] };
    return { contact, place: dhtPlace(fakeCrypto, gang.field.networkId, nodeId, best) };
  });
}

/** The first 48 bits of the distance. */
export function distanceOf(place: Uint8Array, key: Uint8Array): number {
  let distance = 0;
  for (let i = 0; i < 6; i++) distance = distance * 256 + (place[i] ^ key[i]);
  return distance;
}

class Liar implements DhtLike {
  private readonly gang: Gang;
  private readonly node: FieldNode;
  private readonly harm: Harm;
  private readonly inner: DhtLike;
  private floodAt: number;

  constructor(gang: Gang, node: FieldNode, harm: Harm, inner: DhtLike) {
    this.gang = gang;
    this.node = node;
    this.harm = harm;
    this.inner = inner;
    this.floodAt = harm === 'flood' ? gang.field.now + gang.field.below(FLOOD_MS) : Number.POSITIVE_INFINITY;
  }

  get wakeAt(): number {
    return Math.min(this.inner.wakeAt, this.floodAt);
  }

  handle(input: DhtInput, now: number, out: DhtOutbox): void {
    if (input.kind !== 'message') {
      this.inner.handle(input, now, out);
      return;
    }
    const { message, from } = input;
    if (message.kind === 'dhtQuestion') {
      const answer = this.answer(message, from, ANSWER_ROOM, now);
      if (answer !== undefined) this.reply(from, answer, out);
    } else if (message.kind === 'dhtStore') {
      this.reply(from, { kind: 'dhtStoreAnswer', id: message.id, code: 'done', spread: 0 }, out);
    } else {
      this.inner.handle(input, now, out);
    }
  }

  onTimer(now: number, out: DhtOutbox): void {
    if (this.inner.wakeAt <= now) this.inner.onTimer(now, out);
    if (this.floodAt > now) return;
    this.floodAt = now + FLOOD_MS;
    this.flood();
  }

  answer(question: DhtQuestion, from: Uint8Array, roomBytes: number, now: number): DhtAnswer | undefined {
    if (this.harm === 'drop') return undefined;
    if (this.harm === 'flood') return this.inner.answer(question, from, roomBytes, now);
    const { gang } = this;
    const made = this.harm === 'surround' ? gang.fakes : membersNear(gang, question.key);
    const sorted = made
      .map(({ contact, place }) => ({ contact, at: distanceOf(place, question.key) }))
      .sort((a, b) => a.at - b.at);
    const contacts: DhtContact[] = [];
    let room = roomBytes - 40;
    for (const { contact } of sorted.slice(0, FAKES)) {
      room -= contactBytes(contact);
      if (room < 0) break;
      contacts.push(contact);
    }
    const token = fakeCrypto.sha256(question.key).slice(0, 16);
    return {
      kind: 'dhtAnswer',
      id: question.id,
      contacts,
      records: [],
      total: 0,
      token,
      chain: NONE,
      spread: 0,
    };
  }

  status() {
    return this.inner.status();
  }

  private reply(to: Uint8Array, message: Parameters<Field['say']>[2], out: DhtOutbox): void {
    const node = this.gang.field.nodeOf(to);
    if (node !== undefined) out.send({ to: contactOf(node), message });
  }

  private flood(): void {
    const { field } = this.gang;
    const victim = field.nodes[field.below(field.nodes.length)];
    if (victim === this.node || !victim.isUp) return;
    const id = field.below(2 ** 32);
    const key = fakeCrypto.sha256(Uint8Array.of(id & 255, (id >> 8) & 255, (id >> 16) & 255));
    const kind = field.below(3);
    if (kind === 0)
      field.say(this.node, victim, {
        kind: 'dhtQuestion',
        id,
        key,
        records: true,
        client: false,
        seed: id,
        offset: 0,
        publisher: NONE,
      });
    else if (kind === 1)
      field.say(this.node, victim, {
        kind: 'dhtAnswer',
        id,
        contacts: this.gang.members.slice(0, 8).map(contactOf),
        records: [],
        total: 1000,
        token: key.slice(0, 16),
        chain: NONE,
        spread: 10,
      });
    else
      field.say(this.node, victim, {
        kind: 'dhtStore',
        id,
        token: key.slice(0, 16),
        record: key,
        chain: NONE,
        shard: 0,
        spread: 0,
        replica: true,
      });
  }
}

export function contactOf(node: FieldNode): DhtContact {
  return { nodeId: node.keys.nodeId, nonce: node.identity.nonce, addresses: [node.address] };
}
