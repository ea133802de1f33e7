import fc from 'fast-check';
import t from 'tap';
import { CodedError } from '../../../src/core/base/errors.ts';
import {
  addressScope,
  formatIp,
  formatSocketAddress,
  type IpAddress,
  ipv4,
  isIpv4,
  parseIp,
  parsePrefix,
  prefixContains,
} from '../../../src/core/base/ip.ts';
import { parseTarget, targetRefusal } from '../../../src/host/endpoints/endpoints.ts';
import type { TargetRules } from '../../../src/host/endpoints/types.ts';
import type { FoundRoute } from '../../../src/host/native/system.ts';

const OVERLAY = ['100.71.0.0/16', 'fd01:2:3::/48'].map((text) => parsePrefix(text)!);
const LAN = parsePrefix('192.168.9.0/24')!;
const OWN = ['192.168.9.1', '2001:db8::1', '127.0.0.1', '::1'];

/** A host with a LAN and an overlay; everything else is unreachable or beyond a router. */
function rules(more: Partial<TargetRules> = {}): TargetRules {
  const findRoute = (ip: IpAddress): FoundRoute => {
    if (OVERLAY.some((prefix) => prefixContains(prefix, ip))) return { index: 7, kind: 'unicast' };
    if (OWN.includes(formatIp(ip)) || addressScope(ip) === 'loopback') return { index: 1, kind: 'local' };
    if (formatIp(ip) === '192.168.9.255') return { index: 2, kind: 'broadcast' };
    if (prefixContains(LAN, ip) || !isIpv4(ip)) return { index: 2, kind: 'unicast' };
    throw Object.assign(new Error('ENETUNREACH'), { code: 'ENETUNREACH' });
  };
  const reserved = [{ ip: ipv4(127, 0, 0, 1), port: 9377 }];
  return { interfaceName: 'mcc0', reserved, system: { findRoute, linkIndex: () => 7 }, ...more };
}

const names: Record<string, string[]> = {
  'camera.lan': ['192.168.9.50'],
  'both.lan': ['2001:db8::50', '192.168.9.50'],
  localhost: ['::1', '127.0.0.1'],
  'trick.example': ['127.0.0.1'],
  'half.example': ['127.0.0.1', '192.168.9.50'],
  'metadata.example': ['169.254.169.254'],
  'hello.mcc': ['fd01:2:3::9'],
  'empty.example': [],
};

async function resolve(host: string): Promise<IpAddress[]> {
  const found = names[host];
  if (found === undefined) throw Object.assign(new Error(host), { code: 'ENOTFOUND' });
  return found.map((text) => parseIp(text)!);
}

