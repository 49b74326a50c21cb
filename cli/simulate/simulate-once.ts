import type { Comparison } from '../../control/comparison-document.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { bothObservers } from '../../simulation/observers/both-observers.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { validateScenario } from '../../simulation/run/validate-scenario.ts';
import {
  simulate,
  type HowFar,
  type OrderingFailure,
  type Observer,
  type SimulationResult,
} from '../../simulation/simulate.ts';
import { SimulatedBank } from '../../simulation/observers/simulated-bank.ts';
import { simulatedComparison } from '../../simulation/simulated-comparison.ts';
import { traceObserver } from '../../simulation/observers/trace.ts';
import { brokenGuarantees, exitStatus } from '../run/broken-guarantees.ts';
import { createScenario, type ScenarioOptions } from './create-scenario.ts';
import { type ExecCommandOptions, execSourceOf } from '../ordering/exec-options.ts';
import { EXIT, Failure, messageOf } from '../shell/failure.ts';
import { openOrdering } from '../ordering/ordering-source.ts';
import { adviseOnSource } from '../ordering/type-check.ts';
import { type PictureOptions, wantsPictures, writePictures } from '../render/pictures.ts';
import { renderComparison } from '../render/render-comparison.ts';
import { wrap } from '../render/table.ts';
import { drawsRepetition } from '../../simulation/check/check-seeds.ts';
import { CHECK_OPTIONS } from '../../simulation/check/check-scenario.ts';
import { judgeAsCheck } from './judge-as-check.ts';
import { renderSimulation } from './render-simulation.ts';
import { SimulationProgress } from './simulation-progress.ts';
import type { Terminal } from '../shell/terminal.ts';
import { TraceFile } from './trace-file.ts';
import { writeBalances } from '../render/write-balances.ts';

export interface SimulateOptions extends ScenarioOptions, ExecCommandOptions, PictureOptions {
  readonly ordering: string;
  /** A file with a scenario, instead of the options that say the same. */
  readonly scenario?: string;
  readonly trace?: string;
  /** A file for the picture of the bank's balances. */
  readonly balances?: string;
  readonly json?: boolean;
}

const OF_A_PROGRAM = ['exec', 'execChannels', 'guarantees'];
const OUTPUTS = ['trace', 'svg', 'shiviz', 'balances', 'json'];
const BESIDES_SCENARIO = ['ordering', 'scenario', 'jitter', ...OUTPUTS, ...OF_A_PROGRAM];

/** Runs the scenario that the options ask for, and says what came of it; gives the exit status. */
export async function simulateOnce(
  terminal: Terminal,
  options: SimulateOptions,
  watch: SimulationWatch = UNWATCHED,
): Promise<number> {
  const program = execSourceOf(options);
  const scenario = await chooseScenario(options);
  if (options.balances !== undefined && scenario.workload !== 'bank') {
    throw new Failure('--balances draws the accounts of a bank; add --workload bank');
  }
  const source = program ?? { ordering: options.ordering };
  watch.begin();
  const entry = await openOrdering(source, { members: scenario.peers });
  const bank = createBank(scenario, entry);
  const advice = adviseOnSource(source);
  const isReplay = options.scenario !== undefined;
  const progress = new SimulationProgress(terminal, entry.name, scenario);
  const run = (asked: Observer | null): SimulationResult => {
    const observer = withSteps(asked, watch.step);
    const mayGoOn = (soFar: HowFar): boolean => {
      progress.look(soFar);
      return true;
    };
    return simulate(entry.create, scenario, bank?.observer(observer) ?? observer, {
      measure: true,
      strict: true,
      mayGoOn,
      ...(isReplay && { eventsMax: CHECK_OPTIONS.eventsMax }),
    });
  };
  const recorder = wantsPictures(options) ? new EventRecorder(scenario.peers) : null;
  const endOfWatch = entry.watchShared?.();
  const result =
    options.trace === undefined ? run(recorder) : writeTrace(options.trace, entry, recorder, run);
  progress.finish();
  const changed = endOfWatch?.() ?? null;
  const late = result.failure === null ? (entry.failureAfterRun?.() ?? null) : null;
  const comparison = simulatedComparison(entry, scenario, result, bank);
  const seen = result.failure === null && late === null ? exitStatus(comparison) : EXIT.broken;
  const open = isReplay && seen !== EXIT.broken ? judgeAsCheck(entry, scenario, watch.beat) : null;
  const outside = (await watch.late?.()) ?? null;
  watch.end();
  const afterwards = late === null ? null : `After the run was over, ${late.message}`;
  const shared = changed === null ? null : `Shared: ${changed}.`;
  if (options.json === true) {
    // What a reader of the status alone would not understand, since no peer of the run shows it.
    const beside = [afterwards, open, shared, outside].filter((each) => each !== null);
    const findings = [...comparison.findings, ...beside];
    terminal.data(JSON.stringify({ ...comparison, findings }, null, 2));
  } else printSimulation(terminal, scenario, result, comparison);
  const isUnlikeDaemon = result.faultsHappened.repetition > 0 && !drawsRepetition(entry);
  if (isUnlikeDaemon) terminal.note(`\n${wrap(REPETITIONS_DROPPED, '')}`);
  if (result.failure !== null) terminal.note(`\n${describeFailure(entry, result.failure)}`);
  if (afterwards !== null) terminal.note(`\n${afterwards}`);
  if (open !== null) terminal.note(`\n${open}`);
  else if (shared !== null) terminal.note(`\n${wrap(shared, '')}`);
  const { text } = await advice;
  if (text !== null) terminal.note(`\n${text}`);
  if (outside !== null) terminal.note(`\n${outside}`);
  if (recorder !== null) {
    const recording = { logs: recorder.logs, clocks: 'one', notes: [] } as const;
    await writePictures(terminal, options, comparison, recording);
  }
  if (options.balances !== undefined) await writeBalances(terminal, comparison, options.balances);
  return open === null && shared === null && outside === null ? seen : EXIT.broken;
}

