import { resolve } from 'node:path';
import { fulfil } from '../../scripts/deploy.ts';
import { parseWish } from '../../scripts/deployment/wish.ts';
import type { Builds } from '../artifacts.ts';
import { type GoogleBehaviour, SimulatedGoogle, USUAL } from './simulated-google.ts';
import { type Handicap, SimulatedPulumi } from './simulated-pulumi.ts';
import { documentedDeployment } from './documented-commands.ts';
import { Newcomer } from './newcomer.ts';
import { SimulatedGcloud } from './simulated-gcloud.ts';
import { SimulatedTools } from './simulated-tools.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The status of a process that was killed. */
const KILLED = 137;

const ROOT = resolve(import.meta.dirname, '../..');

/** What is uploaded is of no interest here; the second half of the rehearsal runs what was built. */
const BUILDS: Builds = {
  functions: { path: 'dist/functions', sha256: 'f'.repeat(64) },
  peer: { path: 'dist/peer/peer.mjs', sha256: 'a'.repeat(64) },
  node: { path: 'dist/peer/node.gz', sha256: 'b'.repeat(64) },
  check: { path: 'dist/check/check.mjs', sha256: 'c'.repeat(64) },
};

/** A newcomer with a new project, in front of a simulated Google. */
export class Rehearsal {
  readonly clock = new VirtualClock();
  readonly google: SimulatedGoogle;
  readonly pulumi: SimulatedPulumi;
  readonly tools: SimulatedTools;

  constructor(
    behaviour: Partial<GoogleBehaviour> = {},
    handicap: Handicap = {},
    show?: (text: string) => void,
    newcomer = Newcomer.prepared(),
  ) {
    this.google = new SimulatedGoogle(this.clock, { ...USUAL, ...behaviour });
    this.pulumi = new SimulatedPulumi(this.clock, this.google, BUILDS, handicap);
    const gcloud = new SimulatedGcloud(this.google, newcomer);
    this.tools = new SimulatedTools(this.clock, gcloud, this.pulumi, show);
  }

  /** `npm run deploy` as docs/deploy.md writes it, with more options; gives its status. */
  deploy(...more: string[]): Promise<number> {
    return this.#fulfil('deploy', `${documentedDeployment(ROOT)} --yes`, more);
  }

  destroy(): Promise<number> {
    return this.#fulfil('destroy', '--project my-laboratory --yes', []);
  }

  /** Types a line of a shell, as docs/deploy.md and messages have them; gives its status. */
  async type(line: string): Promise<number> {
    const words = line.replaceAll("'", '').split(/\s+/);
    const [command = '', ...rest] = words;
    const [run, action] = [/^npm run (\w+) -- (.*)$/.exec(line)?.[2], rest[1]];
    if (run === undefined) return this.tools.show(command, rest);
    return this.#fulfil(action!, `${run} --yes`, []);
  }

  async #fulfil(action: string, line: string, more: readonly string[]): Promise<number> {
    const options = [...line.split(/\s+/), ...more];
    this.tools.say(`\n$ npm run ${action} -- ${options.join(' ')}`);
    const killed = new Promise<number>((resolve) => {
      this.tools.onDeath = () => resolve(KILLED);
    });
    const ended = fulfil(parseWish([action, ...options], {}), this.tools, ROOT);
    const status = await Promise.race([ended, killed]);
    if (status === KILLED) this.tools.say('Killed');
    return status;
  }

  /** `pulumi up` alone, as whoever knows nothing of `npm run deploy` calls it; gives its status. */
  async up(): Promise<number> {
    return (await this.tools.tell('pulumi', ['up', '--yes'])).status ?? 127;
  }

  /** Which functions a user would find dead. */
  get deadFunctions(): string[] {
    return ['compare', 'exit', 'expire', 'run'].filter(
      (name) => this.google.functions.get(name) !== 'ACTIVE',
    );
  }
}
