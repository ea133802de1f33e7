// Throws hostile bytes at every decoder for as long as wanted: `node test/fuzz/decoders.ts [SECONDS] [SEED]`, 60 s by
// default. Stops at the first input that causes anything but the decoder's own error, and prints it; says at the end how
// much the heap grew.
import fc from 'fast-check';
import { toHex } from '../../src/core/base/bytes.ts';
import { seededRng } from '../../src/core/base/rng.ts';
import {
  ChainVerifier,
  decodeDocument,
  decodeRequest,
  decodeToken,
  readGenesis,
} from '../../src/core/identity/identity.ts';
import { ACK_BYTES_MAX, AckFrame, decodeAck, encodeAck } from '../../src/core/wire/ack.ts';
import { ACK_RANGES_MAX } from '../../src/core/wire/limits.ts';
import { classifyDatagram, decodeTransportHeader, WireError } from '../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../src/host/crypto/crypto.ts';
import { World as DnsWorld, directory, encodeQuery, read, service } from '../core/dns/world.ts';
import { createWorld, makeChainBytes, NOW } from '../core/identity/world.ts';
import { damaged } from '../core/wire/arbitraries.ts';
import { codecs } from '../core/wire/codecs.ts';

interface Target {
  readonly name: string;
  readonly inputs: fc.Arbitrary<Uint8Array>;
  readonly decode: (bytes: Uint8Array) => unknown;
}

const world = createWorld(nodeCrypto);
const verifier = new ChainVerifier(nodeCrypto, world.network);
const chain = makeChainBytes(world);
const bytes = fc.uint8Array({ maxLength: 1400, size: 'max' });

const dns = new DnsWorld(directory({ hello: service('hello') }));
const queries = fc
  .tuple(fc.constantFrom('hello.mcc', 'mcc', '_hello._tcp.mcc'), fc.constantFrom('A', 'SRV', 'NS'))
  .map(([name, type]) => encodeQuery(name, type));

const ack = new AckFrame();
const acks = fc
  .tuple(fc.integer({ min: 1, max: ACK_RANGES_MAX }), fc.boolean(), fc.nat(3))
  .map(([count, isAsking, ceCount]) => {
    const frame = new AckFrame();
    Object.assign(frame, { count, isAsking, ceCount });
    for (let i = 0; i < count; i++) frame.ranges.set([1000 * (count - i), 1000 * (count - i) + 900], 2 * i);
    const into = new Uint8Array(ACK_BYTES_MAX);
    return into.slice(0, encodeAck(frame, into));
  });

const targets: readonly Target[] = [
  ...Object.entries(codecs).map(([name, { values, encode, decode }]) => ({
    name,
    inputs: fc.oneof(damaged(values.map(encode)), bytes),
    decode: (input: Uint8Array) => {
      try {
        decode(input);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
      }
    },
  })),
  {
    name: 'chain verification',
    inputs: damaged(fc.constant(chain)),
    decode: (input) => verifier.verify(input, NOW),
  },
  {
    name: 'genesis check',
    inputs: damaged(fc.constant(world.network.bytes)),
    decode: (input) => readGenesis(nodeCrypto, input),
  },
  {
    name: 'token text',
    inputs: bytes,
    decode: (input) => decodeToken(nodeCrypto, `mcc1${String.fromCharCode(...input)}`),
  },
  {
    name: 'document text',
    inputs: bytes,
    decode: (input) => {
      const text = String.fromCharCode(...input);
      decodeRequest(nodeCrypto, `mccr1${text}`);
      decodeDocument(nodeCrypto, `mccs1${text}`);
    },
  },
  {
    name: 'datagram header',
    inputs: bytes,
    decode: (input) => classifyDatagram(input) === 4 && decodeTransportHeader(input),
  },
  {
    name: 'acknowledgement',
    inputs: fc.oneof(damaged(acks), bytes),
    decode: (input) => {
      if (decodeAck(input, ack) && ack.count > ACK_RANGES_MAX) throw new RangeError('too many ranges');
    },
  },
  {
    name: 'DNS query',
    inputs: fc.oneof(damaged(queries), bytes),
    decode: (input) => {
      dns.looked.length = 0;
      for (const { bytes: answer } of dns.query(input).sends) read(answer);
    },
  },
];

const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? seededRng(process.pid).u32());
const ROUND = 2000;
console.log(`seed ${seed}`);

for (const { name, inputs, decode } of targets) {
  const end = performance.now() + (1000 * seconds) / targets.length;
  let count = 0;
  let before: number | undefined;
  while (performance.now() < end) {
    for (const input of fc.sample(inputs, { numRuns: ROUND, seed: seed + count })) {
      try {
        decode(input);
      } catch (error) {
        console.error(`${name}: ${error instanceof Error ? error.stack : error}\ninput ${toHex(input)}`);
        process.exit(1);
      }
    }
    count += ROUND;
    // The first rounds fill caches and compile.
    if (count === 5 * ROUND) before = process.memoryUsage().rss;
  }
  const grown = before === undefined ? 0 : (process.memoryUsage().rss - before) / 2 ** 20;
  console.log(`${name}: ${count} inputs, resident memory ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} MB`);
}
