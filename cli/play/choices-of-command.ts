import type { Choice } from '../../simulation/choices/choice.ts';
import type { ChosenRun } from '../../simulation/choices/chosen-run.ts';
import type { Packet } from '../../simulation/choices/packets-under-way.ts';
import type { PlayCommand } from './play-words.ts';

const LISTED_MAX = 12;

/**
 * The steps that a command means at this table; `null` for a command that takes none. They are checked one by
 * one as they are taken, except that what a command names has to be there.
 * @throws RangeError that says what there is not, and what there is.
 */
export function choicesOf(run: ChosenRun, command: PlayCommand): Choice[] | null {
  switch (command.do) {
    case 'deliver':
      if (command.packets.join(' ') === 'all') return deliverAll(run);
      return packetsOf(run, command.packets).map((packet) => ({ act: 'deliver', packet }));
    case 'lose':
    case 'repeat': {
      const act = command.do;
      return packetsOf(run, command.packets).map((packet) => ({ act, packet }));
    }
    case 'multicast':
    case 'fire':
    case 'pause': {
      const act = command.do;
      return command.members.map((member) => ({ act, member: memberOf(run, member) }));
    }
    case 'revive':
      return command.members.map((member) => ({ act: 'resume', member: memberOf(run, member) }));
    case 'crash': {
      const { do: act, ...crash } = command;
      memberOf(run, crash.member);
      return [{ act, ...crash }];
    }
    case 'cut':
    case 'heal':
    case 'close': {
      const act = command.do;
      return command.paths.map(({ from, to }) => {
        if (memberOf(run, from) !== memberOf(run, to)) return { act, from, to };
        throw new RangeError(`a path leads from one peer to another; ${from}>${to} does not`);
      });
    }
    default:
      return null;
  }
}

function deliverAll(run: ChosenRun): Choice[] {
  const all = [...run.packets].map(({ name }): Choice => ({ act: 'deliver', packet: name }));
  const possible = all.filter((choice) => run.allows(choice));
  if (possible.length > 0) return possible;
  throw new RangeError('nothing is under way that could arrive');
}

/** Names a path twice whoever means the first two packets on it. */
function packetsOf(run: ChosenRun, texts: readonly string[]): string[] {
  const left = [...run.packets];
  return texts.map((text) => {
    const found = packetOf(left, text);
    left.splice(left.indexOf(found), 1);
    return found.name;
  });
}

/** By its number, its name (0>1#2), or its path (0>1: what was sent first). */
function packetOf(packets: readonly Packet[], text: string): Packet {
  const found = packets.find(
    ({ number, name, from, to }) =>
      text === String(number) || text === name || text === `${from}>${to}`,
  );
  if (found !== undefined) return found;
  throw new RangeError(`packet ${text} is not under way; ${listOf(packets)}`);
}

function listOf(packets: readonly Packet[]): string {
  if (packets.length === 0) return 'nothing is';
  const numbers = packets.slice(0, LISTED_MAX).map(({ number }) => number);
  const left = packets.length - numbers.length;
  return `under way: ${numbers.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

function memberOf(run: ChosenRun, member: number): number {
  const { length } = run.members;
  if (member < length) return member;
  throw new RangeError(`there is no peer ${member}; allowed: 0 to ${length - 1}`);
}

/** Why a step cannot be taken now, for a person. */
export function whyImpossible(run: ChosenRun, choice: Choice): string {
  const member = actorOf(run, choice);
  if (member !== null && choice.act !== 'resume' && !run.isRunning(member)) {
    return `peer ${member} does not run any more: it crashed, or its ordering threw`;
  }
  if (member !== null && choice.act !== 'resume' && run.allows({ act: 'resume', member })) {
    return `peer ${member} is paused; revive ${member} lets it go on`;
  }
  switch (choice.act) {
    case 'multicast':
      return `peer ${choice.member} has multicast all its messages (--messages)`;
    case 'fire':
      return `the ordering of peer ${choice.member} has set no timer`;
    case 'resume':
      return `peer ${choice.member} is not paused`;
    case 'cut':
      return `the path ${choice.from}>${choice.to} is cut already`;
    case 'heal':
      return `the path ${choice.from}>${choice.to} is not cut`;
    case 'close':
      return whyNotClosed(run, choice.from);
    case 'lose':
    case 'repeat':
      return 'the channels are reliable (--reliable): nothing is lost or repeated on them';
    case 'deliver':
      return 'the channels are reliable (--reliable): what was sent before it arrives first';
    default:
      return 'that is not possible now';
  }
}

function whyNotClosed(run: ChosenRun, from: number): string {
  if (run.isRunning(from)) return `peer ${from} runs; a channel is closed once its sender crashed`;
  return 'there is no reliable channel that is open (mpcomm play --reliable), or nobody to be told';
}

function actorOf(run: ChosenRun, choice: Choice): number | null {
  if ('member' in choice) return choice.member;
  if (choice.act !== 'deliver') return null;
  return run.packets.get(choice.packet)?.to ?? null;
}
