import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { corosyncSystems } from './corosync/corosync-system.ts';
import { runForkedMembers, type TaskPart } from './run-forked-members.ts';
import { jgroupsSystem } from './jgroups/jgroups-system.ts';
import { redisSystems } from './redis/redis-system.ts';
import { besides } from './installed.ts';
import type { RunFigures } from './figures.ts';
import { MEMBER_FILE } from '../../cli/bench/measure-load.ts';
import type { MemberTask } from '../../cli/bench/member-task.ts';
import { messageOf } from '../../cli/shell/failure.ts';
import type { AbsentSystem, Load, System } from './system.ts';

/**
 * Other people's systems, and the bare prototype: the names of some, and how these are opened. What has to be compiled
 * goes into `directory`; `datagramBytes`: of this project's longest datagrams.
 */
const OTHERS: readonly {
  names: readonly string[];
  open: (directory: string, datagramBytes: number) => (System | AbsentSystem)[];
}[] = [
  { names: ['bare'], open: () => [bareSystem('bare', BARE_DATAGRAM_BYTES)] },
  { names: ['bare-large'], open: (_, datagramBytes) => [bareSystem('bare-large', datagramBytes)] },
  { names: ['redis', 'redis-packed'], open: redisSystems },
  { names: ['jgroups'], open: (directory) => [jgroupsSystem(directory)] },
  { names: ['corosync', 'corosync-large'], open: corosyncSystems },
];

/** What every path of Ethernet carries. */
const BARE_DATAGRAM_BYTES = 1_400;

/** Every name that the bench knows: the systems of others first, then this project's orderings. */
export const SYSTEM_NAMES: readonly string[] = [
  ...OTHERS.flatMap((each) => each.names),
  ...ORDERING_NAMES,
];

function bareSystem(name: string, datagramBytes: number): System {
  return {
    name,
    description:
      `the bare prototype, Node ${process.versions.node}, datagrams of ${datagramBytes} bytes, ` +
      'no recovery, no authentication',
    run: (load) => {
      const { payloadBytes, secondsMax } = load;
      const script = besides('.', 'bare-member.ts');
      const taskOf = (part: TaskPart) => ({ ...part, payloadBytes, secondsMax, datagramBytes });
      return runForkedMembers(name, script, load, taskOf);
    },
  };
}

/**
 * The systems of these names, in the order of `SYSTEM_NAMES`. What has to be compiled goes into
 * `directory`. `datagramLengths`: of this project's members, in bytes; with several of them, each ordering is
 * a system with each.
 */
export function openSystems(
  names: readonly string[],
  directory: string,
  datagramLengths: readonly number[],
): (System | AbsentSystem)[] {
  const longest = Math.max(...datagramLengths);
  const others = OTHERS.filter((each) => each.names.some((name) => names.includes(name))).flatMap(
    (each) => openOrMissing(each.names, () => each.open(directory, longest)),
  );
  const ours = ORDERING_NAMES.filter((name) => names.includes(name)).flatMap((name) =>
    datagramLengths.map((bytes) => ourSystem(name, bytes, datagramLengths.length > 1)),
  );
  return [...others.filter(({ name }) => names.includes(name)), ...ours];
}

/** What `open` gives; what cannot be opened is missing, and takes nothing else with it. */
export function openOrMissing(
  names: readonly string[],
  open: () => (System | AbsentSystem)[],
): (System | AbsentSystem)[] {
  try {
    return open();
  } catch (error) {
    return names.map((name) => ({ name, missing: messageOf(error) }));
  }
}

function ourSystem(name: string, datagramBytes: number, isOneOfSeveral: boolean): System {
  return {
    name: isOneOfSeveral ? `${name}/${datagramBytes}` : name,
    description: `this project's ${name}, datagrams of ${datagramBytes} bytes, no store`,
    run: (load) => runOurs(name, datagramBytes, load),
  };
}

function runOurs(ordering: string, datagramBytes: number, load: Load): Promise<RunFigures> {
  const { payloadBytes, secondsMax } = load;
  // As of the others, the whole run counts.
  const rules = { intervalUsMax: 0, warmUpShare: 0 };
  const shared = { ...rules, ordering, payloadBytes, secondsMax, datagramBytes };
  const taskOf = (part: TaskPart): MemberTask => ({ ...part, ...shared });
  return runForkedMembers(ordering, MEMBER_FILE, load, taskOf);
}
