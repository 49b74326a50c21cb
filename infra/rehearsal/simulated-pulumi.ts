import * as pulumi from '@pulumi/pulumi';
import type { Builds } from '../artifacts.ts';
import { type Configuration, parseConfiguration, type Settings } from '../configuration.ts';
import { createLaboratory, type Outputs } from '../laboratory.ts';
import { at } from '../rules/resource.ts';
import { GoogleError, type SimulatedGoogle } from './simulated-google.ts';
import { noteReplacements, type Replacement } from './note-replacements.ts';
import { UpdateLog } from './update-log.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { withoutStacks } from './without-stacks.ts';

/** What Pulumi keeps of a resource in its state. */
interface Kept {
  readonly kind: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Set where it exists, and making it ended in an error all the same. */
  readonly initError: string | null;
}

/** How an engine is handicapped, to show what happens without what was mended. */
export interface Handicap {
  /** Roles are not waited for, neither by the program's wait nor by the minutes that policies take. */
  readonly neverWaits?: boolean;
  /** A function whose build failed is no reason to replace it. */
  readonly neverReplaces?: boolean;
}

export interface Result {
  readonly status: number;
  readonly output: string;
}

const DYNAMIC = 'pulumi-nodejs:dynamic:Resource';

/**
 * Pulumi's engine, as far as a deployment meets it: it runs the program of this package, makes what its state
 * does not have, changes what differs, and keeps what exists with an error of its initialization (CreateStep in
 * pkg/resource/deploy/step.go of pulumi/pulumi). After a failure what is under way ends, and nothing else begins.
 */
export class SimulatedPulumi {
  readonly settings: Record<string, string> = {};
  readonly #clock: VirtualClock;
  readonly #google: SimulatedGoogle;
  readonly #builds: Builds;
  readonly #handicap: Handicap;
  readonly #state = new Map<string, Kept>();
  /** The resources that are being created. */
  #pending = new Map<string, Kept>();
  /**
   * The resources that were being created when a process was killed, until a refresh has asked about them.
   */
  #interrupted = new Map<string, Kept>();
  /** Counts the processes: none hears the end of what an earlier one began. */
  #life = 0;
  #isLocked = false;
  #log = new UpdateLog();
  #hasFailed = false;
  /**
   * The process is killed as soon as it makes or deletes something of this kind, such as
   * `compute/network:Network`; `null` for never, and once it was.
   */
  killAt: string | null = null;
  #isDoomed = false;
  #outputs: Outputs | null = null;

  constructor(
    clock: VirtualClock,
    google: SimulatedGoogle,
    builds: Builds,
    handicap: Handicap = {},
  ) {
    this.#clock = clock;
    this.#google = google;
    this.#builds = builds;
    this.#handicap = handicap;
  }

  get outputs(): Outputs | null {
    return this.#outputs;
  }

