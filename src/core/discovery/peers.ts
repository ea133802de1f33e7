// Other nodes, as sessions and their verified chains tell.
import { BoundedMap } from '../base/bounded-map.ts';
import { compareBytes, toHex } from '../base/bytes.ts';
import type { NodeId, OrganisationId } from '../identity/types.ts';
import type { Membership, PeerInput, PeerState } from './types.ts';

const PEERS_MAX = 8192;
/** Nodes that are remembered for one name: different signers may give it twice. */
const NAMESAKES_MAX = 4;
const ORDER: readonly PeerState[] = ['up', 'idle', 'suspect', 'down'];

export interface Peer {
  readonly nodeId: NodeId;
  readonly state: PeerState;
  /** Of its verified chain; undefined: not known yet. */
  readonly member: Membership | undefined;
}

export class Peers {
  /** By node ID in hex. */
  private readonly known = new BoundedMap<string, Peer>(PEERS_MAX);
  /** Node IDs in hex by nameKey(). Checked when read: a peer may have changed since. */
  private readonly names = new BoundedMap<string, readonly string[]>(PEERS_MAX);

  /** What was known of its membership stays known when an input does not say it. */
  learn(input: PeerInput): Peer {
    const key = toHex(input.nodeId);
    const member = input.member ?? this.known.peek(key)?.member;
    const peer: Peer = { nodeId: input.nodeId, state: input.state, member };
    this.known.set(key, peer);
    if (member === undefined || member.name === '') return peer;
    const nameKey = nameKeyOf(member.organisation, member.name);
    const others = (this.names.get(nameKey) ?? []).filter((other) => other !== key);
    this.names.set(nameKey, [key, ...others].slice(0, NAMESAKES_MAX));
    return peer;
  }

  /** By node ID in hex. */
  get(key: string): Peer | undefined {
    return this.known.peek(key);
  }

  /** By node ID in hex. */
  forget(key: string): void {
    this.known.delete(key);
  }

  /** Nodes with that certified name, the one to be preferred first. */
  named(organisation: OrganisationId, name: string): Peer[] {
    const nameKey = nameKeyOf(organisation, name);
    const peers = (this.names.get(nameKey) ?? []).flatMap((key) => {
      const peer = this.known.peek(key);
      const member = peer?.member;
      return peer && member && nameKeyOf(member.organisation, member.name) === nameKey ? [peer] : [];
    });
    return peers.sort(
      (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || compareBytes(a.nodeId, b.nodeId),
    );
  }
}

/** Of a name within an organisation. */
export function nameKeyOf(organisation: OrganisationId, name: string): string {
  return `${toHex(organisation)}/${name}`;
}
