// A host's plumbing without a daemon around it: plans come in as lines of JSON, what it answers goes out as lines.
import { createInterface } from 'node:readline';
import { parseIp } from '../../../src/core/base/ip.ts';
import { EndpointPlumbing, mendEndpoints, parseTarget } from '../../../src/host/endpoints/endpoints.ts';
import { nativeSystem } from '../../../src/host/native/native.ts';

/** Addresses and targets as text. */
interface Line {
  plans?: {
    name: string;
    address6: string;
    alias4: string;
    protocol: 'tcp' | 'udp';
    port: number;
    target?: string;
  }[];
  resolver?: { address6: string; alias4: string; tcpPort4: number; tcpPort6: number };
  refresh?: 'trust' | 'distrust';
}

const [interfaceName = '', stateFile = '', ...hostAddresses] = process.argv.slice(2);
const system = nativeSystem();
const ip = (text: string): Uint8Array => parseIp(text) as Uint8Array;
mendEndpoints(system, interfaceName, stateFile);
const rules = { system, interfaceName, reserved: [{ ip: ip('127.0.0.1'), port: 9377 }] };
const plumbing = new EndpointPlumbing({ ...rules, hostAddresses: hostAddresses.map(ip), stateFile });
console.log('mended');
for await (const text of createInterface(process.stdin)) {
  const { plans, resolver, refresh } = JSON.parse(text) as Line;
  if (refresh !== undefined) {
    plumbing.refresh(refresh === 'distrust');
    await plumbing.settled();
    console.log('done', JSON.stringify(plumbing.remarks.map(({ message }) => ({ code: message }))));
    continue;
  }
  const read = await Promise.all(
    (plans ?? []).map(async (plan, i) => ({
      ...plan,
      selector: i + 1,
      address6: ip(plan.address6),
      alias4: ip(plan.alias4),
      target: await parseTarget(plan.target, rules),
    })),
  );
  const at = resolver && { ...resolver, address6: ip(resolver.address6), alias4: ip(resolver.alias4) };
  const problems = plumbing.apply(read, at).map(({ name, error }) => ({ name, code: error.code }));
  console.log('done', JSON.stringify(problems));
}
plumbing.close();