  /** `pulumi up`, or `pulumi up --refresh`. */
  async up(isRefreshing: boolean): Promise<Result> {
    if (this.#isLocked) return LOCKED;
    this.#begin();
    if (isRefreshing) this.#refresh();
    const configuration = parseConfiguration(this.settings as Settings);
    const outputs = await withoutStacks(() => this.#runProgram(configuration));
    if (this.#isDoomed) return this.#die();
    this.#isLocked = false;
    if (!this.#hasFailed) this.#outputs = outputs;
    return this.#end('Update');
  }

  /** `pulumi destroy`: what depends on something else goes first. */
  async destroy(): Promise<Result> {
    if (this.#isLocked) return LOCKED;
    this.#begin();
    const all = [...this.#state].reverse();
    const working = (async () => {
      for (const [key, { kind, name }] of all) {
        this.#mayDie(kind);
        if (kind !== DYNAMIC) await this.#google.delete(kind, name);
        if (this.#isDoomed) return;
        this.#state.delete(key);
      }
    })();
    await this.#clock.run(() => this.#isDoomed);
    if (this.#isDoomed) return this.#die();
    await working;
    this.#isLocked = false;
    return this.#end('Destroy');
  }

  /** `pulumi cancel`: takes away the lock that a killed process left. */
  cancel(): Result {
    this.#isLocked = false;
    return { status: 0, output: 'The currently running update has been canceled!\n' };
  }

  /** `pulumi refresh`: looks what there is, and adopts what was being made when a process was killed. */
  adopt(): Result {
    if (this.#isLocked) return LOCKED;
    for (const [key, kept] of this.#interrupted) {
      if (this.#google.exists(kept.kind, kept.name)) this.#state.set(key, kept);
    }
    this.#interrupted = new Map();
    this.#refresh();
    return { status: 0, output: 'Resources: refreshed\n' };
  }

  #begin(): void {
    this.#isLocked = true;
    this.#log = new UpdateLog();
    this.#hasFailed = false;
    if (this.#interrupted.size > 0) {
      const urns = [...this.#interrupted.keys()].map(
        (key) => `  * ${key}, interrupted while creating`,
      );
      this.#log.say(
        `warning: Attempting to deploy or update resources with ${urns.length} pending operations`,
      );
      for (const urn of urns) this.#log.say(urn);
    }
  }

  /** What was read is there and without error, whatever it is like: a function that FAILED as well. */
  #refresh(): void {
    for (const [key, kept] of this.#state) {
      const exists = kept.kind === DYNAMIC || this.#google.exists(kept.kind, kept.name);
      if (exists) this.#state.set(key, { ...kept, initError: null });
      else this.#state.delete(key);
    }
  }

  async #runProgram(configuration: Configuration): Promise<Outputs> {
    await this.#openMonitor();
    const outputs = createLaboratory(configuration, this.#builds);
    await this.#clock.run(() => this.#isDoomed);
    return outputs;
  }

  async #openMonitor(): Promise<void> {
    const replacements = new Map<string, Replacement>();
    await pulumi.runtime.setMocks(
      {
        newResource: async ({ type, name, inputs, custom }) => {
          const given = inputs as Kept['inputs'];
          if (custom !== true || type.startsWith('pulumi:')) return { id: name, state: given };
          // After a failure nothing begins; after a kill nobody is there who could.
          if (this.#hasFailed || !this.#isLocked) return new Promise(() => undefined);
          const key = `${type} ${name}`;
          const { replaceOn = [] } = replacements.get(key) ?? {};
          const state = await this.#step(type, name, given, replaceOn);
          return state === null ? new Promise(() => undefined) : { id: name, state: { ...state } };
        },
        call: ({ token, inputs }) =>
          token === 'gcp:organizations/getProject:getProject'
            ? { ...(inputs as object), number: '123456789012' }
            : {},
      },
      'mpcomm',
      'rehearsal',
      false,
    );
    noteReplacements(replacements);
  }

  #mayDie(kind: string): void {
    if (kind === this.killAt) this.#isDoomed = true;
  }

  /** Kills the process: its lock stays, and so does what it was making. */
  #die(): Result {
    this.killAt = null;
    this.#isDoomed = false;
    for (const [key, kept] of this.#pending) this.#interrupted.set(key, kept);
    this.#pending = new Map();
    this.#life += 1;
    return { status: 137, output: `${this.#log.render()}Killed\n` };
  }

  /** One resource: what Google tells of it in the end; `null` when it failed, which is then noted. */
  async #step(
    type: string,
    name: string,
    inputs: Kept['inputs'],
    replaceOn: readonly string[],
  ): Promise<Kept['inputs'] | null> {
    const key = `${type} ${name}`;
    const kind = type.replace(/^gcp:/, '');
    const old = this.#state.get(key);
    if (!this.#state.has(key)) this.#mayDie(kind);
    if (kind === DYNAMIC) return this.#wait(key, name, inputs, old !== undefined);
    const mayReplace = this.#handicap.neverReplaces !== true && replaceOn.includes('#initerror');
    if (old?.initError != null && mayReplace) {
      this.#note(`+- ${kind} ${name} replacing [diff: #initerror]`);
      await this.#google.delete(kind, name);
      this.#state.delete(key);
    } else if (old !== undefined) {
      await this.#update(key, old, inputs);
      return { ...this.#google.read(kind, name), ...inputs, ...addedBy(this.#google, kind, name) };
    }
    return this.#create(key, { kind, name, inputs, initError: null });
  }

  async #wait(
    key: string,
    name: string,
    inputs: Kept['inputs'],
    wasThere: boolean,
  ): Promise<Kept['inputs']> {
    const life = this.#life;
    const seconds = Number(at(inputs, 'seconds'));
    if (!wasThere && this.#handicap.neverWaits !== true) await this.#clock.sleep(1_000 * seconds);
    if (life !== this.#life) return inputs;
    this.#state.set(key, { kind: DYNAMIC, name, inputs: { seconds }, initError: null });
    return inputs;
  }

  /** With nothing to change, the provider reads what there is, and calls that a success. */
  async #update(key: string, old: Kept, inputs: Kept['inputs']): Promise<void> {
    if (old.initError === null && JSON.stringify(old.inputs) === JSON.stringify(inputs)) return;
    const life = this.#life;
    await this.#clock.sleep(5_000);
    if (life !== this.#life) return;
    this.#note(`~  ${old.kind} ${old.name} updated`);
    this.#google.change(old.kind, old.name, inputs);
    this.#state.set(key, { ...old, inputs, initError: null });
  }

  async #create(key: string, kept: Kept): Promise<Kept['inputs'] | null> {
    const { kind, name, inputs } = kept;
    const life = this.#life;
    this.#pending.set(key, kept);
    try {
      const isQuick = this.#handicap.neverWaits === true && kind === 'firestore/field:Field';
      const state = await this.#google.create(kind, name, inputs, isQuick);
      // Google goes on with what it was asked for; nobody is left to be told.
      if (life !== this.#life) return null;
      this.#log.created(this.#clock.nowMs, kind, name);
      this.#state.set(key, kept);
      this.#pending.delete(key);
      this.#interrupted.delete(key);
      return state;
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error;
      if (life !== this.#life) return null;
      this.#pending.delete(key);
      if (error.isMade) this.#state.set(key, { ...kept, initError: error.message });
      this.#note(`error: ${kind} ${name}: ${error.message}`);
      this.#hasFailed = true;
      return null;
    }
  }

  #note(text: string): void {
    this.#log.note(this.#clock.nowMs, text);
  }

  #end(what: string): Result {
    const status = this.#hasFailed ? 255 : 0;
    this.#log.say(status === 0 ? `${what} succeeded` : `error: ${what.toLowerCase()} failed`);
    return { status, output: this.#log.render() };
  }
}

const LOCKED: Result = {
  status: 255,
  output:
    'error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete ' +
    'the lock file with `pulumi cancel`.\n',
};

function addedBy(google: SimulatedGoogle, kind: string, name: string): Kept['inputs'] {
  const { serviceConfig } = google.read(kind, name);
  return serviceConfig === undefined ? {} : { serviceConfig };
}
