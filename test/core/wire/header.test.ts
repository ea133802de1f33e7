import fc from 'fast-check';
import t from 'tap';
import * as layout from '../../../src/core/base/batch-layout.generated.ts';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import {
  CHAIN_MAX,
  CONTROL_MAX,
  COOKIE_REPLY_BYTES,
  EARLY_MAX,
  HANDSHAKE_MAX,
  INITIATION_MIN,
  INITIATION_PAYLOAD_MAX,
  REPLAY_WINDOW,
  RESPONSE_MIN,
  REVOCATION_HEAD_BYTES,
  TAG_BYTES,
  TRANSPORT_HEADER_BYTES,
} from '../../../src/core/wire/limits.ts';
import {
  classifyDatagram,
  decodeTransportHeader,
  encodeTransportHeader,
  writeDatagramType,
} from '../../../src/core/wire/wire.ts';

t.test('a transport header comes back', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.maxSafeNat(), (receiverIndex, counter) => {
      const bytes = encodeTransportHeader({ receiverIndex, counter });
      t.equal(bytes.length, TRANSPORT_HEADER_BYTES);
      t.same(decodeTransportHeader(bytes), { receiverIndex, counter });
      const datagram = new Uint8Array(32);
      datagram.set(bytes);
      t.equal(classifyDatagram(datagram), DatagramType.transport);
    }),
  );
  const bytes = encodeTransportHeader({ receiverIndex: 0x01020304, counter: 0x0102030405 });
  t.same([...bytes], [4, 0, 0, 0, 4, 3, 2, 1, 5, 4, 3, 2, 1, 0, 0, 0], 'little-endian');
  bytes.fill(0xff, 8);
  t.equal(decodeTransportHeader(bytes), undefined, 'a counter beyond exact numbers');
});

t.test('datagrams are told apart by type and size', async (t) => {
  const datagram = (type: number, length: number) => {
    const bytes = new Uint8Array(length);
    writeDatagramType(bytes, type as DatagramType);
    return bytes;
  };
  const sizes: [DatagramType, number, number][] = [
    [DatagramType.initiation, INITIATION_MIN, HANDSHAKE_MAX],
    [DatagramType.response, RESPONSE_MIN, HANDSHAKE_MAX],
    [DatagramType.cookie, COOKIE_REPLY_BYTES, COOKIE_REPLY_BYTES],
    [DatagramType.transport, 32, 65_507],
  ];
  for (const [type, min, max] of sizes) {
    t.equal(classifyDatagram(datagram(type, min)), type);
    t.equal(classifyDatagram(datagram(type, max)), type);
    t.equal(classifyDatagram(datagram(type, min - 1)), 'datagramTooShort');
    t.equal(classifyDatagram(datagram(type, max + 1)), 'datagramTooLong');
    const reserved = datagram(type, min);
    reserved[2] = 1;
    t.equal(classifyDatagram(reserved), 'datagramReservedBits');
  }
  for (const length of [0, 1, 3]) t.equal(classifyDatagram(new Uint8Array(length)), 'datagramTooShort');
  for (const type of [0, 5, 6, 69, 255])
    t.equal(classifyDatagram(datagram(type, 200)), 'datagramUnknownType', `${type}`);
});

t.test('the limits fit each other and the native layout', async (t) => {
  t.equal(TRANSPORT_HEADER_BYTES, layout.TRANSPORT_HEADER);
  t.equal(TAG_BYTES, layout.TAG_BYTES);
  t.equal(REPLAY_WINDOW, layout.REPLAY_WINDOW);
  t.equal(INITIATION_MIN, 136);
  t.equal(RESPONSE_MIN, 92);
  t.equal(COOKIE_REPLY_BYTES, 64);
  const largestPayload = 2 + (3 + CHAIN_MAX) + 10 + 9 + (2 + REVOCATION_HEAD_BYTES) + (2 + EARLY_MAX);
  t.ok(largestPayload <= INITIATION_PAYLOAD_MAX, 'everything at its limit fits an initiation');
  t.ok(CONTROL_MAX + TRANSPORT_HEADER_BYTES + TAG_BYTES <= HANDSHAKE_MAX);
});
