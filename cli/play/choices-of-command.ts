import { type Choice, multicastOf } from '../../simulation/choices/choice.ts';
import type { ChosenRun } from '../../simulation/choices/chosen-run.ts';
import type { Packet } from '../../simulation/choices/packets-under-way.ts';
import { quote } from '../../control/printable.ts';
import { count } from '../render/table.ts';
import { type PlayCommand, QUOTED_MAX, type TypedPath } from './play-words.ts';

const LISTED_MAX = 12;

/**
 * A step that a command means, said once the steps before it are taken: the oldest packet on a path is another one then.
 * @throws RangeError that says what there is not, and what there is.
 */
export type TypedStep = (run: ChosenRun) => Choice;

/**
 * The steps that a command means at this table; `null` for a command that takes none. Whether they are possible is seen
 * as they are taken.
 * @throws RangeError for what can be at no time of this game, such as a peer that does not take part.
 */
export function stepsOf(run: ChosenRun, command: PlayCommand): TypedStep[] | null {
  switch (command.do) {
    case 'deliver':
    case 'lose': {
      const act = command.do;
      if (act === 'deliver' && command.packets.join(' ') === 'all')
        return deliverAll(run).map(known);
      return command.packets.map((text) => {
        const typed = parsePacket(run, text);
        return (now) => ({ act, packet: packetOf([...now.packets], typed).name });
      });
    }
    case 'repeat':
      return packetsOf(run, command.packets).map((packet) => known({ act: 'repeat', packet }));
    default:
      return choicesOf(run, command)?.map(known) ?? null;
  }
}

/** Steps that are the same whatever comes before them. */
function choicesOf(run: ChosenRun, command: PlayCommand): Choice[] | null {
  switch (command.do) {
    case 'multicast':
      return command.multicasts.map((typed) =>
        multicastOf(memberOf(run, typed.member), typed.count),
      );
    case 'fire':
    case 'pause': {
      const act = command.do;
      return command.members.map((member) => ({ act, member: memberOf(run, member) }));
    }
    case 'revive':
      return command.members.map((member) => ({ act: 'resume', member: memberOf(run, member) }));
    case 'crash':
      return command.crashes.map((crash) => {
        memberOf(run, crash.member);
        return { act: 'crash', ...crash };
      });
    case 'cut':
    case 'heal':
    case 'close': {
      const act = command.do;
      return command.paths.map((path) => ({ act, ...pathOf(run, path) }));
    }
    default:
      return null;
  }
}

function known(choice: Choice): TypedStep {
  return () => choice;
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
    const found = packetOf(left, parsePacket(run, text));
    left.splice(left.indexOf(found), 1);
    return found.name;
  });
}

/** A packet as somebody typed it: by its number, its name (0>1#2), or its path (0>1: what was sent first). */
interface TypedPacket {
  readonly text: string;
  /** The path, where one was typed alone. */
  readonly path: TypedPath | null;
}

function parsePacket(run: ChosenRun, text: string): TypedPacket {
  const [, from, to, copy] = /^(\d{1,5})>(\d{1,5})(#\d{1,9}(?:\+\d{1,9})?)?$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) {
    const path = pathOf(run, { from: Number(from), to: Number(to) });
    return { text, path: copy === undefined ? path : null };
  }
  if (/^\d{1,9}$/.test(text)) return { text, path: null };
  throw new RangeError(
    `${quote(text, QUOTED_MAX)} is no packet; allowed: its number (3), or its path (0>1)`,
  );
}

function packetOf(packets: readonly Packet[], { text, path }: TypedPacket): Packet {
  const found = packets.find(({ number, name, from, to }) =>
    path === null ? text === String(number) || text === name : from === path.from && to === path.to,
  );
  if (found !== undefined) return found;
  const paths = [...new Set(packets.map(({ from, to }) => `${from}>${to}`))];
  if (path !== null) {
    throw new RangeError(`nothing is under way from ${path.from} to ${path.to}; ${listOf(paths)}`);
  }
  throw new RangeError(
    `packet ${text} is not under way; ${listOf(packets.map(({ number }) => number))}`,
  );
}

function listOf(names: readonly (string | number)[]): string {
  if (names.length === 0) return 'nothing is';
  const left = names.length - LISTED_MAX;
  return `under way: ${names.slice(0, LISTED_MAX).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

function pathOf(run: ChosenRun, { from, to }: TypedPath): TypedPath {
  if (memberOf(run, from) !== memberOf(run, to)) return { from, to };
  throw new RangeError(`a path leads from one peer to another; ${from}>${to} does not`);
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
      return whyNotMulticast(run.members[choice.member]!.schedule.left, choice.member);
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

function whyNotMulticast(left: number, member: number): string {
  return left === 0
    ? `peer ${member} has multicast all its messages (--messages)`
    : `peer ${member} has ${count(left, 'message')} left to multicast (--messages)`;
}
