// Values of epochs and pseudonyms.
import fc from 'fast-check';
import type { Epoch, Pseudonym, PseudonymChain, SignedEpoch } from '../../../src/core/wire/epoch-types.ts';
import { PSEUDONYM_MAX } from '../../../src/core/wire/limits.ts';
import { exactly, key, seconds, signedOrganisation, u32, upTo } from './arbitraries.ts';

export const epoch: fc.Arbitrary<Epoch> = fc.record({
  organisation: key,
  signer: key,
  number: fc.maxSafeNat(),
  created: seconds,
  vouchingKey: key,
  meetingKey: key,
  cause: fc.oneof(key, fc.constant(new Uint8Array(0))),
  extensions: fc.array(fc.record({ id: u32, critical: fc.boolean(), value: upTo(16) }), { maxLength: 2 }),
});

export const signedEpoch: fc.Arbitrary<SignedEpoch> = fc.record({
  organisation: signedOrganisation,
  epoch: fc.uint8Array({ minLength: 1, maxLength: 100 }),
  signature: exactly(64),
});

export const pseudonym: fc.Arbitrary<Pseudonym> = fc.record({ key, notAfter: seconds });

export const pseudonymChain: fc.Arbitrary<PseudonymChain> = fc.record({
  organisation: signedOrganisation,
  pseudonym: fc.record({
    epoch: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    epochSignature: exactly(64),
    pseudonym: fc.uint8Array({ minLength: 1, maxLength: PSEUDONYM_MAX }),
    signature: exactly(64),
  }),
});
