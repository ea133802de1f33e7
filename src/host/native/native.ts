// The door of the addon: packet port, interface configuration.

import { CodedError, type ErrorCode } from '../../core/base/errors.ts';
import type { SocketAddress } from '../../core/base/ip.ts';
import type { PortEvent } from '../../core/engine/types.ts';
import { loadAddon } from './loader.ts';
import type { System } from './system.ts';
import type { AddonPort, NativePort, PortOptions } from './types.ts';

export { CHANGE_ADDRESS, CHANGE_OVERRUN, CHANGE_OWN, CHANGE_OWN_DELETED, CHANGE_ROUTE } from './system.ts';

/** Interface configuration, change watch and service manager of the addon. */
export function nativeSystem(): System {
  return loadAddon().system;
}

/** Whether the processor computes AES itself; where it does not, ChaCha20-Poly1305 comes first. */
export function hasFastAes(): boolean {
  return loadAddon().hasAes;
}

/** Opens TUN and sockets. Throws a CodedError that says what to do. */
export function openPort(options: PortOptions): NativePort {
  const addon = loadAddon();
  let port: AddonPort;
  try {
    port = new addon.Port(options);
  } catch (error) {
    throw coded(error as NodeJS.ErrnoException);
  }
  let onStreamEnd: ((stream: number) => void) | undefined;
  return {
    outRows: port.outRows,
    outBytes: port.outBytes,
    heldRows: port.heldRows,
    inRows: port.inRows,
    inBytes: port.inBytes,
    counters: port.counters,
    relayed: port.relayed,
    onInside: (callback) => port.onInside(callback),
    onOutside: (callback) => port.onOutside(callback),
    onEvent: (callback) =>
      port.onEvent((kind, of, localPort, error) => {
        if (kind === 'streamClosed') onStreamEnd?.(of);
        callback(portEvent(kind, of, localPort, error));
      }),
    send: (rows) => port.send(rows),
    sendHeld: (rows) => port.sendHeld(rows),
    retain: (slot) => port.retain(slot),
    release: (slot) => port.release(slot),
    deliver: (rows) => port.deliver(rows),
    setSendKey: (slot, suite, key, index) => port.setSendKey(slot, suite, key, index),
    setReceiveKey: (slot, suite, key, index, group) => port.setReceiveKey(slot, suite, key, index, group),
    clearSendKey: (slot) => port.clearSendKey(slot),
    clearReceiveKey: (slot) => port.clearReceiveKey(slot),
    setHold: (key, holdMs) => port.setHold(key, holdMs),
    received: (key, into, ranges) => port.received(key, into, ranges),
    ceCount: (key) => port.ceCount(key),
    setPath: (slot, to) => port.setPath(slot, to.ip, to.port, to.via),
    clearPath: (slot) => port.clearPath(slot),
    setCircuit: (slot, number, toLeg) => port.setCircuit(slot, number, toLeg),
    setForward: (slot, number, toSlot, toLeg, toNumber) =>
      port.setForward(slot, number, toSlot, toLeg, toNumber),
    clearCircuit: (slot, number) => port.clearCircuit(slot, number),
    setRelayLimit: (bytesPerSecond, burstBytes) => port.setRelayLimit(bytesPerSecond, burstBytes),
    keepalive: (slot, leg, number) => port.keepalive(slot, leg, number),
    addStream: (fd) => port.addStream(fd),
    pairStream: () => port.pairStream(),
    closeStream(number) {
      port.closeStream(number);
      onStreamEnd?.(number);
    },
    onStreamEnd(callback) {
      onStreamEnd = callback;
    },
    sendRaw: (to, datagram, ttl) => port.sendRaw(to.ip, to.port, datagram, ttl, to.via),
    openSocket: (socket) => port.openSocket(socket),
    closeSocket: (socket) => port.closeSocket(socket),
    sendControl: (key, counter, path, plaintext, ttl) => port.sendControl(key, counter, path, plaintext, ttl),
    setParity: (key, parities, longest) => port.setParity(key, parities, longest),
    sendParity: (key, counter, path, parities) => port.sendParity(key, counter, path, parities),
    inject: (packet) => port.inject(packet),
    routeMtu: (to: SocketAddress) => port.routeMtu(to.ip, to.port),
    info: () => port.info(),
    close: (removeInterface) => port.close(removeInterface),
  };
}

function portEvent(
  kind: 'tooBig' | 'interfaceGone' | 'streamClosed' | 'socket',
  of: number,
  port: number,
  error: string,
): PortEvent {
  if (kind === 'tooBig') return { kind, path: of };
  if (kind === 'streamClosed') return { kind, stream: of };
  if (kind === 'interfaceGone') return { kind };
  return error === ''
    ? { kind: 'socketOpened', socket: of, port }
    : { kind: 'socketFailed', socket: of, error };
}

function coded(error: NodeJS.ErrnoException): Error {
  const code = codeOf(error.code, error.syscall);
  return code === undefined ? error : new CodedError(code, error.message, { cause: error });
}

function codeOf(errno: string | undefined, syscall: string | undefined): ErrorCode | undefined {
  if (syscall === 'bind') {
    if (errno === 'EADDRINUSE') return 'PORT_TAKEN';
    if (errno === 'EADDRNOTAVAIL') return 'ADDRESS_UNAVAILABLE';
    if (errno === 'EACCES' || errno === 'EPERM') return 'NOT_ROOT';
  }
  if (syscall === 'open') {
    if (errno === 'EINVAL') return 'INTERFACE_NAME_INVALID';
    if (errno === 'EACCES' || errno === 'EPERM') return 'NOT_ROOT';
    return 'NO_TUN';
  }
  if (syscall === 'TUNSETIFF' || syscall === 'TUNSETPERSIST') {
    if (errno === 'EBUSY') return 'INTERFACE_TAKEN';
    if (errno === 'EPERM' || errno === 'EACCES') return 'NOT_ROOT';
    // Another kind of device has the name.
    if (errno === 'EINVAL') return 'INTERFACE_TAKEN';
    return 'INTERFACE_FAILED';
  }
  return undefined;
}
