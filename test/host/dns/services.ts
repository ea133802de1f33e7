/** Runs inside a World: NetworkManager and systemd, as far as they restart dnsmasq; says what it was told. */
import { connect } from './bus.ts';
import { BUS } from './world.ts';

const bus = connect(BUS);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

bus.exportInterface(
  {
    Reload: (flags: number) => {
      say(`Reload ${flags}`);
      return null;
    },
  },
  '/org/freedesktop/NetworkManager',
  { name: 'org.freedesktop.NetworkManager', methods: { Reload: ['u', '', [], []] } },
);
bus.exportInterface(
  {
    GetUnitByPID: () => '/org/freedesktop/systemd1/unit/one',
    RestartUnit: (name: string, mode: string) => {
      say(`RestartUnit ${name} ${mode}`);
      return '/org/freedesktop/systemd1/job/1';
    },
  },
  '/org/freedesktop/systemd1',
  {
    name: 'org.freedesktop.systemd1.Manager',
    methods: { GetUnitByPID: ['u', 'o', [], []], RestartUnit: ['ss', 'o', [], []] },
  },
);
bus.exportInterface({ Id: 'dnsmasq@home.service' }, '/org/freedesktop/systemd1/unit/one', {
  name: 'org.freedesktop.systemd1.Unit',
  properties: { Id: { type: 's', access: 'read' } },
});
for (const name of ['org.freedesktop.NetworkManager', 'org.freedesktop.systemd1'])
  await bus.requestName(name, 0);
say('serving');
