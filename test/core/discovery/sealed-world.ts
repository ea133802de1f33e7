// Several nodes' discovery around one store that keeps what they publish and answers what they look up.
import { toHex } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  createEpoch,
  generateNodeKeys,
  idToText,
  type OwnEpoch,
  readRecord,
} from '../../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../../src/core/identity/types.ts';
import type { DhtRecord } from '../../../src/core/wire/types.ts';
import { encodeOrganisationCertificate } from '../../../src/core/wire/wire.ts';
import { crypto, NETWORK, PLACE, WALL_S, World } from './world.ts';

export interface Held {
  readonly record: DhtRecord;
  /** As signed. */
  readonly bytes: Uint8Array;
}

export function organisationKeys(name: string): NodeKeys {
  return generateNodeKeys(crypto, seededRng(`organisation ${name}`));
}

export function epochOf(signer: NodeKeys, number: number, created = WALL_S): OwnEpoch {
  const certificate = encodeOrganisationCertificate({
    organisation: signer.nodeId,
    signer: signer.nodeId,
    name: 'some',
    notBefore: WALL_S - DAY_S,
    notAfter: WALL_S + 400 * DAY_S,
    nonce: new Uint8Array(16),
    extensions: [],
  });
  const rng = seededRng(`epoch ${toHex(signer.nodeId)} ${number}`);
  return createEpoch(crypto, NETWORK, {
    organisation: { certificate, signatures: [{ root: 0, signature: new Uint8Array(64) }] },
    signerSeed: signer.seed,
    number,
    created,
    cause: new Uint8Array(0),
    random: (bytes) => rng.bytes(bytes),
  });
}

/** What all holders together hold. */
export class Store {
  /** By key in hex, by publisher in hex. */
  readonly held = new Map<string, Map<string, Held>>();
  readonly worlds: World[] = [];
  /** Lookups that were answered since. */
  asked: string[] = [];
  /** By organisation in hex: what `wantEpochs` is answered with; undefined: not at all. */
  readonly epochs = new Map<string, readonly OwnEpoch[] | undefined>();

  node(seed: string, organisation: NodeKeys, epochs: readonly OwnEpoch[] = [], lastSequence = 0): World {
    const member = { name: seed, organisation: organisation.nodeId, organisationName: '', provides: [] };
    const world = new World({ seed, organisation, member, state: { lastSequence, values: [] } });
    this.worlds.push(world);
    world.give({ kind: 'epochs', own: epochs });
    world.give({ kind: 'self', addresses: [PLACE], relays: [], isCore: true });
    this.settle();
    return world;
  }

  /** The node starts anew, with what it persisted. */
  restart(world: World, organisation: NodeKeys, epochs: readonly OwnEpoch[]): World {
    this.worlds.splice(this.worlds.indexOf(world), 1);
    const last = world.persists().flatMap((record) => (record.kind === 'sequence' ? [record.sequence] : []));
    return this.node(world.seed, organisation, epochs, Math.max(...last));
  }

  /** Takes up what was published and answers what was asked, until nobody asks for anything more. */
  settle(): void {
    for (let isBusy = true; isBusy; ) {
      isBusy = false;
      for (const world of this.worlds) isBusy = this.serve(world) || isBusy;
    }
  }

  /** Time passes for all. */
  wait(ms: number, stepMs = 500): void {
    for (let left = ms; left > 0; left -= stepMs) {
      for (const world of this.worlds) world.wait(Math.min(stepMs, left));
      this.settle();
    }
  }

  resolve(world: World, service: string, organisation?: NodeKeys) {
    const name = organisation && idToText(organisation.nodeId);
    const id = world.resolve({ service, organisation: name });
    this.settle();
    world.wait(50);
    this.settle();
    return world.answer(id);
  }

  /** Node IDs in hex of those that it finds. */
  providers(world: World, service: string, organisation?: NodeKeys): string[] {
    const result = this.resolve(world, service, organisation);
    return result?.kind === 'found' ? result.endpoints.map(({ nodeId }) => toHex(nodeId)).sort() : [];
  }

  /** Sealed records that are not withdrawn, by publisher in hex. */
  sealed(now = 0): Map<string, Held[]> {
    const all = [...this.held.values()].flatMap((records) => [...records.values()]);
    const live = all.filter(({ record }) => record.kind === 'sealed' && record.body !== undefined);
    return Map.groupBy(
      live.filter(({ record }) => record.expires * 1000 > now),
      ({ record }) => toHex(record.publisher),
    );
  }

  private serve(world: World): boolean {
    const { sends } = world.out;
    const isBusy = sends.length > 0;
    for (const send of sends.splice(0)) {
      if (send.kind === 'publish') this.keep(toHex(send.key), send.record);
      if (send.kind === 'find') this.answer(world, send.id, toHex(send.key));
    }
    for (const { organisation } of world.events('wantEpochs')) {
      const epochs = this.epochs.get(toHex(organisation));
      if (epochs !== undefined) world.give({ kind: 'foreignEpochs', organisation, epochs });
    }
    return isBusy;
  }

  private keep(key: string, bytes: Uint8Array): void {
    const record = readRecord(crypto, NETWORK, bytes);
    if (record === undefined) throw new Error('not a valid record');
    const records = this.held.get(key) ?? new Map<string, Held>();
    const publisher = toHex(record.publisher);
    const before = records.get(publisher);
    if (before !== undefined && before.record.sequence >= record.sequence)
      throw new Error('a sequence does not rise');
    records.set(publisher, { record, bytes });
    this.held.set(key, records);
  }

  private answer(world: World, id: number, key: string): void {
    this.asked.push(key);
    const records = [...(this.held.get(key)?.values() ?? [])]
      .map(({ record }) => record)
      .filter(({ expires }) => expires * 1000 > world.now + WALL_S * 1000);
    world.found(
      id,
      records.filter(({ body }) => body !== undefined),
      { withdrawn: records.filter(({ body }) => body === undefined) },
    );
  }
}
