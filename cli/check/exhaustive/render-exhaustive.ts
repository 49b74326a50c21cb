import type { GuaranteeName } from '../../../core/guarantees.ts';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import { LATENESSES_US } from '../../../simulation/choices/lateness.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import {
  addScheduleTally,
  NO_TALLY,
  type ScheduleTally,
} from '../../../simulation/exhaustive/search-part.ts';
import { describeChoice } from '../../../simulation/play/describe-choice.ts';
import { count, formatNumber, wrap } from '../../render/table.ts';
import type { Paint } from '../../shell/terminal.ts';
import { MEANINGS } from '../meanings.ts';
import type { ExhaustiveFailure, ExhaustiveReport, UnfinishedScope } from './exhaustive-report.ts';
import type { ToldSchedule } from './exhaustive-task.ts';
import { describeEstimate, describeFaultsUpTo, nameOfScope, nameWithTimers } from './name-scope.ts';
import { isDeeperThan } from '../../../simulation/exhaustive/beyond-scopes.ts';
import { isWiderThan } from '../../../simulation/exhaustive/wider-scopes.ts';
import { describeBeyond } from './render-beyond.ts';

const LATE = LATENESSES_US.map((us) => `${us / 1e6} s`).join(' or ');

export function renderExhaustive(report: ExhaustiveReport, paint: Paint): string {
  const { failure, whole, unfinished, notTried, ordering } = report;
  const name = paint.bold(ordering);
  const left = notTried.map(nameOfScope).join(', ');
  return [
    ...(failure === null ? [] : [...renderFailure(report, failure, paint), '']),
    ...whole.map(({ scope, tally }) => {
      const all = `all ${count(tally.schedules, 'schedule')} of ${nameOfScope(scope)}`;
      return wrap(`${name}: ${all}: ${paint.good('no counterexample')}`);
    }),
    ...(unfinished === null ? [] : [wrap(`${name}: ${describeUnfinished(unfinished, paint)}`)]),
    ...(notTried.length === 0 || failure !== null ? [] : [wrap(`  not tried: ${left}`)]),
    ...describeJudgedIn(report).map((line) => wrap(line)),
    ...(failure === null ? describeBeyond(report.beyond) : []),
    wrap(describeBound(report)),
  ].join('\n');
}

function describeUnfinished(unfinished: UnfinishedScope, paint: Paint): string {
  const { scope, tally, level, estimate, drawn, why } = unfinished;
  const total = estimate === null ? '' : ` of ${describeEstimate(estimate)}`;
  const most = scope.losses + scope.crashes;
  const beyond =
    level < most ? `; of those with more than ${level} of ${most} faults nothing is known yet` : '';
  const parts = drawn.map((of) => `${count(of.schedules, 'schedule')} of ${nameOfScope(of.scope)}`);
  const besides =
    parts.length > 0 ? `; drawn at random, ${parts.join(', ')} broke nothing either` : '';
  return (
    `${formatNumber(tally.schedules)}${total} schedules of ${nameOfScope(scope)} tried, no counterexample among ` +
    `them; ${paint.bad('the search is not finished')}: ${why}${beyond}${besides}`
  );
}

function renderFailure(
  { ordering, asked }: ExhaustiveReport,
  { broke, text, alsoBroke, schedule, savedFile, diagramFile, replay }: ExhaustiveFailure,
  paint: Paint,
): string[] {
  const also = alsoBroke.length === 0 ? [] : [wrap(`it breaks ${alsoBroke.join(', ')} as well`)];
  return [
    `${paint.bold(ordering)} breaks ${paint.bad(broke)} (${MEANINGS[broke]})`,
    wrap(text),
    ...also,
    ...(schedule === null ? [] : renderSchedule(schedule, asked)),
    ...(savedFile === null ? [] : [`Saved: ${savedFile}`]),
    ...(replay === null ? [] : [`Replay: ${replay}`]),
    ...(diagramFile === null ? [] : [`Picture: ${diagramFile}`]),
  ];
}

function renderSchedule(schedule: Omit<ToldSchedule, 'svg'>, asked: Scope): string[] {
  const { scope, choices, choicesFound, stepsAfter, story } = schedule;
  const beyond = nameBeyond(scope, asked);
  const size =
    beyond === null
      ? nameOfScope({ ...scope, losses: 0, crashes: 0 })
      : `${beyond}, more than was asked for`;
  const where = beyond === null ? 'in what was asked for' : `of ${beyond}`;
  const found = choices.length < choicesFound ? ` (it was found in one of ${choicesFound})` : '';
  return [
    wrap(`${count(choices.length, 'choice')}, of ${size}${found}:`),
    ...choices.map((choice, at) => `  ${at + 1}. ${describeStep(choice)}`),
    ...(stepsAfter === 0
      ? []
      : [
          wrap(
            'Then timers go off, the earliest first, and what they send arrives: that belongs to the story as far ' +
              'as anything is delivered by it.',
          ),
        ]),
    wrap(describeProven(schedule, where)),
    ...(story === '' ? [] : ['', story]),
  ];
}

