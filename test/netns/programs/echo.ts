/** `echo.ts ADDRESS`: returns every UDP datagram to its sender; prints the port that the kernel chose. */
import { createSocket } from 'node:dgram';

const address = process.argv[2] ?? '::';
const socket = createSocket({
  type: address.includes(':') ? 'udp6' : 'udp4',
  recvBufferSize: 4 << 20,
  sendBufferSize: 4 << 20,
});
socket.on('message', (message, remote) => socket.send(message, remote.port, remote.address));
socket.bind(0, address, () => console.log(`port ${socket.address().port}`));
