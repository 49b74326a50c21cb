import { messagesIn, multicastOf } from '../choice.ts';
import type { LooseStep } from './loose-replay.ts';

/** The same steps where each message is multicast in a step of its own. */
export function stepsWithoutBursts(steps: readonly LooseStep[]): LooseStep[] {
  return steps.flatMap((step): LooseStep[] => {
    const { choice, says } = step;
    if (choice.act !== 'multicast' || messagesIn(choice) === 1) return [step];
    const one = multicastOf(choice.member, 1, choice.atUs);
    return Array.from({ length: messagesIn(choice) }, () => ({ choice: one, says }));
  });
}

/** The same steps in a group without member `gone`, whose own are left out, and in which the members after it move up. */
export function stepsWithoutMember(steps: readonly LooseStep[], gone: number): LooseStep[] {
  return steps.flatMap((step) => stepWithoutMember(step, gone));
}

/**
 * The same steps where nobody multicasts a message of number `gone`, and each later one has the number before: what is
 * about packets of that message is left out. A number that counts something else in packets of some kind is changed as
 * well; such a packet is then not found again, and its step not taken.
 */
export function stepsWithoutMessage(steps: readonly LooseStep[], gone: number): LooseStep[] {
  const multicasts = new Map<number, number>();
  return steps.flatMap((step): LooseStep[] => {
    const { choice, says } = step;
    if (choice.act === 'multicast') {
      const first = multicasts.get(choice.member) ?? 0;
      const count = messagesIn(choice);
      multicasts.set(choice.member, first + count);
      if (gone < first || gone >= first + count) return [step];
      if (count === 1) return [];
      return [{ choice: multicastOf(choice.member, count - 1, choice.atUs), says }];
    }
    if (says === '') return [step];
    const [path, kind, sender, sequence] = says.split(' ');
    if (Number(sequence) === gone) return [];
    const moved = Number(sequence) > gone ? Number(sequence) - 1 : sequence;
    return [{ choice, says: `${path} ${kind} ${sender} ${moved}` }];
  });
}

function stepWithoutMember({ choice, says }: LooseStep, gone: number): LooseStep[] {
  const moved = (member: number): number => (member > gone ? member - 1 : member);
  if ('member' in choice) {
    return choice.member === gone
      ? []
      : [{ choice: { ...choice, member: moved(choice.member) }, says }];
  }
  if ('from' in choice) {
    const { from, to } = choice;
    if (from === gone || to === gone) return [];
    return [{ choice: { ...choice, from: moved(from), to: moved(to) }, says }];
  }
  const [, from, to, number] = /^(\d+)>(\d+)(#.*)$/.exec(choice.packet)!;
  if (Number(from) === gone || Number(to) === gone) return [];
  const path = `${moved(Number(from))}>${moved(Number(to))}`;
  const [, kind, sender, sequence] = says.split(' ');
  if (Number(sender) === gone) return [];
  return [
    {
      choice: { ...choice, packet: path + number! },
      says: `${path} ${kind} ${moved(Number(sender))} ${sequence}`,
    },
  ];
}
