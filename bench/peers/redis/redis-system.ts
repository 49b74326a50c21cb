import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../local/free-port.ts';
import { C_COMPILER, compileMember, missingPart, packageVersion } from '../installed.ts';
import { LastWords } from '../last-words.ts';
import type { RunFigures } from '../figures.ts';
import { runSpokenMembers } from '../spoken-members.ts';
import type { AbsentSystem, Load, System } from '../system.ts';

const PARTS = [
  { file: 'redis-server', package: 'redis-server' },
  C_COMPILER,
  { file: 'setpriv', package: 'util-linux' },
];
/** About what a datagram of the others holds. */
const PACK_BYTES = 1_400;
const ANSWER_MS_MAX = 10_000;

/**
 * Redis' publish/subscribe as a central sequencer with clients in C: once a publication a message, and once
 * with as many messages in a publication as fit 1,400 bytes.
 */
export function redisSystems(directory: string): (System | AbsentSystem)[] {
  const missing = missingPart(PARTS);
  const names = ['redis', 'redis-packed'];
  if (missing !== null) return names.map((name) => ({ name, missing }));
  const program = compileMember(directory, 'redis', []);
  const version = packageVersion('redis-server');
  return names.map((name) => {
    const packs = name === 'redis-packed';
    const how = packs ? 'a publication of up to 1,400 bytes' : 'a publication a message';
    return {
      name,
      description: `Redis ${version}, clients in C, ${how}`,
      run: (load) => runRedis(name, program, packs, load),
    };
  });
}

async function runRedis(
  name: string,
  program: string,
  packs: boolean,
  load: Load,
): Promise<RunFigures> {
  const port = await freePort();
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', '/'];
  // By default Redis ends the connection of a subscriber that is 32 MB behind.
  const unlimited = ['--client-output-buffer-limit', 'pubsub 0 0 0'];
  // It must not outlive the bench, however that ends.
  const command = ['--pdeathsig', 'KILL', 'redis-server', ...options, ...unlimited];
  const server = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  // It logs to its standard output.
  const log = new LastWords(server.stdout, server.stderr);
  try {
    await answersPing(port, () => (isOver(server) ? `ended: ${log.line}` : null));
    const packed = packs ? Math.max(1, Math.floor(PACK_BYTES / load.payloadBytes)) : 1;
    // A pack is never filled up by less than all of its messages.
    const messages = Math.ceil(load.messages / packed) * packed;
    const member = (_: number, shared: readonly string[]): string[] => [
      program,
      ...shared,
      String(port),
      String(packed),
    ];
    return await runSpokenMembers(
      { name, command: member, servers: [server.pid!], networkOf: 'self' },
      { ...load, messages },
    );
  } finally {
    server.kill('SIGKILL');
  }
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/**
 * Waits until Redis answers at `port`. Throws when something else does, when it takes too long, and when `end` says how
 * the server ended: then what answers is somebody else's.
 */
export async function answersPing(port: number, end: () => string | null): Promise<void> {
  const deadlineMs = Date.now() + ANSWER_MS_MAX;
  while (Date.now() < deadlineMs) {
    const answer = await ping(port);
    const ended = end();
    if (ended !== null) throw new Error(`redis-server ${ended}`);
    if (answer?.startsWith('+PONG') === true) return;
    if (answer !== null) throw new Error(`something else than Redis answers at port ${port}`);
    await sleep(50);
  }
  throw new Error(`redis-server did not answer within ${ANSWER_MS_MAX / 1_000} s`);
}

/** The first that is answered; `null` where nothing is. */
async function ping(port: number): Promise<string | null> {
  const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
  const options = { signal: AbortSignal.timeout(ANSWER_MS_MAX) };
  try {
    const [answer] = (await once(socket, 'data', options)) as [Buffer];
    return answer.toString('latin1');
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
}
