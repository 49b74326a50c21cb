import type { Bus } from '../ports.ts';
import { reach } from '../unavailable.ts';

/**
 * The interval between pings, or that of the calls of `expire` where it is longer: once a minute in the
 * cloud. Peers take a silence of several minutes for deafness.
 */
export const PING_MS = 30_000;

/** When the last ping was published; kept by the caller from call to call. */
export interface PingRecord {
  pingedAtMs: number;
}

/**
 * Publishes a command that asks for nothing, if the last one is long enough ago: it is a sign of life
 * to every subscription, at the cost of one publication and one delivery a peer. Two instances that
 * each keep a record ping twice as often, which harms nobody. Throws `UnavailableError` when the bus
 * does not answer.
 */
export async function pingPeers(
  bus: Pick<Bus, 'publish'>,
  nowMs: number,
  record: PingRecord,
): Promise<boolean> {
  if (nowMs - record.pingedAtMs < PING_MS) return false;
  await reach('bus', () => bus.publish({ command: 'ping', issuedAtMs: nowMs }));
  record.pingedAtMs = nowMs;
  return true;
}
