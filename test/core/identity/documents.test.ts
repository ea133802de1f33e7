// What people carry to the holders of root keys and back: only what was asked, by who may ask, is signed and believed.
import fc from 'fast-check';
import t from 'tap';
import { encodeBase32 } from '../../../src/core/base/base32.ts';
import { concat, EMPTY } from '../../../src/core/base/bytes.ts';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { DAY_S } from '../../../src/core/base/time.ts';
import {
  addSignature,
  approveRequest,
  ChainVerifier,
  decodeDocument,
  decodeRequest,
  documentKind,
  encodeDocument,
  encodeRequest,
  generateNodeKeys,
  issueMember,
  judgeRequest,
  makeRequest,
  makeRevocationRequest,
  networkDocument,
  prepareDocument,
  type ReadRevocationRequest,
  type ReadSignerRequest,
  RevocationVerifier,
  revocationOf,
} from '../../../src/core/identity/identity.ts';
import type { NodeKeys } from '../../../src/core/identity/types.ts';
import type { SignedDocument, SigningRequest, WantedSigner } from '../../../src/core/wire/document-types.ts';
import type { Revocation } from '../../../src/core/wire/types.ts';
import { encodeRevocation, encodeSignedDocument, encodeSigningRequest } from '../../../src/core/wire/wire.ts';
import { nodeCrypto as crypto } from '../../../src/host/crypto/crypto.ts';
import { createWorld, makeChain, NOW } from './world.ts';

const world = createWorld(crypto, 'documents', 2);
const { network, roots, rng } = world;
const other = createWorld(crypto, 'another network', 2);
const globex = generateNodeKeys(crypto, rng);
const acme = makeChain(world, { roots: [0, 1] }).organisation;
const contacts = [
  { nodeId: world.member.nodeId, addresses: [{ ip: ipv4(192, 0, 2, 1), port: 9376 }], hosts: [] },
];
const terms = { notBefore: NOW, notAfter: NOW + 365 * DAY_S, nonce: rng.bytes(16), contacts };

function wanted(keys: NodeKeys, changes: Partial<WantedSigner> = {}): WantedSigner {
  const { nodeId } = keys;
  const asked = { networkId: EMPTY, organisation: nodeId, signer: nodeId, name: 'globex', created: NOW };
  return { ...asked, extensions: [], ...changes };
}

/** A further signer of acme. */
function furtherWanted(keys: NodeKeys, changes: Partial<WantedSigner> = {}): WantedSigner {
  return wanted(keys, { networkId: network.id, organisation: world.signer.nodeId, name: 'acme', ...changes });
}

function read(request: SigningRequest): ReadSignerRequest {
  const result = decodeRequest(crypto, encodeRequest(crypto, request));
  if (!result.ok) throw new Error(result.code);
  if (result.read.kind !== 'organisation') throw new Error(result.read.kind);
  return result.read;
}

function code(result: { ok: true } | { ok: false; code: string }): string {
  return result.ok ? 'ok' : result.code;
}

function signed(document: SignedDocument, ...by: number[]): SignedDocument {
  return by.reduce((before: SignedDocument, root) => {
    const after = addSignature(crypto, network, before, roots[root].seed);
    if (typeof after === 'string') throw new Error(after);
    return after;
  }, document);
}

function readBack(document: SignedDocument) {
  const result = decodeDocument(crypto, encodeDocument(crypto, document));
  if (!result.ok) throw new Error(result.code);
  return result.read;
}

const first = makeRequest(crypto, globex.seed, wanted(globex));
const prepared = prepareDocument(network, read(first), terms);

const taken: Revocation = {
  kind: 'signer',
  target: world.signer.nodeId,
  since: NOW - DAY_S,
  issued: NOW,
  reason: 'stolen',
  organisation: EMPTY,
  issuer: EMPTY,
  extensions: [],
};

function readRevocationRequest(request: SigningRequest): ReadRevocationRequest {
  const result = decodeRequest(crypto, encodeRequest(crypto, request));
  if (!result.ok) throw new Error(result.code);
  if (result.read.kind !== 'revocation') throw new Error(result.read.kind);
  return result.read;
}

t.test('two of two root keys sign a new organisation, in either order, and its members are believed', (t) => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const half = readBack(signed(prepared, order[0]));
    t.equal(half.missing, 1);
    const { document, missing, organisation } = readBack(signed(half.document, order[1]));
    t.equal(missing, 0);
    t.match(organisation?.certificate, { name: 'globex', organisation: globex.nodeId });
    t.same(document.contacts, contacts);
    const { statement, signatures } = document;
    const level0 = { certificate: statement?.bytes ?? EMPTY, signatures };
    const subject = { nodeId: world.member.nodeId, name: 'golf', now: NOW, nonce: rng.bytes(16) };
    const chain = issueMember(crypto, network, level0, globex.seed, subject);
    const result = new ChainVerifier(crypto, network).verify(chain, NOW);
    t.match(result, { ok: true, chain: { organisationName: 'globex', name: 'golf' } });
  }
  t.end();
});

