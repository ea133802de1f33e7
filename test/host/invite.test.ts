import t from 'tap';
import { parseSocketAddress, type SocketAddress } from '../../src/core/base/ip.ts';
import { inviteWarnings } from '../../src/host/daemon/invite.ts';

const ADDRESSES = ['192.168.1.2:9376', '8.8.4.4:9376'].map(
  (text) => parseSocketAddress(text) as SocketAddress,
);
const NOBODY = { isGlobal: false, isLocal: false, hasMetGlobal: false };

t.test('which addresses of a token answer is said as far as it is known', async (t) => {
  const reachable = (more: object) => inviteWarnings(ADDRESSES, { ...NOBODY, ...more }).reachable;
  t.strictSame(reachable({}), [null, null]);
  t.strictSame(reachable({ isLocal: true }), [true, null]);
  t.strictSame(
    reachable({ hasMetGlobal: true }),
    [false, null],
    'a private one, in a network on the Internet',
  );
  t.strictSame(reachable({ hasMetGlobal: true, isGlobal: true }), [false, true]);
  t.strictSame(reachable({ hasMetGlobal: true, isLocal: true }), [true, null], 'some are on this LAN');
});

t.test('people are warned while nobody came', async (t) => {
  const codes = (more: object) =>
    inviteWarnings(ADDRESSES, { ...NOBODY, ...more }).warnings.map(({ code }) => code);
  t.strictSame(codes({ hasMetGlobal: true }), ['PEER_UNREACHABLE']);
  t.strictSame(codes({ isGlobal: true, hasMetGlobal: true }), []);
});
