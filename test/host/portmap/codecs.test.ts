// The messages of PCP and NAT-PMP byte by byte as RFC 6887 (sections 7, 11) and RFC 6886 (section 3) draw them, and answers that lie.
import t from 'tap';
import { formatSocketAddress, ipv4, parseIp } from '../../../src/core/base/ip.ts';
import { Epoch } from '../../../src/host/portmap/epoch.ts';
import {
  addressRequest,
  natPmpMapRequest,
  readAddressAnswer,
  readNatPmpMapAnswer,
} from '../../../src/host/portmap/nat-pmp.ts';
import {
  announceRequest,
  type MapRequest,
  mapRequest,
  readAnnounceAnswer,
  readMapAnswer,
} from '../../../src/host/portmap/pcp.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const changed = (bytes: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
};

const CLIENT = ipv4(192, 168, 7, 2);
const REQUEST: MapRequest = {
  client: CLIENT,
  nonce: hex('000102030405060708090a0b'),
  internalPort: 9376,
  external: { ip: ipv4(0, 0, 0, 0), port: 9376 },
  lifetimeS: 7200,
};
const MAP_ANSWER = hex(`
  02 81 00 00  00000e10  0000002a  000000000000000000000000
  000102030405060708090a0b  11 000000  24a0 24a1
  00000000000000000000ffffc6336407`);

t.test('PCP: a MAP request', (t) => {
  const expected = `
    02 01 0000  00001c20  00000000000000000000ffffc0a80702
    000102030405060708090a0b  11 000000  24a0 24a0
    00000000000000000000ffff00000000`;
  t.same(mapRequest(REQUEST), hex(expected));
  t.same(announceRequest(CLIENT), hex('02 00 0000 00000000 00000000000000000000ffffc0a80702'));
  t.end();
});

t.test('PCP: an answer to MAP', (t) => {
  const answer = readMapAnswer(MAP_ANSWER, REQUEST);
  t.match(answer, { result: 0, lifetimeS: 3600, epochS: 42 });
  t.equal(answer && formatSocketAddress(answer.external), '198.51.100.7:9377');
  t.end();
});

const PCP_LIES: [what: string, bytes: Buffer][] = [
  ['another nonce', changed(MAP_ANSWER, 30, 0xff)],
  ['another protocol', changed(MAP_ANSWER, 36, 6)],
  ['another internal port', changed(MAP_ANSWER, 41, 0)],
  ['a request', changed(MAP_ANSWER, 1, 0x01)],
  ['another opcode', changed(MAP_ANSWER, 1, 0x82)],
  ['another version', changed(MAP_ANSWER, 0, 3)],
  ['cut in the header', MAP_ANSWER.subarray(0, 20)],
  ['cut in the mapping', MAP_ANSWER.subarray(0, 56)],
  ['not of whole words', Buffer.concat([MAP_ANSWER, Buffer.alloc(1)])],
  ['nothing', Buffer.alloc(0)],
];
for (const [what, bytes] of PCP_LIES) {
  t.test(`PCP: no answer of ours: ${what}`, (t) => {
    t.equal(readMapAnswer(bytes, REQUEST), undefined);
    t.end();
  });
}

t.test('PCP: who speaks another version is recognised', (t) => {
  t.throws(() => readMapAnswer(changed(changed(MAP_ANSWER, 0, 1), 3, 1), REQUEST), /UNSUPP_VERSION/);
  // A NAT-PMP gateway (RFC 6886 section 3.5).
  t.throws(() => readAnnounceAnswer(hex('00 80 0001 0000002a')), /UNSUPP_VERSION/);
  t.match(readAnnounceAnswer(hex('02 80 00 00 00000000 00000007 000000000000000000000000')), { epochS: 7 });
  t.end();
});

t.test('PCP: a refusal says why', (t) => {
  t.match(readMapAnswer(changed(MAP_ANSWER, 3, 2), REQUEST), { result: 2 });
  t.end();
});

