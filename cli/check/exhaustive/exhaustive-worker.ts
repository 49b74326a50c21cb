import { parentPort, workerData } from 'node:worker_threads';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { type Choice, formatChoice, parseChoice } from '../../../simulation/choices/choice.ts';
import type { Fates } from '../../../simulation/choices/fates.ts';
import { checkScenario } from '../../../simulation/check/check-scenario.ts';
import type { Finding } from '../../../simulation/check/finding.ts';
import { isAboutTheEnd } from '../../../simulation/check/judge.ts';
import { smallScenario } from '../../../simulation/check/small-scenario.ts';
import { choicesAfterRest } from '../../../simulation/choices/shortest/judge-after-rest.ts';
import { drawBroken } from '../../../simulation/exhaustive/draw-broken.ts';
import { estimatePlans } from '../../../simulation/exhaustive/estimate-plans.ts';
import { findingsOf, replayChoices } from '../../../simulation/exhaustive/shorten-schedule.ts';
import { isDivergence } from '../../../simulation/choices/states/member-tree.ts';
import { type Scope, setupOf } from '../../../simulation/exhaustive/scope.ts';
import { ScopeKnowledge } from '../../../simulation/exhaustive/scope-knowledge.ts';
import { partsOf, searchPart } from '../../../simulation/exhaustive/search-part.ts';
import { huntHang } from '../../../simulation/exhaustive/hunt-hang.ts';
import { findingOfLate, LateErrors } from '../../ordering/late-errors.ts';
import { openOrdering, SIMULATED_MEMBERS } from '../../ordering/ordering-source.ts';
import { spareProcess } from '../../ordering/spare-process.ts';
import { answerTasks } from '../../shell/answer-tasks.ts';
import { TriedSchedule } from './tried-schedule.ts';
import type {
  ExhaustiveAnswer,
  ExhaustiveTask,
  ExhaustiveWorkerData,
  ToldSchedule,
} from './exhaustive-task.ts';

/** The messages of each member in that one run, so that members have something to agree on. */
const MESSAGES_SHARED = 5;

type ExplainTask = Extract<ExhaustiveTask, { task: 'explain' }>;

/** Does what it is asked, with one ordering, and says so with every step of it. */
class ExhaustiveWorker {
  readonly #entry: OrderingEntry;
  readonly #beat: () => void;
  readonly #tried: TriedSchedule;
  #known: { readonly name: string; readonly knowledge: ScopeKnowledge } | null = null;

  constructor(entry: OrderingEntry, beat: () => void, tried: TriedSchedule) {
    this.#entry = entry;
    this.#beat = beat;
    this.#tried = tried;
  }

  async perform(task: ExhaustiveTask): Promise<ExhaustiveAnswer> {
    try {
      return task.task === 'explain' ? await this.#explain(task) : this.#performOne(task);
    } catch (error) {
      if (!isDivergence(error)) throw error;
      return { task: 'unrepeatable', why: error.message };
    }
  }

