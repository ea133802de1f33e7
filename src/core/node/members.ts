// Members of the own organisation: what their certificates say, and how a signer gives them others before they ask.
import { equalBytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { isName, isNamePattern } from '../base/name.ts';
import { SECOND_MS } from '../base/time.ts';
import { isSame } from '../consortium/consortium.ts';
import type { MemberChange, MemberRights, ShownMember } from '../consortium/types.ts';
import { PROVIDES_MAX, TAGS_MAX } from '../wire/limits.ts';
import { decodeChain, decodeMemberCertificate, WireError } from '../wire/wire.ts';
import { type NodeContext, say, TIMER_MEMBERS, wallMs } from './context.ts';
import type { MemberPersist } from './kept-types.ts';
import { want } from './reactions/discovery.ts';
import { take } from './reactions/renewal.ts';
import type { Remote } from './remotes.ts';
import { nowS } from './revoking.ts';

/** A new certificate is sent again until its member shows it, and so often at most: later it is at the next handshake. */
const PROMPT_MS = SECOND_MS / 2;
const PROMPTS = 20;
const PROMPTED_MAX = 1024;

/** A node of the own organisation. Times: seconds of Unix time. */
export interface MemberView extends MemberRights {
  readonly nodeId: Uint8Array;
  readonly name: string;
  readonly notAfter: number;
  /** Key of the signer that certified it. */
  readonly signer: Uint8Array;
  readonly isSelf: boolean;
  /** It has a session with this node. */
  readonly isOnline: boolean;
  /** What its next certificate will say; undefined: the same. */
  readonly pending: MemberRights | undefined;
}

/** The own node first, then by name and ID. */
export function memberViews(c: NodeContext): MemberView[] {
  const views: MemberView[] = [];
  const own = c.self.chain === undefined ? undefined : viewOf(c, c.self.chain.bytes, true, true);
  for (const remote of c.remotes.values()) {
    const isKnown = remote.kind === 'member' || remote.kind === 'told';
    if (!isKnown || remote.chain.length === 0 || !c.organisations.isOwn(remote.organisation)) continue;
    const view = viewOf(c, remote.chain, false, isOnline(remote));
    if (view !== undefined) views.push(view);
  }
  views.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return own === undefined ? views : [own, ...views];
}

/** Nodes of the own organisation that signers who did not know of each other gave one name. */
export interface Namesakes {
  readonly name: string;
  /** At least two. */
  readonly nodeIds: readonly Uint8Array[];
}

/** As certificates say that are known here. By name. */
export function namesakes({ self, remotes, organisations }: NodeContext): Namesakes[] {
  if (self.chain?.tier !== 'member') return [];
  const byName = new Map<string, Uint8Array[]>([[self.chain.name, [self.keys.nodeId]]]);
  for (const { kind, name, chain, organisation, nodeId } of remotes.values()) {
    const isKnown = (kind === 'member' || kind === 'told') && chain.length > 0;
    if (!isKnown || name === '' || !organisations.isOwn(organisation)) continue;
    const nodeIds = byName.get(name);
    if (nodeIds === undefined) byName.set(name, [nodeId]);
    else nodeIds.push(nodeId);
  }
  const shared = [...byName].filter(([, nodeIds]) => nodeIds.length > 1);
  return shared.map(([name, nodeIds]) => ({ name, nodeIds })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isOnline(remote: Remote): boolean {
  return remote.isEstablished && remote.introduced === 'member';
}

/** undefined: a guest, or a record that an older version wrote. */
function viewOf(c: NodeContext, bytes: Uint8Array, isSelf: boolean, isUp: boolean): MemberView | undefined {
  try {
    const chain = decodeChain(bytes);
    if (!('member' in chain)) return undefined;
    const member = decodeMemberCertificate(chain.member.certificate);
    const { nodeId, name, tags, provides, notAfter, issuer } = member;
    const view = { nodeId, name, tags, provides, notAfter, signer: issuer, isSelf, isOnline: isUp };
    return { ...view, pending: pendingOf(c, member) };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function pendingOf({ desk }: NodeContext, shown: ShownMember): MemberRights | undefined {
  if (desk === undefined || !desk.changes.isDue(shown)) return undefined;
  const { tags, provides } = desk.changes.rightsOf(shown);
  return { tags, provides };
}

/**
 * Other rights for a member, by a signer: its next certificate says so, and it gets that now if it is there. This node itself has it at
 * once.
 */
export function changeMember(
  c: NodeContext,
  nodeId: Uint8Array,
  wanted: Partial<MemberRights>,
  now: number,
): MemberView {
  const { desk, self } = c;
  if (desk === undefined || self.chain === undefined) throw new CodedError('NOT_A_SIGNER');
  const isSelf = equalBytes(nodeId, self.keys.nodeId);
  const remote = isSelf ? undefined : c.remotes.get(nodeId);
  const shown = isSelf ? self.chain : shownBy(c, remote);
  const rights = judged({ tags: shown.tags, provides: shown.provides, ...wanted });
  const chain = desk.certify({ ...self.chain, ...shown }, rights, wallMs(c, now));
  if (chain === undefined)
    throw new CodedError('NUMBER_INVALID', 'more tags and patterns than fit a certificate');
  if (isSelf) {
    if (!isSame(rights, self.chain) && !take(c, chain, now))
      throw new CodedError('INTERNAL', 'the own certificate');
    return viewOf(c, (c.self.chain ?? self.chain).bytes, true, true) as MemberView;
  }
  for (const gone of desk.changes.expire(nowS(c, now)))
    c.out.persists.push({ kind: 'forgetMemberChange', nodeId: gone });
  const before = desk.changes.get(nodeId);
  const change = desk.changes.change(shown, rights, nowS(c, now));
  if (change === undefined)
    throw new CodedError('NUMBER_INVALID', 'too many members were changed this month');
  c.out.persists.push({ kind: 'memberChange', change, before });
  if (remote !== undefined) prompt(c, remote, now);
  return viewOf(
    c,
    remote?.chain ?? self.chain.bytes,
    false,
    remote !== undefined && isOnline(remote),
  ) as MemberView;
}

/** What a node of the own organisation showed last. */
export function shownBy(c: NodeContext, remote: Remote | undefined): ShownMember & { readonly name: string } {
  if (remote === undefined || remote.chain.length === 0) throw new CodedError('PEER_UNKNOWN');
  if (!c.organisations.isOwn(remote.organisation)) throw new CodedError('MEMBER_OTHER', remote.name);
  const chain = decodeChain(remote.chain);
  if (!('member' in chain)) throw new CodedError('MEMBER_OTHER', remote.name);
  return decodeMemberCertificate(chain.member.certificate);
}

function judged({ tags, provides }: MemberRights): MemberRights {
  if (tags.length > TAGS_MAX || !tags.every(isName)) throw new CodedError('NAME_INVALID', 'a tag');
  if (provides.length > PROVIDES_MAX || !provides.every(isNamePattern))
    throw new CodedError('NAME_INVALID', 'a pattern');
  return { tags: [...new Set(tags)], provides: [...new Set(provides)] };
}

/** The change did not reach the disk. */
export function takeBackMember(
  c: NodeContext,
  { change, before }: Extract<MemberPersist, { kind: 'memberChange' }>,
): void {
  c.desk?.changes.undo(change.nodeId, before);
}

/** A member showed its certificate. */
export function seenMember(c: NodeContext, remote: Remote, now: number): void {
  const { verified } = remote;
  if (c.desk === undefined || verified?.tier !== 'member' || !c.organisations.isOwn(verified.organisation))
    return;
  const before: MemberChange | undefined = c.desk.changes.get(remote.nodeId);
  const change = c.desk.changes.seen(verified);
  if (change !== undefined) c.out.persists.push({ kind: 'memberChange', change, before });
  if (c.desk.changes.isDue(verified)) prompt(c, remote, now);
  else c.prompts.delete(remote.key);
}

function prompt(c: NodeContext, remote: Remote, now: number): void {
  if (!c.prompts.has(remote.key) && c.prompts.size >= PROMPTED_MAX) return;
  c.prompts.set(remote.key, PROMPTS);
  send(c, remote, now);
  c.timers.set(TIMER_MEMBERS, now + PROMPT_MS);
}

/** The certificate, or a call for who is not there: it gets it when it is. */
function send(c: NodeContext, remote: Remote, now: number): void {
  const { verified } = remote;
  if (!isOnline(remote) || verified === undefined) {
    want(c, remote);
    return;
  }
  const chain = c.desk?.renew(verified, wallMs(c, now));
  if (chain !== undefined) say(c, remote, { kind: 'admissionAnswer', chain, nodes: [] }, true);
}

export function onMembersTimer(c: NodeContext, now: number): void {
  for (const [key, left] of c.prompts) {
    const remote = c.remotes.find(key);
    const shown = remote?.verified;
    const isDone = remote === undefined || (shown !== undefined && c.desk?.changes.isDue(shown) !== true);
    if (isDone || left <= 1) {
      c.prompts.delete(key);
      continue;
    }
    c.prompts.set(key, left - 1);
    if (isOnline(remote)) send(c, remote, now);
  }
  if (c.prompts.size > 0) c.timers.set(TIMER_MEMBERS, now + PROMPT_MS);
}
