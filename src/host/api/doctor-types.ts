/** What `mcc doctor` says of one part of a state folder. */
export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  /** Code of the error catalogue; null: nothing is wrong. */
  readonly code: string | null;
  readonly message: string;
}

export interface DoctorReport {
  readonly checks: readonly DoctorCheck[];
  /** Statements of a damaged list of revocations that were kept, and that could not be read; null: nothing was mended. */
  readonly repaired: { readonly kept: number; readonly lost: number } | null;
}
