// A guest on a host of its own reaches the service that is shared with guests, and nothing else, over either family.
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { connects, curl, resolution, resolverOf, serve } from './members.ts';
import { lastLine, Node } from './node.ts';

needsLab(t);

interface Resolved {
  addresses: string[];
}

t.test(
  'what is shared with guests is reached, what is not is not, and closing keeps others out',
  async (t) => {
    const lab = new Lab();
    t.teardown(() => lab.close());
    const [alpha, guest, late] = lab
      .star('alpha', 'guest', 'late')
      .map((host) => new Node(lab, host, host.name)) as [Node, Node, Node];
    alpha.mcc('init', '--organisation', 'acme', '--name', 'alpha');
    // Nobody else is there who could find out that it is reached.
    await alpha.up('--advertise', '10.1.0.2:9376');
    await serve(alpha.host, 8000, 'open');
    await serve(alpha.host, 8001, 'members');
    alpha.mcc('service', 'add', 'open', '--port', '8000', '--share', 'guests');
    alpha.mcc('service', 'add', 'inner', '--port', '8001', '--share', 'all');
    alpha.mcc('guests', 'open', '--difficulty', '10');
    const invitation = lastLine(alpha.mcc('invite', '--guests', '--address', '10.1.0.2'));

    const came = guest.try(['join', '--guest', '-'], invitation);
    t.equal(came.status, 0, `${came.stdout}${came.stderr}`);
    await guest.up();
    guest.host.nameservers(...resolverOf(guest).slice(0, 1));
    const found = (await until(
      'the service is found',
      () => resolution(guest, 'open.acme'),
      30_000,
    )) as Resolved;
    await until('it answers by name', () =>
      curl(guest.host, 'http://open.acme.mcc:8000/') === 'open' ? true : undefined,
    );
    t.equal(found.addresses.length, 2, 'over both families');
    for (const address of found.addresses) {
      const host = address.includes(':') ? `[${address}]` : address;
      t.equal(curl(guest.host, `http://${host}:8000/`), 'open', `${address}: the service`);
      t.notOk(connects(guest.host, address, 8001), `${address}: another port there`);
      t.not(guest.host.run(['ping', '-c1', '-W1', address]).status, 0, `${address}: an echo request`);
    }
    const peer = guest
      .json<{ peers: { name: string; addresses: { ipv4: string; ipv6: string } }[] }>('status')
      .peers.find(({ name }) => name === 'alpha');
    for (const address of [peer?.addresses.ipv4 ?? '', peer?.addresses.ipv6 ?? '']) {
      t.notOk(connects(guest.host, address, 8001), `${address}: a port of the host`);
      t.not(guest.host.run(['ping', '-c1', '-W1', address]).status, 0, `${address}: the host itself`);
    }
    const inner = resolution(guest, 'inner.acme');
    for (const address of inner?.addresses ?? [])
      t.notOk(connects(guest.host, address, 8001), `${address}: a service for members`);

    alpha.mcc('guests', 'close');
    const refused = late.try(['join', '--guest', '-', '--json'], invitation);
    t.match(refused.stdout, /GUESTS_CLOSED/, 'at once');
    t.equal(curl(guest.host, 'http://open.acme.mcc:8000/'), 'open', 'who is in is in');
  },
);
