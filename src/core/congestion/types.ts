// What the parts of congestion control tell each other. Times: ms with fractions, of a clock that only goes forward. Rates: bytes per
// second. Volumes: bytes as they travel, UDP payload and IP header included. Names in brackets are those of draft-ietf-ccwg-bbr.

/** State of one path that congestion control reads: written by Delivery, and by the machine. */
export interface Transport {
  /** Bytes of the largest datagram [C.SMSS]. */
  smss: number;
  /** Bytes that may be in flight before anything is known [C.InitialCwnd]. */
  initialCwnd: number;
  /** Bytes delivered since the path began [C.delivered]. */
  delivered: number;
  /** ms; when `delivered` last grew [C.delivered_time]. */
  deliveredAt: number;
  /** ms; when the newest that is delivered was sent, or after a silence the newest of all [C.first_send_time]. */
  firstSentAt: number;
  /** Bytes found lost since the path began [C.lost]. */
  lost: number;
  /** Bytes that arrived marked as having met congestion (ECN), since the path began. */
  marked: number;
  /** Bytes sent, and neither acknowledged nor lost [C.inflight]. */
  inflight: number;
  /** The window was full at some time in the last round [C.is_cwnd_limited]. */
  isCwndLimited: boolean;
  /** `delivered` from which on samples are no longer limited by what there was to send; 0: they are not [C.app_limited]. */
  appLimited: number;
  /** Smoothed; 0: no sample yet [C.srtt]. */
  srttMs: number;
  /** Mean deviation of round trips from it (RFC 9002 section 5.3). */
  rttVarMs: number;
}

/** What one acknowledgement says about the path [RS]. Made once, and filled in again and again. */
export interface RateSample {
  /** Bytes per second; 0: no sample that can be relied on. */
  deliveryRate: number;
  isAppLimited: boolean;
  /** Of the newest datagram acknowledged, without the time that the remote waited; -1: none. */
  rttMs: number;
  /** Bytes delivered over the interval of the sample. */
  delivered: number;
  /** `Transport.delivered` when the newest datagram acknowledged was sent; -1: nothing was acknowledged. */
  priorDelivered: number;
  newlyAcked: number;
  newlyLost: number;
  /** `Transport.inflight` right after the newest datagram acknowledged was sent. */
  txInFlight: number;
  /** Bytes found lost since it was sent. */
  lost: number;
  /** Bytes that arrived marked since it was sent, and with this acknowledgement. */
  marked: number;
  newlyMarked: number;
}

/** One that says nothing. */
export const NO_SAMPLE: Readonly<RateSample> = {
  deliveryRate: 0,
  isAppLimited: false,
  rttMs: -1,
  delivered: 0,
  priorDelivered: -1,
  newlyAcked: 0,
  newlyLost: 0,
  txInFlight: 0,
  lost: 0,
  marked: 0,
  newlyMarked: 0,
};

/** Datagrams of one sent batch that were found lost together. */
export interface LostBatch {
  readonly bytes: number;
  /** `Transport.inflight` right after it was sent [P.tx_in_flight]. */
  readonly txInFlight: number;
  /** `Transport.lost` when it was sent [P.lost]. */
  readonly lostBefore: number;
  /** [P.is_app_limited] */
  readonly isAppLimited: boolean;
}

/** What may be sent. */
export interface Control {
  /** Bytes in flight at most [C.cwnd]. */
  cwnd: number;
  /** Bytes per second [C.pacing_rate]. */
  pacingRate: number;
  /** Bytes that leave together at most [C.send_quantum]. */
  sendQuantum: number;
}

/** A congestion control of one path, of which it knows the Transport: rate samples in, window, pacing rate and quantum out. */
export interface CongestionControl {
  readonly control: Control;
  /** Before the first datagrams after a silence leave. */
  onTransmit(now: number): void;
  /** Each batch of which datagrams were found lost, before `onAck` of the same acknowledgement. */
  onLost(lost: LostBatch, now: number): void;
  /** Once per acknowledgement that brought anything new, losses included. */
  onAck(sample: RateSample, now: number): void;
  /** Nothing came back for so long that all in flight was taken for lost. */
  onTimeout(now: number): void;
  /** So many bytes that were taken for lost, in this round, had only been late. */
  onSpurious(bytes: number, now: number): void;
}
