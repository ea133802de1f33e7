// Names of this node for services of other organisations.
import { CodedError } from '../../core/base/errors.ts';
import { parseName } from '../../core/discovery/discovery.ts';
import { idToText } from '../../core/identity/identity.ts';
import type { ImportBackend } from '../api/api.ts';
import type { ImportView } from '../api/types.ts';
import type { NodeDirectory } from './directory.ts';
import type { NodeHost } from './node-host.ts';

export class NodeImports implements ImportBackend {
  readonly #host: NodeHost;
  readonly #directory: NodeDirectory;
  readonly #zone: string;

  constructor(host: NodeHost, directory: NodeDirectory, zone: string) {
    this.#host = host;
    this.#directory = directory;
    this.#zone = zone;
  }

  list(): ImportView[] {
    return this.#host
      .node()
      .node.listImports()
      .map(({ name, service, organisation, label }) => ({
        name,
        service,
        organisation: label,
        organisationId: idToText(organisation),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async add(name: string, service: string): Promise<ImportView> {
    const said = parseName(service, this.#zone);
    if (said?.kind !== 'service' || said.organisation === undefined)
      throw new CodedError('NAME_INVALID', `"${service.slice(0, 80)}" is not SERVICE.ORGANISATION`);
    const { name: theirs, organisation } = said;
    if (!this.list().some((before) => before.name === name)) await this.#refuseHiding(name);
    const { node } = this.#host.node();
    this.#host.command((now) => node.importService(name, theirs, organisation, now));
    const added = this.list().find((one) => one.name === name);
    if (added === undefined) throw new CodedError('INTERNAL', 'the import is gone');
    return added;
  }

  remove(name: string): void {
    const { node } = this.#host.node();
    this.#host.command((now) => node.unimport(name, now));
  }

  /** The own organisation has a service of this name. Where nobody can tell, there is nothing to hide. */
  async #refuseHiding(name: string): Promise<void> {
    if (this.#host.standing?.chain.tier !== 'member') return;
    const found = await this.#directory.find(name).catch(() => undefined);
    if (found !== undefined) throw new CodedError('IMPORT_HIDES', `"${name}"`);
  }
}