t.test('a key that signed, or that is no root key, adds nothing', (t) => {
  const half = signed(prepared, 0);
  t.equal(addSignature(crypto, network, half, roots[0].seed), 'ROOT_KEY_USED');
  t.equal(addSignature(crypto, network, half, globex.seed), 'ROOT_KEY_WRONG');
  t.throws(() => addSignature(crypto, network, networkDocument(network, []), roots[0].seed), RangeError);
  t.end();
});

t.test('a further signer needs the approval of a signer', (t) => {
  const keys = generateNodeKeys(crypto, rng);
  const bare = makeRequest(crypto, keys.seed, furtherWanted(keys));
  t.equal(judgeRequest(crypto, network, read(bare), NOW), 'DOCUMENT_UNAPPROVED');
  const approved = read(approveRequest(crypto, network, bare, acme, world.signer.seed));
  t.equal(judgeRequest(crypto, network, approved, NOW), undefined);
  const whole = readBack(signed(prepareDocument(network, approved, terms), 0, 1));
  t.match(whole.organisation?.certificate, { name: 'acme', signer: keys.nodeId });

  const refusals: [string, () => SigningRequest, string][] = [
    [
      'approved by a stranger',
      () => approveRequest(crypto, network, bare, acme, globex.seed),
      'DOCUMENT_REFUSED',
    ],
    [
      'approved for another network',
      () => approveRequest(crypto, other.network, bare, acme, world.signer.seed),
      'DOCUMENT_REFUSED',
    ],
    [
      'by a signer of another organisation',
      () =>
        approveRequest(
          crypto,
          network,
          makeRequest(crypto, keys.seed, furtherWanted(keys, { organisation: globex.nodeId })),
          acme,
          world.signer.seed,
        ),
      'DOCUMENT_REFUSED',
    ],
    [
      'under another name',
      () =>
        approveRequest(
          crypto,
          network,
          makeRequest(crypto, keys.seed, furtherWanted(keys, { name: 'acne' })),
          acme,
          world.signer.seed,
        ),
      'DOCUMENT_REFUSED',
    ],
    [
      'the approval of one request under another',
      () => ({
        ...makeRequest(crypto, globex.seed, furtherWanted(globex)),
        sponsor: acme,
        approval: approved.request.approval,
      }),
      'DOCUMENT_REFUSED',
    ],
    ['an approval without a signer', () => ({ ...approved.request, sponsor: undefined }), 'DOCUMENT_REFUSED'],
    ['somebody else’s proof', () => ({ ...bare, proof: first.proof }), 'DOCUMENT_REFUSED'],
  ];
  for (const [name, make, expected] of refusals)
    t.equal(code(decodeRequest(crypto, encodeRequest(crypto, make()))), expected, name);

  const judged: [string, SigningRequest, number, string][] = [
    [
      'for another network',
      makeRequest(crypto, keys.seed, wanted(keys, { networkId: other.network.id })),
      NOW,
      'DOCUMENT_OTHER_NETWORK',
    ],
    [
      'a sponsor that too few roots signed',
      approveRequest(crypto, network, bare, makeChain(world, { roots: [0] }).organisation, world.signer.seed),
      NOW,
      'DOCUMENT_REFUSED',
    ],
    [
      'a sponsor of another network',
      approveRequest(
        crypto,
        network,
        bare,
        makeChain(world, { roots: [0, 1], network: other.network }).organisation,
        world.signer.seed,
      ),
      NOW,
      'DOCUMENT_REFUSED',
    ],
    ['a sponsor that has expired', approved.request, NOW + 400 * DAY_S, 'DOCUMENT_REFUSED'],
    ['a sponsor that is not valid yet', approved.request, NOW - 30 * DAY_S, 'DOCUMENT_REFUSED'],
  ];
  for (const [name, request, now, expected] of judged)
    t.equal(judgeRequest(crypto, network, read(request), now), expected, name);
  t.throws(() => makeRequest(crypto, keys.seed, furtherWanted(keys, { name: 'no name' })), RangeError);
  t.end();
});

