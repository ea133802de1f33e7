// Imports of a backend of tests: the organisation `globex` is known, and `web` is a service of the own one.
import { CodedError } from '../../../src/core/base/errors.ts';
import type { ImportBackend } from '../../../src/host/api/api.ts';
import type { ImportView } from '../../../src/host/api/types.ts';
import { NETWORK } from './memory-ids.ts';

export class MemoryImports implements ImportBackend {
  private readonly all = new Map<string, ImportView>();

  list(): ImportView[] {
    return [...this.all.values()];
  }

  async add(name: string, service: string): Promise<ImportView> {
    const [theirs, organisation] = service.split('.');
    if (organisation !== 'globex') throw new CodedError('ORGANISATION_UNKNOWN', organisation);
    if (name === 'web') throw new CodedError('IMPORT_HIDES', name);
    const view = { name, service: theirs, organisation, organisationId: NETWORK };
    this.all.set(name, view);
    return view;
  }

  remove(name: string): void {
    if (!this.all.delete(name)) throw new CodedError('IMPORT_UNKNOWN', name);
  }
}
