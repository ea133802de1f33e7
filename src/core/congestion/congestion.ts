// The door of congestion control: what became of what a path carried, how much more may leave, in which order, and what is acknowledged when.
export { ACK_DELAY_MS, AckSchedule } from './ack-schedule.ts';
export { Bbr } from './bbr.ts';
export { CalmLosses } from './calm-losses.ts';
export { Correction } from './correction.ts';
export { holdMs } from './correction-plan.ts';
export { Delivery, type DeliveryOwner } from './delivery.ts';
export { FairQueue } from './fair-queue.ts';
export { RepairLog, type Resend } from './repair-log.ts';
export { GOVERNED_RTT_MS, UNGOVERNED_RTT_MS } from './rtt.ts';
export { RECORD_DATAGRAMS } from './sent-log.ts';
export { Survey } from './survey.ts';
