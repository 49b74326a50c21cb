import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFigures } from '../figures.ts';
import { messageOf } from '../../../cli/shell/failure.ts';
import { C_COMPILER, compileMember, locate, missingPart, packageVersion } from '../installed.ts';
import { LastWords } from '../last-words.ts';
import { enterNamespacesOf, PrivateNetwork, saysReady } from '../private-network.ts';
import { runSpokenMembers } from '../spoken-members.ts';
import type { AbsentSystem, Load, System } from '../system.ts';

const PROGRAM = 'corosync';
const LOG_LINES = 2;
const DAEMON = { file: 'corosync', package: 'corosync' };
const PARTS = [
  DAEMON,
  { file: 'cpg.h', package: 'libcpg-dev' },
  C_COMPILER,
  { file: 'unshare', package: 'util-linux' },
  { file: 'ip', package: 'iproute2' },
];
/** What programs read of the machine's /etc, where Corosync's is hidden behind one of the bench's. */
const ETC = ['ld.so.cache', 'passwd', 'group', 'nsswitch.conf'];

/** By default, and in a network that says nothing of longer ones. */
const DATAGRAM_BYTES = 1_500;

/**
 * Corosync's closed process groups, a daemon for each member and a client in C beside it: once with its own longest
 * datagrams, and once with those of `datagramBytes`, where that is more.
 */
export function corosyncSystems(
  directory: string,
  datagramBytes: number,
): (System | AbsentSystem)[] {
  const missing = missingPart(PARTS);
  const names = ['corosync', 'corosync-large'];
  if (missing !== null) return names.map((name) => ({ name, missing }));
  compileMember(directory, PROGRAM, ['-lcpg']);
  const version = packageVersion('corosync');
  return names.map((name) => {
    const bytes = name === 'corosync' ? DATAGRAM_BYTES : datagramBytes;
    if (name !== 'corosync' && bytes <= DATAGRAM_BYTES) {
      return { name, missing: `no --datagram is longer than its own of ${DATAGRAM_BYTES} bytes` };
    }
    return {
      name,
      description: `Corosync ${version}, CPG, transport udpu, netmtu ${bytes}, no encryption`,
      run: (load) => runCorosync(name, directory, bytes, load),
    };
  });
}

async function runCorosync(
  name: string,
  directory: string,
  datagramBytes: number,
  load: Load,
): Promise<RunFigures> {
  const network = await PrivateNetwork.open(load.members);
  const daemons: Daemon[] = [];
  try {
    prepareEtc(directory);
    for (let member = 0; member < load.members; member += 1) {
      const text = configuration(load.members, nameOf(member), datagramBytes);
      daemons.push(await startDaemon(network, directory, nameOf(member), text));
    }
    const servers = daemons.map(({ process }) => process.pid!);
    // A member finds its daemon by the sockets in directories that only these two have.
    const command = (member: number, shared: readonly string[]): string[] =>
      enterNamespacesOf(servers[member]!, [`${INSIDE}/${PROGRAM}-member`, ...shared]);
    return await runSpokenMembers({ name, command, servers, networkOf: network.pid }, load);
  } catch (error) {
    throw new Error(`${messageOf(error)}; ${complaintOfDaemons(daemons)}`, { cause: error });
  } finally {
    for (const { process } of daemons) process.kill('SIGKILL');
    network.close();
  }
}

/** A daemon, and where it says what goes wrong: in its log, and before it has one as an error. */
interface Daemon {
  readonly process: ChildProcess;
  readonly errors: LastWords;
  readonly log: string;
}

/** What a daemon that ended said last, or else the first one. */
function complaintOfDaemons(daemons: readonly Daemon[]): string {
  const ended = daemons.find(({ process }) => process.exitCode !== null);
  const daemon = ended ?? daemons[0];
  if (daemon === undefined) return 'no daemon was started';
  const logged = existsSync(daemon.log) ? endOfLog(readFileSync(daemon.log, 'utf8')) : '';
  const said = daemon.errors.line || logged || 'nothing';
  return `${ended === undefined ? 'its first daemon' : 'its daemon ended, and'} said last: ${said}`;
}

/** The last lines of a daemon's log, without what stands before each: the reason why it ends is not in the last one. */
export function endOfLog(log: string): string {
  const lines = log.trimEnd().split('\n').slice(-LOG_LINES);
  return lines.map((line) => line.replace(/^.*? corosync \w+ +\[\w+ *\] /, '')).join(' / ');
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
  name: string,
  text: string,
): Promise<Daemon> {
  const log = join(directory, `${name}.log`);
  // What the daemon of the run before said is none of this one's reasons.
  rmSync(log, { force: true });
  writeFileSync(join(directory, `${name}.conf`), text);
  const [enter, ...parameters] = network.enter('unshare', '--mount', '--uts', 'sh', '-c', START);
  const values = ['sh', directory, name, locate(DAEMON)!];
  const daemon = spawn(enter!, [...parameters, ...values]);
  const errors = new LastWords(daemon.stderr);
  if (await saysReady(daemon, daemon.stdout)) return { process: daemon, errors, log };
  daemon.kill('SIGKILL');
  throw new Error(
    `Corosync cannot be given directories of its own to run in: ${errors.line || 'no reason given'}`,
  );
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
function configuration(members: number, name: string, datagramBytes: number): string {
  const nodes = Array.from(
    { length: members },
    (_, member) =>
      `  node {\n    ring0_addr: 127.0.0.${member + 1}\n    nodeid: ${member + 1}\n` +
      `    name: ${nameOf(member)}\n  }\n`,
  );
  return (
    'totem {\n  version: 2\n  cluster_name: bench\n  transport: udpu\n' +
    `  crypto_cipher: none\n  crypto_hash: none\n  netmtu: ${datagramBytes}\n}\n` +
    `nodelist {\n${nodes.join('')}}\n` +
    `logging {\n  to_syslog: no\n  to_stderr: no\n  to_logfile: yes\n  logfile: ${INSIDE}/${name}.log\n}\n` +
    'system {\n  sched_rr: no\n  state_dir: /run/corosync\n}\n'
  );
}

function nameOf(member: number): string {
  return `member-${member}`;
}
