// How much a chain has room for: what any network may ask for fits a handshake, and what does not is known before anybody signs it.
import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  bytesOfList,
  ChainVerifier,
  createGenesis,
  generateNodeKeys,
  issueMember,
  roomForMember,
  signNotice,
  signOrganisation,
} from '../../../src/core/identity/identity.ts';
import {
  CHAIN_MAX,
  NAME_MAX,
  ROOT_KEYS_MAX,
  ROOT_SIGNATURES_MAX,
  VALUE_MAX,
} from '../../../src/core/wire/limits.ts';
import { nodeCrypto as crypto } from '../../../src/host/crypto/crypto.ts';
import { NOW } from './world.ts';

const rng = seededRng('room');
const roots = Array.from({ length: ROOT_KEYS_MAX }, () => generateNodeKeys(crypto, rng));
const [signer, node] = [generateNodeKeys(crypto, rng), generateNodeKeys(crypto, rng)];
const LONGEST = 'n'.repeat(NAME_MAX);

/** An organisation that the last of eight root keys sign, as many as the threshold asks for: their numbers take the most bytes. */
function founded(threshold: number, name: string) {
  const rootKeys = roots.map(({ nodeId }) => nodeId);
  const network = createGenesis(crypto, {
    network: LONGEST,
    rootKeys,
    threshold,
    created: NOW,
    random: rng.bytes(16),
  });
  const ordered = network.genesis.rootKeys.map((key, root) => ({
    root,
    seed: roots.find(({ nodeId }) => nodeId.join() === key.join())?.seed ?? new Uint8Array(0),
  }));
  const { nodeId } = signer;
  const certificate = {
    organisation: nodeId,
    signer: nodeId,
    name,
    notBefore: NOW - DAY_S,
    notAfter: NOW + 3650 * DAY_S,
    nonce: rng.bytes(16),
    extensions: [],
  };
  return { network, organisation: signOrganisation(crypto, network, certificate, ordered.slice(-threshold)) };
}

/** Tags that take exactly so many bytes. */
function tagsOf(bytes: number): string[] {
  const tags: string[] = [];
  for (let left = bytes; left > 0; ) {
    // A tag takes three bytes at least: none must be left over.
    const length = left <= NAME_MAX + 2 ? left - 2 : Math.min(NAME_MAX, left - 5);
    tags.push('t'.repeat(length));
    left -= length + 2;
  }
  return tags;
}

for (let threshold = 1; threshold <= ROOT_SIGNATURES_MAX; threshold++)
  for (const name of ['acme', LONGEST])
    t.test(`${threshold} root signatures, an organisation of ${name.length} letters`, async (t) => {
      const { network, organisation } = founded(threshold, name);
      const issue = (tags: readonly string[]) =>
        issueMember(crypto, network, organisation, signer.seed, {
          nodeId: node.nodeId,
          name: LONGEST,
          now: NOW,
          nonce: rng.bytes(16),
          tags,
        });
      const room = roomForMember(organisation);
      t.comment(`${room} bytes for patterns and tags`);
      t.ok(room >= 100, 'the longest name, and some patterns and tags, fit');
      const verifier = new ChainVerifier(crypto, network);
      for (const bytes of [0, 3, room - 3, room]) {
        const tags = tagsOf(bytes);
        t.equal(bytesOfList(tags), bytes);
        const chain = issue(tags);
        t.ok(chain.length <= CHAIN_MAX);
        t.match(verifier.verify(chain, NOW), { ok: true, chain: { tags } }, `${bytes} bytes`);
      }
      t.throws(() => issue(tagsOf(room + 1)), RangeError, 'not a byte more');
      const notice = signNotice(crypto, network.id, node.nodeId, organisation, signer.seed);
      t.ok(notice.length <= VALUE_MAX, 'and its signers can say where they are');
    });
