import { NONE } from '../addressing/types.ts';
import { ACK_BYTES_MAX, AckFrame, encodeAck } from '../wire/ack.ts';
import { ACK_RANGES_MAX } from '../wire/limits.ts';
import type { PacketPort, PortCommand } from './types.ts';

const frame = new AckFrame();
const plaintext = new Uint8Array(ACK_BYTES_MAX);

/** Carries a command out. */
export function applyPortCommand(port: PacketPort, command: PortCommand): void {
  switch (command.kind) {
    case 'setSendKey':
      port.setSendKey(command.slot, command.suite, command.key, command.index);
      break;
    case 'setReceiveKey':
      port.setReceiveKey(command.slot, command.suite, command.key, command.index, command.group);
      break;
    case 'clearSendKey':
      port.clearSendKey(command.slot);
      break;
    case 'clearReceiveKey':
      port.clearReceiveKey(command.slot);
      break;
    case 'setHold':
      port.setHold(command.key, command.holdMs);
      break;
    case 'setPath':
      port.setPath(command.slot, command.to);
      break;
    case 'clearPath':
      port.clearPath(command.slot);
      break;
    case 'openSocket':
      port.openSocket(command.socket);
      break;
    case 'closeSocket':
      port.closeSocket(command.socket);
      break;
    case 'setCircuit':
      port.setCircuit(command.slot, command.number, command.toLeg);
      break;
    case 'setForward':
      port.setForward(command.slot, command.number, command.toSlot, command.toLeg, command.toNumber);
      break;
    case 'clearCircuit':
      port.clearCircuit(command.slot, command.number);
      break;
    case 'setRelayLimit':
      port.setRelayLimit(command.bytesPerSecond, command.burstBytes);
      break;
    case 'closeStream':
      port.closeStream(command.stream);
      break;
    case 'keepalive':
      port.keepalive(command.slot, command.leg, command.number);
      break;
    case 'raw':
      port.sendRaw(command.to, command.datagram, command.ttl);
      break;
    case 'control':
      port.sendControl(command.key, command.counter, command.path, command.plaintext, command.ttl);
      break;
    case 'setParity':
      port.setParity(command.key, command.parities, command.longest);
      break;
    case 'sendParity':
      port.sendParity(command.key, command.counter, command.path, command.parities);
      break;
    case 'ack':
      acknowledge(port, command);
      break;
    case 'inject':
      port.inject(command.packet);
  }
}

function acknowledge(port: PacketPort, command: Extract<PortCommand, { kind: 'ack' }>): void {
  const { receiveKey, index, delayMs, from } = command;
  frame.index = index;
  frame.delayMs = delayMs;
  frame.isAsking = receiveKey === NONE;
  frame.count = frame.isAsking ? 0 : port.received(receiveKey, frame.ranges, ACK_RANGES_MAX);
  if (frame.count === 0 && !frame.isAsking) return;
  while (frame.count > 1 && frame.ranges[2 * frame.count - 1] < from) frame.count--;
  frame.ceCount = frame.isAsking ? 0 : port.ceCount(receiveKey);
  const length = encodeAck(frame, plaintext);
  port.sendControl(command.key, command.counter, command.path, plaintext.subarray(0, length));
}
