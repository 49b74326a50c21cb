import { join } from 'node:path';
import { formatStrategy } from '../../simulation/check/strategy/strategy.ts';
import { fromHere } from '../render/from-here.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { stateDirectoryAt } from '../../local/state-directory.ts';
import { describeSource, type OrderingSource } from '../ordering/ordering-source.ts';
import type { Context } from '../shell/context.ts';
import { shellWord } from '../shell/shell-word.ts';
import type { CheckCommandOptions } from './check-options.ts';
import type { Explained } from './explain-failure.ts';
import type { CheckFailure } from './render-check.ts';
import { saveCounterexample } from './save-counterexample.ts';
import type { ShortSchedule } from './shorten.ts';

/** Saves a counterexample, where there is a place for it, and gives it the form of the report. */
export async function keepFailure(
  { terminal }: Context,
  options: CheckCommandOptions,
  source: OrderingSource,
  entry: OrderingEntry,
  explained: Explained,
): Promise<CheckFailure> {
  const { shrunken, story, svg, short = null } = explained;
  const { seed, scenario, drawn, findings, attempts } = shrunken;
  const file =
    options.save ??
    join(stateDirectoryAt(options.state).path, 'check', `${entry.name}-${seed}.json`);
  const text = JSON.stringify(scenario, null, 2) + '\n';
  const saved = await saveCounterexample(file, { scenario: text, svg });
  if (saved.problem !== null) terminal.note(saved.problem);
  // Where there was no place for the scenario, there is none for its steps: they would lie beside whatever is there.
  const isKept = saved.scenarioFile !== null;
  const steps = short !== null && isKept ? await keepSteps(file, short) : null;
  const scenarioFile = saved.scenarioFile === null ? null : fromHere(saved.scenarioFile);
  const [finding, ...others] = findings;
  return {
    seed,
    broke: finding!.name,
    text: finding!.text,
    observations: finding!.observations,
    alsoBroke: others.map(({ name }) => name),
    scenario,
    drawn,
    attempts,
    story,
    scenarioFile,
    diagramFile: saved.diagramFile === null ? null : fromHere(saved.diagramFile),
    replay: replayOf(options, source, explained, scenarioFile),
    play: story === '' ? null : playOf(source, explained, steps?.file ?? scenarioFile),
    short: short && withoutPicture(short),
    stepsDiagramFile: steps?.diagram ?? null,
  };
}

/** Saves the steps and their picture beside the scenario; `null` for what could not be saved. */
async function keepSteps(
  file: string,
  { file: scenario, svg }: ShortSchedule,
): Promise<{ readonly file: string | null; readonly diagram: string | null }> {
  const stepsFile = `${file.replace(/\.json$/, '')}.steps.json`;
  const { scenarioFile, diagramFile } = await saveCounterexample(stepsFile, { scenario, svg });
  return {
    file: scenarioFile && fromHere(scenarioFile),
    diagram: diagramFile && fromHere(diagramFile),
  };
}

function withoutPicture({ svg: _svg, ...short }: ShortSchedule): Omit<ShortSchedule, 'svg'> {
  return short;
}

/** The command that opens it to be played; `null` where its scenario is not all of it. */
function playOf(source: OrderingSource, { seeds }: Explained, file: string | null): string | null {
  if (seeds !== undefined || file === null) return null;
  return `npx mpcomm play ${describeSource(source)} --from ${shellWord(file)}`;
}

/** The command that shows the same again: its scenario, or a check where that is not enough. */
function replayOf(
  options: CheckCommandOptions,
  source: OrderingSource,
  { shrunken, seeds }: Explained,
  scenarioFile: string | null,
): string {
  if (seeds === undefined && scenarioFile !== null) {
    return `npx mpcomm simulate ${describeSource(source)} --scenario ${shellWord(scenarioFile)}`;
  }
  const { first, count } = seeds ?? { first: shrunken.seed, count: 1 };
  const { peers, faults, strategy } = options;
  return [
    `npx mpcomm check ${describeSource(source)} --from ${first} --seeds ${count} --workers 1`,
    ...(peers === undefined ? [] : [`--peers ${peers}`]),
    `--faults ${faults.join(' ')}`,
    ...(strategy === undefined ? [] : [`--strategy ${formatStrategy(strategy)}`]),
    ...(scenarioFile === null ? ['--save FILE'] : []),
  ].join(' ');
}
