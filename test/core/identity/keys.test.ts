import fc from 'fast-check';
import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import {
  endpointId,
  generateNodeKeys,
  ID_TEXT_LENGTH,
  idFromText,
  nodeIdFromText,
  nodeIdToText,
  nodeKeysFromSeed,
  recoveryPhrase,
  seedFromRecoveryPhrase,
  serviceId,
} from '../../../src/core/identity/identity.ts';
import { nodeCrypto, systemRng } from '../../../src/host/crypto/crypto.ts';

t.test('generated node IDs are valid keys with sign bit 0', async (t) => {
  const rng = seededRng('ids');
  for (let i = 0; i < 20; i++) {
    const keys = generateNodeKeys(nodeCrypto, rng);
    t.equal(keys.nodeId[31] & 0x80, 0);
    t.ok(nodeCrypto.ed25519.isValidPublicKey(keys.nodeId));
    t.same(nodeCrypto.x25519.publicKey(keys.x25519PrivateKey), keys.x25519PublicKey);
    t.same(nodeCrypto.ed25519.fromX25519PublicKey(keys.x25519PublicKey), keys.nodeId);
    t.same(nodeKeysFromSeed(nodeCrypto, keys.seed), keys);
  }
  const refused = Array.from({ length: 30 }, () => nodeKeysFromSeed(nodeCrypto, rng.bytes(32)));
  t.ok(refused.includes(undefined), 'every second seed is refused');
});

t.test('node IDs as text', async (t) => {
  const { nodeId } = generateNodeKeys(nodeCrypto, seededRng('text'));
  const text = nodeIdToText(nodeId);
  t.match(text, /^[0-9a-hjkmnp-tv-z]{52}$/);
  t.equal(text.length, ID_TEXT_LENGTH);
  t.same(nodeIdFromText(nodeCrypto, text), nodeId);
  t.same(nodeIdFromText(nodeCrypto, text.toUpperCase()), nodeId);
  t.equal(nodeIdFromText(nodeCrypto, text.slice(1)), undefined);
  t.equal(nodeIdFromText(nodeCrypto, `${text}0`), undefined);
  t.equal(nodeIdFromText(nodeCrypto, '0'.repeat(52)), undefined, 'of small order');
  t.equal(nodeIdFromText(nodeCrypto, 'z'.repeat(52)), undefined);
  fc.assert(
    fc.property(fc.string({ minLength: 50, maxLength: 53 }), (text) => {
      idFromText(text);
    }),
  );
});

t.test('endpoint IDs differ by node, service and instance', async (t) => {
  const a = generateNodeKeys(nodeCrypto, seededRng('a')).nodeId;
  const b = generateNodeKeys(nodeCrypto, seededRng('b')).nodeId;
  const ids = [
    endpointId(nodeCrypto, a),
    endpointId(nodeCrypto, b),
    endpointId(nodeCrypto, a, 'web'),
    endpointId(nodeCrypto, a, 'web', '1'),
    endpointId(nodeCrypto, a, 'we', 'b1'),
    endpointId(nodeCrypto, a, '', 'web'),
    serviceId(nodeCrypto, a, 'web'),
    serviceId(nodeCrypto, b, 'web'),
    serviceId(nodeCrypto, a, ''),
  ];
  t.equal(new Set(ids.map(toHex)).size, ids.length);
  t.same(endpointId(nodeCrypto, a, '', ''), ids[0]);
});

t.test('a root key survives as 24 words', async (t) => {
  t.equal(
    recoveryPhrase(new Uint8Array(32)),
    `${'abandon '.repeat(23)}art`,
    'BIP 39, vector of 256 zero bits',
  );
  const seed = seededRng('root').bytes(32);
  const phrase = recoveryPhrase(seed);
  t.equal(phrase.split(' ').length, 24);
  t.same(seedFromRecoveryPhrase(phrase), seed);
  t.same(seedFromRecoveryPhrase(`  ${phrase.toUpperCase().replaceAll(' ', '\n ')} `), seed);
  const words = phrase.split(' ');
  t.equal(seedFromRecoveryPhrase(words.slice(1).join(' ')), undefined, 'a word is missing');
  t.equal(seedFromRecoveryPhrase(words.slice(0, 12).join(' ')), undefined);
  t.equal(seedFromRecoveryPhrase([...words.slice(1), 'mcc'].join(' ')), undefined, 'no such word');
  t.equal(seedFromRecoveryPhrase([...words.slice(1), words[0]].join(' ')), undefined, 'checksum');
  t.equal(seedFromRecoveryPhrase('x '.repeat(1000)), undefined);
  t.throws(() => recoveryPhrase(new Uint8Array(16)), RangeError);
});

t.test('the kernel’s randomness is random', async (t) => {
  t.not(toHex(systemRng.bytes(16)), toHex(systemRng.bytes(16)));
  t.equal(systemRng.bytes(5).length, 5);
  const drawn = new Set(Array.from({ length: 8 }, () => systemRng.u32()));
  t.ok(drawn.size > 6);
  t.ok([...drawn].every((value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff));
});
