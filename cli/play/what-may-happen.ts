import type { ChosenRun } from '../../simulation/choices/chosen-run.ts';

/** Packets that are listed by number. */
const NUMBERS_MAX = 3;

/** What may still happen in a game by itself, as the commands that do it, such as `multicast 0 2`; faults are left out. */
export function whatMayHappen(run: ChosenRun): string[] {
  return [
    ...arrivals(run),
    ...byMembers(run, 'multicast', 'multicast'),
    ...byMembers(run, 'resume', 'revive'),
    ...closings(run),
    ...byMembers(run, 'fire', 'fire'),
  ];
}

function arrivals(run: ChosenRun): string[] {
  const numbers = [...run.packets]
    .filter(({ name }) => run.allows({ act: 'deliver', packet: name }))
    .map(({ number }) => number);
  if (numbers.length === 0) return [];
  const left = numbers.length - NUMBERS_MAX;
  return [
    `deliver ${numbers.slice(0, NUMBERS_MAX).join(' ')}${left > 0 ? ` (or ${left} more)` : ''}`,
  ];
}

function byMembers(run: ChosenRun, act: 'multicast' | 'resume' | 'fire', typed: string): string[] {
  const members = [...run.members.keys()].filter((member) => run.allows({ act, member }));
  return members.length === 0 ? [] : [`${typed} ${members.join(' ')}`];
}

/** Crashes of which somebody is still to be told, where channels are reliable. */
function closings(run: ChosenRun): string[] {
  const all = [...run.members.keys()];
  return all.flatMap((from) => {
    const told = all.filter((to) => to !== from && run.allows({ act: 'close', from, to }));
    return told.length === 0 ? [] : [`close ${from}>${told.join(',')}`];
  });
}
