import type { Choice } from './choice.ts';
import type { Packet } from './packets-under-way.ts';

/** What can be seen of a chosen run by whoever asks what may happen next. */
export interface StepTable {
  readonly members: readonly unknown[];
  readonly packets: Iterable<Packet>;
  isRunning(member: number): boolean;
  allows(choice: Choice): boolean;
}

/** The steps that need no fault: multicasts, arrivals, channels that close, and deadlines, in this order. */
export function enabledSteps(table: StepTable): Choice[] {
  const members = [...table.members.keys()];
  const choices: Choice[] = members.map((member) => ({ act: 'multicast', member }));
  for (const { name } of table.packets) choices.push({ act: 'deliver', packet: name });
  for (const from of members) {
    // Nothing closes while everybody lives.
    if (!table.isRunning(from)) choices.push(...closings(from, members));
  }
  for (const member of members) choices.push({ act: 'fire', member });
  return choices.filter((choice) => table.allows(choice));
}

function closings(from: number, members: readonly number[]): Choice[] {
  return members.map((to) => ({ act: 'close', from, to }));
}
