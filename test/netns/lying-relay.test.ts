/** A public node that grants every reservation and forwards nothing: those behind NATs find that out, and are reached through others. */
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { Internet } from './nat.ts';
import { lastLine, Node } from './node.ts';
import { relays } from './relayed.ts';

needsLab(t);

const PATIENCE_MS = 120_000;
/** The liar is by far the nearest, even where the machine is busy, so it is what nodes would choose. */
const FAR = { delayUs: 200_000 };

t.test('a relay that forwards nothing from the start is left for one that does', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const internet = new Internet(lab);
  const hubs: Node[] = [];
  let token = '';
  for (const name of ['hub1', 'hub2', 'liar']) {
    const site = await internet.publicHost(name, name === 'liar' ? {} : { link: FAR });
    const hub = new Node(lab, site.host, name, 'portmap: off\n');
    if (token === '') hub.mcc('init', '--organisation', 'acme', '--name', name);
    else hub.join(token);
    await hub.up('--advertise', site.address);
    if (token === '') token = lastLine(hub.mcc('invite', '--uses', '9', '--address', site.address));
    hubs.push(hub);
  }
  const liar = hubs[2];
  liar.host.must(['nft', 'add', 'table', 'ip', 'lie']);
  liar.host.must(['nft', 'add chain ip lie out { type filter hook output priority 0; }']);
  // Relayed datagrams that are more than a keepalive.
  liar.host.must(['nft', 'add rule ip lie out udp sport 9376 udp length > 13 @th,64,8 5 counter drop']);
  const [alpha, bravo] = await Promise.all(
    ['alpha', 'bravo'].map(async (name) => {
      const box = await internet.nat(`nat-${name}`, { kind: 'symmetric-random' });
      return new Node(lab, box.site(name).host, name, 'portmap: off\n');
    }),
  );
  for (const node of [alpha, bravo]) {
    node.join(token);
    await node.up();
  }
  await until('it is found out', () => (bravo.status().drops.relayFailed ?? 0) > 0, PATIENCE_MS);
  await until('another one is used', () => relays(bravo).length > 0, PATIENCE_MS);
  t.notOk(relays(bravo).includes(liar.status().nodeId));
  await until('bravo is reached', () => alpha.try(['ping', 'bravo', '-c', '1']).status === 0, PATIENCE_MS);
  t.match(liar.host.must(['nft', 'list', 'table', 'ip', 'lie']), /counter packets [1-9]/, 'it was tried');
});
