import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { corosyncSystem } from './corosync/corosync-system.ts';
import { runForkedMembers } from './forked-members.ts';
import { jgroupsSystem } from './jgroups/jgroups-system.ts';
import { redisSystems } from './redis/redis-system.ts';
import type { AbsentSystem, System } from './system.ts';

/** Other people's systems, and the bare prototype. */
const OTHERS = {
  bare: () => [BARE],
  redis: redisSystems,
  jgroups: (directory: string) => [jgroupsSystem(directory)],
  corosync: (directory: string) => [corosyncSystem(directory)],
};
const OTHER_NAMES = ['bare', 'redis', 'redis-packed', 'jgroups', 'corosync'];

/** Every name that the bench knows: the systems of others first, then this project's orderings. */
export const SYSTEM_NAMES: readonly string[] = [...OTHER_NAMES, ...ORDERING_NAMES];

const BARE: System = {
  name: 'bare',
  description: `the bare prototype, Node ${process.versions.node}, no recovery, no authentication`,
  run: (load) => runForkedMembers('bare', './bare-member.ts', load),
};

/**
 * The systems of these names, in the order of `SYSTEM_NAMES`. What has to be compiled goes into
 * `directory`. `datagramBytes`: of this project's members.
 */
export function openSystems(
  names: readonly string[],
  directory: string,
  datagramBytes: number,
): (System | AbsentSystem)[] {
  const others = Object.entries(OTHERS)
    .filter(([prefix]) => names.some((name) => name === prefix || name.startsWith(`${prefix}-`)))
    .flatMap(([, open]) => open(directory));
  const ours = ORDERING_NAMES.map((name) => ourSystem(name, datagramBytes));
  return [...others, ...ours].filter(({ name }) => names.includes(name));
}

function ourSystem(name: string, datagramBytes: number): System {
  return {
    name,
    description: `this project's ${name}, datagrams of ${datagramBytes} bytes, no store`,
    run: (load) => runForkedMembers(name, './ours-member.ts', load, [name, String(datagramBytes)]),
  };
}
