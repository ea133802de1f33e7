/** What an outsider learns who reads every DHT store and every link: see what it must not find there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBase32, encodeBase32 } from '../../src/core/base/base32.ts';
import { recordKey } from '../../src/core/identity/identity.ts';
import type { KeptRecordList, KeptRecordView } from '../../src/host/api/types.ts';
import { nodeCrypto } from '../../src/host/crypto/crypto.ts';
import type { Consortium, Name } from './consortium.ts';
import { serviceNames } from './consortium-cells.ts';
import { OFFERS, type Offer } from './consortium-table.ts';
import { type Host, type Lab, type Running, until } from './lab.ts';

/** Sealed records of a node come to this many, or twice, four times as many: covers make up what lacks. */
const LEAST = 4;
const PATIENCE_MS = 90_000;

/** For members and guests of every organisation alone what all may know is public. */
function isPublic({ share }: Offer): boolean {
  return share.includes('all') || share.includes('guests');
}

const SERVICES = OFFERS.filter((offer) => !offer.isHost);
const PRIVATE = SERVICES.filter((offer) => !isPublic(offer));

/** All that lies at a node. */
async function dump({ nodes }: Consortium, name: Name): Promise<KeptRecordView[]> {
  const records: KeptRecordView[] = [];
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page: KeptRecordList = await nodes[name].ask<KeptRecordList>(`/v1/dht/records?cursor=${cursor}`);
    records.push(...page.records);
    cursor = page.nextCursor;
  }
  return records;
}

export type Dumps = ReadonlyMap<Name, KeptRecordView[]>;

export async function dumpAll(world: Consortium): Promise<Dumps> {
  const names = Object.keys(world.nodes) as Name[];
  return new Map(await Promise.all(names.map(async (name) => [name, await dump(world, name)] as const)));
}

/** Keys of sealed records by publisher, of all stores together, without covers that made room. */
export function sealedOf(dumps: Dumps): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { kind, publisher, key, withdrawn } of [...dumps.values()].flat())
    if (kind === 'sealed' && !withdrawn) found.set(publisher, (found.get(publisher) ?? new Set()).add(key));
  return found;
}

/** How many sealed records each provider is to show: its own, one for each organisation that a service is shared with, and covers. */
function expectedCounts(): number[] {
  const counts = new Map<Name, number>();
  for (const { provider, share } of SERVICES) {
    const others = share.filter((part) => !/^(tag:.*|all|guests)$/.test(part)).length;
    counts.set(provider, (counts.get(provider) ?? 0) + 2 * (1 + others));
  }
  return [...counts.values()].map((count) => Math.max(LEAST, 2 ** Math.ceil(Math.log2(count))));
}

/** Waits until the sealed records of all providers are in the DHT, with as many covers as make their numbers round. */
export async function sealedAll(world: Consortium): Promise<Dumps> {
  const sorted = (counts: number[]): string => counts.sort((a, b) => a - b).join();
  const expected = sorted(expectedCounts());
  let last = '';
  return until(
    `sealed records come to ${expected}`,
    async () => {
      const dumps = await dumpAll(world);
      last = sorted([...sealedOf(dumps).values()].map(({ size }) => size));
      return last === expected && dumps;
    },
    PATIENCE_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${last}`);
  });
}

/** Names of services that dumps tell. */
export function publicServices(dumps: Dumps): string[] {
  const records = [...dumps.values()].flat().filter(({ kind }) => kind === 'service');
  return [...new Set(records.map(({ name }) => name))].sort();
}

/** What dumps betray; nothing, if all is well. */
export async function betrayed(world: Consortium, dumps: Dumps): Promise<string[]> {
  const nodeIds = new Map<string, Name>();
  for (const [name, node] of Object.entries(world.nodes))
    nodeIds.set((await node.ask<{ nodeId: string }>('/v1/status')).nodeId, name as Name);
  const guesses = await guessedKeys(world);
  const names = PRIVATE.flatMap(serviceNames).map((name) => Buffer.from(name));
  const found = new Set<string>();
  const lengths = new Set<number>();
  for (const [holder, records] of dumps) {
    for (const record of records) {
      const { kind, name, key, publisher, withdrawn, recordBase64url, chainBase64url } = record;
      const bytes = Buffer.from(recordBase64url, 'base64url');
      const whole = Buffer.concat([bytes, Buffer.from(chainBase64url, 'base64url')]);
      const at = `at ${holder}: ${kind} ${name} of ${nodeIds.get(publisher) ?? publisher}`;
      for (const secret of names) if (whole.includes(secret)) found.add(`${at} names ${secret}`);
      const guessed = guesses.get(key);
      if (guessed !== undefined) found.add(`${at} lies where ${guessed} is looked for`);
      if (kind !== 'sealed') continue;
      if (!withdrawn) lengths.add(bytes.length);
      for (const [nodeId, node] of nodeIds)
        if (whole.includes(Buffer.from(idOf(nodeId)))) found.add(`${at} names node ${node}`);
    }
  }
  if (lengths.size > 1) found.add(`sealed records of ${[...lengths].join(', ')} bytes`);
  return [...found];
}

/** Where the record of a private service would lie if it were public: what an outsider tries who guesses names. */
async function guessedKeys({ nodes }: Consortium): Promise<Map<string, string>> {
  const guesses = new Map<string, string>();
  for (const offer of PRIVATE) {
    const { networkId, organisationId } =
      await nodes[offer.provider].ask<Record<string, string>>('/v1/status');
    for (const name of serviceNames(offer)) {
      const organisation = idOf(organisationId ?? '');
      const key = recordKey(nodeCrypto, idOf(networkId ?? ''), { kind: 'service', organisation, name });
      guesses.set(encodeBase32(key), `${name}.${offer.organisation}`);
    }
  }
  return guesses;
}

function idOf(text: string): Uint8Array {
  const bytes = decodeBase32(text);
  if (bytes === undefined) throw new Error(`no ID: ${text}`);
  return bytes;
}

/** Keeps what passes every link. */
export class Tap {
  readonly #files: { file: string; running: Running }[];

  private constructor(files: { file: string; running: Running }[]) {
    this.#files = files;
  }

  static async on(lab: Lab, host: Host): Promise<Tap> {
    const devices = host.ip('-o', 'link', 'show').match(/(?<=^\d+: )up\d+[ab]/gm) ?? [];
    const files = await Promise.all(
      devices.map(async (device) => {
        const file = join(lab.folder, `${device}.pcap`);
        const running = host.start(['tcpdump', '-n', '-U', '-Z', 'root', '-i', device, '-w', file]);
        await running.waitFor(/listening on/);
        return { file, running };
      }),
    );
    return new Tap(files);
  }

  /** Ends it. Which of these words passed which link; on how many `known` did, of how many there are. */
  async find(
    words: readonly string[],
    known: string,
  ): Promise<{ found: string[]; links: number; seenOn: number }> {
    await Promise.all(this.#files.map(({ running }) => running.stop('SIGINT')));
    const found: string[] = [];
    let seenOn = 0;
    for (const { file } of this.#files) {
      const bytes = readFileSync(file);
      if (bytes.includes(known)) seenOn++;
      for (const word of words) if (bytes.includes(word)) found.push(`${word} in ${file}`);
    }
    return { found, links: this.#files.length, seenOn };
  }
}

/** What no link may show. */
export const PRIVATE_NAMES: readonly string[] = PRIVATE.flatMap(serviceNames);

/** What all may know. */
export const PUBLIC_NAMES: readonly string[] = SERVICES.filter(isPublic).flatMap(serviceNames).sort();
