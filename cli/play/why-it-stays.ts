import type { ChosenRun } from '../../simulation/choices/chosen-run.ts';
import type { TablePacket } from '../../simulation/play/game-view.ts';

/** Why a packet under way, which may not be delivered now, stays where it is: in words that follow it in a list. */
export function whyItStays(run: ChosenRun, { name, from, to }: TablePacket): string {
  if (!run.isRunning(to)) return `peer ${to} does not run any more`;
  if (run.allows({ act: 'resume', member: to })) return `peer ${to} is paused`;
  const first = run.packets.firstOn(from, to);
  return first === undefined || first.name === name ? 'not now' : `behind ${first.number}`;
}
