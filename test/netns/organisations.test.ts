/** Organisations that share a network and are independent: brought in by root keys that are kept elsewhere, each with signers of its own. */
import { rmSync } from 'node:fs';
import t, { type Test } from 'tap';
import { install, signed } from './documents.ts';
import { Lab, needsLab, until } from './lab.ts';
import { connects, curl, resolution, resolverOf, serve } from './members.ts';
import { lastLine, Node, reach } from './node.ts';

needsLab(t);

interface Organisation {
  organisationId: string;
  name: string;
  own: boolean;
  signers: { here: boolean; nodes: number }[];
}

t.test(
  'a second organisation has nodes of its own and reaches what is shared with it, nothing else',
  async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [alpha, golf, hotel] = lab
      .star('alpha', 'golf', 'hotel')
      .map((host) => new Node(lab, host, host.name)) as [Node, Node, Node];
    const { recoveryPhrases } = alpha.json<{ recoveryPhrases: string[] }>(
      ...['init', '--organisation', 'acme', '--name', 'alpha', '--root-keys', '3', '--threshold', '2'],
    );
    await alpha.up('--advertise', '10.1.0.2');
    const network = alpha.mcc('organisation', 'show', '--genesis');

    const request = lastLine(golf.mcc('organisation', 'create', 'globex'));
    const document = signed(lab, request, network, recoveryPhrases.slice(1));
    t.equal(install(golf, document).peer?.name, 'alpha', 'the document leads to the network');
    await golf.up();
    hotel.join(lastLine(golf.mcc('invite', '--address', '10.2.0.2')));
    await hotel.up();
    t.equal(hotel.status().organisation, 'globex');

    for (const node of [alpha, golf, hotel]) node.host.nameservers(...resolverOf(node).slice(0, 1));
    await serve(alpha.host, 8080, 'shop of acme');
    await serve(alpha.host, 8081, 'books of acme');
    const globex = await until('alpha knows globex', () =>
      alpha
        .json<{ organisations: Organisation[] }>('organisation', 'list')
        .organisations.find(({ name }) => name === 'globex'),
    );
    t.match(globex, { own: false, signers: [{ here: false }] });
    alpha.mcc('service', 'add', 'shop', '--port', '8080', '--share', 'globex');
    alpha.mcc('service', 'add', 'books', '--port', '8081');
    for (const node of [golf, hotel]) await sharedOnly(t, node);
    t.equal(curl(golf.host, 'http://shop.mcc:8080/'), '', 'a short name is never a stranger');
    t.match(golf.json('import', 'shop.acme'), { name: 'shop', service: 'shop', organisation: 'acme' });
    for (const family of ['-4', '-6'])
      t.equal(curl(golf.host, 'http://shop.mcc:8080/', family), 'shop of acme', `imported, ${family}`);
    await golf.down();
    await golf.up();
    await until('the imported name outlives a restart', () => resolution(golf, 'shop.mcc'), 30_000);
    t.equal(curl(golf.host, 'http://shop.mcc:8080/'), 'shop of acme');
    golf.mcc('unimport', 'shop');
    t.equal(resolution(golf, 'shop.mcc'), undefined);
    t.equal(curl(hotel.host, 'http://shop.mcc:8080/'), '', 'on no other node');
    const { ipv4, ipv6 } = reach(golf, 'hotel');
    await serve(hotel.host, 8082, 'hotel');
    t.ok(connects(golf.host, ipv4, 8082, 5) && connects(golf.host, ipv6, 8082, 5), 'one organisation');
    const foreign = reach(alpha, 'golf');
    t.notOk(connects(alpha.host, foreign.ipv4, 8082) || connects(alpha.host, foreign.ipv6, 8082));
  },
);

async function sharedOnly(t: Test, node: Node): Promise<void> {
  await until(`${node.name} finds the shop`, () => resolution(node, 'shop.acme.mcc'), 30_000);
  const { addresses } = resolution(node, 'shop.acme.mcc') ?? { addresses: [] };
  t.ok(addresses.length > 0);
  const url = 'http://shop.acme.mcc:8080/';
  t.equal(curl(node.host, url), 'shop of acme', `${node.name} reaches the shop by name`);
  for (const family of ['-4', '-6']) t.equal(curl(node.host, url, family), 'shop of acme', family);
  for (const address of addresses)
    t.notOk(connects(node.host, address, 8081), `${address} has no other port`);
  const { ipv4, ipv6 } = reach(node, 'alpha');
  for (const address of [ipv4, ipv6])
    t.notOk(connects(node.host, address, 8081), `nor what is not shared at ${address}`);
  t.equal(curl(node.host, 'http://books.acme.mcc:8081/'), '', `${node.name} does not reach the books`);
}

t.test('an organisation whose founder is destroyed goes on by its second signer', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [alpha, bravo, charlie] = lab
    .star('alpha', 'bravo', 'charlie')
    .map((host) => new Node(lab, host, host.name)) as [Node, Node, Node];
  const { recoveryPhrase } = alpha.json<{ recoveryPhrase: string }>(
    ...['init', '--organisation', 'acme', '--name', 'alpha'],
  );
  await alpha.up('--advertise', '10.1.0.2');
  bravo.join(lastLine(alpha.mcc('invite', '--address', '10.1.0.2')));
  await bravo.up('--advertise', '10.2.0.2');
  t.equal(bravo.try(['invite']).status, 1, 'a member admits nobody');
  const before = reach(alpha, 'bravo');

  const bare = lastLine(bravo.mcc('organisation', 'signer', 'request'));
  const approval = alpha.try(['organisation', 'signer', 'approve', '-'], bare);
  t.equal(approval.status, 0, approval.stderr);
  const network = alpha.mcc('organisation', 'show', '--genesis');
  t.throws(() => signed(lab, bare, network, [recoveryPhrase]), /DOCUMENT_UNAPPROVED/);
  install(bravo, signed(lab, lastLine(approval.stdout), network, [recoveryPhrase]));
  t.match(bravo.json('organisation', 'show'), { name: 'acme', own: true });
  t.equal(
    alpha.host.run(['ping', '-c', '2', '-i', '0.2', '-W', '5', before.ipv6]).status,
    0,
    'while it runs, the node goes on under its new certificate, with its address',
  );

  await alpha.down('SIGKILL');
  rmSync(alpha.state, { recursive: true });
  charlie.join(lastLine(bravo.mcc('invite', '--address', '10.2.0.2')));
  await charlie.up();
  t.equal(charlie.status().organisation, 'acme');
  const { ipv4, ipv6 } = reach(charlie, 'bravo');
  for (const address of [ipv4, ipv6])
    t.equal(charlie.host.run(['ping', '-c', '2', '-i', '0.2', '-W', '5', address]).status, 0, address);
  t.match(
    await bravo.json<{ organisations: Organisation[] }>('organisation', 'list').organisations[0]?.signers,
    [{ here: true }],
  );
});
