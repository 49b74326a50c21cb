import { readFileSync } from 'node:fs';
import type { Called, CallOptions, Tools } from '../../scripts/tools.ts';
import { type SimulatedGoogle, VCPUS_EACH } from './simulated-google.ts';
import type { SimulatedPulumi } from './simulated-pulumi.ts';
import type { VirtualClock } from './virtual-clock.ts';

const DONE: Called = { status: 0, output: '', errors: '' };
const say = (output: string): Called => ({ ...DONE, output });

/** What a newcomer did before: an account, a project that is paid for, the first APIs, a bucket. */
const READY: Readonly<Record<string, string>> = {
  'auth list': 'alice@example.org\n',
  'projects describe': 'my-laboratory\n',
  'billing projects describe': 'True\n',
  'services list':
    'cloudbilling.googleapis.com\ncloudresourcemanager.googleapis.com\ncompute.googleapis.com\n' +
    'serviceusage.googleapis.com\n',
};

/** gcloud, pulumi and npm of the rehearsal: `npm run deploy` is the real one, and these answer it. */
export class SimulatedTools implements Tools {
  /** Everything that a newcomer would see. */
  transcript = '';
  readonly #clock: VirtualClock;
  readonly #google: SimulatedGoogle;
  readonly #pulumi: SimulatedPulumi;
  readonly #show: (text: string) => void;

  constructor(
    clock: VirtualClock,
    google: SimulatedGoogle,
    pulumi: SimulatedPulumi,
    show: (text: string) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#google = google;
    this.#pulumi = pulumi;
    this.#show = show;
  }

  async ask(command: string, options: readonly string[], call: CallOptions = {}): Promise<Called> {
    if (command === 'pulumi') return this.#askPulumi(options);
    return command === 'gcloud' ? this.#askGcloud(options, call) : DONE;
  }

  async show(command: string, options: readonly string[]): Promise<number> {
    return (await this.tell(command, options)).status ?? 127;
  }

  async tell(command: string, options: readonly string[]): Promise<Called> {
    this.say(`$ ${command} ${options.join(' ')}`);
    const called = await this.ask(command, options);
    if (called.output !== '') this.say(called.output.trimEnd());
    return called;
  }

  confirm(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async pause(ms: number): Promise<void> {
    let isOver = false;
    const waited = this.#clock.sleep(ms).then(() => (isOver = true));
    await this.#clock.run(() => isOver);
    await waited;
  }

  say(text: string): void {
    this.transcript += `${text}\n`;
    this.#show(`${text}\n`);
  }

  async #askPulumi(options: readonly string[]): Promise<Called> {
    const [action = '', ...rest] = options;
    switch (action) {
      case 'up':
        return { ...DONE, ...(await this.#pulumi.up(rest.includes('--refresh'))) };
      case 'destroy':
        return { ...DONE, ...(await this.#pulumi.destroy()) };
      case 'cancel':
        return { ...DONE, ...this.#pulumi.cancel() };
      case 'refresh':
        return { ...DONE, ...this.#pulumi.adopt() };
      case 'config':
        return this.#configure(rest);
      case 'stack':
        return rest[0] === 'output' ? say(JSON.stringify(this.#pulumi.outputs?.peers ?? [])) : DONE;
      default:
        return DONE;
    }
  }

  #configure(rest: readonly string[]): Called {
    const { settings } = this.#pulumi;
    if (rest[0] !== 'set-all') {
      const found = Object.entries(settings).map(([name, value]) => [`mpcomm:${name}`, { value }]);
      return say(JSON.stringify(Object.fromEntries(found)));
    }
    for (const word of rest.filter((each) => /^\w+=/.test(each))) {
      const end = word.indexOf('=');
      settings[word.slice(0, end)] = word.slice(end + 1);
    }
    return DONE;
  }

  #askGcloud(options: readonly string[], call: CallOptions): Called {
    const line = options.join(' ');
    const known = Object.keys(READY).find((start) => line.startsWith(start));
    if (known !== undefined) return say(READY[known]!);
    if (line.startsWith('functions ')) return this.#functions(options);
    if (line.startsWith('secrets versions')) return this.#secrets(options, call);
    return line.startsWith('compute ') ? this.#compute(options) : DONE;
  }

  #functions([, action, called]: readonly string[]): Called {
    const { functions } = this.#google;
    if (action === 'delete') this.#google.deleteFunction(called!);
    else return say([...functions].map(([name, state]) => `${name}\t${state}\n`).join(''));
    return DONE;
  }

  #secrets([, , action]: readonly string[], { input = '' }: CallOptions): Called {
    const { secretVersions: versions } = this.#google;
    if (!this.#google.exists('secretmanager/secret:Secret', 'datagram-secret')) {
      return { status: 1, output: '', errors: 'ERROR: NOT_FOUND: Secret not found\n' };
    }
    if (action === 'add') versions.push(input);
    const lines = versions.map((_value, index) => `${index + 1}\tENABLED\n`).reverse();
    return say(action === 'add' ? `${versions.length}\n` : lines.join(''));
  }

  #compute([, ...words]: readonly string[]): Called {
    const { vcpusUsed, behaviour, machines, groupErrors } = this.#google;
    const line = words.join(' ');
    if (line.startsWith('project-info')) {
      const quota = { metric: 'CPUS_ALL_REGIONS', limit: behaviour.vcpusMax, usage: vcpusUsed };
      return say(JSON.stringify({ quotas: [quota] }));
    }
    if (line.startsWith('machine-types')) return say(`${VCPUS_EACH}\n`);
    if (line.startsWith('instances list')) return say([...machines.values()].join('\n'));
    const group = /list-errors (\S+)/.exec(line)?.[1];
    return say(group === undefined ? '' : (groupErrors.get(group) ?? ''));
  }
}

/** The commands of docs/deploy.md that make a deployment, as they stand there. */
export function documentedDeployment(root: string): string {
  const text = readFileSync(`${root}/docs/deploy.md`, 'utf8').replace(/ \\\n\s+/g, ' ');
  const found = /^ {4}npm run deploy -- (--project my-laboratory --billing-account .*)$/m.exec(
    text,
  );
  if (found === null)
    throw new Error(
      'docs/deploy.md has no line "npm run deploy -- --project my-laboratory --billing-account ..."',
    );
  return found[1]!;
}