  #performOne(task: Exclude<ExhaustiveTask, ExplainTask>): ExhaustiveAnswer {
    switch (task.task) {
      case 'cut': {
        const { scope, plans, partsPerPlan } = task;
        const knowledge = this.#knowledgeOf(scope);
        const cut = (fates: Fates) => partsOf(this.#entry, scope, fates, partsPerPlan, knowledge);
        return { task: 'cut', parts: plans.flatMap(cut) };
      }
      case 'estimate':
        return {
          task: 'estimate',
          estimate: estimatePlans(this.#entry, task.scope, task.plans, this.#beat),
        };
      case 'draw': {
        const { scope, seed, countMax, sliceMs } = task;
        const mayGoOn = this.#until(sliceMs);
        const { drawn, broken } = drawBroken(this.#entry, scope, seed, countMax, mayGoOn);
        return { task: 'draw', drawn, broken: broken?.map(formatChoice) ?? null };
      }
      case 'search': {
        const mayGoOn = this.#until(task.sliceMs);
        const { scope, part } = task;
        const knowledge = this.#knowledgeOf(scope);
        const progress = searchPart(this.#entry, scope, part, mayGoOn, undefined, knowledge);
        return { task: 'search', progress };
      }
      case 'hunt': {
        const { scope, lengthMax, huntMs } = task;
        const onTry = (choices: readonly Choice[]): void => this.#tried.note(choices);
        const onCreate = (member: number): void => this.#tried.noteCreation(member);
        const limits = { lengthMax, mayGoOn: this.#until(huntMs), onTry, onCreate };
        return { task: 'hunt', provenLength: huntHang(this.#entry, scope, limits) };
      }
      case 'confirm': {
        const choices = task.choices.map(parseChoice);
        this.#tried.note(choices);
        const findings = findingsOf(this.#entry, task.scope, choices);
        return { task: 'confirm', broke: findings[0]?.name ?? null };
      }
    }
  }

  /** What tells and draws is half of all modules here, and no thread that searches needs it. */
  async #explain({ scope, found, notSearched, explainMs }: ExplainTask): Promise<ExhaustiveAnswer> {
    const [{ shortestBroken, tellSchedule }, { recordSchedule }, { drawSchedule }] =
      await Promise.all([
        import('../../../simulation/exhaustive/explain-schedule.ts'),
        import('../../../simulation/play/tell-steps.ts'),
        import('../draw-schedule.ts'),
      ]);
    const choices = found.map(parseChoice);
    const limits = {
      mayGoOnAtFirst: this.#until(explainMs / 2),
      mayGoOn: this.#until(explainMs),
    };
    const broken = shortestBroken(this.#entry, scope, choices, notSearched, limits);
    const [finding] = broken.findings;
    if (finding === undefined)
      return { task: 'unrepeatable', why: 'it broke nothing when it ran first' };
    const entry = this.#entry;
    const after = isAboutTheEnd(finding)
      ? choicesAfterRest(replayChoices(entry, broken.scope, broken.choices))
      : [];
    const shown = [...broken.choices, ...after];
    const told: ToldSchedule = {
      ...broken,
      choices: broken.choices.map(formatChoice),
      stepsAfter: after.length,
      story: tellSchedule(entry, broken.scope, shown, finding),
      svg: drawSchedule(
        entry.name,
        { ...broken, finding },
        recordSchedule(entry, setupOf(broken.scope), shown),
      ),
    };
    return { task: 'explain', told };
  }

  /** Parts of one scope come one after the other. */
  #knowledgeOf(scope: Scope): ScopeKnowledge {
    const name = JSON.stringify(scope);
    if (this.#known?.name !== name) {
      this.#known = { name, knowledge: new ScopeKnowledge(this.#entry, scope) };
    }
    return this.#known.knowledge;
  }

  /** It is asked after every schedule. */
  #until(forMs: number): () => boolean {
    const endMs = performance.now() + forMs;
    return () => {
      this.#beat();
      return performance.now() < endMs;
    };
  }
}

/**
 * Whether members of an ordering from a file reach each other by other means than packets, in one run with times before all the
 * others: a search is no place to look for it, as it tells the same members the same again all the time.
 */
function findSharing(entry: OrderingEntry, { peers }: Scope): Finding | null {
  if (entry.watchShared === undefined) return null;
  const scenario = { ...smallScenario(MESSAGES_SHARED), peers };
  const { findings } = checkScenario(entry, scenario, { isThorough: false });
  return findings.find(({ name }) => name === 'sharing') ?? null;
}

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  spareProcess();
  const { source, fresh, progress, tried } = workerData as ExhaustiveWorkerData;
  const entry = await openOrdering(source, { fresh, members: SIMULATED_MEMBERS });
  const beats = new Uint32Array(progress);
  const worker = new ExhaustiveWorker(entry, () => (beats[0]! += 1), new TriedSchedule(tried));
  // From now on it is the ordering that is waited for.
  beats[0]! += 1;
  const errors = new LateErrors();
  answerTasks(port, async (task: ExhaustiveTask): Promise<ExhaustiveAnswer> => {
    const shared = task.task === 'cut' ? findSharing(entry, task.scope) : null;
    if (shared !== null) return { task: 'elsewhere', finding: shared };
    const answer = await worker.perform(task);
    const late = await errors.take(false);
    return late === null ? answer : { task: 'elsewhere', finding: findingOfLate(entry, late) };
  });
}

if (parentPort !== null) await main(parentPort);
