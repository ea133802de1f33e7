// Two organisations of one network with an epoch each.
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  ChainVerifier,
  createEpoch,
  generateNodeKeys,
  type NewEpoch,
  type OwnEpoch,
  signOrganisation,
} from '../../../src/core/identity/identity.ts';
import type { Crypto, NodeKeys } from '../../../src/core/identity/types.ts';
import type { Chain, OrganisationCertificate } from '../../../src/core/wire/types.ts';
import { createWorld, makeChain, NOW, type World } from './world.ts';

export interface EpochWorld {
  readonly world: World;
  readonly verifier: ChainVerifier;
  /** The organisation of `world`, and another. */
  readonly acme: Party;
  readonly umbrella: Party;
}

export interface Party {
  readonly signer: NodeKeys;
  readonly organisation: Chain['organisation'];
  readonly epoch: OwnEpoch;
}

export function createEpochWorld(crypto: Crypto, seed = 'world'): EpochWorld {
  const world = createWorld(crypto, seed);
  const signer = generateNodeKeys(crypto, seededRng(`${seed} umbrella`));
  const certificate: OrganisationCertificate = {
    ...world.organisation,
    organisation: signer.nodeId,
    signer: signer.nodeId,
    name: 'umbrella',
  };
  const roots = [{ root: 0, seed: world.roots[0].seed }];
  const other = signOrganisation(crypto, world.network, certificate, roots);
  const { organisation } = makeChain(world);
  return {
    world,
    verifier: new ChainVerifier(crypto, world.network),
    acme: { signer: world.signer, organisation, epoch: epochOf(world, world.signer, organisation, 'acme') },
    umbrella: { signer, organisation: other, epoch: epochOf(world, signer, other, 'umbrella') },
  };
}

/** An epoch of the first organisation, with something of it changed. */
export function epochOf(
  { crypto, network }: World,
  signer: NodeKeys,
  organisation: Chain['organisation'],
  seed: string,
  changes: Partial<NewEpoch> = {},
): OwnEpoch {
  const rng = seededRng(`${seed} epoch`);
  return createEpoch(crypto, network.id, {
    organisation,
    signerSeed: signer.seed,
    number: 1,
    created: NOW - DAY_S / 2,
    cause: new Uint8Array(0),
    random: (bytes) => rng.bytes(bytes),
    ...changes,
  });
}
