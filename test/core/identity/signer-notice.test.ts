import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import {
  ChainVerifier,
  generateNodeKeys,
  readNotice,
  signNotice,
} from '../../../src/core/identity/identity.ts';
import { VALUE_MAX } from '../../../src/core/wire/limits.ts';
import { decodeChain } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { createWorld, makeChainBytes, NOW } from './world.ts';

const world = createWorld(nodeCrypto);
const { organisation } = decodeChain(makeChainBytes(world));
const { id } = world.network;
const nodeId = generateNodeKeys(nodeCrypto, seededRng('signer notice')).nodeId;
const notice = signNotice(nodeCrypto, id, nodeId, organisation, world.signer.seed);

function read(bytes: Uint8Array, by = nodeId, networkId = id, now = NOW): Uint8Array | undefined {
  return readNotice(nodeCrypto, networkId, new ChainVerifier(nodeCrypto, world.network), by, bytes, now);
}

t.test('a notice says for whom its node signs', async (t) => {
  t.ok(notice.length <= VALUE_MAX);
  t.same(read(notice), world.signer.nodeId);
});

t.test('what is not so is refused', async (t) => {
  t.equal(read(notice, world.member.nodeId), undefined, 'another node repeats it');
  t.equal(read(notice, nodeId, new Uint8Array(32)), undefined, 'another network');
  t.equal(read(notice, nodeId, id, NOW + 1e10), undefined, 'the certificate of the signer has ended');
  const forged = signNotice(nodeCrypto, id, nodeId, organisation, world.member.seed);
  t.equal(read(forged), undefined, 'a member that does not sign');
  t.equal(read(new Uint8Array(0)), undefined, 'nothing');
});

t.test('every byte counts', async (t) => {
  const accepted = Array.from(notice, (_, at) => {
    const changed = notice.slice();
    changed[at] ^= 1;
    return read(changed);
  }).filter((organisation) => organisation !== undefined);
  t.same(accepted, []);
  t.equal(read(notice.subarray(0, -1)), undefined);
  t.equal(read(Uint8Array.of(...notice, 0)), undefined);
});
