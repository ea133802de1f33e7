// What was taken back: a set of verified statements that only grows, what it voids, and where two such sets differ.
import { BoundedMap } from '../base/bounded-map.ts';
import { compareBytes, concat, EMPTY, fromHex, toHex } from '../base/bytes.ts';
import type { CertifiedKeys, VerifiedRevocation } from '../identity/identity.ts';
import type { Crypto } from '../identity/types.ts';
import { CLOCK_SKEW_S } from '../wire/limits.ts';
import type { HashRange, Revocation } from '../wire/types.ts';

/** Statements in all: about 8 MB. */
export const STATEMENTS_MAX = 16_384;
/** Statements that the signers of one organisation may make. */
export const STATEMENTS_PER_ORGANISATION = 1024;

export interface SetLimits {
  readonly statements: number;
  readonly perOrganisation: number;
}

/**
 * added: it is new, and `removed` are those that it voids or has no room for. known: it was there. void: by a signer who had lost the
 * right to it, or without effect since the whole organisation is gone. full: there is no room.
 */
export interface Addition {
  readonly outcome: 'added' | 'known' | 'void' | 'full';
  readonly removed: readonly VerifiedRevocation[];
}

const NOTHING: readonly VerifiedRevocation[] = [];

/**
 * The order in which statements come makes no difference, but where there are too many. Statements of roots stay for good. Those of a
 * signer stay unless roots take its key back from before they were issued, or its organisation: so whoever stole a signer's key and
 * floods the set loses it with the key. Of one organisation the oldest ones stay (by their date, then by their hash).
 */
export class Revocations {
  private readonly crypto: Crypto;
  private readonly limits: SetLimits;
  /** By hash in hex; bounded by limits.statements, kept by add(). */
  private readonly statements: BoundedMap<string, VerifiedRevocation>;
  /** Hashes in hex, ascending. */
  private order: string[] = [];
  /** Statements on a node, by node ID in hex. */
  private readonly nodes = new Map<string, VerifiedRevocation[]>();
  /** Those on a signer, by its key in hex; the one that reaches back furthest first. */
  private readonly signers = new Map<string, VerifiedRevocation[]>();
  private readonly organisations = new Map<string, VerifiedRevocation[]>();
  /** Made by signers, by organisation in hex. */
  private readonly made = new Map<string, Set<string>>();
  /** undefined: to be computed. */
  private head: Uint8Array | undefined;

  constructor(
    crypto: Crypto,
    limits: SetLimits = { statements: STATEMENTS_MAX, perOrganisation: STATEMENTS_PER_ORGANISATION },
  ) {
    this.crypto = crypto;
    this.limits = limits;
    this.statements = new BoundedMap(limits.statements);
  }

  get size(): number {
    return this.order.length;
  }

  /** In the order of their hashes. */
  values(): VerifiedRevocation[] {
    return this.order.map((id) => this.statements.peek(id) as VerifiedRevocation);
  }

  get(hash: Uint8Array): VerifiedRevocation | undefined {
    return this.statements.peek(toHex(hash));
  }

  add(verified: VerifiedRevocation): Addition {
    const id = toHex(verified.hash);
    if (this.statements.has(id)) return { outcome: 'known', removed: NOTHING };
    if (this.isVoid(verified.revocation)) return { outcome: 'void', removed: NOTHING };
    const excess = this.excess(verified);
    if (excess === verified || (excess === undefined && this.size >= this.limits.statements))
      return { outcome: 'full', removed: NOTHING };
    const removed = excess === undefined ? [] : [excess];
    for (const old of removed) this.remove(old);
    this.insert(id, verified);
    if (verified.revocation.issuer.length === 0) {
      for (const other of this.values()) {
        if (!this.isVoid(other.revocation)) continue;
        this.remove(other);
        removed.push(other);
      }
    }
    return { outcome: 'added', removed };
  }

  /** Takes out what was added and could not be kept. */
  remove(verified: VerifiedRevocation): void {
    const id = toHex(verified.hash);
    if (!this.statements.delete(id)) return;
    this.head = undefined;
    this.order.splice(this.place(id), 1);
    const { revocation } = verified;
    const index = this.indexOf(revocation);
    const target = toHex(revocation.target);
    const left = (index.get(target) ?? []).filter((other) => other !== verified);
    if (left.length > 0) index.set(target, left);
    else index.delete(target);
    if (revocation.issuer.length > 0) this.made.get(toHex(revocation.organisation))?.delete(id);
  }

  /** By which statement a certificate of these keys is void; undefined: by none. */
  voiding({ nodeId, organisation, signer, notBefore }: CertifiedKeys): VerifiedRevocation | undefined {
    if (this.order.length === 0) return undefined;
    const whole = this.organisations.get(toHex(organisation))?.at(0);
    if (whole !== undefined) return whole;
    const ofSigner = this.signers.get(toHex(signer))?.at(0);
    // Certificates begin to be valid CLOCK_SKEW_S before they are issued.
    if (ofSigner !== undefined && notBefore + CLOCK_SKEW_S >= ofSigner.revocation.since) return ofSigner;
    return this.nodes
      .get(toHex(nodeId))
      ?.find(({ revocation }) => isOf(revocation.organisation, organisation));
  }

