import { type Choice, messagesIn } from '../choices/choice.ts';

/** A choice in words, as a story tells it. */
export function describeChoice(choice: Choice): string {
  switch (choice.act) {
    case 'multicast':
      return messagesIn(choice) > 1
        ? `peer ${choice.member} multicasts ${messagesIn(choice)} messages at one instant`
        : `peer ${choice.member} multicasts`;
    case 'fire':
      return `the timer of peer ${choice.member} goes off`;
    case 'crash':
      return choice.sends === undefined
        ? `peer ${choice.member} crashes`
        : `peer ${choice.member} is to crash in the middle of what it does next, after sending ${choice.sends}`;
    case 'pause':
      return `peer ${choice.member} stands still`;
    case 'resume':
      return `peer ${choice.member} goes on`;
    case 'deliver':
      return `${choice.packet} arrives`;
    case 'lose':
      return `${choice.packet} is lost`;
    case 'repeat':
      return `${choice.packet} is repeated`;
    case 'cut':
      return `the path ${choice.from}>${choice.to} is cut`;
    case 'heal':
      return `the path ${choice.from}>${choice.to} heals`;
    case 'close':
      return `peer ${choice.to} is told that peer ${choice.from} crashed, and hears no more of it`;
  }
}
