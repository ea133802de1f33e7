/** A device that knows nothing of mcc is offered by a gateway on its LAN, and reached by name; nothing else of that LAN is, nor the other way. */
import t from 'tap';
import { Capture } from './capture.ts';
import { Lab, needsLab } from './lab.ts';
import { connects, curl, members, providers, resolution, serve } from './members.ts';

needsLab(t);

t.test('a camera behind a gateway', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [boot, gateway, user] = await members(lab, 'boot', 'gateway', 'user', 'other');
  // Two devices on the LAN; the second on a wire of its own, as on another port of the switch.
  const camera = lab.host('camera');
  const [lan0, eth0] = lab.wire(gateway.host, ['192.168.9.1/24'], camera, ['192.168.9.50/24']);
  const printer = lab.host('printer');
  lab.wire(gateway.host, ['192.168.8.1/24'], printer, ['192.168.8.60/24']);
  camera.ip('route', 'add', 'default', 'via', '192.168.9.1');
  printer.ip('route', 'add', 'default', 'via', '192.168.8.1');
  await serve(camera, 80, 'camera');
  await serve(camera, 8081, 'settings of the camera');
  await serve(printer, 80, 'printer');
  await serve(user.host, 8000, 'user');
  gateway.mcc('service', 'add', 'camera', '--port', '8080', '--target', '192.168.9.50:80');
  await boot.down('SIGKILL');
  const found = await providers(user, 'camera', 'gateway');

  await t.test('is reached by name', async (t) => {
    t.equal(curl(user.host, 'http://camera.mcc:8080/'), 'camera');
    t.equal(curl(user.host, 'http://camera.gateway.node.mcc:8080/'), 'camera', 'at the gateway by name');
    t.equal(curl(gateway.host, 'http://camera.mcc:8080/'), 'camera', 'from the gateway itself');
    t.equal(user.host.must(['dig', '+short', 'camera.mcc', 'AAAA']), '', 'by IPv4 alone, as its target');
    t.match(
      user.host.must(['dig', '+short', 'camera.mcc', 'SRV']),
      /^0 100 8080 camera\.gateway\.node\.mcc\.$/m,
    );
  });

  await t.test('and nothing else of its LAN is', async (t) => {
    t.equal(curl(gateway.host, 'http://192.168.9.50:8081/'), 'settings of the camera', 'which is there');
    const syn = 'tcp[tcpflags] & tcp-syn != 0';
    // The gateway itself looks every few seconds whether the camera's port answers.
    const there = await Capture.on(camera, eth0, `${syn} and not (src 192.168.9.1 and dst port 80)`, 'in');
    const addresses = new Set([...found.addresses, ...(resolution(user, 'gateway.node')?.addresses ?? [])]);
    for (const { address } of found.endpoints) addresses.add(address);
    for (const ip of addresses) {
      for (const port of [80, 8081, 22]) t.notOk(connects(user.host, ip, port), `${ip} port ${port}`);
    }
    // By the device's own address, through the tunnel.
    user.host.ip('route', 'add', '192.168.0.0/16', 'dev', 'mcc0');
    for (const [ip, port] of [
      ['192.168.9.50', 80],
      ['192.168.9.50', 8081],
      ['192.168.8.60', 80],
      ['192.168.9.1', 80],
    ] as const) {
      t.notOk(connects(user.host, ip, port), `${ip} port ${port}`);
    }
    t.same(await there.lines(), [], 'not even a packet got there');
  });

  await t.test('nor does the LAN open flows into the overlay', async (t) => {
    const seen = await Capture.on(user.host, 'mcc0', 'tcp[tcpflags] & tcp-syn != 0', 'in');
    const ofUser = resolution(gateway, 'user.node')?.addresses ?? [];
    t.equal(curl(gateway.host, 'http://user.node.mcc:8000/', '-4'), 'user', 'where the gateway itself gets');
    await seen.sees(/Flags \[S\]/);
    const quiet = await Capture.on(user.host, 'mcc0', 'tcp[tcpflags] & tcp-syn != 0', 'in');
    for (const device of [camera, printer]) {
      for (const ip of ofUser.filter((address) => !address.includes(':'))) {
        t.notOk(connects(device, ip, 8000), `${device.name} to ${ip}`);
      }
      for (const ip of found.endpoints.flatMap((row) => (row as { ipv4?: string }).ipv4 ?? [])) {
        t.notOk(connects(device, ip, 8080), `${device.name} to the service, ${ip}`);
      }
    }
    t.notOk(connects(camera, '192.168.8.60', 80), 'nor one LAN into the other');
    t.same(await quiet.lines(), []);
  });

  await t.test('until it is withdrawn, and the gateway is no router then', async (t) => {
    gateway.mcc('service', 'remove', 'camera');
    for (const { address } of found.endpoints) t.notOk(connects(user.host, address, 8080));
    const forwarding = gateway.host.must(['sysctl', '-n', `net.ipv4.conf.${lan0}.forwarding`]).trim();
    t.equal(forwarding, '0');
  });
});
