/**
 * `insider.ts FILE`: a node with a real certificate that keeps to no rule inside its session. It shakes hands as the file says
 * and prints "established"; each line of standard input is a JSON list of plaintexts in hex that it seals and sends as they are,
 * answered by "sent". What it receives it opens and prints as "got HEX"; other datagrams as "outside TYPE".
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DatagramType, Suite } from '../../../src/core/base/batch-layout.generated.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { nodeIdFromText, nodeKeysFromSeed, readGenesis } from '../../../src/core/identity/identity.ts';
import {
  classifyAnswer,
  DEFAULT_LIMITS,
  Ledger,
  Session,
  wayTokenOf,
} from '../../../src/core/session/session.ts';
import type { SessionCommand, SessionEvent, SlotAllocator } from '../../../src/core/session/types.ts';
import { WAY_TOKEN_BYTES } from '../../../src/core/wire/limits.ts';
import { encodeControl } from '../../../src/core/wire/wire.ts';
import { nodeCrypto, systemRng } from '../../../src/host/crypto/crypto.ts';

/** The file's content: who this is, and whom it talks to. */
export interface InsiderFile {
  /** Hex: seed of the node key, encoded chain, encoded genesis document. */
  seed: string;
  chain: string;
  genesis: string;
  /** The victim. */
  nodeId: string;
  address: string;
  port: number;
}

interface Key {
  suite: number;
  key: Uint8Array;
  index: number;
  counter: bigint;
}

const HEADER = 16;

class Slots implements SlotAllocator {
  #next = 0;
  allocate(): number {
    return this.#next++;
  }
  release(): void {}
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the file has no valid ${what}`);
  return value;
}

function insider(file: InsiderFile): void {
  const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
  const genesis = readGenesis(nodeCrypto, bytes(file.genesis));
  if (!genesis.ok) throw new Error(`the genesis document is refused: ${genesis.reason}`);
  const out = new OutboxBuffer<SessionCommand, SessionEvent<true>>();
  const keys = found(nodeKeysFromSeed(nodeCrypto, bytes(file.seed)), 'seed');
  // Freshness by the clock: later runs with the same key come after earlier ones.
  let freshness = Date.now();
  const session = new Session<true>(
    {
      crypto: nodeCrypto,
      rng: systemRng,
      local: { keys, networkId: genesis.network.id },
      limits: DEFAULT_LIMITS,
      suites: [Suite.aes256Gcm, Suite.chacha20Poly1305],
      sendSlots: new Slots(),
      receiveSlots: new Slots(),
      ledger: new Ledger(),
      nextFreshness: () => freshness++,
      introduce: () => ({ kind: 'member', chain: bytes(file.chain), revocationHead: new Uint8Array(0) }),
      answerEarly: () => new Uint8Array(0),
      verify: () => ({ ok: true, introduction: true }),
    },
    found(nodeIdFromText(nodeCrypto, file.nodeId), 'node ID'),
  );
  const sending = new Map<number, Key>();
  const receiving = new Map<number, Key>();
  let current: Key | undefined;
  /** Of the response: shows that what is sent here arrives. */
  let wayToken: Uint8Array = new Uint8Array(WAY_TOKEN_BYTES);
  const socket = createSocket(file.address.includes(':') ? 'udp6' : 'udp4');
  const transmit = (datagram: Uint8Array): void => socket.send(datagram, file.port, file.address);

  function aead(key: Key, counter: bigint): { cipher: typeof nodeCrypto.aes256Gcm; nonce: Uint8Array } {
    const nonce = Buffer.alloc(12);
    if (key.suite === Suite.aes256Gcm) nonce.writeBigUInt64BE(counter, 4);
    else nonce.writeBigUInt64LE(counter, 4);
    const cipher = key.suite === Suite.aes256Gcm ? nodeCrypto.aes256Gcm : nodeCrypto.chacha20Poly1305;
    return { cipher, nonce };
  }

  function seal(plaintext: Uint8Array): void {
    if (current === undefined) throw new Error('there is no key');
    const header = Buffer.alloc(HEADER);
    header[0] = DatagramType.transport;
    header.writeUInt32LE(current.index, 4);
    header.writeBigUInt64LE(current.counter, 8);
    const { cipher, nonce } = aead(current, current.counter++);
    transmit(Buffer.concat([header, cipher.seal(current.key, nonce, plaintext, header)]));
  }

  function open(datagram: Buffer): void {
    const index = datagram.readUInt32LE(4);
    const key = receiving.get(index);
    if (key === undefined) return;
    const { cipher, nonce } = aead(key, datagram.readBigUInt64LE(8));
    const plaintext = cipher.open(key.key, nonce, datagram.subarray(HEADER), datagram.subarray(0, HEADER));
    if (plaintext === undefined) return;
    session.handle({ kind: 'confirmed', receiveSlot: index & 0xffff }, performance.now(), out);
    apply();
    console.log(`got ${Buffer.from(plaintext).toString('hex')}`);
  }

  function apply(): void {
    for (const command of out.sends) {
      if (command.kind === 'datagram') transmit(command.bytes);
      else if (command.kind === 'setReceiveKey') receiving.set(command.index, { ...command, counter: 0n });
      else if (command.kind === 'setSendKey') sending.set(command.slot, { ...command, counter: 0n });
      else if (command.kind === 'useSendKey') current = sending.get(command.slot);
      else if (command.kind === 'empty') seal(encodeControl({ kind: 'confirmation', wayToken }));
    }
    const established = out.events.some((event) => event.kind === 'established');
    for (const event of out.events) {
      if (event.kind === 'failed') console.log(`failed ${event.reason}`);
      if (event.kind === 'dropped') console.log(`dropped ${event.reason}`);
    }
    out.clear();
    if (established) console.log('established');
  }

  socket.on('message', (datagram) => {
    if (datagram[0] === DatagramType.transport) return open(datagram);
    const answer = classifyAnswer(datagram);
    if (answer.kind === 'drop') console.log(`outside ${datagram[0]}`);
    else {
      if (answer.kind === 'response') wayToken = wayTokenOf(datagram).slice();
      session.handle({ kind: answer.kind, datagram }, performance.now(), out);
    }
    apply();
  });
  socket.bind(0, () => {
    session.handle({ kind: 'connect' }, performance.now(), out);
    apply();
  });
  setInterval(() => {
    if (session.wakeAt > performance.now()) return;
    session.onTimer(performance.now(), out);
    apply();
  }, 20);
  createInterface(process.stdin).on('line', (line) => {
    for (const hex of JSON.parse(line) as string[]) seal(bytes(hex));
    console.log('sent');
  });
}

if (import.meta.main) insider(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as InsiderFile);
