import type { Finding } from '../../simulation/check/finding.ts';
import { tellRun } from '../../simulation/check/story.ts';
import type { SimulationResult } from '../../simulation/simulation-result.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import type { Observer } from '../../simulation/observers/observer.ts';
import type { PlayedGame } from '../../simulation/play/played-game.ts';
import { findingOfObservations } from '../../diagram/finding.ts';
import { renderDiagram } from '../../diagram/render-diagram.ts';
import { count } from '../render/table.ts';

/** The run as a space-time diagram in text, around what broke first; all of it where nothing did. */
export function tellGame(game: PlayedGame): string {
  const run = (observer: Observer): SimulationResult => game.again(observer).result();
  return tellRun(game.entry, findingOf(game), run, 'step');
}

/** The run as a space-time diagram, an SVG document. */
export function drawGame(game: PlayedGame): string {
  const { entry, setup, choices } = game;
  const recorder = new EventRecorder(setup.peers);
  game.again(recorder);
  const { name, text, observations } = findingOf(game);
  const isBroken = text !== '';
  return renderDiagram({
    logs: recorder.logs,
    clocks: 'one',
    peers: recorder.logs.map(() => ({ name: null, zone: null })),
    finding: findingOfObservations(isBroken ? text : 'nothing is broken', observations),
    facts: [
      isBroken ? `${entry.name} breaks ${name}` : entry.name,
      `${count(setup.peers, 'peer')} × ${count(setup.messages, 'message')}`,
      `played by hand in ${count(choices.length, 'step')}`,
    ],
    notes: ['A step is drawn as a millisecond.'],
  });
}

/** What the picture is about: the first promised guarantee that broke, else the first that broke at all. */
function findingOf({ broken }: PlayedGame): Finding {
  const first = broken.find(({ isPromised }) => isPromised) ?? broken[0];
  if (first === undefined) return { name: 'total', text: '', observations: [] };
  return { name: first.name, text: first.text, observations: first.observations };
}
