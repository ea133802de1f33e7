// What people do with revocations.
import { CodedError } from '../../core/base/errors.ts';
import { idFromText, nodeIdFromText } from '../../core/identity/identity.ts';
import type { RevocationView as KnownRevocation } from '../../core/node/node.ts';
import type { RevocationBackend } from '../api/api.ts';
import type { RevocationView, RevokeInput } from '../api/types.ts';
import { nodeCrypto } from '../crypto/crypto.ts';
import { revocationTime } from './health.ts';
import { refuseAmbiguous } from './members.ts';
import type { NodeHost } from './node-host.ts';

export class NodeRevocations implements RevocationBackend {
  readonly #host: NodeHost;
  /** Node ID as text of what a name in the network stands for; undefined: nobody answers to it. */
  readonly #lookUp: (target: string) => Promise<string | undefined>;

  constructor(host: NodeHost, lookUp: (target: string) => Promise<string | undefined>) {
    this.#host = host;
    this.#lookUp = lookUp;
  }

  list(): RevocationView[] {
    return this.#host.node().node.revocations().map(revocationView);
  }

  async revoke(input: RevokeInput): Promise<RevocationView> {
    const { node } = this.#host.node();
    const isMeant = input.confirmed === true;
    if (input.statement !== undefined) {
      const bytes = new Uint8Array(Buffer.from(input.statement, 'base64url'));
      return revocationView(this.#host.command((now) => node.takeRevocation(bytes, isMeant, now)));
    }
    const nodeId = await this.#nodeIdOf(input.node ?? '');
    const reason = input.reason ?? '';
    return revocationView(this.#host.command((now) => node.revokeNode(nodeId, reason, isMeant, now)));
  }

  /** Also of a node that nobody here has met: its ID is enough. */
  async #nodeIdOf(target: string): Promise<Uint8Array> {
    refuseAmbiguous(this.#host.node().node, target);
    const known = this.#host.node().node.find(target)?.nodeId ?? nodeIdFromText(nodeCrypto, target);
    if (known !== undefined) return known;
    const found = idFromText((await this.#lookUp(target)) ?? '');
    if (found === undefined) throw new CodedError('PEER_UNKNOWN', target);
    return found;
  }
}

function revocationView(known: KnownRevocation): RevocationView {
  const { kind, target, organisation, since, issued, reason, by, id } = known;
  return {
    kind,
    target,
    organisation: organisation === '' ? null : organisation,
    since: since === 0 ? null : revocationTime(since),
    revoked: revocationTime(issued),
    reason,
    by,
    id,
  };
}
