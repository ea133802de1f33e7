import { isIP, isIPv4 } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import {
  addressScope,
  copySocketAddress,
  equalSocketAddress,
  formatIp,
  formatPrefix,
  formatSocketAddress,
  type IpAddress,
  ipEqualsWords,
  ipFromBytes,
  ipFromWords,
  ipToBytes,
  ipToWords,
  ipv4,
  isDialable,
  isIpv4,
  maskIp,
  parseIp,
  parsePrefix,
  parseSocketAddress,
  portWord,
  prefixContains,
  prefixesOverlap,
  socketAddressFromWords,
  withoutVia,
} from '../../../src/core/base/ip.ts';

const ip = (text: string): IpAddress => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const prefix = (text: string) => {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

// Groups of zeros are what makes text forms differ.
const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
const v6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => {
  const bytes = new Uint8Array(16);
  groups.forEach((value, i) => {
    bytes[2 * i] = value >> 8;
    bytes[2 * i + 1] = value;
  });
  return bytes;
});
const v4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(([a, b, c, d]) => ipv4(a, b, c, d));
const any = fc.oneof(v4, v6);

t.test('text, bytes and words come back', async (t) => {
  fc.assert(
    fc.property(any, fc.nat(65535), (address, port) => {
      const text = formatIp(address);
      t.equal(isIP(text), isIpv4(address) ? 4 : 6, text);
      t.same(parseIp(text), address, text);
      t.same(ipFromBytes(ipToBytes(address)), address);
      const words = new Uint32Array(6);
      ipToWords(address, words, 1);
      t.same(ipFromWords(words, 1), address);
      t.ok(ipEqualsWords(address, words, 1));
      words[4] ^= 1;
      t.notOk(ipEqualsWords(address, words, 1));
      const socket = { ip: address, port };
      const again = parseSocketAddress(formatSocketAddress(socket));
      t.ok(again !== undefined && equalSocketAddress(again, socket));
    }),
  );
  t.equal(ipFromBytes(new Uint8Array(5)), undefined);
});

