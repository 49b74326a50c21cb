import { toPrintable } from '../../control/printable.ts';
import { isOrderingFault } from '../../simulation/check/judge.ts';
import type { ChosenRun } from '../../simulation/choices/chosen-run.ts';
import { stepAt } from '../../simulation/choices/step-clock.ts';
import type { Effect } from '../../simulation/play/step-effects.ts';
import type { GameMember, GameView, TablePacket } from '../../simulation/play/game-view.ts';
import {
  describeEffect,
  describeStepTaken,
  worthTelling,
} from '../../simulation/play/tell-steps.ts';
import type { BrokenSince, PlayedGame, StepReport } from '../../simulation/play/played-game.ts';
import { MEANINGS } from '../check/meanings.ts';
import { count, wrap } from '../render/table.ts';
import { whyItStays } from './why-it-stays.ts';
import type { Paint } from '../shell/terminal.ts';

const INDENT = '        ';
const PACKETS_SHOWN_MAX = 60;
/** After steps that are told in one line each. */
const SENT_SHOWN_MAX = 12;
/** Characters of what an ordering threw. */
const ERROR_SHOWN_MAX = 300;

/** How things stand, for a person: every peer, every packet, what is cut, and what is broken. */
export function renderState(game: PlayedGame, paint: Paint): string {
  const view = game.view();
  return [
    paint.bold(describeStep(game)),
    ...view.members.flatMap((member, index) => renderMember(game, member, index)),
    ...renderPackets(game.run, view),
    ...(view.cuts.length === 0 ? [] : [`Cut: ${view.cuts.join(', ')}`]),
    ...(game.broken.length === 0 ? [] : renderBroken(game, paint)),
  ].join('\n');
}

function describeStep({ entry, setup, choices, undoneSteps }: PlayedGame): string {
  const { peers, messages } = setup;
  const channels = setup.channels === undefined ? '' : ' over reliable channels';
  const size = `${count(peers, 'peer')} x ${count(messages, 'message')}${channels}`;
  const undone = undoneSteps === 0 ? '' : `; ${count(undoneSteps, 'step')} taken back (redo)`;
  return `${entry.name}, ${size}, after ${count(choices.length, 'step')}${undone}`;
}

function renderMember(game: PlayedGame, member: GameMember, index: number): string[] {
  const { log, state } = member;
  const orders = log.map(({ sender, sequence }) => `(${sender},${sequence})`);
  const name = `peer ${index}`.padEnd(INDENT.length);
  const delivered = `delivered ${orders.length === 0 ? 'nothing' : orders.join(' ')}`;
  const status = state === 'running' ? '' : `${state.toUpperCase()}; `;
  return [
    wrap(`${name}${status}${delivered}`, '').replaceAll('\n', `\n${INDENT}`),
    ...(member.failure === '' ? [] : [`${INDENT}it threw: ${shownError(member.failure)}`]),
    ...(state === 'crashed' || state === 'failed' ? [] : [renderWaiting(game, member, index)]),
  ].flatMap((line) => (line === '' ? [] : [line]));
}

/** The messages that a peer has and did not deliver, why it does not deliver them, and its timer. */
function renderWaiting(game: PlayedGame, { held, waits }: GameMember, index: number): string {
  const { run } = game;
  const waiting = game.waitingAt(index);
  const deadlineUs = run.deadlineOf(index);
  const clockUs = run.clockOf(index).read(0);
  const left = game.setup.messages - run.multicasts.counts[index]!;
  const parts = [
    ...(waiting.length > 0 ? [`has not delivered ${waiting.join(' ')}`] : []),
    ...(waiting.length === 0 && held > 0 ? [`holds ${held}`] : []),
    ...(waits === '' ? [] : [waits]),
    ...(left > 0 ? [`${left} to multicast`] : []),
    ...(deadlineUs < Infinity ? [`timer at ${ms(deadlineUs)}, clock at ${ms(clockUs)}`] : []),
  ];
  return parts.length === 0 ? '' : wrap(parts.join('; '), INDENT);
}

function renderPackets(run: ChosenRun, { packets }: GameView): string[] {
  if (packets.length === 0) return ['Under way: nothing'];
  const shown = packets
    .slice(0, PACKETS_SHOWN_MAX)
    .map((packet) => `  ${describePacket(run, packet)}`);
  const left = packets.length - shown.length;
  return ['Under way', ...shown, ...(left > 0 ? [`  ... and ${left} more`] : [])];
}

/** A packet in words, such as `3 0>1 data(0,0) link=1`: its number, its path, and what it says. */
function describePacket(run: ChosenRun, packet: TablePacket): string {
  const { number, from, to, text, mayBeDelivered } = packet;
  const why = mayBeDelivered ? '' : `   (cannot arrive now: ${whyItStays(run, packet)})`;
  return `${String(number).padStart(3)}  ${from}>${to}  ${text}${why}`;
}

