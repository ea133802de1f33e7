/** What was wrong with bytes from outside. */
export type WireFault =
  /** Longer than its kind may be, or a list, text or field is. */
  | 'tooLong'
  /** Ends within a field, or a required field is missing or too short. */
  | 'truncated'
  /** Not protobuf, or not of the expected shape. */
  | 'malformed'
  /** Deeper or with more fields than allowed. */
  | 'tooComplex'
  /** Decodes, but is not what encoding the result gives. */
  | 'notCanonical';

/** The only error that decoding throws. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly fault: WireFault;

  constructor(fault: WireFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
