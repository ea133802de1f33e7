/**
 * `stranger.ts FILE`: a host that belongs to nothing sends what it likes to UDP ports of nodes: handshakes as a member whose certificate
 * others signed, datagrams of every type and many sizes, and packets for their services as if it had a session. Prints "sent N" when all
 * is on its way, and "answered" for each datagram that comes.
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { DatagramType, Suite } from '../../../src/core/base/batch-layout.generated.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { nodeIdFromText, nodeKeysFromSeed, readGenesis } from '../../../src/core/identity/identity.ts';
import { DEFAULT_LIMITS, Ledger, Session } from '../../../src/core/session/session.ts';
import type { SessionCommand, SessionEvent } from '../../../src/core/session/types.ts';
import { nodeCrypto, systemRng } from '../../../src/host/crypto/crypto.ts';
import { forge, SYN, TCP, tcp, UDP, udp } from '../forge.ts';

export interface StrangerFile {
  /** Hex: seed of a key, a chain that does not fit the network, the network's genesis document. */
  seed: string;
  chain: string;
  genesis: string;
  victims: { nodeId: string; address: string; port: number }[];
  /** That their services have. */
  ports: number[];
}

/** Of all that it sends. */
export const IN_THE_CLEAR = 'what a stranger says';
const SIZES = [1, 16, 32, 48, 116, 148, 400, 1200];
const INDEXES = 16;

/** A handshake initiation to a victim, as a member would send it. */
function initiation(file: StrangerFile, victim: string): Uint8Array {
  const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
  const genesis = readGenesis(nodeCrypto, bytes(file.genesis));
  const keys = nodeKeysFromSeed(nodeCrypto, bytes(file.seed));
  const nodeId = nodeIdFromText(nodeCrypto, victim);
  if (!genesis.ok || keys === undefined || nodeId === undefined) throw new Error('the file is not valid');
  const slots = { allocate: () => 0, release: () => {} };
  let freshness = Date.now();
  const session = new Session<true>(
    {
      crypto: nodeCrypto,
      rng: systemRng,
      local: { keys, networkId: genesis.network.id },
      limits: DEFAULT_LIMITS,
      suites: [Suite.aes256Gcm, Suite.chacha20Poly1305],
      sendSlots: slots,
      receiveSlots: slots,
      ledger: new Ledger(),
      nextFreshness: () => freshness++,
      introduce: () => ({ kind: 'member', chain: bytes(file.chain), revocationHead: new Uint8Array(0) }),
      answerEarly: () => new Uint8Array(0),
      verify: () => ({ ok: true, introduction: true }),
    },
    nodeId,
  );
  const out = new OutboxBuffer<SessionCommand, SessionEvent<true>>();
  session.handle({ kind: 'connect' }, performance.now(), out);
  for (const command of out.sends) if (command.kind === 'datagram') return command.bytes.slice();
  throw new Error('no initiation came');
}

/** As if a session were there: what it holds is not sealed, or by no key. */
function unsealed(ports: readonly number[]): Buffer[] {
  const inner = ports.flatMap((port) =>
    ([4, 6] as const).flatMap((family) => [
      forge({ family, protocol: TCP, payload: tcp(4000, port, SYN), destination: 1 }),
      forge({ family, protocol: UDP, payload: udp(4000, port, Buffer.from(IN_THE_CLEAR)), destination: 1 }),
    ]),
  );
  return inner.map((packet, i) => {
    const header = Buffer.alloc(16);
    header[0] = DatagramType.transport;
    header.writeUInt32LE(i % INDEXES, 4);
    return Buffer.concat([header, packet, randomBytes(16)]);
  });
}

function noise(): Buffer[] {
  return Array.from({ length: 256 }, (_, type) => {
    const bytes = randomBytes(SIZES[type % SIZES.length] as number);
    bytes[0] = type;
    return bytes;
  });
}

async function stranger(file: StrangerFile): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', () => console.log('answered'));
  const send = (datagram: Uint8Array, port: number, address: string): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(datagram, port, address, (error) => (error === null ? resolve() : reject(error)));
    });
  let sent = 0;
  for (const { nodeId, address, port } of file.victims) {
    for (const datagram of [initiation(file, nodeId), ...unsealed(file.ports), ...noise()]) {
      await send(datagram, port, address);
      sent++;
    }
  }
  console.log(`sent ${sent}`);
}

if (import.meta.main) await stranger(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as StrangerFile);
