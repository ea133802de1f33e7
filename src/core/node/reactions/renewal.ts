// The own certificate: renewed at a signer of the organisation, or by the key that this node signs with itself.
import { EMPTY, equalBytes, toHex } from '../../base/bytes.ts';
import { DAY_S } from '../../base/time.ts';
import { isSame } from '../../consortium/consortium.ts';
import type { RenewalEvent, RenewalInput } from '../../consortium/types.ts';
import { idToText, SIGNER_NOTICE_NAME, signNotice, type VerifiedChain } from '../../identity/identity.ts';
import { remoteOf } from '../contacts.ts';
import {
  type NodeContext,
  say,
  TIMER_RENEWAL,
  toDht,
  toDiscovery,
  toRenewal,
  toSession,
  wallMs,
} from '../context.ts';
import { isGuest } from '../guests.ts';
import { dhtIdentity } from '../mesh.ts';
import type { Remote } from '../remotes.ts';
import { isLapsed } from '../signers.ts';
import { want } from './discovery.ts';

/** A signer renews no certificate that is younger: whoever asks again and again gets nothing new. */
const YOUNG_S = DAY_S / 24;

/** At the start of a member or a guest; a signer tells where it is. */
export function startRenewing(c: NodeContext): void {
  const { chain, keys, network } = c.self;
  if (chain === undefined) return;
  toRenewal(c, { kind: 'certificate', notBefore: chain.notBefore, notAfter: chain.notAfter });
  if (c.desk === undefined) return;
  const { organisation, seed } = c.desk.signer;
  const id = c.questions.ask({ kind: 'renewal' });
  const value = signNotice(c.crypto, network.id, keys.nodeId, organisation, seed);
  toDiscovery(c, { kind: 'put', id, name: SIGNER_NOTICE_NAME, value });
}

/** `input` undefined: its timer is due. */
export function feedRenewal(c: NodeContext, input: RenewalInput | undefined, now: number): void {
  const { renewal } = c;
  if (renewal === undefined) return;
  const out = { emit: (event: RenewalEvent) => onRenewalEvent(c, event, now) };
  if (input === undefined) renewal.onTimer(now, out);
  else renewal.handle(input, now, out);
  c.timers.set(TIMER_RENEWAL, renewal.wakeAt);
}

function onRenewalEvent(c: NodeContext, event: RenewalEvent, now: number): void {
  switch (event.kind) {
    case 'find':
      find(c, now);
      return;
    case 'connect': {
      const remote = remoteOf(c, event.nodeId, [], 'record', now);
      if (remote === undefined) return;
      if (remote.isEstablished && remote.introduced === 'member')
        toRenewal(c, { kind: 'established', nodeId: remote.nodeId });
      else want(c, remote);
      return;
    }
    case 'request': {
      const remote = c.remotes.get(event.nodeId);
      if (remote === undefined) return;
      // Without a proof of work: the certificate in the handshake is still good.
      if (isGuest(c)) say(c, remote, { kind: 'guestRequest', hour: 0, difficulty: 0, solution: EMPTY });
      else say(c, remote, { kind: 'renewalRequest' });
      return;
    }
    case 'failed':
      c.out.events.push({ kind: 'renewalFailed', failures: event.failures });
      return;
  }
}

/** A signer needs nobody else. */
function find(c: NodeContext, now: number): void {
  const { chain } = c.self;
  if (c.desk !== undefined && chain !== undefined) {
    const renewed = c.desk.renew(chain, wallMs(c, now));
    if (renewed === undefined || !take(c, renewed, now)) toRenewal(c, { kind: 'found', signers: [] });
    return;
  }
  // Nobody but they would answer.
  if (chain !== undefined && isLapsed(chain, wallMs(c, now))) {
    toRenewal(c, { kind: 'found', signers: c.signers });
    return;
  }
  const id = c.questions.ask({ kind: 'renewal' });
  const organisation = chain === undefined ? undefined : idToText(chain.admittedBy.id);
  toDiscovery(c, { kind: 'get', id, key: SIGNER_NOTICE_NAME, organisation });
}

/** The signer that was asked sends a chain, or one that was not: what this node may has changed. */
export function onRenewed(c: NodeContext, remote: Remote, chain: Uint8Array, now: number): void {
  // Said once more.
  if (c.self.chain !== undefined && equalBytes(c.self.chain.bytes, chain)) return;
  if (take(c, chain, now)) return;
  c.drops.count('certificateMalformed');
  toRenewal(c, { kind: 'refused', nodeId: remote.nodeId });
}

/** Whether it is this node's own, of its organisation, with its name and place, and good for longer than the one in use. */
export function take(c: NodeContext, bytes: Uint8Array, now: number): boolean {
  const own = c.self.chain;
  if (own === undefined) return false;
  const result = c.verifier.verifyAny(bytes, wallMs(c, now) / 1000, [own.tier]);
  if (!result.ok) return false;
  const { chain } = result;
  if (identityOf(chain) !== identityOf(own) || !isLater(chain, own)) return false;
  // Others know what this node may from handshakes; where it is not taken for a member at all, sessions begin anew.
  if (isLapsed(own, wallMs(c, now)) || !isSame(chain, own))
    for (const remote of c.remotes.values())
      if (remote.isEstablished) toSession(c, remote, { kind: 'rekey' });
  c.self.chain = chain;
  c.out.persists.push({ kind: 'membership', chain: chain.bytes });
  c.out.events.push({ kind: 'renewed', notAfter: chain.notAfter });
  toDht(c, { kind: 'renewed', self: dhtIdentity(chain) });
  toRenewal(c, { kind: 'certificate', notBefore: chain.notBefore, notAfter: chain.notAfter });
  return true;
}

/** Good for longer; or made later, where its signer's own certificate does not last longer. */
function isLater(chain: VerifiedChain, own: VerifiedChain): boolean {
  return (
    chain.notAfter > own.notAfter || (chain.notAfter === own.notAfter && chain.notBefore > own.notBefore)
  );
}

function identityOf({ nodeId, organisation, name, nonce }: VerifiedChain): string {
  return [toHex(nodeId), toHex(organisation), name, toHex(nonce)].join(' ');
}

/** At a signer. */
export function onRenewalRequest(c: NodeContext, remote: Remote, now: number): void {
  const { desk } = c;
  const verified = remote.introduced === 'renewing' ? remote.lapsed : remote.verified;
  const refuse = (code: 'notSigner' | 'busy' | 'other') => {
    c.drops.count('admissionRefused');
    say(c, remote, { kind: 'admissionRefusal', code });
  };
  if (desk === undefined || verified === undefined) return refuse('notSigner');
  if (!c.organisations.isOwn(verified.organisation)) return refuse('other');
  if (wallMs(c, now) / 1000 - verified.notBefore < YOUNG_S) return refuse('busy');
  const chain = desk.renew(verified, wallMs(c, now));
  if (chain === undefined) return refuse('notSigner');
  c.out.events.push({ kind: 'memberRenewed', nodeId: remote.nodeId, name: remote.name });
  say(c, remote, { kind: 'admissionAnswer', chain, nodes: [] });
}
