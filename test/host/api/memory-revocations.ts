// Revocations as a backend of tests tells of them.
import { CodedError } from '../../../src/core/base/errors.ts';
import type { RevocationBackend } from '../../../src/host/api/api.ts';
import type { RevocationView, RevokeInput } from '../../../src/host/api/revocation-types.ts';
import { ACME, ALPHA } from './memory-ids.ts';

export class MemoryRevocations implements RevocationBackend {
  private readonly all: RevocationView[] = [];

  list(): RevocationView[] {
    return this.all;
  }

  async revoke({ node, reason = '', statement }: RevokeInput): Promise<RevocationView> {
    if (statement !== undefined) throw new CodedError('REVOKE_REFUSED');
    if (node !== 'alpha') throw new CodedError('PEER_UNKNOWN', node);
    const revoked = new Date(0).toISOString();
    const view = { target: ALPHA, organisation: 'acme', since: null, revoked, reason, by: ACME, id: ALPHA };
    this.all.unshift({ kind: 'node', ...view });
    return this.all[0];
  }
}
