// What a node tells another of a packet that its policy refused: a field of Control (proto/control.proto).
import type { mcc } from './protobuf.ts';

export const FLOW_REFUSAL_CODES = ['policy', 'tag', 'closed'] as const;
/** Why a packet was refused; a code of a later version reads as `policy`. */
export type FlowRefusalCode = (typeof FLOW_REFUSAL_CODES)[number];

export interface FlowRefusal {
  readonly kind: 'flowRefusal';
  /** Of the packet that was refused; 4 or 6 where it makes sense. */
  readonly family: number;
  /** IP protocol number. */
  readonly protocol: number;
  /** As they stood in it, source << 16 | destination; ports of ICMP: type << 24 | code << 16 | identifier. */
  readonly selectors: number;
  readonly ports: number;
  readonly code: FlowRefusalCode;
}

export function flowRefusalToProto(message: FlowRefusal): mcc.Control.$Properties {
  const { family, protocol, selectors, ports } = message;
  const code = FLOW_REFUSAL_CODES.indexOf(message.code);
  return { flowRefusal: { family, protocol, selectors, ports, code } };
}

export function flowRefusalFromProto({ flowRefusal }: mcc.Control.$Properties): FlowRefusal | undefined {
  if (!flowRefusal) return undefined;
  const { family, protocol, selectors, ports, code } = flowRefusal;
  return {
    kind: 'flowRefusal',
    family: family ?? 0,
    protocol: protocol ?? 0,
    selectors: selectors ?? 0,
    ports: ports ?? 0,
    code: FLOW_REFUSAL_CODES[code ?? 0] ?? 'policy',
  };
}
