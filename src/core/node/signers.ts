// Who signs for the own organisation, as the DHT says.
import { equalBytes } from '../base/bytes.ts';
import type { GetResult } from '../discovery/types.ts';
import { readNotice } from '../identity/identity.ts';
import { type NodeContext, toRenewal, wallMs } from './context.ts';

export function onSignersFound(c: NodeContext, result: GetResult, now: number): void {
  const { chain, network } = c.self;
  if (chain === undefined) return;
  const nowS = wallMs(c, now) / 1000;
  const found = result.ok ? result.values : [];
  const signers = found.filter(({ publisher, value }) => {
    const organisation = readNotice(c.crypto, network.id, c.verifier, publisher, value, nowS);
    return organisation !== undefined && equalBytes(organisation, chain.organisation);
  });
  toRenewal(c, { kind: 'found', signers: signers.map(({ publisher }) => publisher) });
}
