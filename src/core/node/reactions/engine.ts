// What the engine meets while it walks a batch, and does not decide itself.
import { InRow, Kind, ROW_WORDS } from '../../base/batch-layout.generated.ts';
import { equalSocketAddress, type SocketAddress, socketAddressFromWords } from '../../base/ip.ts';
import { readUdp } from '../../engine/engine.ts';
import type { EngineSink } from '../../engine/types.ts';
import { isPathTest } from '../../wire/wire.ts';
import { type NodeContext, toPath, toSession } from '../context.ts';
import { onRaw, pump } from '../dispatch.ts';
import { tokenIn } from '../proofs.ts';
import { refuseHere } from '../refusals.ts';
import { useService } from '../service-sets.ts';
import { onControl } from './control.ts';
import { want } from './discovery.ts';
import { feedDns } from './dns.ts';

/** The batch under way: rows and slab of the port, of the direction at hand, and time. */
export interface Batch {
  rows: Uint32Array;
  bytes: Uint8Array;
  now: number;
}

/** One per node; `batch` is set before every walk. */
export class Sink implements EngineSink {
  readonly batch: Batch = { rows: new Uint32Array(0), bytes: new Uint8Array(0), now: 0 };
  private readonly context: NodeContext;

  constructor(context: NodeContext) {
    this.context = context;
  }

  wanted(slot: number): void {
    const remote = this.context.remotes.at(slot);
    if (remote !== undefined) want(this.context, remote);
    pump(this.context, this.batch.now);
  }

  rekey(slot: number): void {
    const { remotes, tables } = this.context;
    const remote = remotes.at(slot);
    if (remote === undefined) return;
    const isCounted = tables.remotes.nextCounter[slot] >= tables.remotes.rekeyAtCounter[slot];
    toSession(this.context, remote, { kind: isCounted ? 'rekey' : 'connect' });
    pump(this.context, this.batch.now);
  }

  keyConfirmed(slot: number, receiveKey: number, row: number): void {
    const remote = this.context.remotes.at(slot);
    if (remote === undefined) return;
    const { current } = remote.path;
    // A test of a way may be the first to arrive under new keys, and says nothing of where the remote sends from.
    const from = current !== undefined && this.isTest(row) ? current : this.from(row);
    const token = this.kind(row) === Kind.control ? tokenIn(this.bytes(row)) : undefined;
    toSession(this.context, remote, { kind: 'confirmed', receiveSlot: receiveKey }, from, token);
    pump(this.context, this.batch.now);
  }

  roamed(slot: number, row: number): boolean {
    const remote = this.context.remotes.at(slot);
    if (remote === undefined || !remote.isEstablished || this.isTest(row)) return false;
    const address = this.from(row);
    toPath(this.context, remote, { kind: 'roamed', address });
    pump(this.context, this.batch.now);
    const { current } = remote.path;
    if (current === undefined || !equalSocketAddress(current, address)) return true;
    // Tells the remote that its new address works.
    this.context.work.push({ kind: 'empty', remote });
    pump(this.context, this.batch.now);
    return true;
  }

  control(slot: number, row: number): void {
    const remote = this.context.remotes.at(slot);
    if (remote === undefined) return;
    const from = this.from(row);
    const { current } = remote.path;
    // What a test of another way brings says nothing of the one in use.
    const isElsewhere = current === undefined || !equalSocketAddress(current, from);
    if (!isElsewhere || !this.isTest(row)) this.context.tables.activity.lastHeardMs[slot] = this.batch.now;
    onControl(this.context, remote, this.bytes(row), from, this.batch.now);
    pump(this.context, this.batch.now);
  }

  refused(slot: number, row: number): void {
    const remote = this.context.remotes.at(slot);
    if (remote !== undefined) refuseHere(this.context, remote, this.batch.rows, row, this.batch.now);
  }

  raw(row: number): void {
    // A copy: machines and commands may keep it, the slab is reused.
    onRaw(this.context, this.bytes(row).slice(), this.from(row), this.batch.now);
    pump(this.context, this.batch.now);
  }

  serviceUsed(service: number): void {
    useService(this.context, service, this.batch.now);
    pump(this.context, this.batch.now);
  }

  dns(row: number): void {
    const query = readUdp(this.batch.rows, this.batch.bytes, row);
    if (query === undefined) return;
    const { payload, ...addresses } = query;
    feedDns(
      this.context,
      { kind: 'query', token: { kind: 'packet', query: addresses }, bytes: payload, isTcp: false },
      this.batch.now,
    );
    pump(this.context, this.batch.now);
  }

  inject(packet: Uint8Array): void {
    this.context.out.commands.push({ kind: 'inject', packet });
  }

  private isTest(row: number): boolean {
    return this.kind(row) === Kind.control && isPathTest(this.bytes(row));
  }

  private kind(row: number): number {
    return this.batch.rows[row * ROW_WORDS + InRow.kind];
  }

  private bytes(row: number): Uint8Array {
    const at = row * ROW_WORDS;
    const { rows, bytes } = this.batch;
    const offset = rows[at + InRow.offset];
    return bytes.subarray(offset, offset + rows[at + InRow.length]);
  }

  private from(row: number): SocketAddress {
    const at = row * ROW_WORDS;
    const { rows } = this.batch;
    return socketAddressFromWords(rows, at + InRow.outerSource);
  }
}
