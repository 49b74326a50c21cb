import { WARM_UP_SHARE } from '../../../cli/bench/loads.ts';
import type { RunFigures } from '../figures.ts';
import { besides, compile, locate, missingPart, packageVersion } from '../installed.ts';
import { PrivateNetwork } from '../private-network.ts';
import { runSpokenMembers } from '../spoken-members.ts';
import type { AbsentSystem, Load, System } from '../system.ts';

const NAME = 'jgroups';
const JAR = { file: 'jgroups.jar', package: 'libjgroups-java' };
const PARTS = [
  { file: 'javac', package: 'default-jdk-headless' },
  JAR,
  { file: 'unshare', package: 'util-linux' },
  { file: 'ip', package: 'iproute2' },
];
/** What it logs with, where it is installed. */
const LOGGERS = [
  { file: 'commons-logging.jar', package: 'libcommons-logging-java' },
  ...['log4j-over-slf4j.jar', 'slf4j-api.jar', 'slf4j-nop.jar'].map((file) => ({
    file,
    package: 'libslf4j-java',
  })),
];
/** By then, Java has compiled most of what a member does. */
const COMPILED_MESSAGES = 5_000;
/**
 * Small virtual machines with a collector of one thread, as there are more of them than cores.
 */
const JAVA = ['-Xmx512m', '-XX:+UseSerialGC', '-Djava.net.preferIPv4Stack=true'];

/** JGroups' SEQUENCER, over the stack for UDP that comes with it. */
export function jgroupsSystem(directory: string): System | AbsentSystem {
  const missing = missingPart(PARTS);
  if (missing !== null) return { name: NAME, missing };
  const jars = [JAR, ...LOGGERS].flatMap((part) => locate(part) ?? []);
  const path = [directory, ...jars].join(':');
  const source = besides('jgroups', 'member.java');
  compile('javac', ['-d', directory, '-cp', path, source]);
  return {
    name: NAME,
    description: `JGroups ${packageVersion('libjgroups-java')}, SEQUENCER over its udp.xml`,
    run: (load) => runJgroups(path, load),
  };
}

async function runJgroups(path: string, load: Load): Promise<RunFigures> {
  const network = await PrivateNetwork.open(load.members);
  try {
    const java = ['java', ...JAVA, '-Djgroups.bind_addr=127.0.0.1', '-cp', path, 'Member'];
    const warmUp = Math.max(Math.ceil(WARM_UP_SHARE * load.messages), COMPILED_MESSAGES);
    return await runSpokenMembers(
      {
        name: NAME,
        command: (_, shared) => network.enter(...java, ...shared, String(warmUp)),
        // Members that start together found a group each, and merge only after half a minute.
        isOneByOne: true,
        // Java compiles as Node does.
        warmsUp: true,
        servers: [],
        networkOf: network.pid,
      },
      load,
    );
  } finally {
    network.close();
  }
}
