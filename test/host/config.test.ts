import t from 'tap';
import { CodedError } from '../../src/core/base/errors.ts';
import { formatSocketAddress } from '../../src/core/base/ip.ts';
import { defaultConfig, parseConfig, readConfig } from '../../src/host/daemon/config.ts';

async function refusal(source: string): Promise<CodedError> {
  try {
    await parseConfig(source, '/etc/mcc/mcc.yaml');
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error(`accepted: ${source}`);
}

t.test('no file, an empty file and a file of comments are the defaults', async (t) => {
  t.same(await readConfig(`${t.testdir()}/mcc.yaml`), defaultConfig());
  t.same(await parseConfig('', 'x'), defaultConfig());
  t.same(await parseConfig('# listen: 1.2.3.4\n', 'x'), defaultConfig());
});

t.test('every key is read', async (t) => {
  const config = await parseConfig(
    [
      'listen: [0.0.0.0:1000, "[::]:1000"]',
      'interface: mesh1',
      'mtu: 1400',
      'advertise: vpn.example.org:1000',
      'logLevel: debug',
      'crypto: openssl',
      'portmap: off',
      'tcp: off',
      'tls443: off',
      'rekeyAfterSeconds: 5',
      'rekeyAfterMessages: 1000',
      'api: {listen: 127.0.0.1, tokenFile: /run/secrets/mcc}',
    ].join('\n'),
    'x',
  );
  t.same(config.listen.map(formatSocketAddress), ['0.0.0.0:1000', '[::]:1000']);
  t.equal(config.interface, 'mesh1');
  t.equal(config.mtu, 1400);
  t.same(config.advertise, ['vpn.example.org:1000']);
  t.equal(config.logLevel, 'debug');
  t.equal(config.crypto, 'openssl');
  t.equal(config.portmap, 'off');
  t.equal(config.tcp, 'off');
  t.equal(config.tls443, 'off');
  t.equal(config.rekeyAfterMs, 5000);
  t.equal(config.rekeyAfterMessages, 1000);
  t.equal(config.api && formatSocketAddress(config.api.listen), '127.0.0.1:9377');
  t.equal(config.api?.tokenFile, '/run/secrets/mcc');
});

t.test('an unknown key names file, line, what is allowed and what was meant', async (t) => {
  const error = await refusal('mtu: 1400\n\nintreface: mcc1\n');
  t.equal(error.code, 'CONFIG_INVALID');
  t.match(error.message, /^\/etc\/mcc\/mcc\.yaml:3: unknown key "intreface"; did you mean "interface"\?/);
  t.match(error.message, /allowed are listen, interface, mtu/);
});

const BAD: [source: string, line: number, allowed: RegExp][] = [
  ['api: 127.0.0.1:9377', 1, /listen: 127\.0\.0\.1:9377/],
  ['api: {listen: "0.0.0.0:9377"}', 1, /listen: 127\.0\.0\.1/],
  ['api: {listen: "192.0.2.1:9377"}', 1, /listen: 127\.0\.0\.1/],
  ['api: {listen: "[::ffff:10.0.0.1]:9377"}', 1, /listen: 127\.0\.0\.1/],
  ['api: {listen: "[::1]:9377", tokenFile: token}', 1, /an absolute path/],
  ['api: {listen: "[::1]:9377", cors: true}', 1, /tokenFile/],
  ['api: {}', 1, /listen/],
  ['api: null', 1, /listen/],
  ['mtu: 100', 1, /whole number from 1280 to 65520/],
  ['# first\nmtu: big', 2, /whole number/],
  ['interface: "much too long for a name"', 1, /1 to 15/],
  ['interface: a/b', 1, /1 to 15/],
  ['listen: 300.1.1.1:5', 1, /ADDRESS:PORT/],
  ['listen: 0.0.0.0:99999', 1, /ADDRESS:PORT/],
  ['listen: {a: 1}', 1, /ADDRESS:PORT/],
  ['advertise: [""]', 1, /HOST:PORT/],
  ['logLevel: loud', 1, /one of trace, debug/],
  ['crypto: rot13', 1, /auto or openssl/],
  ['portmap: always', 1, /auto or off/],
  ['tcp: 443', 1, /auto or off/],
  ['logLevel:', 1, /one of trace, debug/],
  ['rekeyAfterSeconds: 0', 1, /0\.1 to 120/],
  ['- mtu', 1, /key: value/],
  ['just words', 1, /key: value/],
  ['mtu: 1400\nmtu: 1401', 2, /unique/],
  ['mtu: [1400', 1, /./],
  ['mtu: 1400\n\tlisten: x', 2, /./],
];

for (const [source, line, allowed] of BAD) {
  t.test(`refused: ${JSON.stringify(source)}`, async (t) => {
    const error = await refusal(source);
    t.equal(error.code, 'CONFIG_INVALID');
    t.match(error.message, new RegExp(`^/etc/mcc/mcc\\.yaml:${line}: `));
    t.match(error.message, allowed);
    t.notMatch(error.message, '\n', 'is one line');
  });
}

t.test('a file that cannot be read is an error of its own', async (t) => {
  const error = await readConfig(t.testdir()).catch((caught) => caught);
  t.equal(error.code, 'CONFIG_UNREADABLE');
});