t.test('a document whose parts do not fit each other is refused', (t) => {
  const whole = signed(prepared, 0, 1);
  const foreign = prepareDocument(
    network,
    { ...read(first), wanted: wanted(globex, { name: 'initech' }) },
    terms,
  );
  const cases: [string, SignedDocument][] = [
    ['another name than was asked for', signed(foreign, 0, 1)],
    ['signatures of another network', { ...whole, genesis: other.network.bytes }],
    ['signatures in the wrong order', { ...whole, signatures: [...whole.signatures].reverse() }],
    ['one signature twice', { ...whole, signatures: [whole.signatures[0], whole.signatures[0]] }],
    ['a root that is none', { ...whole, signatures: [{ ...whole.signatures[0], root: 5 }] }],
    ['signatures without a statement', { ...networkDocument(network, []), signatures: whole.signatures }],
    ['a critical extension', { ...whole, extensions: [{ id: 1, critical: true, value: EMPTY }] }],
    ['a contact without an address', { ...whole, contacts: [{ ...contacts[0], addresses: [] }] }],
    [
      'dates that end before they begin',
      signed(prepareDocument(network, read(first), { ...terms, notAfter: NOW }), 0, 1),
    ],
  ];
  for (const [name, document] of cases)
    t.equal(code(decodeDocument(crypto, encodeDocument(crypto, document))), 'DOCUMENT_REFUSED', name);
  t.equal(
    code(decodeDocument(crypto, encodeDocument(crypto, { ...whole, request: EMPTY }))),
    'DOCUMENT_MALFORMED',
  );
  const plain = readBack(networkDocument(network, contacts));
  t.match(plain, { organisation: undefined, missing: 0, network: { idText: network.idText } });
  t.end();
});

/** A document of any bytes with the right checksum. */
function sealed(prefix: string, bytes: Uint8Array): string {
  const purpose = new TextEncoder().encode(`mcc document checksum\0${prefix}`);
  return prefix + encodeBase32(concat(bytes, crypto.sha256(concat(purpose, bytes)).subarray(0, 4)));
}

t.test('every byte that is changed is refused', (t) => {
  const document = encodeSignedDocument({ ...signed(prepared, 0, 1), contacts: [] });
  t.equal(sealed('mccs1', document), encodeDocument(crypto, { ...signed(prepared, 0, 1), contacts: [] }));
  const keys = generateNodeKeys(crypto, rng);
  const bare = makeRequest(crypto, keys.seed, furtherWanted(keys));
  const request = encodeSigningRequest(approveRequest(crypto, network, bare, acme, world.signer.seed));
  const believed = (bytes: Uint8Array, kind: 'mccs1' | 'mccr1'): boolean => {
    const text = sealed(kind, bytes);
    if (kind === 'mccs1') {
      // What is left when all but the genesis document is cut off says what the network is, no more.
      const result = decodeDocument(crypto, text);
      if (!result.ok || result.read.missing > 0) return false;
      return result.read.organisation !== undefined || result.read.revocation !== undefined;
    }
    const result = decodeRequest(crypto, text);
    return result.ok && judgeRequest(crypto, network, result.read, NOW) === undefined;
  };
  const asked = readRevocationRequest(makeRevocationRequest(network, taken));
  const revocation = encodeSignedDocument(signed(prepareDocument(network, asked, terms), 0, 1));
  for (const [bytes, kind] of [
    [document, 'mccs1'],
    [revocation, 'mccs1'],
    [request, 'mccr1'],
  ] as const) {
    t.ok(believed(bytes, kind));
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] ^= 1 << (i % 8);
      if (believed(changed, kind)) t.fail(`${kind}: byte ${i}`);
      if (believed(bytes.slice(0, i), kind)) t.fail(`${kind}: cut at ${i}`);
    }
  }
  t.end();
});

/** What nodes say of it. */
function believedAs(document: SignedDocument): string {
  const verifier = new RevocationVerifier(crypto, network, new ChainVerifier(crypto, network));
  const result = verifier.verify(revocationOf(document));
  return result.ok ? 'ok' : result.reason;
}

t.test('root keys take a signer, an organisation or a node back, one after the other', (t) => {
  for (const changes of [{}, { kind: 'organisation', since: 0 }, { kind: 'node', since: 0 }] as const) {
    const request = readRevocationRequest(makeRevocationRequest(network, { ...taken, ...changes }));
    t.same(request.revocation, { ...taken, ...changes });
    t.equal(judgeRequest(crypto, network, request, NOW), undefined);
    t.equal(judgeRequest(crypto, other.network, request, NOW), 'DOCUMENT_OTHER_NETWORK');
    const bare = readBack(prepareDocument(network, request, terms));
    t.match(bare, { missing: 2, organisation: undefined, document: { contacts: [] } });
    const half = readBack(signed(bare.document, 1));
    t.match(half, { missing: 1, revocation: { ...taken, ...changes } });
    t.equal(addSignature(crypto, network, half.document, roots[1].seed), 'ROOT_KEY_USED');
    t.equal(addSignature(crypto, network, half.document, globex.seed), 'ROOT_KEY_WRONG');
    t.equal(believedAs(half.document), 'threshold');
    const whole = readBack(signed(half.document, 0));
    t.equal(whole.missing, 0);
    t.equal(believedAs(whole.document), 'ok');
  }
  t.end();
});