/** A scope that goes beyond what was asked for, by what does so; `null`: it does not. */
function nameBeyond(scope: Scope, asked: Scope): string | null {
  if (isDeeperThan(scope, asked)) return nameWithTimers(scope);
  return isWiderThan(scope, asked) ? nameOfScope(scope) : null;
}

/** A choice as it is typed in `mpcomm play`, with its meaning where that is not plain. */
function describeStep(text: string): string {
  const choice = parseChoice(text);
  const isPlain = ['multicast', 'deliver', 'lose'].includes(choice.act);
  const late = 'atUs' in choice ? `late, when its clock reads ${choice.atUs! / 1e6} s` : '';
  if (isPlain) return late === '' ? text : `${text} (${late})`;
  return `${text} (${describeChoice(choice)}${late === '' ? '' : ` ${late}`})`;
}

/** Whether this is the shortest there is, or how far that is known. */
function describeProven(
  { scope, choices, proven, findings }: Omit<ToldSchedule, 'svg'>,
  where: string,
): string {
  const shorter = choices.length - 1;
  const isLate = (scope.lates ?? 0) > 0;
  const kept = scope.timers === 0 || isLate ? '' : ', with deadlines kept to the instant';
  const isEndless = findings[0]?.name === 'endless';
  const open = proven.filter((each) => each.choices < shorter);
  if (open.length === 0) {
    return (
      `This is the shortest there is ${where}${kept}: all beginnings of fewer choices were ` +
      `looked at, and ${isEndless ? 'each of them came to its end' : 'none breaks anything'}.`
    );
  }
  const parts = open.map(({ scope: each, choices: upTo }) => {
    if (upTo <= 0) return `of ${nameOfScope(each)} none was looked at`;
    return `of ${nameOfScope(each)} all with at most ${count(upTo, 'choice')} were looked at`;
  });
  return `Whether there is a shorter one is not known: ${parts.join('; ')}.`;
}

/** What could be judged and what not, and how far the schedules went. */
function describeJudgedIn(report: ExhaustiveReport): string[] {
  const { guarantees, whole, unfinished, playedOn, failure } = report;
  if (failure !== null) return [];
  const tallies = [...whole, ...(unfinished === null ? [] : [unfinished])].map(
    ({ tally }) => tally,
  );
  const sum = tallies.reduce<ScheduleTally>(addScheduleTally, NO_TALLY);
  const { schedules, withTimersLeft, silent, judged } = sum;
  const runsOf = (name: GuaranteeName | 'progress'): number => judged[name] ?? 0;
  const asked = [...guarantees, 'progress'] as const;
  const wordOf = (name: string): string => (name === 'progress' ? 'that all is delivered' : name);
  const texts = asked
    .filter((name) => runsOf(name) > 0)
    .map((name) =>
      runsOf(name) === schedules
        ? wordOf(name)
        : `${wordOf(name)} (in ${count(runsOf(name), 'schedule')})`,
    );
  const unseen = asked.filter((name) => runsOf(name) === 0).map(wordOf);
  const inSoMany = (some: number): string =>
    `  in ${formatNumber(some)} of ${formatNumber(schedules)}`;
  return [
    ...(texts.length === 0 ? [] : [`  judged: ${texts.join(', ')}`]),
    `  not judged: ${[...unseen, 'delivering as it goes'].join(', ')}`,
    ...(withTimersLeft === 0
      ? []
      : [
          `${inSoMany(withTimersLeft)} a timer was still to go off at the end: what must be delivered ` +
            `in the end was not judged there${describePlayedOn(playedOn)}`,
        ]),
    ...(silent === 0 ? [] : [`${inSoMany(silent)} nobody delivered anything`]),
  ];
}

function describePlayedOn(schedules: number): string {
  if (schedules === 0) return '';
  const drawn = count(schedules, 'schedule');
  return `; of ${drawn} that were drawn, timers went on for as long as something was missing: nothing was in the end`;
}

function describeBound({ packsLeftOut, hasLink, asked: scope }: ExhaustiveReport): string {
  return [
    `  outside the bound: more peers or messages, ${describeFaultsUpTo(scope)}`,
    'repetitions, pauses, partitions, a member that starts again',
    ...describeTime(scope),
    ...describeLayers(scope, hasLink),
    ...(packsLeftOut ? ['messages that travel in packs'] : []),
  ].join(', ');
}

function describeTime({ timers, lates = 0 }: Scope): string[] {
  const times = (most: number): string => (most === 1 ? 'once' : `${most} times`);
  const timer =
    timers === 0
      ? 'whatever a peer does when a timer goes off'
      : `a timer of one peer that goes off more than ${times(timers)}`;
  if (lates === 0) return [timer, 'a step of a peer that comes after its timer was due'];
  return [timer, `a peer that is late more than ${times(lates)}, or by another time than ${LATE}`];
}

function describeLayers({ channels, crashes }: Scope, hasLink: boolean): string[] {
  if (!hasLink || channels === 'datagrams') return [];
  const told = crashes === 0 ? '' : ', and a suspicion of a peer that lives';
  return [
    `the reliable link and the failure detector themselves${told} (channels lose nothing here; ` +
      '--whole-stack runs them as well)',
  ];
}