t.test('A target is this host, one of its addresses or a device, and told otherwise', async (t) => {
  const cases: [string, string][] = [
    ['127.0.0.1:5432', '127.0.0.1:5432'],
    ['127.8.8.8:5432', '127.8.8.8:5432'],
    ['192.168.9.1:80', '192.168.9.1:80'],
    ['[2001:db8::1]:80', '[2001:db8::1]:80'],
    ['192.168.9.50:554', '192.168.9.50:554'],
    ['10.0.0.1:80', '10.0.0.1:80'],
    ['127.0.0.1:9376', '127.0.0.1:9376'],
    ['192.168.9.1:9377', '192.168.9.1:9377'],
    ['camera.lan:554', '192.168.9.50:554'],
    ['both.lan:554', '192.168.9.50:554'],
    ['half.example:80', '192.168.9.50:80'],
    ['localhost:5432', '127.0.0.1:5432'],
    ['127.0.0.1:9377', 'TARGET_REFUSED'],
    ['100.71.4.4:80', 'TARGET_REFUSED'],
    ['[fd01:2:3::4]:80', 'TARGET_REFUSED'],
    ['169.254.169.254:80', 'TARGET_REFUSED'],
    ['[fe80::1]:80', 'TARGET_REFUSED'],
    ['224.0.0.251:5353', 'TARGET_REFUSED'],
    ['[ff02::1]:80', 'TARGET_REFUSED'],
    ['255.255.255.255:80', 'TARGET_REFUSED'],
    ['192.168.9.255:80', 'TARGET_REFUSED'],
    ['0.0.0.0:80', 'TARGET_REFUSED'],
    ['0.1.2.3:80', 'TARGET_REFUSED'],
    ['[::]:80', 'TARGET_REFUSED'],
    ['[::7f00:1]:80', 'TARGET_REFUSED'],
    ['240.0.0.1:80', 'TARGET_REFUSED'],
    ['trick.example:80', 'TARGET_REFUSED'],
    ['metadata.example:80', 'TARGET_REFUSED'],
    ['hello.mcc:80', 'TARGET_REFUSED'],
    ['[::1]:80', 'NOT_SUPPORTED'],
    ['[2001:db8::50]:80', 'NOT_SUPPORTED'],
    ['127.0.0.1', 'TARGET_INVALID'],
    ['127.0.0.1:0', 'TARGET_INVALID'],
    ['127.0.0.1:65536', 'TARGET_INVALID'],
    ['127.0.0.1:80:90', 'TARGET_INVALID'],
    ['127.1:80', 'TARGET_INVALID'],
    ['2130706433:80', 'TARGET_INVALID'],
    ['0x7f.0.0.1:80', 'TARGET_INVALID'],
    ['[::ffff:127.0.0.1]:80', 'TARGET_INVALID'],
    ['::1:80', 'TARGET_INVALID'],
    ['http://camera.lan:80', 'TARGET_INVALID'],
    ['unknown.example:80', 'TARGET_INVALID'],
    ['empty.example:80', 'TARGET_INVALID'],
    ['camera.lan', 'TARGET_INVALID'],
    ['', 'TARGET_INVALID'],
    [':80', 'TARGET_INVALID'],
  ];
  for (const [text, expected] of cases) {
    const told = await parseTarget(text, rules(), resolve).then(
      (target) => (target.kind === 'address' ? formatSocketAddress(target) : 'host'),
      (error: CodedError) => error.code,
    );
    t.equal(told, expected, JSON.stringify(text));
  }
  t.same(await parseTarget(undefined, rules()), { kind: 'host' });
});

t.test('A listener of mcc on all addresses is refused under every address of this host', async (t) => {
  const reserved = [{ ip: ipv4(0, 0, 0, 0), port: 9377 }];
  for (const ip of ['127.0.0.1', '127.9.9.9', '192.168.9.1']) {
    const refusal = targetRefusal({ ip: parseIp(ip)!, port: 9377 }, rules({ reserved }));
    t.equal(refusal?.code, 'TARGET_REFUSED', ip);
  }
  t.equal(targetRefusal({ ip: parseIp('192.168.9.50')!, port: 9377 }, rules({ reserved })), undefined);
});

t.test('A refusal tells the rule', async (t) => {
  await t.rejects(parseTarget('100.71.4.4:80', rules()), {
    message: /100\.71\.4\.4 is an address of the overlay/,
  });
  await t.rejects(parseTarget('trick.example:80', rules(), resolve), {
    message: /trick\.example is 127\.0\.0\.1/,
  });
});

t.test('Any text gives a target that is allowed, or a coded error', async () => {
  const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  const text = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.tuple(octets, fc.nat(70_000)).map(([ip, port]) => `${ip.join('.')}:${port}`),
    fc.tuple(fc.ipV6(), fc.nat(70_000)).map(([ip, port]) => `[${ip}]:${port}`),
    fc.tuple(fc.domain(), fc.nat(70_000)).map(([host, port]) => `${host}:${port}`),
  );
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const four = octets.map(([a, b, c, d]) => ipv4(a, b, c, d));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.oneof(bytes, four), { maxLength: 3 }), async (target, answers) => {
      try {
        const parsed = await parseTarget(target, rules(), async () => answers);
        if (parsed.kind === 'host') return false;
        const scope = addressScope(parsed.ip);
        const isForbidden = !['global', 'private', 'shared', 'loopback'].includes(scope);
        return !isForbidden && targetRefusal(parsed, rules()) === undefined;
      } catch (error) {
        return (
          error instanceof CodedError &&
          ['TARGET_INVALID', 'TARGET_REFUSED', 'NOT_SUPPORTED'].includes(error.code) &&
          error.message.length < 600
        );
      }
    }),
    { numRuns: 3000 },
  );
});
