// Services of other organisations that go by a name of the own zone's top on this node: SERVICE.mcc.
import { equalBytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { isName, serviceNameFault } from '../base/name.ts';
import type { QueryName } from '../discovery/types.ts';
import { idFromText, idToText } from '../identity/identity.ts';
import type { NodeContext } from './context.ts';
import type { ImportRecord, PersistRecord } from './types.ts';

export const IMPORTS_MAX = 256;

/** `organisation`: name or ID. CodedError, with nothing changed, when it cannot be; the same once more changes nothing. */
export function importService(
  c: NodeContext,
  name: string,
  service: string,
  organisation: string,
): ImportRecord {
  const fault = serviceNameFault(name);
  if (fault !== undefined) throw new CodedError(isName(name) ? 'NAME_RESERVED' : 'NAME_INVALID', fault);
  if (!isName(service)) throw new CodedError('NAME_INVALID', `"${service}"`);
  const wanted = { name, service, organisation: organisationOf(c, organisation) };
  if (c.organisations.isOwn(wanted.organisation)) throw new CodedError('IMPORT_OWN', `"${service}"`);
  if (isKnownHere(c, name)) throw new CodedError('IMPORT_HIDES', `"${name}"`);
  const before = c.imports.get(name);
  if (before !== undefined) {
    if (before.service === service && equalBytes(before.organisation, wanted.organisation)) return before;
    throw new CodedError('NAME_IMPORTED', `"${name}" is ${before.service}.${labelOf(c, before)}`);
  }
  if (c.imports.size >= IMPORTS_MAX) throw new CodedError('IMPORTS_FULL', `${IMPORTS_MAX} names at most`);
  c.imports.set(name, wanted);
  c.out.persists.push({ kind: 'import', record: wanted });
  return wanted;
}

export function unimport(c: NodeContext, name: string): void {
  const record = c.imports.get(name);
  if (record === undefined) throw new CodedError('IMPORT_UNKNOWN', `"${name}"`);
  c.imports.delete(name);
  c.out.persists.push({ kind: 'forgetImport', record });
}

/** The change did not reach the disk. */
export function takeBackImport(
  c: NodeContext,
  { kind, record }: Extract<PersistRecord, { kind: 'import' | 'forgetImport' }>,
): void {
  if (kind === 'import') c.imports.delete(record.name);
  else c.imports.set(record.name, record);
}

/** What a name means on this node: an imported one the service that it stands for, any other itself. */
export function meaningOf(c: NodeContext, name: QueryName): QueryName {
  if (name.kind !== 'service' || name.organisation !== undefined) return name;
  const record = c.imports.get(name.name);
  if (record === undefined) return name;
  return { kind: 'service', name: record.service, organisation: idToText(record.organisation) };
}

/** Name of the organisation, or its ID where that would not do. */
export function labelOf(c: NodeContext, { organisation }: ImportRecord): string {
  for (const [name, ids] of c.organisations.named()) {
    if (ids.length === 1 && equalBytes(ids[0], organisation)) return name;
  }
  return idToText(organisation);
}

/** Offered by this node, or by another of the own organisation as far as somebody asked. */
function isKnownHere(c: NodeContext, name: string): boolean {
  if (c.services.has(name)) return true;
  for (const set of c.serviceSets.values()) {
    if (set.name === name && set.places.length > 0 && c.organisations.isOwn(set.organisation)) return true;
  }
  return false;
}

function organisationOf(c: NodeContext, text: string): Uint8Array {
  const named = c.organisations.idsOf(text);
  // An ID before a name: nobody may call itself by another's ID.
  const id = idFromText(text) ?? named.at(0);
  if (id === undefined) throw new CodedError('ORGANISATION_UNKNOWN', `"${text}"`);
  if (id === named.at(0) && named.length > 1)
    throw new CodedError('ORGANISATION_AMBIGUOUS', `"${text}" (${named.map(idToText).join(', ')})`);
  return id;
}
