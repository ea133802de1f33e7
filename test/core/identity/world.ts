// A small network made in place: two roots, an organisation with its signer, members on demand.
import { type Rng, seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  createGenesis,
  generateNodeKeys,
  issueGuest,
  issueMember,
  type Network,
  signGuest,
  signMember,
  signOrganisation,
} from '../../../src/core/identity/identity.ts';
import type { Crypto, NodeKeys } from '../../../src/core/identity/types.ts';
import type {
  Chain,
  GuestCertificate,
  GuestChain,
  MemberCertificate,
  OrganisationCertificate,
} from '../../../src/core/wire/types.ts';
import { encodeChain } from '../../../src/core/wire/wire.ts';

/** Seconds of Unix time at which the tests play. */
export const NOW = 1_800_000_000;

export interface World {
  readonly crypto: Crypto;
  readonly rng: Rng;
  readonly network: Network;
  /** In the order of the genesis document. */
  readonly roots: readonly NodeKeys[];
  readonly signer: NodeKeys;
  readonly member: NodeKeys;
  readonly organisation: OrganisationCertificate;
  readonly memberCertificate: MemberCertificate;
}

export function createWorld(crypto: Crypto, seed = 'world', threshold = 1): World {
  const rng = seededRng(seed);
  const keys = () => generateNodeKeys(crypto, rng);
  const unordered = [keys(), keys()];
  const network = createGenesis(crypto, {
    network: 'testnet',
    rootKeys: unordered.map(({ nodeId }) => nodeId),
    threshold,
    created: NOW - DAY_S,
    random: rng.bytes(16),
  });
  const roots = network.genesis.rootKeys.map(
    (key) => unordered.find(({ nodeId }) => nodeId.join() === key.join()) as NodeKeys,
  );
  const signer = keys();
  const member = keys();
  const organisation: OrganisationCertificate = {
    organisation: signer.nodeId,
    signer: signer.nodeId,
    name: 'acme',
    notBefore: NOW - DAY_S,
    notAfter: NOW + 365 * DAY_S,
    nonce: rng.bytes(16),
    extensions: [],
  };
  const memberCertificate: MemberCertificate = {
    organisation: signer.nodeId,
    issuer: signer.nodeId,
    nodeId: member.nodeId,
    name: 'alpha',
    notBefore: NOW - 60,
    notAfter: NOW + 30 * DAY_S,
    nonce: rng.bytes(16),
    provides: ['web', 'db-*'],
    tags: ['rack1'],
    extensions: [],
  };
  return { crypto, rng, network, roots, signer, member, organisation, memberCertificate };
}

export interface Changes {
  readonly organisation?: Partial<OrganisationCertificate>;
  readonly member?: Partial<MemberCertificate>;
  /** Indices of the roots that sign. */
  readonly roots?: readonly number[];
  readonly signerSeed?: Uint8Array;
  readonly network?: Network;
}

/** A chain with some of its content changed before it is signed. */
export function makeChain(world: World, changes: Changes = {}): Chain {
  const { crypto, roots, signer } = world;
  const network = changes.network ?? world.network;
  const organisation = { ...world.organisation, ...changes.organisation };
  const rootSigners = (changes.roots ?? [0]).map((root) => ({ root, seed: roots[root].seed }));
  return {
    organisation: signOrganisation(crypto, network, organisation, rootSigners),
    member: signMember(
      crypto,
      network,
      { ...world.memberCertificate, ...changes.member },
      changes.signerSeed ?? signer.seed,
    ),
  };
}

export function makeChainBytes(world: World, changes: Changes = {}): Uint8Array {
  return encodeChain(makeChain(world, changes));
}

/** As a signer issues it. */
export function issue(world: World, name: string, keys: NodeKeys): Uint8Array {
  const { crypto, network, signer, rng } = world;
  const { organisation } = makeChain(world);
  return issueMember(crypto, network, organisation, signer.seed, {
    nodeId: keys.nodeId,
    name,
    now: NOW,
    nonce: rng.bytes(16),
  });
}

/** A guest's chain with some of its content changed before it is signed. */
export function makeGuestChain(
  world: World,
  changes: Partial<GuestCertificate> = {},
  signerSeed = world.signer.seed,
  network = world.network,
): GuestChain {
  const { organisation } = makeChain(world);
  const certificate: GuestCertificate = {
    organisation: world.signer.nodeId,
    issuer: world.signer.nodeId,
    nodeId: world.member.nodeId,
    notBefore: NOW - 60,
    notAfter: NOW + DAY_S,
    extensions: [],
    ...changes,
  };
  return { organisation, guest: signGuest(world.crypto, network, certificate, signerSeed) };
}

/** As a signer issues it. */
export function issueToGuest(world: World, keys: NodeKeys, now = NOW): Uint8Array {
  const { organisation } = makeChain(world);
  return issueGuest(world.crypto, world.network, organisation, world.signer.seed, keys.nodeId, now);
}
