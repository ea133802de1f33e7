// Names of organisations, as verified chains told them.
import { BoundedMap } from '../base/bounded-map.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { idFromText, idToText } from '../identity/identity.ts';
import type { OrganisationId } from '../identity/types.ts';
import type { Membership } from './types.ts';

const ORGANISATIONS_MAX = 1024;
/** IDs that are kept for one name. */
const NAMESAKES_MAX = 4;

export type OrganisationAnswer =
  | { readonly kind: 'known'; readonly id: OrganisationId }
  | { readonly kind: 'unknownOrganisation' }
  | { readonly kind: 'ambiguousOrganisation'; readonly organisations: readonly OrganisationId[] };

export class Organisations {
  private readonly own: Membership | undefined;
  private readonly ids = new BoundedMap<string, readonly OrganisationId[]>(ORGANISATIONS_MAX);
  /** By ID in hex. */
  private readonly names = new BoundedMap<string, string>(ORGANISATIONS_MAX);

  constructor(own: Membership | undefined) {
    this.own = own;
  }

  isOwn(id: OrganisationId): boolean {
    return this.own !== undefined && equalBytes(this.own.organisation, id);
  }

  /** Whether anything is new. */
  learn(name: string, id: OrganisationId): boolean {
    if (name === '' || id.length === 0 || this.isOwn(id)) return false;
    const known = this.ids.get(name) ?? [];
    if (known.length >= NAMESAKES_MAX || known.some((other) => equalBytes(other, id))) return false;
    this.ids.set(name, [...known, id]);
    this.names.set(toHex(id), name);
    return true;
  }

  /** What an organisation's name or ID as text means; undefined: the own one. */
  find(text: string | undefined): OrganisationAnswer {
    const { own } = this;
    // An ID before a name: nobody may call itself by another's ID. The own name before a stranger's.
    const id = text === undefined ? own?.organisation : idFromText(text);
    if (id !== undefined) return { kind: 'known', id };
    if (text === own?.organisationName && own !== undefined) return { kind: 'known', id: own.organisation };
    const ids = text === undefined ? [] : (this.ids.get(text) ?? []);
    if (ids.length > 1) return { kind: 'ambiguousOrganisation', organisations: ids };
    return ids.length === 1 ? { kind: 'known', id: ids[0] } : { kind: 'unknownOrganisation' };
  }

  /** '' while unknown. */
  nameOf(id: OrganisationId): string {
    return this.own !== undefined && this.isOwn(id)
      ? this.own.organisationName
      : (this.names.get(toHex(id)) ?? '');
  }

  /** By which names of this host say it: undefined for the own one, the ID where the name would not do. */
  labelOf(id: OrganisationId): string | undefined {
    if (this.isOwn(id)) return undefined;
    const name = this.nameOf(id);
    const found = this.find(name);
    return found.kind === 'known' && equalBytes(found.id, id) ? name : idToText(id);
  }
}
