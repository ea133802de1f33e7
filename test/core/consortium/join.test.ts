import t from 'tap';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import {
  JOIN_TIMEOUT_MS,
  JoinMachine,
  NEXT_SIGNER_MS,
  REQUEST_REPEAT_MS,
  REQUESTS_PER_KEYS,
} from '../../../src/core/consortium/consortium.ts';
import type { JoinEvent } from '../../../src/core/consortium/types.ts';
import { generateNodeKeys, type VerifiedChain } from '../../../src/core/identity/identity.ts';
import type { JoinToken } from '../../../src/core/wire/types.ts';
import { fakeCrypto as crypto } from '../../../src/sim/crypto.ts';

function setUp(signers = 1) {
  const rng = seededRng('join');
  const own = generateNodeKeys(crypto, rng).nodeId;
  const organisation = generateNodeKeys(crypto, rng).nodeId;
  const token: JoinToken = {
    genesis: new Uint8Array(1),
    organisation,
    secret: rng.bytes(16),
    expires: 0,
    signers: Array.from({ length: signers }, () => ({
      nodeId: generateNodeKeys(crypto, rng).nodeId,
      addresses: [{ ip: ipv4(192, 0, 2, 1), port: 9376 }],
      hosts: [],
    })),
    extensions: [],
  };
  const chainOf = (nodeId: Uint8Array, of = organisation) => ({
    nodeId,
    admittedBy: { id: of, name: 'acme' },
    bytes: Uint8Array.of(7),
  });
  const chains = new Map([
    [1, chainOf(own)],
    [2, chainOf(token.signers[0].nodeId)],
    [3, chainOf(own, own)],
  ]);
  const verify = (chain: Uint8Array) => chains.get(chain[0]) as VerifiedChain | undefined;
  const machine = new JoinMachine(crypto, { kind: 'token', token, name: 'bravo' }, own, verify);
  const events: JoinEvent[] = [];
  const out = { emit: (event: JoinEvent) => void events.push(event) };
  return { machine, token, out, own, take: () => events.splice(0) };
}

const HASH = new Uint8Array(32).fill(9);

t.test('connects, asks, asks again without an answer, is admitted', async (t) => {
  const { machine, token, out, take } = setUp();
  const { nodeId } = token.signers[0];
  machine.handle({ kind: 'start' }, 0, out);
  t.strictSame(take(), [{ kind: 'connect', signer: 0 }]);
  machine.handle({ kind: 'established', nodeId, handshakeHash: HASH }, 10, out);
  const [request] = take();
  t.match(request, { kind: 'request', nodeId, message: { kind: 'admissionRequest', name: 'bravo' } });
  machine.onTimer(10 + REQUEST_REPEAT_MS, out);
  t.strictSame(take(), [request]);
  machine.handle({ kind: 'answer', nodeId, chain: Uint8Array.of(1) }, 1500, out);
  t.strictSame(take(), [{ kind: 'admitted', nodeId, chain: Uint8Array.of(7) }]);
  machine.handle({ kind: 'refusal', nodeId, code: 'used' }, 1600, out);
  t.strictSame(take(), []);
  t.equal(machine.wakeAt, Number.POSITIVE_INFINITY);
});

t.test(
  'believes no answer of a stranger, no bad chain, no chain of another node or organisation',
  async (t) => {
    const { machine, token, out, own, take } = setUp();
    machine.handle({ kind: 'start' }, 0, out);
    const established = {
      kind: 'established',
      nodeId: token.signers[0].nodeId,
      handshakeHash: HASH,
    } as const;
    machine.handle(established, 10, out);
    take();
    machine.handle({ kind: 'answer', nodeId: own, chain: Uint8Array.of(1) }, 20, out);
    machine.handle({ kind: 'refusal', nodeId: own, code: 'used' }, 20, out);
    t.strictSame(take(), []);
    for (const chain of [0, 2, 3]) {
      const { machine, token, out, take } = setUp();
      const { nodeId } = token.signers[0];
      machine.handle({ kind: 'start' }, 0, out);
      machine.handle({ kind: 'established', nodeId, handshakeHash: HASH }, 10, out);
      take();
      machine.handle({ kind: 'answer', nodeId, chain: Uint8Array.of(chain) }, 20, out);
      t.strictSame(take(), [{ kind: 'failed', code: 'other' }], `chain ${chain} is no answer`);
    }
  },
);

t.test('a silent signer gives way to the next', async (t) => {
  const { machine, token, out, take } = setUp(2);
  machine.handle({ kind: 'start' }, 0, out);
  take();
  machine.onTimer(NEXT_SIGNER_MS, out);
  t.strictSame(take(), [{ kind: 'connect', signer: 1 }]);
  machine.handle({ kind: 'unreachable', nodeId: token.signers[0].nodeId }, 6000, out);
  t.strictSame(take(), [{ kind: 'connect', signer: 0 }], 'and is tried again, as long as there is time');
  machine.onTimer(JOIN_TIMEOUT_MS, out);
  t.strictSame(take(), [{ kind: 'failed', code: 'unreachable' }]);
});

t.test('a refusal that another signer may mend is not the end', async (t) => {
  const { machine, token, out, take } = setUp(2);
  machine.handle({ kind: 'start' }, 0, out);
  machine.handle({ kind: 'established', nodeId: token.signers[0].nodeId, handshakeHash: HASH }, 1, out);
  take();
  machine.handle({ kind: 'refusal', nodeId: token.signers[0].nodeId, code: 'unknown' }, 2, out);
  t.strictSame(take(), [{ kind: 'connect', signer: 1 }]);
  machine.handle({ kind: 'established', nodeId: token.signers[1].nodeId, handshakeHash: HASH }, 3, out);
  take();
  machine.handle({ kind: 'refusal', nodeId: token.signers[1].nodeId, code: 'used' }, 4, out);
  t.strictSame(take(), [{ kind: 'failed', code: 'used' }]);
});

t.test('asks for new keys when requests under the old ones are not answered', async (t) => {
  const { machine, token, out, take } = setUp();
  const { nodeId } = token.signers[0];
  machine.handle({ kind: 'start' }, 0, out);
  machine.handle({ kind: 'established', nodeId, handshakeHash: HASH }, 0, out);
  take();
  const kinds = () => take().map((event) => event.kind);
  const fire = () => machine.onTimer(machine.wakeAt, out);
  for (let i = 1; i < REQUESTS_PER_KEYS; i++) fire();
  t.strictSame(kinds(), ['request', 'request']);
  fire();
  t.strictSame(
    kinds(),
    ['newKeys', 'request'],
    'the signer may have lost them; the answer may have been late',
  );
  for (let i = 0; i < REQUESTS_PER_KEYS; i++) fire();
  t.strictSame(kinds(), ['request', 'request', 'newKeys', 'request']);
  machine.handle({ kind: 'established', nodeId, handshakeHash: HASH }, machine.wakeAt, out);
  for (let i = 1; i < REQUESTS_PER_KEYS; i++) fire();
  t.strictSame(kinds(), ['request', 'request', 'request'], 'new keys get as much time');
});

t.test('gives up in time', async (t) => {
  const { machine, out, take } = setUp();
  machine.handle({ kind: 'start' }, 0, out);
  take();
  while (machine.wakeAt < JOIN_TIMEOUT_MS) machine.onTimer(machine.wakeAt, out);
  machine.onTimer(JOIN_TIMEOUT_MS, out);
  t.strictSame(take(), [{ kind: 'failed', code: 'unreachable' }]);
});
