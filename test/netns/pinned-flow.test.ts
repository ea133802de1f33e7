// A flow belongs to the provider that it began with; whether new ones go there is another matter.
import t from 'tap';
import { Lab, needsLab, until } from './lab.ts';
import { members, providers, resolution } from './members.ts';

needsLab(t);

/** Echoes lines behind its name; the line "deaf" makes it take no new connections while it keeps those that it has. */
const ECHO = `
import socket, sys, threading
server = socket.socket(socket.AF_INET6)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("::", 7000)); server.listen()
def serve(flow):
  with flow, flow.makefile("rw") as stream:
    for line in stream:
      stream.write(sys.argv[1] + " " + line); stream.flush()
      if line.strip() == "deaf":
        server.shutdown(socket.SHUT_RDWR); server.close()
print("ready", flush=True)
while True:
  try: flow = server.accept()[0]
  except OSError: break
  threading.Thread(target=serve, args=(flow,)).start()`;

t.test('a flow stays at its provider while new ones go elsewhere', async (t) => {
  const lab = new Lab();
  t.teardown(() => lab.close());
  const [boot, one, two, user] = await members(lab, 'boot', 'one', 'two', 'user');
  for (const node of [one, two]) {
    await node.host.start(['python3', '-u', '-c', ECHO, node.name]).waitFor(/ready/);
    node.mcc('service', 'add', 'echo', '--port', '7000');
  }
  await boot.down('SIGKILL');
  await providers(user, 'echo', 'one', 'two');
  const way = 'tcp6:echo.mcc:7000';
  const held = user.host.start(['socat', '-', way]);
  const say = async (line: string): Promise<string> => {
    held.process.stdin?.write(`${line}\n`);
    const [, who = ''] = await held.waitFor(new RegExp(`^(\\w+) ${line}$`, 'm'));
    return who;
  };
  const first = await say('hello');
  t.match(first, /^(one|two)$/);
  t.equal(await say('deaf'), first);
  const other = first === 'one' ? 'two' : 'one';
  let waits = 0;
  // Words are exchanged meanwhile: a provider that is silent for a moment is left out as well.
  await until(
    'new flows go elsewhere',
    async () => {
      await say(`well ${waits++}`);
      const rows = resolution(user, 'echo')?.endpoints.filter(({ healthy }) => healthy);
      return rows?.map(({ nodeName }) => nodeName).join() === other ? true : undefined;
    },
    30_000,
  );
  for (let i = 0; i < 12; i++) {
    const input = `new ${i}\n`;
    const { stdout } = user.host.run(['socat', '-t6', '-', way], { input });
    t.equal(stdout, `${other} ${input}`, 'a new flow');
    t.equal(await say(`old ${i}`), first, 'the old one');
  }
});
