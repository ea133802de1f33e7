// What a gateway's SSDP, XML and SOAP may say, and what hostile ones do not get.
import fc from 'fast-check';
import t from 'tap';
import { ipv4 } from '../../../src/core/base/ip.ts';
import { gatewayUrl, readSearchAnswer, searchRequest } from '../../../src/host/portmap/ssdp.ts';
import { readDescription, readSoapAnswer, soapRequest } from '../../../src/host/portmap/upnp.ts';
import { findAll, readXml, textOf } from '../../../src/host/portmap/xml.ts';

const GATEWAY = ipv4(192, 168, 7, 1);
const LINK = { gateway: GATEWAY, local: ipv4(192, 168, 7, 2), interfaceName: 'eth0' };
const IGD = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';
const WANIP = 'urn:schemas-upnp-org:service:WANIPConnection:1';

function answer(headers: Record<string, string>, first = 'HTTP/1.1 200 OK'): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from([first, ...lines, '', ''].join('\r\n'), 'latin1');
}

t.test('a search as UPnP Device Architecture 1.1 has it', (t) => {
  t.equal(
    searchRequest(IGD).toString(),
    `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${IGD}\r\n\r\n`,
  );
  t.end();
});

t.test('an answer to a search names the description', (t) => {
  const url = readSearchAnswer(
    answer({ 'CACHE-CONTROL': 'max-age=120', ST: IGD, Location: 'http://192.168.7.1:5000/rootDesc.xml' }),
    GATEWAY,
  );
  t.equal(url?.href, 'http://192.168.7.1:5000/rootDesc.xml');
  t.end();
});

const LOCATIONS = [
  'http://192.168.7.9:5000/rootDesc.xml',
  'http://127.0.0.1:5000/',
  'http://2130706433/',
  'http://169.254.169.254/latest/meta-data',
  'http://example.org/',
  'http://192.168.7.1.example.org/',
  'http://user:secret@192.168.7.1/',
  'http://192.168.7.1@10.0.0.1/',
  'https://192.168.7.1/',
  'file:///etc/passwd',
  'gopher://192.168.7.1/',
  'http://[::ffff:192.168.7.1]/',
  'http://192.168.7.1:99999/',
  `http://192.168.7.1/${'a'.repeat(600)}`,
  '/rootDesc.xml',
  '',
];
for (const location of LOCATIONS) {
  t.test(`a location that is not followed: ${location.slice(0, 60)}`, (t) => {
    t.equal(readSearchAnswer(answer({ ST: IGD, LOCATION: location }), GATEWAY), undefined);
    t.end();
  });
}

t.test('other answers to a search are none', (t) => {
  const LOCATION = 'http://192.168.7.1/';
  t.equal(readSearchAnswer(answer({ ST: 'upnp:rootdevice', LOCATION }), GATEWAY), undefined);
  t.equal(readSearchAnswer(answer({ ST: IGD, LOCATION }, 'NOTIFY * HTTP/1.1'), GATEWAY), undefined);
  t.equal(readSearchAnswer(answer({ ST: IGD, LOCATION, X: 'x'.repeat(3000) }), GATEWAY), undefined);
  t.equal(readSearchAnswer(Buffer.alloc(0), GATEWAY), undefined);
  t.end();
});

const service = (type: string, control: string): string =>
  `<service><serviceType>${type}</serviceType><controlURL>${control}</controlURL></service>`;
const description = (services: string, base = ''): string =>
  `<?xml version="1.0"?>\n<root xmlns="urn:schemas-upnp-org:device-1-0">${base}<device><deviceList><device><serviceList>${services}</serviceList></device></deviceList></device></root>`;
const URL_BASE = new URL('http://192.168.7.1:5000/rootDesc.xml');

t.test('a description gives connections, the best first', (t) => {
  const source = description(
    [
      service('urn:schemas-upnp-org:service:WANPPPConnection:1', '/ppp'),
      service('urn:schemas-upnp-org:service:Layer3Forwarding:1', '/l3f'),
      service(WANIP, 'ctl/IPConn?a=1&amp;b=2'),
    ].join(''),
  );
  t.same(
    readDescription(source, URL_BASE, LINK).map(({ service, control }) => [service, control.href]),
    [
      [WANIP, 'http://192.168.7.1:5000/ctl/IPConn?a=1&b=2'],
      ['urn:schemas-upnp-org:service:WANPPPConnection:1', 'http://192.168.7.1:5000/ppp'],
    ],
  );
  t.end();
});

