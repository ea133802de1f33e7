import t from 'tap';
import { seededRng } from '../../../src/core/base/rng.ts';
import { DAY_MS, DAY_S, MINUTE_MS, NEVER } from '../../../src/core/base/time.ts';
import {
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
  RenewalMachine,
  SIGNER_SILENT_MS,
  SIGNERS_ASKED_MAX,
} from '../../../src/core/consortium/renewal.ts';
import type { RenewalEvent } from '../../../src/core/consortium/types.ts';

const START_MS = 1_800_000_000_000;
const LIFE_S = 30 * DAY_S;

function setUp(seed: number | string = 'renewal') {
  const machine = new RenewalMachine(seededRng(seed), START_MS);
  const events: RenewalEvent[] = [];
  const out = { emit: (event: RenewalEvent) => void events.push(event) };
  const issue = (now: number) => {
    const notBefore = (START_MS + now) / 1000;
    machine.handle({ kind: 'certificate', notBefore, notAfter: notBefore + LIFE_S }, now, out);
  };
  /** Fires its timer when it is due. */
  const fire = () => {
    const now = machine.wakeAt;
    machine.onTimer(now, out);
    return now;
  };
  return { machine, out, issue, fire, take: () => events.splice(0) };
}

const signer = (n: number) => new Uint8Array(32).fill(n);

t.test('due at a third of the life, spread over a day, and again after each renewal', async (t) => {
  const dues = Array.from({ length: 50 }, (_, i) => {
    const { machine, issue, fire, take } = setUp(i);
    t.equal(machine.wakeAt, NEVER, 'nothing to renew yet');
    issue(0);
    const due = fire();
    t.strictSame(take(), [{ kind: 'find' }]);
    return due / DAY_MS;
  });
  t.ok(
    dues.every((day) => day >= 10 && day <= 11),
    'between day 10 and 11',
  );
  t.ok(Math.max(...dues) - Math.min(...dues) > 0.5, 'not all at once');
  const { machine, issue } = setUp();
  issue(0);
  issue(5 * DAY_MS);
  t.ok(machine.wakeAt >= 15 * DAY_MS && machine.wakeAt <= 16 * DAY_MS, 'counted from the latest');
});

t.test('one signer after the other, each for its time', async (t) => {
  const { machine, out, issue, fire, take } = setUp();
  issue(0);
  const due = fire();
  take();
  machine.handle({ kind: 'found', signers: [signer(1), signer(2), signer(3)] }, due, out);
  const [first] = take() as { kind: 'connect'; nodeId: Uint8Array }[];
  t.equal(first.kind, 'connect');
  t.ok(machine.isAsking(first.nodeId));
  machine.handle({ kind: 'established', nodeId: signer(9) }, due, out);
  t.strictSame(take(), [], 'a session with somebody else means nothing');
  machine.handle({ kind: 'established', nodeId: first.nodeId }, due, out);
  t.strictSame(take(), [{ kind: 'request', nodeId: first.nodeId }]);
  t.equal(machine.wakeAt, due + SIGNER_SILENT_MS);
  fire();
  const [second] = take() as { kind: 'connect'; nodeId: Uint8Array }[];
  t.equal(second.kind, 'connect');
  t.notSame(second.nodeId, first.nodeId);
  machine.handle({ kind: 'refused', nodeId: first.nodeId }, machine.wakeAt - 1, out);
  t.strictSame(take(), [], 'the first is too late to refuse');
  machine.handle({ kind: 'refused', nodeId: second.nodeId }, machine.wakeAt - 1, out);
  t.match(take(), [{ kind: 'connect' }], 'the third follows at once');
  issue(due);
  t.notOk(
    [1, 2, 3].some((n) => machine.isAsking(signer(n))),
    'renewed: nobody is asked any more',
  );
});