/** What one step came to: in full, or in one line where many are taken at once. */
export function renderStep(
  game: PlayedGame,
  report: StepReport,
  { isShort }: { readonly isShort: boolean },
  paint: Paint,
): string {
  const { sent, broken } = report;
  const step = `${game.run.taken.length}. ${describeStepTaken(report)}`;
  const told = worthTelling(report);
  if (isShort) {
    const worth = told.filter(({ what }) => what !== 'loses').map(tellEffect);
    const line = worth.length === 0 ? step : `${step}; ${worth.join('; ')}`;
    return [line, ...renderNewFailure(game, paint), ...renderNewlyBroken(game, broken, paint)].join(
      '\n',
    );
  }
  return [
    step,
    ...told.map((effect) => `     ${tellEffect(effect)}`),
    ...renderSent(game.run, sent).slice(0, PACKETS_SHOWN_MAX),
    ...renderNewFailure(game, paint),
    ...renderNewlyBroken(game, broken, paint),
  ].join('\n');
}

function renderSent(run: ChosenRun, sent: readonly TablePacket[]): string[] {
  return sent.map((packet) => `     under way: ${describePacket(run, packet).trimStart()}`);
}

/** What steps that were told in one line each have sent, `isNew`, and is still under way. */
export function renderSentMeanwhile(
  game: PlayedGame,
  isNew: (packet: TablePacket) => boolean,
): string[] {
  const lines = renderSent(game.run, game.view().packets.filter(isNew));
  const left = lines.length - SENT_SHOWN_MAX;
  if (left <= 0) return lines;
  return [
    ...lines.slice(0, SENT_SHOWN_MAX),
    `     ... and ${left} more under way (state lists them)`,
  ];
}

/** What a step broke: what the ordering promised in full, the rest by name; and the way back. */
function renderNewlyBroken(
  game: PlayedGame,
  broken: readonly BrokenSince[],
  paint: Paint,
): string[] {
  const promised = broken.filter(({ isPromised }) => isPromised);
  const others = broken.filter(({ isPromised }) => !isPromised);
  const names = others.map(({ name }) => name).join(', ');
  return [
    ...promised.map((each) => wrap(`${paint.bad('BROKEN')} ${describeBroken(game, each)}`, '')),
    ...(others.length === 0 ? [] : [wrap(`(broken, and not promised: ${names})`, '')]),
    ...(promised.length === 0 ? [] : [describeWayBack(game.choices.length, promised[0]!.step)]),
  ];
}

function describeBroken({ entry }: PlayedGame, { name, text }: BrokenSince): string {
  return `${name} (${MEANINGS[name]}), which ${entry.name} promises: ${text}`;
}

function describeWayBack(now: number, step: number): string {
  const steps = now - step + 1;
  return `  Back to before it: ${steps === 1 ? 'undo' : `back ${steps}`}`;
}

/** Everything that is broken now, since when, and how to get back to before the first that was promised. */
function renderBroken(game: PlayedGame, paint: Paint): string[] {
  const { broken } = game;
  const promised = broken.filter(({ isPromised }) => isPromised);
  const others = broken.filter(({ isPromised }) => !isPromised);
  const names = others.map(({ name, step }) => `${name} (since step ${step})`).join(', ');
  return [
    ...promised.map((each) =>
      wrap(`${paint.bad('BROKEN')} since step ${each.step}: ${describeBroken(game, each)}`, ''),
    ),
    ...(others.length === 0 ? [] : [wrap(`Broken, and not promised: ${names}`, '')]),
    ...(promised.length === 0 ? [] : [describeWayBack(game.choices.length, promised[0]!.step)]),
  ];
}

/** That an ordering threw in the step that was just taken, whose effects have what. */
function renderNewFailure({ run }: PlayedGame, paint: Paint): string[] {
  const step = run.taken.length;
  const isNew = run.failures.some(
    (failure) => stepAt(failure.atUs) === step && isOrderingFault(failure),
  );
  return isNew ? [`${paint.bad('BROKEN')} no ordering may throw`, describeWayBack(step, step)] : [];
}

/** The peers whose ordering threw, which none may. */
export function renderFailures({ run, entry }: PlayedGame, paint: Paint): string[] {
  return run.failures.filter(isOrderingFault).map(({ member, atUs, error }) => {
    const since = `since step ${stepAt(atUs)}`;
    const what = `${entry.name} threw at peer ${member}, which no ordering may`;
    return wrap(
      `${paint.bad('BROKEN')} ${since}: ${what}: ${shownError(entry.explain?.(error, true) ?? error.message)}`,
      '',
    );
  });
}

/** What an ordering says when it throws is text of somebody else: nothing in it steers the terminal. */
function shownError(text: string): string {
  return toPrintable(text, ERROR_SHOWN_MAX);
}

function tellEffect(effect: Effect): string {
  if (effect.what !== 'throws') return describeEffect(effect);
  return describeEffect({ ...effect, text: shownError(effect.text) });
}

/** As `renderBroken`, with a sentence for each that was not promised either. */
export function renderJudgement(game: PlayedGame, paint: Paint): string[] {
  const others = game.broken.filter(({ isPromised }) => !isPromised);
  return [
    ...renderBroken(game, paint),
    ...others.map(({ name, text }) => wrap(`${name} (${MEANINGS[name]}): ${text}`)),
  ];
}

function ms(us: number): string {
  return `${Number((us / 1_000).toFixed(3))} ms`;
}
