// How late timed releases leave: single datagrams are sealed 1 to 5 ms ahead, and a plain socket in the same process notes
// when they arrive, so its own wake-up is part of what is printed.
//
//   node test/bench/native-release.ts [COUNT]
import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutRow } from '../../src/core/base/batch-layout.generated.ts';
import { Listener } from '../native/datagrams.ts';
import { LOCALHOST, PLAINTEXT, privateNamespace, sendRow, Twin } from '../native/twin.ts';

const count = Number(process.argv[2] ?? 1000);
privateNamespace(import.meta.filename);

const twin = new Twin();
const listener = await Listener.open();
twin.a.port.setPath(0, { ip: LOCALHOST, port: listener.port });
/** Time of release by counter, ns. */
const due: bigint[] = [];
twin.a.decideOut = (rows, at, counter) => {
  due[counter] = process.hrtime.bigint() + 1_000_000n + BigInt(counter % 5) * 1_000_000n;
  const taken = sendRow(rows, at, counter, PLAINTEXT);
  rows[at + OutRow.releaseLow] = Number(due[counter] & 0xffff_ffffn);
  rows[at + OutRow.releaseHigh] = Number(due[counter] >> 32n);
  return taken;
};
const socket = createSocket('udp4');
for (let i = 0; i < count; i++) {
  socket.send(Buffer.alloc(64), 9, '10.78.0.2');
  await sleep(1);
}
await sleep(50);
const late = listener.datagrams
  .map((datagram, i) => Number(listener.arrivedNs[i] - due[Number(datagram.readBigUInt64LE(8))]) / 1000)
  .sort((a, b) => a - b);
const at = (share: number) => late[Math.min(late.length - 1, Math.floor(late.length * share))].toFixed(0);
console.log(
  `${late.length} of ${count} arrived; us late: min ${at(0)}, median ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}`,
);
socket.close();
listener.close();
twin.close();
