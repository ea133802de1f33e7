// Who signs for the organisation that admitted this node, as the DHT says.
import { equalBytes, toHex } from '../base/bytes.ts';
import type { GetResult } from '../discovery/types.ts';
import { readNotice, type VerifiedChain } from '../identity/identity.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import { type NodeContext, toRenewal, wallMs } from './context.ts';

/** Kept for the day on which nobody else talks to this node: its certificate has ended, or it starts and finds nothing yet. */
export const SIGNERS_KEPT_MAX = 8;

/** Whether a certificate has ended, whatever clocks may differ. */
export function isLapsed({ notAfter }: Pick<VerifiedChain, 'notAfter'>, wallMs: number): boolean {
  return wallMs / 1000 - CLOCK_SKEW_S > notAfter;
}

export function onSignersFound(c: NodeContext, result: GetResult, now: number): void {
  const { chain, network } = c.self;
  if (chain === undefined) return;
  const nowS = wallMs(c, now) / 1000;
  const found = result.ok ? result.values : [];
  const signers = found.filter(({ publisher, value }) => {
    const organisation = readNotice(c.crypto, network.id, c.verifier, publisher, value, nowS);
    return organisation !== undefined && equalBytes(organisation, chain.admittedBy.id);
  });
  const nodeIds = signers.map(({ publisher }) => publisher);
  if (nodeIds.length > 0) keepSigners(c, nodeIds);
  // Right after a start nothing is found: the DHT knows nobody yet.
  toRenewal(c, { kind: 'found', signers: nodeIds.length > 0 ? nodeIds : c.signers });
}

export function keepSigners(c: NodeContext, nodeIds: readonly Uint8Array[]): void {
  const kept = nodeIds.slice(0, SIGNERS_KEPT_MAX);
  if (textOf(kept) === textOf(c.signers)) return;
  c.signers = kept;
  c.out.persists.push({ kind: 'signers', nodeIds: kept });
}

function textOf(nodeIds: readonly Uint8Array[]): string {
  return nodeIds.map(toHex).sort().join();
}