/** Said where `check` says that it does not draw repetition. */
const REPETITIONS_DROPPED =
  'The ordering saw what the network repeated. A daemon would have dropped that before, since the ordering ' +
  'does not send again what is lost (docs/wire-format.md).';

/** The methods of an ordering whose calls are counted. */
export const STEP_NAMES = ['multicast', 'receive', 'advance'] as const;
type StepName = (typeof STEP_NAMES)[number];

/** A run tells how it gets on, so that whoever watches it notices a loop that does not end. */
export interface SimulationWatch {
  /** The ordering's code runs from now on. */
  begin(): void;
  /** The ordering is called once more, so the call before came back; absent: nobody counts. */
  readonly step?: (member: number, method: StepName) => void;
  /** The ordering came back once more, from a call of which no more is told. */
  readonly beat?: () => void;
  /** What the ordering threw while none of its methods ran, in a sentence; absent where that ends the process. */
  readonly late?: () => Promise<string | null>;
  /** Only code of the laboratory runs from now on. */
  end(): void;
}

const UNWATCHED: SimulationWatch = { begin: () => undefined, end: () => undefined };

/** What an ordering does within a call (sends, deliveries) is no step: a loop may do that for ever. */
function withSteps(observer: Observer | null, step: SimulationWatch['step']): Observer | null {
  if (step === undefined) return observer;
  const steps: Observer = {
    multicast: (_atUs, member) => step(member, 'multicast'),
    arrive: (_atUs, _from, to) => step(to, 'receive'),
    advance: (_atUs, member) => step(member, 'advance'),
  };
  return observer === null ? steps : bothObservers(steps, observer);
}

function printSimulation(
  terminal: Terminal,
  scenario: Scenario,
  result: SimulationResult,
  comparison: Comparison,
): void {
  terminal.data(renderComparison(comparison, terminal.paint));
  terminal.data(`\n${renderSimulation(scenario, result)}`);
  const broken = brokenGuarantees(comparison).join(', ');
  if (broken !== '') {
    terminal.note(`\n${comparison.ordering} declares ${broken}, and this run broke that.`);
  }
}

function describeFailure(entry: OrderingEntry, { member, atUs, error }: OrderingFailure): string {
  const what = entry.explain?.(error) ?? error.message;
  return `The ordering of peer ${member} failed at ${atUs / 1_000} ms: ${what}`;
}

/** The replicas of a run that has some. Throws `Failure` where they could not be told what to do. */
function createBank(
  scenario: Scenario,
  { handsOnPayloads = true }: OrderingEntry,
): SimulatedBank | null {
  if (scenario.workload !== 'bank') return null;
  if (handsOnPayloads) return new SimulatedBank(scenario);
  throw new Failure(
    '--workload bank needs payloads, and this program does not ask for them: let it answer init with ' +
      '"payloads": true, and hand them on (docs/exec-protocol.md)',
  );
}

async function chooseScenario(options: SimulateOptions): Promise<Scenario> {
  const scenario =
    options.scenario === undefined
      ? createScenario(options)
      : await readAlone(options.scenario, options);
  try {
    validateScenario(scenario);
  } catch (error) {
    throw new Failure(messageOf(error));
  }
  return scenario;
}

/** The file says everything: an option beside it would be ignored, or contradict it. */
async function readAlone(path: string, options: SimulateOptions): Promise<Scenario> {
  const others = Object.keys(options).filter((name) => !BESIDES_SCENARIO.includes(name));
  if (options.jitter === false) others.push('no-jitter');
  if (others.length > 0) {
    const given = others.map((name) => `--${name}`).join(', ');
    throw new Failure(`--scenario says all of the run; leave out ${given}`);
  }
  // What reads files loads a hundred modules, which no run without a file waits for.
  const { readScenarioFile } = await import('./scenario-file.ts');
  return readScenarioFile(path);
}

/** Runs with a trace, which is written while the run goes on: it may be greater than the memory. */
function writeTrace(
  path: string,
  entry: OrderingEntry,
  recorder: EventRecorder | null,
  run: (observer: Observer) => SimulationResult,
): SimulationResult {
  const file = new TraceFile(path);
  const trace = traceObserver((line) => file.write(line), entry.describe);
  const result = run(recorder === null ? trace : bothObservers(trace, recorder));
  file.close();
  return result;
}
