import type { DropReason } from '../base/drop-reason.ts';
import type { IpAddress, Prefix } from '../base/ip.ts';
import type { Outbox } from '../base/outbox.ts';
import type { QueryName, ResolveResult } from '../discovery/types.ts';

export type { DnsCounts } from './counts.ts';

/** What the answers are made of. The functions are asked within handle() and must answer from memory. */
export interface ZoneOptions {
  /** Name of the zone without dots at its ends, lower case: "mcc", "mesh.example". */
  readonly zone: string;
  /** The network's /48, whose reverse zone is answered. */
  readonly networkPrefix: Prefix;
  /** First address of the alias /16 as a 32-bit number; 0: this host has no aliases, and no reverse zone for them. */
  readonly aliasPrefix: number;
  /** Virtual IPv6 address at which this resolver answers; its alias is that of any other address. */
  readonly resolver: IpAddress;
  /** IPv4 alias of a virtual address, which it is given if it has none; 0: the pool is full. */
  aliasOf(address: IpAddress): number;
  /** Virtual address of an alias; undefined: it is nobody's. */
  addressOf(alias: number): IpAddress | undefined;
  /** Whether an organisation of the network has this name. */
  isOrganisation(name: string): boolean;
}

/** `Token` is whatever the caller finds the asker again by; it comes back with the answer, exactly once. */
export type DnsInput<Token> =
  /** `bytes` are read within the call. */
  | { readonly kind: 'query'; readonly token: Token; readonly bytes: Uint8Array; readonly isTcp: boolean }
  /** Answers `resolve`; an ID that nobody waits for any more is passed over. */
  | { readonly kind: 'resolved'; readonly id: number; readonly result: ResolveResult };

export interface DnsSend<Token> {
  readonly token: Token;
  /** At most 65,535; over UDP what the asker takes, at most 1,232. */
  readonly bytes: Uint8Array;
}

export type DnsEvent<Token> =
  /** Look this up; may be answered within the same turn, and is forgotten after 4 s. */
  | { readonly kind: 'resolve'; readonly id: number; readonly name: QueryName }
  /** A query for a name of another zone, for somebody else to answer within `maxBytes`; only while `isForwarding`. */
  | {
      readonly kind: 'foreign';
      readonly token: Token;
      readonly bytes: Uint8Array;
      readonly maxBytes: number;
    }
  /** This query gets no answer: it is none, or it is not readable enough to be answered. */
  | { readonly kind: 'dropped'; readonly token: Token; readonly reason: DropReason };

export type DnsOutbox<Token> = Pick<Outbox<DnsSend<Token>, DnsEvent<Token>>, 'send' | 'emit'>;
