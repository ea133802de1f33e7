import type { PacketPort, PortCommand } from './types.ts';

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
    case 'inject':
      port.inject(command.packet);
  }
}
