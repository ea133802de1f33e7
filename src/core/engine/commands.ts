import type { PacketPort, PortCommand } from './types.ts';

/** Carries a command out. */
export function applyPortCommand(port: PacketPort, command: PortCommand): void {
  switch (command.kind) {
    case 'setSendKey':
      return port.setSendKey(command.slot, command.suite, command.key, command.index);
    case 'setReceiveKey':
      return port.setReceiveKey(command.slot, command.suite, command.key, command.index, command.group);
    case 'clearSendKey':
      return port.clearSendKey(command.slot);
    case 'clearReceiveKey':
      return port.clearReceiveKey(command.slot);
    case 'setPath':
      return port.setPath(command.slot, command.to);
    case 'clearPath':
      return port.clearPath(command.slot);
    case 'raw':
      return port.sendRaw(command.to, command.datagram);
    case 'control':
      return port.sendControl(command.key, command.counter, command.path, command.plaintext);
    case 'inject':
      return port.inject(command.packet);
  }
}
