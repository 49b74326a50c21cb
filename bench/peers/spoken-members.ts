import { type ChildProcess, spawn } from 'node:child_process';
import { NO_FIGURES, type MemberFigures } from '../../cli/bench/member-figures.ts';
import { summariseFigures, type RunFigures } from './figures.ts';
import { residentMiBMaxOf } from '../../cli/bench/resident-memory.ts';
import { LastWords } from './last-words.ts';
import { bufferErrorsOf, cpuUsOf } from './process-facts.ts';
import type { Load } from './system.ts';

/** For a member to take part, and to see the others. */
const READY_MS_MAX = 40_000;
/** Beyond the time that members give themselves. */
const GRACE_MS = 5_000;

/** How to start the processes of a run. */
export interface SpokenSystem {
  readonly name: string;
  /** Program and arguments of a member; `shared` are appended to them. */
  readonly command: (member: number, shared: readonly string[]) => readonly string[];
  /** Whether a member is to take part before the next one is started. */
  readonly isOneByOne?: boolean;
  /** Whether members do a shorter run first, which is not counted, and then say "ready" once more. */
  readonly warmsUp?: boolean;
  /** Processes that run already and whose time counts. */
  readonly servers: readonly number[];
  /** A process in the network of the members. */
  readonly networkOf: number | 'self';
}

/**
 * Runs members that are programs of any language and speak by lines (bench/peers/member.h): waits until each
 * sees all, starts them together, and reads the figures of each. Ends them all.
 */
export async function runSpokenMembers(system: SpokenSystem, load: Load): Promise<RunFigures> {
  const { members, messages, payloadBytes, secondsMax } = load;
  const voices: Voice[] = [];
  try {
    for (let member = 0; member < members; member += 1) {
      const shared = [member, members, messages, payloadBytes, secondsMax].map(String);
      voices.push(new Voice(`${system.name}, member ${member}`, system.command(member, shared)));
      if (system.isOneByOne === true) await voices[member]!.hear('up', READY_MS_MAX);
    }
    for (const voice of voices) await voice.hear('ready', READY_MS_MAX);
    const runMs = 1_000 * secondsMax + GRACE_MS;
    if (system.warmsUp === true) {
      for (const voice of voices) voice.say('start');
      for (const voice of voices) await voice.hear('ready', READY_MS_MAX + runMs);
    }
    const pids = [...system.servers, ...voices.map(({ pid }) => pid)];
    const cpuBefore = pids.map(cpuUsOf);
    const errorsBefore = bufferErrorsOf(system.networkOf);
    for (const voice of voices) voice.say('start');
    const figures = await Promise.all(voices.map((voice) => voice.figures(runMs)));
    const cpuUs = pids.reduce((sum, pid, index) => sum + cpuUsOf(pid) - cpuBefore[index]!, 0);
    const errors = bufferErrorsOf(system.networkOf) - errorsBefore;
    return summariseFigures(system.name, figures, members * members * messages, errors, cpuUs);
  } finally {
    for (const voice of voices) voice.end();
  }
}

/** One member's process, and the lines that it says. */
class Voice {
  readonly #name: string;
  readonly #child: ChildProcess;
  #output = '';
  readonly #errors: LastWords;
  /** What kept it from running. */
  #failure = '';
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(name: string, [program, ...parameters]: readonly string[]) {
    this.#name = name;
    this.#child = spawn(program!, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#wake();
    });
    this.#errors = new LastWords(this.#child.stderr!);
    this.#child.stdin!.on('error', () => undefined);
    this.#child.on('error', (error) => this.#over(String(error)));
    this.#child.on('close', () => this.#over(''));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  say(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** Waits for a line; throws with what the member said instead when it ends, or the time passes. */
  async hear(line: string, msMax: number): Promise<void> {
    if (await this.#find(new RegExp(`^${line}$`, 'm'), msMax)) return;
    const why = this.#isOver ? 'ended' : `did not within ${msMax / 1_000} s`;
    const said = (this.#errors.text + this.#failure).trim();
    throw new Error(`${this.#name}, was to say "${line}" and ${why}: ${said}`);
  }

  /** What it says of its run; nothing delivered if it says nothing. */
  async figures(msMax: number): Promise<MemberFigures> {
    const said = await this.#find(/^\{.*\}$/m, msMax);
    if (said === null) return NO_FIGURES;
    const figures = JSON.parse(said) as Partial<MemberFigures>;
    return { ...NO_FIGURES, ...figures, residentMiBMax: residentMiBMaxOf(this.pid) };
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  /** Words that were found are not found again. */
  async #find(pattern: RegExp, msMax: number): Promise<string | null> {
    const deadlineMs = Date.now() + msMax;
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found !== null) {
        this.#output = this.#output.slice(found.index + found[0].length);
        return found[0];
      }
      const leftMs = deadlineMs - Date.now();
      if (this.#isOver || leftMs <= 0) return null;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #over(error: string): void {
    this.#failure += error;
    this.#isOver = true;
    this.#wake();
  }
}
