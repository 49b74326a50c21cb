import { join, resolve } from 'node:path';
import { fulfil } from '../../scripts/deploy.ts';
import { parseWish } from '../../scripts/deployment/wish.ts';
import type { Builds } from '../artifacts.ts';
import { type GoogleBehaviour, SimulatedGoogle, USUAL } from './simulated-google.ts';
import { type Handicap, SimulatedPulumi } from './simulated-pulumi.ts';
import { documentedDeployment, SimulatedTools } from './simulated-tools.ts';
import { VirtualClock } from './virtual-clock.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What is uploaded is of no interest here; scripts/rehearsal/ runs what was built. */
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
  ) {
    this.google = new SimulatedGoogle(this.clock, { ...USUAL, ...behaviour });
    this.pulumi = new SimulatedPulumi(this.clock, this.google, BUILDS, handicap);
    this.tools = new SimulatedTools(this.clock, this.google, this.pulumi, show);
  }

  /** `npm run deploy` as docs/deploy.md writes it, with more options; gives its status. */
  deploy(...more: string[]): Promise<number> {
    return this.#fulfil('deploy', `${documentedDeployment(ROOT)} --yes`, more);
  }

  destroy(): Promise<number> {
    return this.#fulfil('destroy', '--project my-laboratory --yes', []);
  }

  #fulfil(action: string, line: string, more: readonly string[]): Promise<number> {
    const options = [...line.split(/\s+/), ...more];
    this.tools.say(`\n$ npm run ${action} -- ${options.join(' ')}`);
    return fulfil(parseWish([action, ...options], {}), this.tools, join(ROOT));
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
