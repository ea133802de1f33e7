// Names as people type them and as DNS asks for them, without and with the zone.
import { isName, NODE_LABEL } from '../base/name.ts';
import { idFromText, idToText } from '../identity/identity.ts';
import type { QueryName } from './types.ts';

/** Bytes of a DNS name as text. */
const TEXT_MAX = 253;

/**
 * What a name asks for: `SERVICE`, `SERVICE.ORG`, `NODE.node`, `NODE.node.ORG`, `NODEID.node`, `SERVICE.NODE.node`,
 * `SERVICE.NODE.node.ORG`, each with or without the zone and the final dot, in any case. Undefined: it cannot be a name here.
 * Names in DNS always carry the zone: `isZoneNeeded`.
 */
export function parseName(text: string, zone = 'mcc', isZoneNeeded = false): QueryName | undefined {
  const plain = text.endsWith('.') ? text.slice(0, -1) : text;
  if (plain.length > TEXT_MAX) return undefined;
  const labels = plain.toLowerCase().split('.');
  const zoneLabels = zone.split('.');
  const rest = labels.length - zoneLabels.length;
  if (rest > 0 && zoneLabels.every((label, i) => labels[rest + i] === label)) labels.length = rest;
  else if (isZoneNeeded) return undefined;
  // Of other characters than ASCII, some become ASCII in lower case.
  if (labels.length > 4 || !labels.every(isName) || !/^[\x21-\x7e]*$/.test(text)) return undefined;
  return ofLabels(labels);
}

function ofLabels(labels: readonly string[]): QueryName | undefined {
  const [first, second, third, fourth] = labels;
  if (second === undefined) return { kind: 'service', name: first, organisation: undefined };
  if (second === NODE_LABEL && fourth === undefined) {
    const nodeId = third === undefined ? idFromText(first) : undefined;
    return nodeId === undefined
      ? { kind: 'node', name: first, organisation: third }
      : { kind: 'nodeId', nodeId };
  }
  if (third === undefined) return { kind: 'service', name: first, organisation: second };
  if (third !== NODE_LABEL) return undefined;
  return { kind: 'endpoint', service: first, node: second, organisation: fourth };
}

/** The inverse of parseName, without the zone; '' for an address. */
export function formatName(name: QueryName): string {
  switch (name.kind) {
    case 'service':
      return join(name.name, name.organisation);
    case 'node':
      return join(name.name, NODE_LABEL, name.organisation);
    case 'nodeId':
      return join(idToText(name.nodeId), NODE_LABEL);
    case 'endpoint':
      return join(name.service, name.node, NODE_LABEL, name.organisation);
    case 'address':
      return '';
  }
}

function join(...labels: readonly (string | undefined)[]): string {
  return labels.filter((label) => label !== undefined).join('.');
}
