/** What a path carries, as congestion control sees it; null where nothing was sent of late. */
export interface PeerFlowView {
  /** BBR's: Startup, Drain, ProbeBW_DOWN, ProbeBW_CRUISE, ProbeBW_REFILL, ProbeBW_UP, ProbeRTT. */
  state: string;
  /** What is sent waits for its turn; false: the path is faster than this host. */
  governed: boolean;
  /** At which it would be sent. */
  mbps: number;
  shortestRttMs: number;
  rttMs: number;
  /** What is sent now waits for so long in this node. */
  queueMs: number;
  /** Datagrams since the path was first used. */
  sent: number;
  lost: number;
  resent: number;
  /** Lost, and not sent again. */
  unrepaired: number;
}
