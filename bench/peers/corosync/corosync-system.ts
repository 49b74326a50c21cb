import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFigures } from '../figures.ts';
import { compileMember, locate, missingPart, packageVersion } from '../installed.ts';
import { enterNamespacesOf, PrivateNetwork, saysReady } from '../private-network.ts';
import { runSpokenMembers } from '../spoken-members.ts';
import type { AbsentSystem, Load, System } from '../system.ts';

const NAME = 'corosync';
const DAEMON = { file: 'corosync', package: 'corosync' };
const PARTS = [
  DAEMON,
  { file: 'cpg.h', package: 'libcpg-dev' },
  { file: 'gcc', package: 'gcc' },
  { file: 'unshare', package: 'util-linux' },
  { file: 'ip', package: 'iproute2' },
];
/** What programs read of the machine's /etc, where Corosync's is hidden behind one of the bench's. */
const ETC = ['ld.so.cache', 'passwd', 'group', 'nsswitch.conf'];

/** Corosync's closed process groups: a daemon for each member, and a client in C beside it. */
export function corosyncSystem(directory: string): System | AbsentSystem {
  const missing = missingPart(PARTS);
  if (missing !== null) return { name: NAME, missing };
  compileMember(directory, NAME, ['-lcpg']);
  return {
    name: NAME,
    description: `Corosync ${packageVersion('corosync')}, CPG, transport udpu, no encryption`,
    run: (load) => runCorosync(directory, load),
  };
}

async function runCorosync(directory: string, load: Load): Promise<RunFigures> {
  const network = await PrivateNetwork.open(load.members);
  const daemons: ChildProcess[] = [];
  try {
    prepareEtc(directory);
    for (let member = 0; member < load.members; member += 1) {
      daemons.push(await startDaemon(network, directory, member, load.members));
    }
    const servers = daemons.map(({ pid }) => pid!);
    // A member finds its daemon by the sockets in directories that only these two have.
    const command = (member: number, shared: readonly string[]): string[] =>
      enterNamespacesOf(servers[member]!, [`${INSIDE}/${NAME}-member`, ...shared]);
    return await runSpokenMembers({ name: NAME, command, servers, networkOf: network.pid }, load);
  } finally {
    for (const daemon of daemons) daemon.kill('SIGKILL');
    network.close();
  }
}

/** Where daemon and member see the bench's directory: it may be in /tmp, which is hidden from them. */
const INSIDE = '/run/bench';

/**
 * Hides the machine's directories behind empty ones, so that a daemon believes to be alone on its machine,
 * and leaves nothing behind: state, memory, and sockets, which Debian's libqb makes in /tmp. A daemon finds
 * itself in the list of members by the name of its machine. It
 * ends with the bench. Arguments: the bench's directory, that name, the daemon.
 */
const START = [
  'set -e',
  'mount -t tmpfs run /run',
  `mkdir /run/corosync ${INSIDE}`,
  `mount --bind "$1" ${INSIDE}`,
  `mount --bind ${INSIDE}/etc /etc`,
  'mount -t tmpfs memory /dev/shm',
  'mount -t tmpfs sockets /tmp',
  'hostname "$2"',
  'echo ready',
  `exec setpriv --pdeathsig KILL "$3" -f -c "${INSIDE}/$2.conf"`,
].join('\n');

async function startDaemon(
  network: PrivateNetwork,
  directory: string,
  member: number,
  members: number,
): Promise<ChildProcess> {
  const name = nameOf(member);
  writeFileSync(join(directory, `${name}.conf`), configuration(members, name));
  const [enter, ...parameters] = network.enter('unshare', '--mount', '--uts', 'sh', '-c', START);
  const values = ['sh', directory, name, locate(DAEMON)!];
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const daemon = spawn(enter!, [...parameters, ...values], { stdio: [...stdio] });
  if (await saysReady(daemon, daemon.stdout!)) return daemon;
  daemon.kill('SIGKILL');
  throw new Error('Corosync cannot be given directories of its own to run in');
}

/** The little that programs read of /etc; and sockets as files: their names alone would be one for the whole network. */
function prepareEtc(directory: string): void {
  mkdirSync(join(directory, 'etc/libqb'), { recursive: true });
  writeFileSync(join(directory, 'etc/libqb/force-filesystem-sockets'), '');
  for (const name of ETC.filter((each) => existsSync(join('/etc', each)))) {
    copyFileSync(join('/etc', name), join(directory, 'etc', name));
  }
}

/** What the daemon `name` reads: see corosync.conf(5). */
function configuration(members: number, name: string): string {
  const nodes = Array.from(
    { length: members },
    (_, member) =>
      `  node {\n    ring0_addr: 127.0.0.${member + 1}\n    nodeid: ${member + 1}\n` +
      `    name: ${nameOf(member)}\n  }\n`,
  );
  return (
    'totem {\n  version: 2\n  cluster_name: bench\n  transport: udpu\n' +
    '  crypto_cipher: none\n  crypto_hash: none\n}\n' +
    `nodelist {\n${nodes.join('')}}\n` +
    `logging {\n  to_syslog: no\n  to_stderr: no\n  to_logfile: yes\n  logfile: ${INSIDE}/${name}.log\n}\n` +
    'system {\n  sched_rr: no\n  state_dir: /run/corosync\n}\n'
  );
}

function nameOf(member: number): string {
  return `member-${member}`;
}
