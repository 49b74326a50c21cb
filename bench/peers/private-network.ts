import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { LastWords } from './last-words.ts';

const READY_MS_MAX = 5_000;

/**
 * A network of its own for the processes of a run (a network namespace of Linux), in which there is only
 * loopback, with multicast and with the addresses 127.0.0.1 to 127.0.0.`members`. Nothing in it reaches the
 * machine's network, and it is gone with its last process.
 */
export class PrivateNetwork {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** Throws when this user may not have namespaces. */
  static async open(members: number): Promise<PrivateNetwork> {
    const addresses = Array.from({ length: members - 1 }, (_, index) => index + 2);
    const script = [
      'set -e',
      'ip link set lo up multicast on',
      'ip route add 224.0.0.0/4 dev lo',
      ...addresses.map((last) => `ip address add 127.0.0.${last}/8 dev lo`),
      'echo ready',
      // Ends with its standard input, and so with whoever opened the network.
      'exec cat',
    ].join('\n');
    const holder = spawn('unshare', [...NAMESPACES, 'sh', '-c', script]);
    const errors = new LastWords(holder.stderr);
    if (await saysReady(holder, holder.stdout)) return new PrivateNetwork(holder);
    holder.kill('SIGKILL');
    throw new Error(
      `no network of its own can be made for the run: ${errors.line || 'unshare says nothing'}`,
    );
  }

  /** A process that is in the network as long as it is open. */
  get pid(): number {
    return this.#holder.pid!;
  }

  /** The command that runs another in this network. */
  enter(...command: readonly string[]): string[] {
    return enterNamespacesOf(this.pid, command);
  }

  close(): void {
    this.#holder.kill('SIGKILL');
  }
}

/** Whether a process that was just started writes something to `output` soon, rather than end or be silent. */
export function saysReady(started: ChildProcess, output: Readable): Promise<boolean> {
  return Promise.race([
    once(output, 'data').then(() => true),
    once(started, 'close').then(() => false),
    once(AbortSignal.timeout(READY_MS_MAX), 'abort').then(() => false),
  ]).catch(() => false);
}

const NAMESPACES = ['--user', '--map-root-user', '--net', '--mount', '--propagation', 'private'];

/** The command that runs another with the network and the mounted directories of a process. */
export function enterNamespacesOf(pid: number, command: readonly string[]): string[] {
  const namespaces = ['--user', '--preserve-credentials', '--net', '--mount'];
  return ['nsenter', '--target', String(pid), ...namespaces, ...command];
}
