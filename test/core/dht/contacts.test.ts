import t from 'tap';
import { toHex } from '../../../src/core/base/bytes.ts';
import { OutboxBuffer } from '../../../src/core/base/outbox.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time.ts';
import { Budget } from '../../../src/core/dht/budget.ts';
import { Contacts } from '../../../src/core/dht/contacts.ts';
import { createEnv, type Env, placeOfNode } from '../../../src/core/dht/env.ts';
import { FAILURES_MAX } from '../../../src/core/dht/limits.ts';
import { commonPrefix } from '../../../src/core/dht/place.ts';
import type { CertifiedPeer, DhtEvent, DhtPersist, DhtSend } from '../../../src/core/dht/types.ts';
import { crypto, NETWORK, WALL_MS, World } from './world.ts';

const FEW = 4;

/** One node whose first bucket is full, and others that would belong there and are heard one after the other. */
class Watcher {
  now = 0;
  private readonly env: Env;
  private readonly contacts: Contacts;
  private readonly out = new OutboxBuffer<DhtSend, DhtEvent, DhtPersist>();
  private readonly others = new Map<string, CertifiedPeer>();
  private heard = 0;

  constructor() {
    const world = new World({ seed: 'contacts' });
    const self = world.member(0).identity;
    const { rng, verifier } = world;
    const options = { crypto, rng, verifier, networkId: NETWORK, self, limits: { k: FEW } };
    this.env = createEnv({ ...options, contacts: [], isCore: true, wallOffsetMs: WALL_MS }, 1);
    this.contacts = new Contacts(this.env, new Budget(1e9));
    for (let i = 1; this.others.size < 8 * FEW; i++) {
      const { identity, address } = world.member(i);
      if (commonPrefix(this.env.place, placeOfNode(this.env, identity.nodeId, identity.nonce)) > 0) continue;
      this.others.set(toHex(identity.nodeId), { ...identity, addresses: [address], isCore: true, rttMs: 50 });
    }
    for (let i = 0; i < FEW; i++) this.hearNext();
  }

  private hearNext(): void {
    const strangers = [...this.others].filter(([id]) => this.env.table.get(id) === undefined);
    this.contacts.see(strangers[this.heard++ % strangers.length][1], { now: this.now, out: this.out });
  }

  /** One of the others is heard every five minutes. Gives how many were asked for a sign of life; they give it, or not. */
  pingsWithin(ms: number, isAlive = true): number {
    let pings = 0;
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 5 * MINUTE_MS;
      this.hearNext();
      for (const { to } of this.out.sends) {
        pings++;
        this.answer(toHex(to.nodeId), isAlive);
      }
      this.out.clear();
    }
    return pings;
  }

  private answer(id: string, isAlive: boolean): void {
    const turn = { now: this.now, out: this.out };
    if (isAlive) this.contacts.see(this.others.get(id) as CertifiedPeer, turn);
    for (const request of this.env.requests.takeAllTo(id)) {
      if (isAlive) this.contacts.onReply(request);
      else this.contacts.onFailed(request);
    }
    if (!isAlive) for (let i = 0; i < FAILURES_MAX; i++) this.contacts.onSilent(id, this.now, turn);
  }
}

t.test('contacts that stay are asked for signs of life more and more seldom', async (t) => {
  const watcher = new Watcher();
  t.equal(watcher.pingsWithin(10 * MINUTE_MS), 0, 'not at first');
  t.ok(watcher.pingsWithin(10 * MINUTE_MS) > 0, 'when they are silent for a quarter of an hour');
  const early = watcher.pingsWithin(DAY_MS);
  t.ok(early > 10 && early < 40, `${early} on the first day`);
  watcher.pingsWithin(20 * DAY_MS);
  const late = watcher.pingsWithin(20 * DAY_MS);
  t.ok(late >= 4 * FEW && late <= 6 * FEW, `each every four days: ${late} in twenty days`);
});

t.test('where contacts were found gone, all are asked sooner', async (t) => {
  const watcher = new Watcher();
  watcher.pingsWithin(DAY_MS);
  const calm = watcher.pingsWithin(2 * HOUR_MS);
  t.ok(calm <= FEW, `${calm} in two hours`);
  watcher.pingsWithin(DAY_MS, false);
  const alarmed = watcher.pingsWithin(2 * HOUR_MS);
  t.ok(alarmed > FEW, `${alarmed} in two hours after that`);
});
