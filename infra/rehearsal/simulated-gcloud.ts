import type { Called, CallOptions } from '../../scripts/tools.ts';
import type { Newcomer } from './newcomer.ts';
import { type SimulatedGoogle, VCPUS_EACH } from './simulated-google.ts';

const DONE: Called = { status: 0, output: '', errors: '' };
const say = (output: string): Called => ({ ...DONE, output });
const linesOf = (lines: Iterable<string>): Called =>
  say([...lines].map((line) => `${line}\n`).join(''));

/**
 * Stands in for gcloud, in front of a simulated Google: answers what `npm run deploy` and `npm run destroy`
 * ask it.
 */
export class SimulatedGcloud {
  readonly #google: SimulatedGoogle;
  readonly #newcomer: Newcomer;

  constructor(google: SimulatedGoogle, newcomer: Newcomer) {
    this.#google = google;
    this.#newcomer = newcomer;
  }

  call(words: readonly string[], call: CallOptions): Called {
    const known = this.#newcomer.answer(words);
    if (known !== null) return known;
    switch (words[0]) {
      case 'functions':
        return this.#functions(words);
      case 'secrets':
        return this.#secrets(words, call);
      case 'compute':
        return this.#compute(words.slice(1));
      case 'storage':
        return this.#named(
          words,
          'storage/bucket:Bucket artifacts',
          'my-laboratory-mpcomm-artifacts',
        );
      case 'scheduler':
        return this.#named(words, 'cloudscheduler/job:Job schedule-expire', 'mpcomm-expire');
      default:
        return DONE;
    }
  }

  #functions([, action, called]: readonly string[]): Called {
    const { functions } = this.#google;
    if (action === 'delete') this.#google.deleteFunction(called!);
    else return linesOf([...functions].map(([name, state]) => `${name}\t${state}`));
    return DONE;
  }

  #secrets(words: readonly string[], { input = '' }: CallOptions): Called {
    const [, noun, action] = words;
    const [kind, name] = ['secretmanager/secret:Secret', 'datagram-secret'];
    if (noun !== 'versions') return this.#named(words, `${kind} ${name}`, 'mpcomm-datagram-secret');
    const { secretVersions: versions } = this.#google;
    if (!this.#google.exists(kind, name))
      return { status: 1, output: '', errors: 'ERROR: NOT_FOUND: Secret not found\n' };
    if (action === 'add') {
      this.#google.addSecretVersion(input);
      return say(`${versions.length}\n`);
    }
    return linesOf(versions.map((_value, index) => `${index + 1}\tENABLED`).reverse());
  }

  #compute(words: readonly string[]): Called {
    const { vcpusUsed, behaviour, machines, groupErrors } = this.#google;
    const line = words.join(' ');
    if (line.startsWith('project-info')) {
      const quota = { metric: 'CPUS_ALL_REGIONS', limit: behaviour.vcpusMax, usage: vcpusUsed };
      return say(JSON.stringify({ quotas: [quota] }));
    }
    if (line.startsWith('regions list')) return say('[]');
    if (line.startsWith('machine-types')) return say(`${VCPUS_EACH}\n`);
    if (line.startsWith('instances list')) {
      return linesOf([...machines.values()].map((name) => `${name}\tus-west1-b`));
    }
    if (line.startsWith('instance-groups managed list ')) {
      return linesOf([...this.#google.groups].map((name) => `${name}\tus-west1-b`));
    }
    const deleted = /^instance-groups managed delete (\S+)/.exec(line)?.[1];
    if (deleted !== undefined) this.#google.deleteGroup(deleted);
    const group = /list-errors (\S+)/.exec(line)?.[1];
    return say(group === undefined ? '' : (groupErrors.get(group) ?? ''));
  }

  /** Answers a command about a resource that exists at most once: describes it, or deletes it. */
  #named(words: readonly string[], key: string, called: string): Called {
    const [kind, name] = key.split(' ') as [string, string];
    if (words.includes('describe')) {
      const isThere = this.#google.exists(kind, name);
      return isThere ? say(`${called}\n`) : { status: 1, output: '', errors: 'ERROR: NOT_FOUND\n' };
    }
    if (words.includes('rm') || words.includes('delete')) this.#google.forget(kind, name);
    return DONE;
  }
}