t.test('PCP: a pinhole for an IPv6 address', (t) => {
  const client = parseIp('2001:db8::2') ?? CLIENT;
  const bytes = mapRequest({ ...REQUEST, client, external: { ip: new Uint8Array(16), port: 9376 } });
  t.same(bytes.subarray(8, 24), hex('20010db8000000000000000000000002'));
  t.same(bytes.subarray(44), Buffer.alloc(16));
  t.end();
});

t.test('NAT-PMP: the address and a mapping', (t) => {
  t.same(addressRequest(), hex('0000'));
  t.match(readAddressAnswer(hex('00 80 0000 0000002a c6336407')), { epochS: 42, ip: ipv4(198, 51, 100, 7) });
  t.same(natPmpMapRequest(9376, 9376, 7200), hex('00 01 0000 24a0 24a0 00001c20'));
  t.match(readNatPmpMapAnswer(hex('00 81 0000 0000002a 24a0 24a1 00000e10'), 9376), {
    epochS: 42,
    externalPort: 9377,
    lifetimeS: 3600,
  });
  t.end();
});

t.test('NAT-PMP: what is no answer, and what is a refusal', (t) => {
  for (const bytes of [
    '00 81 0000 0000002a 24a1 24a1 00000e10',
    '00 82 0000 0000002a 24a0 24a1 00000e10',
    '00 01 0000 0000002a 24a0 24a1 00000e10',
    '02 81 0000 0000002a 24a0 24a1 00000e10',
    '00 81 0000 0000002a 24a0 24a1 00000e10 00',
    '00 81 0000 0000002a 24a0',
    '00 81',
    '',
  ]) {
    t.equal(readNatPmpMapAnswer(hex(bytes), 9376), undefined, bytes);
  }
  t.throws(() => readNatPmpMapAnswer(hex('00 81 0002 0000002a 24a0 0000 00000000'), 9376), /NOT_AUTHORIZED/);
  t.throws(() => readAddressAnswer(hex('00 80 0003 0000002a')), /NETWORK_FAILURE/);
  t.throws(() => readAddressAnswer(hex('00 80 ffff 0000002a')), /result 65535/);
  t.end();
});

const EPOCHS: [
  rule: 'pcp' | 'nat-pmp',
  what: string,
  seconds: [server: number, client: number][],
  lost: boolean,
][] = [
  [
    'pcp',
    'a clock that goes as ours',
    [
      [100, 0],
      [700, 600],
    ],
    false,
  ],
  [
    'pcp',
    'a clock that goes 5 % slow',
    [
      [100, 0],
      [670, 600],
    ],
    false,
  ],
  [
    'pcp',
    'one second back',
    [
      [100, 0],
      [99, 0],
    ],
    false,
  ],
  [
    'pcp',
    'two seconds back',
    [
      [100, 0],
      [98, 0],
    ],
    true,
  ],
  [
    'pcp',
    'from the beginning',
    [
      [5000, 0],
      [3, 10],
    ],
    true,
  ],
  [
    'pcp',
    'from the beginning, and past where it was',
    [
      [10, 0],
      [100, 600],
    ],
    true,
  ],
  [
    'pcp',
    'ahead of our time',
    [
      [10, 0],
      [1000, 600],
    ],
    true,
  ],
  [
    'nat-pmp',
    'a clock that goes as ours',
    [
      [100, 0],
      [700, 600],
    ],
    false,
  ],
  [
    'nat-pmp',
    'a clock that goes 10 % slow',
    [
      [100, 0],
      [640, 600],
    ],
    false,
  ],
  [
    'nat-pmp',
    'ahead of our time',
    [
      [10, 0],
      [1000, 600],
    ],
    false,
  ],
  [
    'nat-pmp',
    'from the beginning',
    [
      [5000, 0],
      [3, 10],
    ],
    true,
  ],
  [
    'nat-pmp',
    'from the beginning, and past where it was',
    [
      [10, 0],
      [100, 600],
    ],
    true,
  ],
];
for (const [rule, what, seconds, lost] of EPOCHS) {
  t.test(`${rule}: ${what}: ${lost ? 'mappings are lost' : 'nothing is lost'}`, (t) => {
    const epoch = new Epoch(rule);
    const results = seconds.map(([server, client]) => epoch.isReset(server, client * 1000));
    t.same(results, [false, lost]);
    t.end();
  });
}
