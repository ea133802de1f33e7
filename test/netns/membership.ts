/**
 * Members that no command of this version makes: of a second organisation, which the test signs with the network's root key, and of insiders
 * that use a real member's certificate outside its daemon.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSocketAddress } from '../../src/core/base/ip.ts';
import {
  decodeToken,
  generateNodeKeys,
  issueMember,
  type Network,
  nodeIdFromText,
  seedFromRecoveryPhrase,
  signOrganisation,
} from '../../src/core/identity/identity.ts';
import { nodeCrypto, systemRng } from '../../src/host/crypto/crypto.ts';
import { Storage } from '../../src/host/storage/storage.ts';
import type { Host, Lab, Running } from './lab.ts';
import type { Node } from './node.ts';
import type { InsiderFile } from './programs/insider.ts';

const DAY_S = 86_400;

/** A node's key and certificate chain. */
export interface Member {
  seed: Uint8Array;
  chain: Uint8Array;
  genesis: Uint8Array;
}

/** The network that a token is for. */
export function networkOf(token: string): Network {
  const decoded = decodeToken(nodeCrypto, token);
  if (!decoded.ok) throw new Error(decoded.code);
  return decoded.network;
}

/** Signs an organisation with the root key, as its owner would, and returns what makes members of it. */
export function organisation(network: Network, phrase: string, name: string): (node: string) => Member {
  const root = seedFromRecoveryPhrase(phrase);
  if (root === undefined) throw new Error('not a recovery phrase');
  const signer = generateNodeKeys(nodeCrypto, systemRng);
  const now = Math.floor(Date.now() / 1000);
  const nonce = (): Uint8Array => new Uint8Array(randomBytes(16));
  const signed = signOrganisation(
    nodeCrypto,
    network,
    {
      organisation: signer.nodeId,
      signer: signer.nodeId,
      name,
      notBefore: now - DAY_S,
      notAfter: now + 365 * DAY_S,
      nonce: nonce(),
      extensions: [],
    },
    [{ root: 0, seed: root }],
  );
  return (node) => {
    const keys = generateNodeKeys(nodeCrypto, systemRng);
    const subject = { nodeId: keys.nodeId, name: node, now, nonce: nonce() };
    const chain = issueMember(nodeCrypto, network, signed, signer.seed, subject);
    return { seed: keys.seed, chain, genesis: network.bytes };
  };
}

/** Writes a member's state for a daemon, with one other node that it knows; `address` is that node's, ADDRESS:PORT. */
export function settle(node: Node, member: Member, other: { nodeId: string; address: string }): void {
  const nodeId = nodeIdFromText(nodeCrypto, other.nodeId);
  const address = parseSocketAddress(other.address);
  if (nodeId === undefined || address === undefined) throw new Error('no such node');
  const empty = new Uint8Array(0);
  const known = {
    nodeId,
    name: '',
    organisation: empty,
    chain: empty,
    addresses: [address],
    lastTrafficMs: 0,
  };
  const storage = Storage.open(node.state);
  storage.writeSeed('node', member.seed);
  storage.setMembership(member);
  storage.save([{ kind: 'knownNode', node: known }], Date.now());
  storage.close();
}

/** The member that a stopped daemon's state holds. */
export function memberOf(node: Node): Member {
  const storage = Storage.open(node.state);
  const seed = storage.readSeed('node');
  const membership = storage.membership();
  storage.close();
  if (seed === undefined || membership === undefined) throw new Error(`${node.name} is no member`);
  return { seed, ...membership };
}

/** A member's certificate in hands that keep to no rule: see programs/insider.ts. */
export class Insider {
  readonly #running: Running;
  #sent = 0;

  private constructor(running: Running) {
    this.#running = running;
  }

  /** Shakes hands with a victim at ADDRESS, on the default port. */
  static async at(lab: Lab, host: Host, member: Member, nodeId: string, address: string): Promise<Insider> {
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const file: InsiderFile = {
      seed: hex(member.seed),
      chain: hex(member.chain),
      genesis: hex(member.genesis),
      nodeId,
      address,
      port: 9376,
    };
    const path = join(lab.folder, `insider-${randomBytes(4).toString('hex')}.json`);
    writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
    const running = host.start([process.execPath, join(import.meta.dirname, 'programs/insider.ts'), path]);
    await running.waitFor(/established/);
    return new Insider(running);
  }

  /** Seals and sends plaintexts as they are; resolves when they are on their way. */
  async send(plaintexts: readonly Buffer[]): Promise<void> {
    this.#running.process.stdin?.write(`${JSON.stringify(plaintexts.map((one) => one.toString('hex')))}\n`);
    this.#sent++;
    await this.#running.line('sent', this.#sent);
  }

  /** Resolves when a plaintext has come whose hex matches. */
  async receives(hex: RegExp): Promise<void> {
    await this.#running.waitFor(new RegExp(`^got ${hex.source}`, 'm'));
  }

  async stop(): Promise<void> {
    await this.#running.stop();
  }
}
