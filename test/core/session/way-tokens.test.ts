import t from 'tap';
import { DatagramType } from '../../../src/core/base/batch-layout.generated.ts';
import { parseSocketAddress, type SocketAddress } from '../../../src/core/base/ip.ts';
import { seededRng } from '../../../src/core/base/rng.ts';
import { nobleCrypto } from '../../../src/core/identity/identity.ts';
import {
  AddressSecret,
  addressed,
  returnedTokenOf,
  SECRET_MS,
  WayTokens,
  wayTokenOf,
} from '../../../src/core/session/session.ts';
import { WAY_TOKEN_BYTES } from '../../../src/core/wire/limits.ts';

const at = (text: string): SocketAddress => parseSocketAddress(text) as SocketAddress;

t.test('a token proves the address that it was made for, for some minutes', async (t) => {
  const tokens = new WayTokens(new AddressSecret(nobleCrypto, seededRng('tokens')));
  const [home, port, other] = [at('192.0.2.1:9376'), at('192.0.2.1:9377'), at('[2001:db8::1]:9376')];
  const token = tokens.of(home, 0);
  t.equal(token.length, WAY_TOKEN_BYTES);
  t.strictSame(tokens.of(home, SECRET_MS - 1), token);
  t.ok(tokens.proves(token, home, SECRET_MS - 1));
  for (const elsewhere of [port, other]) t.notOk(tokens.proves(token, elsewhere, 0));
  t.notOk(tokens.proves(token.subarray(1), home, 0));
  t.ok(tokens.proves(token, { ...home, via: 3 }, SECRET_MS), 'over whichever socket');
  t.notSame(tokens.of(home, SECRET_MS), token);
  t.ok(tokens.proves(token, home, 2 * SECRET_MS - 1));
  t.notOk(tokens.proves(token, home, 2 * SECRET_MS));
  t.notOk(new WayTokens(new AddressSecret(nobleCrypto, seededRng('others'))).proves(token, home, 0));
});

t.test('an initiation and a response have their token in a place of its own', async (t) => {
  const token = Uint8Array.of(1, 2, 3, 4);
  for (const type of [DatagramType.initiation, DatagramType.response]) {
    const datagram = new Uint8Array(200).fill(9);
    datagram[0] = type;
    const copy = addressed(datagram, token);
    t.strictSame(wayTokenOf(copy), token);
    t.equal(copy.filter((byte, i) => byte !== datagram[i]).length, WAY_TOKEN_BYTES);
    t.ok(
      datagram.subarray(1).every((byte) => byte === 9),
      'what was given is as it was',
    );
    if (type === DatagramType.response) t.notSame(returnedTokenOf(copy), token);
  }
});
