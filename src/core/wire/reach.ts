// Relays, circuits, tests of paths and punching as bytes.
import { PATH_TEST_MAX } from './limits.ts';
import { decodeAddress, encodeAddress, type mcc, own } from './protobuf.ts';
import { NAT_BEHAVIOURS, PUNCH_STEPS, RELAY_CODES, type ReachMessage, type RelayHint } from './types.ts';

/** What padding is made of. */
const ZEROS = new Uint8Array(PATH_TEST_MAX);

export function reachToProto(message: ReachMessage): mcc.Control.$Properties {
  switch (message.kind) {
    case 'relayRequest':
      return { relayRequest: { leg: message.leg, inward: message.inward } };
    case 'relayGrant':
      return { relayGrant: { leg: message.leg, seconds: message.seconds, inward: message.inward } };
    case 'relayRefusal':
      return { relayRefusal: { code: RELAY_CODES.indexOf(message.code) } };
    case 'circuitOpen':
      return { circuitOpen: { nodeId: message.nodeId, number: message.number } };
    case 'circuitOffer':
      return { circuitOffer: { nodeId: message.nodeId, number: message.number } };
    case 'circuitClose':
      return { circuitClose: { number: message.number, code: RELAY_CODES.indexOf(message.code) } };
    case 'circuitEnd':
      return { circuitEnd: { nodeId: message.nodeId, address: encodeAddress(message.address) } };
    case 'relayCall': {
      const { relay, padding } = message;
      return { relayCall: { relay: relayToProto(relay), padding: ZEROS.subarray(0, padding) } };
    }
    case 'pathChallenge': {
      const { token, full, padding, delayS } = message;
      // What is 0 is left out, as it is not there mostly.
      const delay = delayS === 0 ? {} : { delayS };
      return { pathChallenge: { token, full, padding: ZEROS.subarray(0, padding), ...delay } };
    }
    case 'pathResponse': {
      const { token, padding } = message;
      const observed = message.observed === undefined ? undefined : encodeAddress(message.observed);
      return { pathResponse: { token, observed, padding: ZEROS.subarray(0, padding) } };
    }
    case 'punch': {
      const { round, step, addresses, mapping, filtering } = message;
      return {
        punch: {
          round,
          step: PUNCH_STEPS.indexOf(step),
          addresses: addresses.map(encodeAddress),
          mapping: NAT_BEHAVIOURS.indexOf(mapping),
          filtering: NAT_BEHAVIOURS.indexOf(filtering),
        },
      };
    }
  }
}

/** Undefined: the control message is none of these, or of a step that this version does not know. */
export function reachFromProto(control: mcc.Control.$Properties): ReachMessage | undefined {
  if (control.relayRequest) {
    const { leg, inward } = control.relayRequest;
    return { kind: 'relayRequest', leg: leg ?? 0, inward: inward ?? false };
  }
  if (control.relayGrant) {
    const { leg, seconds, inward } = control.relayGrant;
    return { kind: 'relayGrant', leg: leg ?? 0, seconds: seconds ?? 0, inward: inward ?? false };
  }
  if (control.relayRefusal)
    return { kind: 'relayRefusal', code: RELAY_CODES[control.relayRefusal.code ?? 0] ?? 'other' };
  if (control.circuitOpen) return circuit('circuitOpen', control.circuitOpen);
  if (control.circuitOffer) return circuit('circuitOffer', control.circuitOffer);
  if (control.circuitClose) {
    const { number, code } = control.circuitClose;
    return { kind: 'circuitClose', number: number ?? 0, code: RELAY_CODES[code ?? 0] ?? 'other' };
  }
  if (control.circuitEnd) {
    const { nodeId, address } = control.circuitEnd;
    return { kind: 'circuitEnd', nodeId: own(nodeId), address: decodeAddress(address ?? {}) };
  }
  if (control.relayCall) {
    const { relay, padding } = control.relayCall;
    return { kind: 'relayCall', relay: relayFromProto(relay ?? {}), padding: padding?.length ?? 0 };
  }
  return pathFromProto(control);
}

function pathFromProto(control: mcc.Control.$Properties): ReachMessage | undefined {
  if (control.pathChallenge) {
    const { token, full, padding, delayS } = control.pathChallenge;
    return {
      kind: 'pathChallenge',
      token: own(token),
      full: full ?? false,
      padding: padding?.length ?? 0,
      delayS: delayS ?? 0,
    };
  }
  if (control.pathResponse) {
    const { token, observed, padding } = control.pathResponse;
    return {
      kind: 'pathResponse',
      token: own(token),
      observed: observed ? decodeAddress(observed) : undefined,
      padding: padding?.length ?? 0,
    };
  }
  return control.punch ? punch(control.punch) : undefined;
}

function circuit(
  kind: 'circuitOpen' | 'circuitOffer',
  { nodeId, number }: mcc.CircuitOpen.$Properties,
): ReachMessage {
  return { kind, nodeId: own(nodeId), number: number ?? 0 };
}

function punch(proto: mcc.Punch.$Properties): ReachMessage | undefined {
  const step = PUNCH_STEPS[proto.step ?? 0];
  if (step === undefined) return undefined;
  return {
    kind: 'punch',
    round: proto.round ?? 0,
    step,
    addresses: (proto.addresses ?? []).map(decodeAddress),
    mapping: NAT_BEHAVIOURS[proto.mapping ?? 0] ?? 'unknown',
    filtering: NAT_BEHAVIOURS[proto.filtering ?? 0] ?? 'unknown',
  };
}

export function relayToProto({ nodeId, addresses }: RelayHint): mcc.RelayHint.$Properties {
  return { nodeId, addresses: addresses.map(encodeAddress) };
}

export function relayFromProto({ nodeId, addresses }: mcc.RelayHint.$Properties): RelayHint {
  return { nodeId: own(nodeId), addresses: (addresses ?? []).map(decodeAddress) };
}
