// Messages about epochs, of every kind that travels.
import fc from 'fast-check';
import {
  EPOCH_ID_PREFIX_BYTES,
  EPOCH_SECRET_BYTES,
  SIGNED_EPOCH_MAX,
} from '../../../src/core/wire/limits.ts';
import type { EpochMessage } from '../../../src/core/wire/types.ts';

const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

export const epochMessage: fc.Arbitrary<EpochMessage> = fc.oneof(
  fc.record({
    kind: fc.constant('epochHeld' as const),
    number: fc.maxSafeNat(),
    id: fc.oneof(exactly(EPOCH_ID_PREFIX_BYTES), fc.constant(new Uint8Array(0))),
    isAnswer: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('epochDelivery' as const),
    epoch: fc.uint8Array({ minLength: 1, maxLength: SIGNED_EPOCH_MAX }),
    secret: exactly(EPOCH_SECRET_BYTES),
  }),
);