t.test('without a signer it is tried for ever, ever more rarely', async (t) => {
  const { machine, out, issue, fire, take } = setUp();
  issue(0);
  let last = fire();
  take();
  const gaps: number[] = [];
  for (let n = 1; n <= 12; n++) {
    machine.handle({ kind: 'found', signers: [] }, last, out);
    t.strictSame(take(), [{ kind: 'failed', failures: n }]);
    const next = fire();
    t.strictSame(take(), [{ kind: 'find' }]);
    gaps.push(next - last);
    last = next;
  }
  t.ok(gaps[0] >= (3 / 4) * RETRY_FIRST_MS && gaps[0] <= MINUTE_MS, 'a short outage costs a minute');
  gaps.slice(0, 9).forEach((gap, n) => {
    t.ok(gap >= (3 / 4) * RETRY_FIRST_MS * 2 ** n && gap <= RETRY_FIRST_MS * 2 ** n, `doubled ${n} times`);
  });
  t.ok(
    gaps.every((gap) => gap <= RETRY_MAX_MS),
    'at least four times a day',
  );
  t.ok((gaps.at(-1) as number) >= (3 / 4) * RETRY_MAX_MS, 'at most five times a day');
});

t.test('the next certificate is renewed as soon, whatever it took to get this one', async (t) => {
  const { machine, out, issue, fire, take } = setUp();
  issue(0);
  let last = fire();
  for (let n = 0; n < 12; n++) {
    machine.handle({ kind: 'found', signers: [] }, last, out);
    last = fire();
  }
  issue(last);
  last = fire();
  take();
  machine.handle({ kind: 'found', signers: [] }, last, out);
  t.strictSame(take(), [{ kind: 'failed', failures: 1 }]);
  t.ok(machine.wakeAt - last <= MINUTE_MS);
});

t.test('those who failed together try again apart', async (t) => {
  const gaps = Array.from({ length: 50 }, (_, i) => {
    const { machine, out, issue, fire } = setUp(i);
    issue(0);
    const due = fire();
    machine.handle({ kind: 'found', signers: [] }, due, out);
    return machine.wakeAt - due;
  });
  t.ok(Math.max(...gaps) - Math.min(...gaps) > RETRY_FIRST_MS / 8);
});

t.test('a lookup without an end counts as one without result', async (t) => {
  const { issue, fire, take } = setUp();
  issue(0);
  fire();
  take();
  fire();
  t.strictSame(take(), [{ kind: 'failed', failures: 1 }]);
});

t.test('of many that say that they sign, a few are asked', async (t) => {
  const { machine, out, issue, fire, take } = setUp();
  issue(0);
  machine.handle({ kind: 'found', signers: [signer(1)] }, 0, out);
  t.strictSame(take(), [], 'nobody asked for signers');
  const due = fire();
  take();
  const many = Array.from({ length: 64 }, (_, i) => signer(i));
  machine.handle({ kind: 'found', signers: many }, due, out);
  for (let n = 1; n < SIGNERS_ASKED_MAX; n++) fire();
  t.equal(take().filter(({ kind }) => kind === 'connect').length, SIGNERS_ASKED_MAX);
  fire();
  t.match(take(), [{ kind: 'failed' }]);
});

t.test('the clock is set: what is due by the calendar is due', async (t) => {
  const { machine, out, issue, fire, take } = setUp();
  issue(0);
  machine.handle({ kind: 'wallClock', wallOffsetMs: START_MS + 25 * DAY_MS }, 1000, out);
  t.equal(machine.wakeAt, 1000, 'at once');
  fire();
  t.strictSame(take(), [{ kind: 'find' }]);
  const { machine: other, out: otherOut, issue: issueOther } = setUp();
  issueOther(0);
  other.handle({ kind: 'wallClock', wallOffsetMs: START_MS - 25 * DAY_MS }, 1000, otherOut);
  t.ok(other.wakeAt > 35 * DAY_MS - DAY_MS, 'later by as much');
});

t.test('at once when somebody wants it', async (t) => {
  const { machine, out, issue, take } = setUp();
  issue(0);
  machine.handle({ kind: 'now' }, 5, out);
  machine.handle({ kind: 'now' }, 6, out);
  t.strictSame(take(), [{ kind: 'find' }], 'once');
});