t.test('RFC 5952', async (t) => {
  for (const [from, to] of [
    ['2001:0DB8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
  ])
    t.equal(formatIp(ip(from)), to, from);
});

t.test('parsing accepts what the platform accepts, and nothing else', async (t) => {
  const piece = fc.constantFrom(
    '',
    '0',
    '1',
    'f',
    'ffff',
    'fffff',
    '10',
    '255',
    '256',
    '01',
    '.',
    ':',
    '::',
    '1.2.3.4',
    'g',
    ' ',
    '%',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const joined = fc.array(piece, { minLength: 4, maxLength: 9 }).map((pieces) => pieces.join(':'));
  fc.assert(
    fc.property(fc.oneof(text, joined, fc.ipV4(), fc.ipV6()), (text) => {
      const isKnown = text.includes('%') ? 0 : isIP(text);
      t.equal(parseIp(text) !== undefined, isKnown !== 0, text);
    }),
    { numRuns: 2000 },
  );
});

t.test('addresses with ports', async (t) => {
  t.equal(formatSocketAddress({ ip: ip('::1'), port: 9376 }), '[::1]:9376');
  t.equal(formatSocketAddress({ ip: ip('127.0.0.1'), port: 9376 }), '127.0.0.1:9376');
  for (const text of [
    '1.2.3.4',
    '::1',
    '[::1]',
    '1.2.3.4:',
    '1.2.3.4:65536',
    '[1.2.3.4]:1',
    '::1:2:x',
    'host:1',
    '',
  ])
    t.equal(parseSocketAddress(text), undefined, text);
  for (const text of ['1.2.3.4', '::1', '[::1]']) t.equal(parseSocketAddress(text, 9376)?.port, 9376, text);
  t.equal(parseSocketAddress('[::1]:80', 9376)?.port, 80);
});

t.test('prefixes', async (t) => {
  t.same(prefix('10.1.0.0/16'), { ip: ip('10.1.0.0'), bits: 112 });
  for (const text of ['10.1.0.0/16', 'fd00::/8', '::/0', '0.0.0.0/0', '1.2.3.4/32'])
    t.equal(formatPrefix(prefix(text)), text);
  for (const text of ['10.1.0.1/16', '10.0.0.0/33', '::/129', 'x/1', '1.2.3.4/', '/8', '1.2.3.4/-1'])
    t.equal(parsePrefix(text), undefined, text);
  t.ok(prefixContains(prefix('100.64.0.0/10'), ip('100.127.255.255')));
  t.notOk(prefixContains(prefix('100.64.0.0/10'), ip('100.128.0.0')));
  t.notOk(prefixContains(prefix('0.0.0.0/0'), ip('::1')), 'IPv4 alone');
  t.ok(prefixesOverlap(prefix('10.0.0.0/8'), prefix('10.2.0.0/16')));
  t.notOk(prefixesOverlap(prefix('10.1.0.0/16'), prefix('10.2.0.0/16')));
  fc.assert(
    fc.property(any, fc.nat(128), (address, bits) => {
      const masked = maskIp(address, bits);
      t.ok(prefixContains({ ip: masked, bits }, address));
      const beyond = address.slice();
      if (bits > 0) {
        beyond[(bits - 1) >> 3] ^= 0x80 >> ((bits - 1) & 7);
        t.notOk(prefixContains({ ip: masked, bits }, beyond));
      }
    }),
  );
});

t.test('what an address is for', async (t) => {
  const scopes: [string, string][] = [
    ['100::', 'reserved'],
    ['100::7:9', 'reserved'],
    ['100:0:0:0:ffff::', 'reserved'],
    ['100:0:0:1::', 'reserved'],
    ['100:0:0:2::', 'global'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'thisNetwork'],
    ['127.0.0.1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['169.254.169.254', 'linkLocal'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['240.0.0.1', 'reserved'],
    ['100.64.0.1', 'shared'],
    ['100.128.0.1', 'global'],
    ['10.0.0.1', 'private'],
    ['172.31.0.1', 'private'],
    ['172.32.0.1', 'global'],
    ['192.168.1.1', 'private'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'reserved'],
    ['fe80::1', 'linkLocal'],
    ['febf::1', 'linkLocal'],
    ['fd00::1', 'private'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'global'],
  ];
  for (const [text, scope] of scopes) {
    t.equal(addressScope(ip(text)), scope, text);
    const dialable = scope === 'global' || scope === 'private' || scope === 'shared';
    t.equal(isDialable({ ip: ip(text), port: 9376 }), dialable, text);
  }
  t.notOk(isDialable({ ip: ip('2001:db8::1'), port: 0 }));
  t.ok(isIPv4(formatIp(ipv4(1, 2, 3, 4))));
});

t.test('a local socket makes another way of the same address, and stays at home', async (t) => {
  const main = { ip: ipv4(192, 0, 2, 1), port: 65_535 };
  const further = { ...main, via: 512 };
  t.ok(equalSocketAddress(main, { ...main, via: 0 }));
  t.notOk(equalSocketAddress(main, further));
  t.notOk(equalSocketAddress({ ...main, via: 1 }, further));
  t.ok(equalSocketAddress(further, { ...further, ip: further.ip.slice() }));
  t.equal(formatSocketAddress(further), '192.0.2.1:65535');
  t.strictSame(withoutVia(further), main);
  t.strictSame(copySocketAddress({ ...main, via: 0 }), main);
  t.strictSame(copySocketAddress(further), further);
  t.not(copySocketAddress(further).ip, further.ip);
  for (const address of [main, further, { ...main, port: 0, via: 1 }, { ...main, port: 0 }]) {
    const words = new Uint32Array(7);
    ipToWords(address.ip, words, 1);
    words[5] = portWord(address);
    t.strictSame(socketAddressFromWords(words, 1), address);
  }
});
