import type { RunPlan } from '../../control/command.ts';
import { PacketFate, pathBetween } from '../../network/network-model.ts';
import type { Clock } from '../clock.ts';
import type { PeerConfiguration } from '../configuration.ts';
import type { Logger } from '../log.ts';
import type { Carrier } from './datagram-channel.ts';
import { EmulatedCarrier } from './emulated-carrier.ts';
import { type Libc, loadLibc, NativeTransportError } from './native/libc.ts';
import { openUdpCarrier } from './udp-carrier.ts';

export interface CarrierSurroundings {
  readonly configuration: Pick<PeerConfiguration, 'network' | 'loss'>;
  /** What the native transport calls; `null` where datagrams go by Node's own. */
  readonly libc: Libc | null;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What carries the datagrams of member `self` of a run: UDP, with the distance of the zones before it where that is emulated. */
export async function openCarrier(
  plan: RunPlan,
  self: number,
  { configuration, libc, clock, log }: CarrierSurroundings,
): Promise<Carrier> {
  const sockets = await openUdpCarrier(
    self,
    plan.members,
    (error) => log.error({ err: error, runId: plan.runId }, 'a member cannot be reached'),
    libc,
  );
  if (configuration.network === 'real') return sockets;
  const from = plan.members[self]!.zone;
  const fates = plan.members.map((member, to) =>
    to === self
      ? null
      : new PacketFate(pathBetween(from, member.zone), configuration.loss, plan.seed, self, to),
  );
  return new EmulatedCarrier(sockets, fates, clock);
}

/** The system's own functions where they can be used; `null`: Node's are. */
export async function loadNative(log: Logger): Promise<Libc | null> {
  try {
    return await loadLibc();
  } catch (error) {
    if (!(error instanceof NativeTransportError)) throw error;
    log.warn({ err: error }, 'datagrams go by dgram, as there is no native transport here');
    return null;
  }
}