t.test('what nobody would believe is not asked for, nor signed', (t) => {
  const cases: [string, Partial<Revocation>][] = [
    ['by an issuer', { issuer: world.signer.nodeId }],
    ['of an organisation from a time on', { kind: 'organisation' }],
    ['of a node from a time on', { kind: 'node' }],
    ['of a signer as a node is', { organisation: world.signer.nodeId }],
    ['of what is no key', { target: new Uint8Array(32) }],
    ['with a reason that turns the terminal round', { reason: '\u202e' }],
    ['with a critical extension', { extensions: [{ id: 1, critical: true, value: EMPTY }] }],
  ];
  const document: SignedDocument = { ...networkDocument(network, []), statement: undefined };
  for (const [name, changes] of cases) {
    const revocation = { ...taken, ...changes };
    const request = makeRevocationRequest(network, revocation);
    t.equal(code(decodeRequest(crypto, encodeRequest(crypto, request))), 'DOCUMENT_REFUSED', name);
    const statement = { kind: 'revocation', bytes: encodeRevocation(revocation) } as const;
    const stated = encodeDocument(crypto, signed({ ...document, statement }, 0, 1));
    t.equal(code(decodeDocument(crypto, stated)), 'DOCUMENT_REFUSED', `${name}, signed`);
  }
  const whole = signed(
    prepareDocument(network, readRevocationRequest(makeRevocationRequest(network, taken)), terms),
    0,
    1,
  );
  const misfits: [string, SignedDocument][] = [
    ['with contacts', { ...whole, contacts }],
    ['with a request', { ...whole, request: encodeSigningRequest(first) }],
    ['signatures of another network', { ...whole, genesis: other.network.bytes }],
    [
      'another statement',
      { ...whole, statement: { kind: 'revocation', bytes: encodeRevocation({ ...taken, since: 0 }) } },
    ],
    ['one signature twice', { ...whole, signatures: [whole.signatures[0], whole.signatures[0]] }],
  ];
  for (const [name, misfit] of misfits)
    t.equal(code(decodeDocument(crypto, encodeDocument(crypto, misfit))), 'DOCUMENT_REFUSED', name);
  // What roots signed to make somebody a signer takes nobody back, and the other way round.
  t.throws(() => revocationOf(signed(prepared, 0, 1)), RangeError);
  const swapped = {
    ...whole,
    statement: { ...prepared.statement, kind: 'revocation' } as SignedDocument['statement'],
  };
  t.equal(code(decodeDocument(crypto, encodeDocument(crypto, swapped))), 'DOCUMENT_MALFORMED');
  t.end();
});

t.test('texts: however they are passed on, and with typing errors', (t) => {
  const text = encodeRequest(crypto, first);
  t.match(text, /^mccr1[0-9a-hjkmnp-tv-z]+$/);
  const document = encodeDocument(crypto, prepared);
  t.match(document, /^mccs1[0-9a-hjkmnp-tv-z]+$/);
  for (const passed of [`${text}\n`, `  ${text}`, text.toUpperCase(), text.replace('mccr1', 'mccrl')])
    t.equal(code(decodeRequest(crypto, passed)), 'ok');
  t.equal(code(decodeDocument(crypto, (document.match(/.{1,60}/g) ?? []).join('\r\n'))), 'ok');
  for (let i = 5; i < text.length; i += 7) {
    const wrong = text.slice(0, i) + (text[i] === 'a' ? 'b' : 'a') + text.slice(i + 1);
    if (code(decodeRequest(crypto, wrong)) !== 'DOCUMENT_MISTYPED') t.fail(`character ${i}`);
    if (code(decodeRequest(crypto, text.slice(0, i))) !== 'DOCUMENT_MISTYPED') t.fail(`cut at ${i}`);
  }
  // One kind under the other's prefix.
  t.equal(code(decodeDocument(crypto, text.replace('mccr1', 'mccs1'))), 'DOCUMENT_MISTYPED');
  for (const garbage of ['', 'hello', 'mcc1abc', document, 'x'.repeat(20_000)])
    t.equal(code(decodeRequest(crypto, garbage)), 'DOCUMENT_MALFORMED');
  t.equal(documentKind(` ${text}`), 'request');
  t.equal(documentKind(document), 'signed');
  t.equal(documentKind('mcc1abc'), undefined);
  t.end();
});

t.test('nothing that others write throws', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      decodeRequest(crypto, sealed('mccr1', bytes));
      decodeDocument(crypto, sealed('mccs1', bytes));
    }),
    { numRuns: 300 },
  );
  t.end();
});
