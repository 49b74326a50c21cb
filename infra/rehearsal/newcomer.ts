import type { Called } from '../../scripts/tools.ts';

const DONE: Called = { status: 0, output: '', errors: '' };
const refuse = (errors: string): Called => ({
  status: 1,
  output: '',
  errors: `ERROR: ${errors}\n`,
});

/** The API of machines is turned on only where somebody pays. */
const NEEDS_BILLING = 'compute.googleapis.com';

/** Who sits at the keyboard, and the project: what gcloud knows of both before anything is deployed. */
export class Newcomer {
  #account = false;
  #credentials = false;
  #project = false;
  #isBilled = false;
  #hasBucket = false;
  readonly #apis = new Set<string>();

  /** One who has done all that docs/deploy.md says comes first. */
  static prepared(): Newcomer {
    const prepared = new Newcomer();
    prepared.#account = true;
    prepared.#credentials = true;
    prepared.#project = true;
    prepared.#isBilled = true;
    prepared.#hasBucket = true;
    for (const name of ['cloudbilling', 'cloudresourcemanager', 'compute', 'serviceusage']) {
      prepared.#apis.add(`${name}.googleapis.com`);
    }
    return prepared;
  }

  /** What gcloud answers; `null` where this is not about the beginning. */
  answer(words: readonly string[]): Called | null {
    const line = words.join(' ');
    return this.#ask(line) ?? this.#act(line, words);
  }

  #ask(line: string): Called | null {
    const say = (output: string): Called => ({ ...DONE, output });
    if (line.startsWith('auth list')) return say(this.#account ? 'alice@example.org\n' : '');
    if (line.startsWith('auth application-default print-access-token')) {
      return this.#credentials ? say('a-token\n') : refuse('no default credentials');
    }
    if (line.startsWith('projects describe')) {
      return this.#project ? say('my-laboratory\n') : refuse('The caller does not have permission');
    }
    if (line.startsWith('billing projects describe'))
      return say(this.#isBilled ? 'True\n' : 'False\n');
    if (line.startsWith('services list')) return say([...this.#apis].join('\n'));
    if (line.startsWith('storage buckets describe gs://my-laboratory-mpcomm-state')) {
      return this.#hasBucket ? say('my-laboratory-mpcomm-state\n') : refuse('404: not found');
    }
    return null;
  }

  #act(line: string, words: readonly string[]): Called | null {
    if (line === 'auth login') this.#account = true;
    else if (line === 'auth application-default login') this.#credentials = true;
    else if (line.startsWith('auth application-default set-quota-project')) {
      if (!this.#credentials) return refuse('no default credentials');
      if (!this.#project) return refuse('The caller does not have permission');
    } else if (line.startsWith('projects create')) {
      if (!this.#account) return refuse('no account is active');
      this.#project = true;
    } else if (line.startsWith('billing projects link')) {
      if (!this.#project) return refuse('The caller does not have permission');
      this.#isBilled = true;
    } else if (line.startsWith('services enable')) return this.#enable(words);
    else if (line.startsWith('storage buckets create')) {
      if (!this.#isBilled) return refuse('the billing account for the project is disabled');
      this.#hasBucket = true;
    } else if (!line.startsWith('config set')) return null;
    return DONE;
  }

  #enable(words: readonly string[]): Called {
    const names = words.filter((word) => word.endsWith('.googleapis.com'));
    if (names.includes(NEEDS_BILLING) && !this.#isBilled) {
      return refuse('FAILED_PRECONDITION: Billing must be enabled for activation of service');
    }
    for (const name of names) this.#apis.add(name);
    return DONE;
  }
}
