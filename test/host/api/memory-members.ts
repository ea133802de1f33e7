// Members of a backend of tests: `alpha`, and nobody else.
import { CodedError } from '../../../src/core/base/errors.ts';
import type { MemberBackend } from '../../../src/host/api/api.ts';
import type { MemberInput, MemberView } from '../../../src/host/api/types.ts';
import { ACME, ALPHA } from './memory-ids.ts';

export class MemoryMembers implements MemberBackend {
  private alpha: MemberView = {
    nodeId: ALPHA,
    name: 'alpha',
    tags: ['web'],
    provides: [],
    certificateExpires: new Date(0).toISOString(),
    signer: ACME,
    self: true,
    online: true,
    pending: null,
  };

  list(): MemberView[] {
    return [this.alpha];
  }

  change(member: string, input: MemberInput): MemberView {
    if (member !== 'alpha') throw new CodedError('PEER_UNKNOWN', member);
    this.alpha = { ...this.alpha, pending: { tags: ['web'], provides: [], ...input } };
    return this.alpha;
  }
}
