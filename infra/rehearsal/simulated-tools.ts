import type { Called, CallOptions, Tools } from '../../scripts/tools.ts';
import type { SimulatedGcloud } from './simulated-gcloud.ts';
import type { SimulatedPulumi } from './simulated-pulumi.ts';
import type { VirtualClock } from './virtual-clock.ts';

const DONE: Called = { status: 0, output: '', errors: '' };
const say = (output: string): Called => ({ ...DONE, output });

/** gcloud, pulumi and npm of the rehearsal: `npm run deploy` is the real one, and these answer it. */
export class SimulatedTools implements Tools {
  /** Everything that a newcomer would see. */
  transcript = '';
  /** Every program that was called, with its options. */
  readonly calls: string[] = [];
  /** The call after whose effect, and before whose answer, the command is killed; `null` for none. */
  dieAtCall: number | null = null;
  /** Called when the command is killed. */
  onDeath: () => void = () => undefined;
  readonly #clock: VirtualClock;
  readonly #gcloud: SimulatedGcloud;
  readonly #pulumi: SimulatedPulumi;
  readonly #show: (text: string) => void;

  constructor(
    clock: VirtualClock,
    gcloud: SimulatedGcloud,
    pulumi: SimulatedPulumi,
    show: (text: string) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#gcloud = gcloud;
    this.#pulumi = pulumi;
    this.#show = show;
  }

  async ask(command: string, options: readonly string[], call: CallOptions = {}): Promise<Called> {
    const number = this.calls.push([command, ...options].join(' '));
    const called = await this.#call(command, options, call);
    if (number !== this.dieAtCall) return called;
    this.onDeath();
    // Nobody is left to be answered.
    return new Promise(() => undefined);
  }

  async show(command: string, options: readonly string[]): Promise<number> {
    return (await this.tell(command, options)).status ?? 127;
  }

  async tell(command: string, options: readonly string[]): Promise<Called> {
    this.say(`$ ${[command, ...options].join(' ')}`);
    const called = await this.ask(command, options);
    for (const text of [called.output, called.errors]) if (text !== '') this.say(text.trimEnd());
    return called;
  }

  digestOf(): Promise<string> {
    return Promise.resolve(`sha256:${'d'.repeat(64)}`);
  }

  /** No run is ever under way. */
  readDocument(): Promise<unknown> {
    return Promise.resolve(undefined);
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

  async #call(command: string, options: readonly string[], call: CallOptions): Promise<Called> {
    if (command === 'pulumi') return this.#askPulumi(options);
    return command === 'gcloud' ? this.#gcloud.call(options, call) : DONE;
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
}
