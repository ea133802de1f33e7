// Messages by which guests are admitted, as plain values.

/** Of guests (proto/guest.proto). */
export type GuestMessage =
  | { readonly kind: 'guestQuestion' }
  | {
      readonly kind: 'guestTerms';
      /** Hours of Unix time. */
      readonly hour: number;
      /** Of a proof of work; whatever number it says. */
      readonly difficulty: number;
      /** The Level-0 key that admits. */
      readonly signer: Uint8Array;
    }
  | GuestRequestMessage;

export interface GuestRequestMessage {
  readonly kind: 'guestRequest';
  readonly hour: number;
  readonly difficulty: number;
  /** At most SOLUTION_BYTES; empty: the certificate shown is to be renewed. */
  readonly solution: Uint8Array;
}
