// `lan.ts NETWORK NODE PORT`: announces a node on its links and prints whom it hears, until its input ends.
import { createInterface } from 'node:readline';
import { formatSocketAddress } from '../../../src/core/base/ip.ts';
import { LanDiscovery } from '../../../src/host/io/io.ts';
import { nativeSystem } from '../../../src/host/native/native.ts';

const [network = 0, node = 0, port = 0] = process.argv.slice(2).map(Number);
const system = nativeSystem();
const lan = new LanDiscovery({
  system,
  networkId: new Uint8Array(32).fill(network),
  nodeId: new Uint8Array(32).fill(node),
  udpPort: port,
  interfaceName: 'mcc0',
  onFound: (nodeId, address) => console.log(`found ${nodeId[0]} at ${formatSocketAddress(address)}`),
});
const watch = system.watch(0, () => lan.changed());
console.log('started');
for await (const _ of createInterface(process.stdin));
watch.close();
lan.close();
console.log('closed');