  /** Statements on this very node, of whichever organisation. */
  naming(nodeId: Uint8Array): readonly VerifiedRevocation[] {
    return this.nodes.get(toHex(nodeId)) ?? [];
  }

  /** Whether there are any. */
  isNamed(nodeId: Uint8Array): boolean {
    return this.nodes.has(toHex(nodeId));
  }

  /** Of a key of that kind, altogether or from `since` on at the latest; of a node: as a member of that organisation. */
  covering(
    kind: Revocation['kind'],
    target: Uint8Array,
    since = 0,
    organisation: Uint8Array = EMPTY,
  ): VerifiedRevocation | undefined {
    const index = { node: this.nodes, signer: this.signers, organisation: this.organisations }[kind];
    return index
      .get(toHex(target))
      ?.find(
        ({ revocation }) =>
          revocation.since <= since && (kind !== 'node' || isOf(revocation.organisation, organisation)),
      );
  }

  /** SHA-256 over all hashes in ascending order; empty while there are none. */
  get digest(): Uint8Array {
    this.head ??= this.digestOf(0, this.order.length);
    return this.head;
  }

  digestWithin(range: HashRange): Uint8Array {
    const [from, to] = this.bounds(range);
    return from === 0 && to === this.order.length ? this.digest : this.digestOf(from, to);
  }

  countWithin(range: HashRange): number {
    const [from, to] = this.bounds(range);
    return to - from;
  }

  hashesWithin(range: HashRange): Uint8Array[] {
    const [from, to] = this.bounds(range);
    return this.order.slice(from, to).map((id) => fromHex(id) as Uint8Array);
  }

  /** The range in at most `parts` parts of about as many statements each: where each ends, and its digest. */
  cut(range: HashRange, parts: number): { readonly upper: Uint8Array; readonly digest: Uint8Array }[] {
    const [from, to] = this.bounds(range);
    const count = Math.min(parts, to - from);
    return Array.from({ length: count }, (_, i) => {
      const begin = from + Math.floor(((to - from) * i) / count);
      const end = from + Math.floor(((to - from) * (i + 1)) / count);
      const upper = i === count - 1 ? range.upper : (fromHex(this.order[end]) as Uint8Array);
      return { upper, digest: this.digestOf(begin, end) };
    });
  }

  /** By a signer who may no longer say it. */
  private isVoid({ issuer, organisation, issued }: Revocation): boolean {
    if (issuer.length === 0) return false;
    if (this.organisations.has(toHex(organisation))) return true;
    const ofSigner = this.signers.get(toHex(issuer))?.at(0);
    return ofSigner !== undefined && issued >= ofSigner.revocation.since;
  }

  /** The youngest of the organisation's, where there is one too many with this one. */
  private excess(verified: VerifiedRevocation): VerifiedRevocation | undefined {
    const { revocation } = verified;
    if (revocation.issuer.length === 0) return undefined;
    const made = this.made.get(toHex(revocation.organisation));
    if (made === undefined || made.size < this.limits.perOrganisation) return undefined;
    let youngest = verified;
    for (const id of made) {
      const other = this.statements.peek(id) as VerifiedRevocation;
      if (compareAge(other, youngest) > 0) youngest = other;
    }
    return youngest;
  }

  private insert(id: string, verified: VerifiedRevocation): void {
    const { revocation } = verified;
    this.head = undefined;
    this.statements.set(id, verified);
    this.order.splice(this.place(id), 0, id);
    const index = this.indexOf(revocation);
    const target = toHex(revocation.target);
    const all = [...(index.get(target) ?? []), verified];
    index.set(target, all.sort(compareReach));
    if (revocation.issuer.length === 0) return;
    const organisation = toHex(revocation.organisation);
    const made = this.made.get(organisation) ?? new Set();
    made.add(id);
    this.made.set(organisation, made);
  }

  private indexOf({ kind }: Revocation): Map<string, VerifiedRevocation[]> {
    if (kind === 'node') return this.nodes;
    return kind === 'signer' ? this.signers : this.organisations;
  }

  /** Where a hash stands, or would stand. */
  private place(id: string): number {
    let from = 0;
    let to = this.order.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.order[middle] < id) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private bounds({ lower, upper }: HashRange): [number, number] {
    const from = lower.length === 0 ? 0 : this.place(toHex(lower));
    const to = upper.length === 0 ? this.order.length : this.place(toHex(upper));
    return [from, Math.max(from, to)];
  }

  private digestOf(from: number, to: number): Uint8Array {
    if (from === to) return EMPTY;
    const hashes = this.order.slice(from, to).map((id) => fromHex(id) as Uint8Array);
    return this.crypto.sha256(concat(...hashes));
  }
}

/** Which membership a statement on a node ends: this one, or all. */
function isOf(revoked: Uint8Array, organisation: Uint8Array): boolean {
  return revoked.length === 0 || compareBytes(revoked, organisation) === 0;
}

function compareReach(a: VerifiedRevocation, b: VerifiedRevocation): number {
  return a.revocation.since - b.revocation.since || compareAge(a, b);
}

function compareAge(a: VerifiedRevocation, b: VerifiedRevocation): number {
  return a.revocation.issued - b.revocation.issued || compareBytes(a.hash, b.hash);
}