t.test('a description leads nowhere but to the gateway', (t) => {
  for (const control of [
    'http://10.0.0.1/',
    '//10.0.0.1/',
    'http://127.0.0.1:9377/v1/status',
    'javascript:1',
  ]) {
    t.same(readDescription(description(service(WANIP, control)), URL_BASE, LINK), [], control);
  }
  const elsewhere = description(service(WANIP, '/c'), '<URLBase>http://10.0.0.1/</URLBase>');
  t.equal(readDescription(elsewhere, URL_BASE, LINK)[0]?.control.href, 'http://192.168.7.1:5000/c');
  t.ok(readDescription(description(service(WANIP, '/c').repeat(50)), URL_BASE, LINK).length <= 4);
  t.end();
});

t.test('no URL that is taken leads elsewhere, whatever stands in it', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webPath()), (text) => {
      const url = gatewayUrl(text, URL_BASE, GATEWAY);
      return url === undefined || (url.hostname === '192.168.7.1' && url.protocol === 'http:');
    }),
  );
  t.end();
});

t.test('SOAP: a question, an answer and a refusal', (t) => {
  const question = soapRequest(WANIP, 'DeletePortMapping', { NewRemoteHost: '', NewExternalPort: 9376 });
  const call = readXml(question);
  t.equal(textOf(call, 'NewExternalPort'), '9376');
  t.match(question, `<u:DeletePortMapping xmlns:u="${WANIP}">`);
  const body = (inner: string): string =>
    `<?xml version="1.0"?><s:Envelope xmlns:s="x"><s:Body>${inner}</s:Body></s:Envelope>`;
  const ok = body(
    '<u:GetExternalIPAddressResponse xmlns:u="y"><NewExternalIPAddress>198.51.100.7</NewExternalIPAddress></u:GetExternalIPAddressResponse>',
  );
  const read = readSoapAnswer({ status: 200, body: ok }, 'GetExternalIPAddress');
  t.equal(textOf(read, 'NewExternalIPAddress'), '198.51.100.7');
  const fault = body(
    '<s:Fault><faultcode>s:Client</faultcode><detail><UPnPError><errorCode>718</errorCode></UPnPError></detail></s:Fault>',
  );
  t.throws(() => readSoapAnswer({ status: 500, body: fault }, 'AddPortMapping'), { code: '718' });
  t.throws(() => readSoapAnswer({ status: 200, body: ok }, 'AddPortMapping'), { code: 'HTTP 200' });
  t.throws(() => readSoapAnswer({ status: 404, body: 'no' }, 'AddPortMapping'), { code: 'HTTP 404' });
  t.end();
});

t.test('XML: comments, sections, entities, prefixes and empty elements', (t) => {
  const root = readXml('<?xml?><!-- <a> --><p:a x="1"> <b/>x &lt;&amp;amp;<c><![CDATA[<d>]]></c> </p:a>\n');
  t.match(root, { name: 'a', text: 'x <&amp;' });
  t.equal(textOf(root, 'c'), '<d>');
  t.equal(root && findAll(root, 'b').length, 1);
  t.end();
});

const BAD_XML = [
  '<!DOCTYPE a [<!ENTITY x "xxxx">]><a>&x;</a>',
  '<a><b></a></b>',
  '<a>',
  '</a>',
  '<a/><b/>',
  '<a',
  '<>x</>',
  '<!-- <a/>',
  'text',
  '',
  `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`,
  `<a>${'<b/>'.repeat(10_000)}</a>`,
];
for (const source of BAD_XML) {
  t.test(`XML: refused: ${source.slice(0, 40)}`, (t) => {
    t.equal(readXml(source), undefined);
    t.end();
  });
}

t.test('XML: whatever comes is read in no time', (t) => {
  for (const piece of ['<!--', '<a', '<![CDATA[', '&lt;', '<a ', '<?', '</', '<a>']) {
    const source = piece.repeat(131_072 / piece.length);
    const startedAt = performance.now();
    readXml(source);
    t.ok(performance.now() - startedAt < 2000, piece);
  }
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<a>', '</a>', '<b/>', 'x', '&', '<', '>', '<!--', '-->')),
      (parts) => {
        readXml(parts.join(''));
      },
    ),
  );
  t.end();
});
