import fc from 'fast-check';
import t from 'tap';
import { encodeBase32 } from '../../../src/core/base/base32.ts';
import { concat, equalBytes } from '../../../src/core/base/bytes.ts';
import { ipv4, parseIp } from '../../../src/core/base/ip.ts';
import {
  admissionProof,
  createGenesis,
  decodeToken,
  encodeToken,
  readGenesis,
  tokenId,
  tokenVerifier,
} from '../../../src/core/identity/identity.ts';
import type { JoinToken } from '../../../src/core/wire/types.ts';
import { encodeGenesis, encodeJoinToken } from '../../../src/core/wire/wire.ts';
import { nodeCrypto } from '../../../src/host/crypto/crypto.ts';
import { createWorld, NOW } from './world.ts';

const world = createWorld(nodeCrypto);
const token: JoinToken = {
  genesis: world.network.bytes,
  organisation: world.signer.nodeId,
  secret: world.rng.bytes(16),
  expires: NOW + 86_400,
  signers: [
    {
      nodeId: world.member.nodeId,
      addresses: [
        { ip: ipv4(192, 0, 2, 1), port: 9376 },
        { ip: parseIp('2001:db8::1') as Uint8Array, port: 9376 },
      ],
      hosts: [{ host: 'vpn.example.org', port: 443 }],
    },
  ],
  extensions: [],
};
const text = encodeToken(nodeCrypto, token);

// A token of any bytes with the right checksum.
function sealed(bytes: Uint8Array): string {
  const checksum = nodeCrypto.sha256(concat(new TextEncoder().encode('mcc token checksum\0'), bytes));
  return `mcc1${encodeBase32(concat(bytes, checksum.subarray(0, 4)))}`;
}

function code(text: string): string {
  const result = decodeToken(nodeCrypto, text);
  return result.ok ? 'ok' : result.code;
}

t.test('a token comes back, however it was passed on', async (t) => {
  t.match(text, /^mcc1[0-9a-hjkmnp-tv-z]+$/);
  t.equal(sealed(encodeJoinToken(token)), text);
  const result = decodeToken(nodeCrypto, text);
  if (!result.ok) throw new Error(result.code);
  t.same(result.token, token);
  t.equal(result.network.idText, world.network.idText);
  for (const passed of [
    `${text}\n`,
    `  ${text}`,
    text.toUpperCase(),
    (text.match(/.{1,40}/g) ?? []).join('\r\n'),
    text.replace('mcc1', 'mccl'),
  ])
    t.equal(code(passed), 'ok');
});

t.test('a mistyped token is told from what is none', async (t) => {
  for (let i = 4; i < text.length; i++) {
    const other = text[i] === 'a' ? 'b' : 'a';
    if (code(text.slice(0, i) + other + text.slice(i + 1)) !== 'TOKEN_MISTYPED') t.fail(`character ${i}`);
    if (code(text.slice(0, i) + text.slice(i + 1)) !== 'TOKEN_MISTYPED') t.fail(`character ${i} left out`);
    if (code(text.slice(0, i)) !== 'TOKEN_MISTYPED') t.fail(`cut at ${i}`);
  }
  t.equal(code(text.replace(/.$/, 'u')), 'TOKEN_MISTYPED');
  for (const garbage of [
    '',
    'hello',
    'mcc',
    'mcc2abc',
    `x${text}`,
    'https://example.org',
    text.slice(4),
    `${' '.repeat(5000)}${text}`,
  ])
    t.equal(code(garbage), 'TOKEN_MALFORMED', garbage.slice(0, 20));
});

t.test('a token with a right checksum and wrong content', async (t) => {
  const [signer] = token.signers;
  const broken: [string, Partial<JoinToken>][] = [
    ['no signer', { signers: [] }],
    ['a signer without addresses', { signers: [{ ...signer, addresses: [], hosts: [] }] }],
    ['port 0', { signers: [{ ...signer, addresses: [{ ip: ipv4(1, 2, 3, 4), port: 0 }] }] }],
    ['a host that is no name', { signers: [{ ...signer, hosts: [{ host: 'a b', port: 1 }] }] }],
    ['a signer that is no key', { signers: [{ ...signer, nodeId: new Uint8Array(32) }] }],
    ['an organisation that is no key', { organisation: new Uint8Array(32) }],
    ['a genesis that is none', { genesis: new Uint8Array(5) }],
    ['an unknown critical extension', { extensions: [{ id: 1, critical: true, value: new Uint8Array(0) }] }],
  ];
  for (const [name, change] of broken)
    t.equal(code(sealed(encodeJoinToken({ ...token, ...change }))), 'TOKEN_MALFORMED', name);
  t.equal(code(sealed(Uint8Array.of(1, 2, 3))), 'TOKEN_MALFORMED');
  const optional = { extensions: [{ id: 1, critical: false, value: new Uint8Array(0) }] };
  t.equal(
    code(sealed(encodeJoinToken({ ...token, ...optional }))),
    'ok',
    'an extension that is not critical',
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.string(), (bytes, text) => {
      code(sealed(bytes));
      code(`mcc1${text}`);
    }),
  );
});

t.test('a proof is for one token, one session and one node', async (t) => {
  const verifier = tokenVerifier(nodeCrypto, token.secret);
  t.not(equalBytes(tokenId(nodeCrypto, verifier), verifier), true);
  const hash = world.rng.bytes(32);
  const proof = admissionProof(nodeCrypto, verifier, hash, world.member.nodeId);
  t.same(admissionProof(nodeCrypto, verifier, hash, world.member.nodeId), proof);
  t.notSame(admissionProof(nodeCrypto, verifier, world.rng.bytes(32), world.member.nodeId), proof);
  t.notSame(admissionProof(nodeCrypto, verifier, hash, world.signer.nodeId), proof);
  t.notSame(admissionProof(nodeCrypto, tokenVerifier(nodeCrypto, hash), hash, world.member.nodeId), proof);
});

t.test('genesis documents', async (t) => {
  const { genesis, bytes } = world.network;
  const reason = (change: Partial<typeof genesis>) => {
    const result = readGenesis(nodeCrypto, encodeGenesis({ ...genesis, ...change }));
    return result.ok ? 'ok' : result.reason;
  };
  t.same(readGenesis(nodeCrypto, bytes), { ok: true, network: world.network });
  t.equal(reason({ threshold: 0 }), 'threshold');
  t.equal(reason({ threshold: 3 }), 'threshold');
  t.equal(reason({ rootKeys: [] }), 'threshold');
  t.equal(reason({ network: 'Test' }), 'name');
  t.equal(reason({ rootKeys: [...genesis.rootKeys].reverse() }), 'rootKeys');
  t.equal(reason({ rootKeys: [genesis.rootKeys[0], genesis.rootKeys[0]] }), 'rootKeys');
  t.equal(reason({ rootKeys: [new Uint8Array(32), genesis.rootKeys[1]] }), 'rootKeys');
  t.equal(reason({ extensions: [{ id: 1, critical: true, value: new Uint8Array(0) }] }), 'critical');
  t.match(readGenesis(nodeCrypto, bytes.slice(1)), { ok: false, reason: 'malformed' });
  t.match(readGenesis(nodeCrypto, new Uint8Array(600)), { ok: false, reason: 'malformed' });
  t.throws(() => createGenesis(nodeCrypto, { ...genesis, threshold: 5 }), RangeError);
});
