// Organisations as a backend of tests tells of them.
import { CodedError } from '../../../src/core/base/errors.ts';
import type { OrganisationBackend } from '../../../src/host/api/api.ts';
import type {
  InstallResult,
  NetworkView,
  OrganisationView,
  RequestView,
} from '../../../src/host/api/types.ts';
import { ACME, ALPHA, NETWORK, OWN } from './memory-ids.ts';

const TIME = new Date(0).toISOString();

export class MemoryOrganisations implements OrganisationBackend {
  list(): OrganisationView[] {
    const signer = { key: ACME, notBefore: TIME, notAfter: TIME, nodes: 2, here: true };
    const epoch = { number: 3, created: TIME, ageS: 60 };
    const foreign = { organisationId: ALPHA, name: 'beta', own: false, nodes: 0, signers: [], epoch: null };
    return [{ organisationId: ACME, name: 'acme', own: true, nodes: 2, signers: [signer], epoch }, foreign];
  }

  network(): NetworkView {
    return {
      networkId: NETWORK,
      network: 'plant-net',
      created: TIME,
      threshold: 2,
      rootKeys: 3,
      document: 'mccs1abc',
    };
  }

  create(name: string): RequestView {
    return { document: 'mccr1abc', organisationId: ACME, organisation: name, signer: ACME, approved: true };
  }

  requestSigner(newKey: boolean): RequestView {
    return { ...this.create('acme'), approved: newKey };
  }

  approve(document: string): RequestView {
    if (!document.startsWith('mccr1')) throw new CodedError('DOCUMENT_MALFORMED');
    return this.create('acme');
  }

  retire(force: boolean): Promise<void> {
    return force ? Promise.resolve() : Promise.reject(new CodedError('SIGNER_NEEDED'));
  }

  async install(): Promise<InstallResult> {
    return {
      nodeId: ALPHA,
      networkId: NETWORK,
      network: 'plant-net',
      organisation: 'acme',
      organisationId: ACME,
      name: 'alpha',
      addresses: OWN,
      peer: null,
      warnings: [{ code: 'PEER_UNREACHABLE', message: 'nobody answers' }],
    };
  }
}
