import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { route, showInAddress } from '../shared/navigate.ts';
import { messageFrom } from '../shared/message-from.ts';
import { Alert } from '../shared/alert.tsx';
import { askerOf } from '../workers/ask-worker.ts';
import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import { PlaygroundForm } from './playground-form.tsx';
import { type PlaygroundSettings, readPlayground, writePlayground } from './playground-settings.ts';
import { prefersReducedMotion } from '../shared/prefers-reduced-motion.ts';
import { loadFilm, PLAYBACK_BEGIN, type Playback, seek, toggle } from './playback.ts';
import {
  type PlaygroundView,
  readPlaygroundView,
  withView,
  writePlaygroundView,
} from './playground-view.ts';
import { PlaybackBar, useClock } from './playback-bar.tsx';
import { RunPanel } from './run-panel.tsx';
import type { PlayedRun } from './run-playground.ts';

/** Each panel has a worker, so that two orderings run at the same time. */
const askers = [0, 1].map(() => askerOf<SimulationQuestion, SimulationAnswer>('simulation'));

/** How long a film has to stand still before its time is put into the address. */
const ADDRESS_AFTER_MS = 300;

interface Shown {
  readonly settings: PlaygroundSettings;
  readonly runs: readonly PlayedRun[];
  /** The time from a change to its answer, as somebody who waits sees it. */
  readonly tookMs: number;
}

/** The playground: a form, and under it what the run came to, at once after each change. */
export function PlaygroundPage({
  query,
}: {
  readonly query: ReadonlyMap<string, string>;
}): JSX.Element {
  // Where the film stands is in the address as well, and changes nothing of the run.
  const asked = writePlayground(readPlayground(query));
  const settings = useMemo(() => readPlayground(query), [JSON.stringify(asked)]);
  const view = readPlaygroundView(query);
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState('');

  useEffect(() => {
    const beganMs = performance.now();
    const names = [settings.ordering, settings.against].filter((name) => name !== '');
    Promise.all(
      names.map((ordering, place) => askers[place]!.ask({ want: 'run', settings, ordering })),
    )
      .then((answers) => {
        const runs = answers.filter((answer) => answer !== null) as PlayedRun[];
        if (runs.length < names.length) return;
        setShown({ settings, runs, tookMs: performance.now() - beganMs });
        setProblem('');
      })
      .catch((error: unknown) => setProblem(messageFrom(error)));
  }, [settings]);

  return (
    <>
      <h1>Who delivers what, and in which order?</h1>
      <PlaygroundForm settings={settings} onChange={showSettings} />
      <Alert text={problem} />
      {shown === null ? (
        <p class="loading">The first run is being simulated ...</p>
      ) : (
        <Results shown={shown} view={view} />
      )}
    </>
  );
}

/** Puts what changes of the view into the address. */
function showView(changed: Partial<PlaygroundView>): void {
  showInAddress('play', withView(route.value.query, changed));
}

/** Puts settings into the address: another film begins, and how somebody looks at it stays. */
function showSettings(settings: PlaygroundSettings): void {
  const { hasDiagram } = readPlaygroundView(route.value.query);
  const view = writePlaygroundView({ atMs: null, hasDiagram });
  showInAddress('play', { ...writePlayground(settings), ...view });
}

/** The first film of a visit plays by itself, unless the link says where it stands, or the reader wants less motion. */
function begin(loaded: Playback, before: Playback, atMs: number | null): Playback {
  if (before.endUs > 0) return loaded;
  if (atMs !== null) return seek(loaded, atMs * 1_000);
  return prefersReducedMotion() ? loaded : toggle(loaded);
}

interface ResultsProps {
  readonly shown: Shown;
  readonly view: PlaygroundView;
}

/** A film that stands still is in the address with its time, and goes where an address says that it stands. */
function useFilmInAddress(
  settings: PlaygroundSettings,
  view: PlaygroundView,
  { atUs, endUs, isPlaying }: Playback,
  setPlayback: (change: (before: Playback) => Playback) => void,
): void {
  const standsMs = Math.round(atUs / 1_000);
  useEffect(() => {
    if (view.atMs === null || view.atMs === standsMs) return;
    const { atMs } = view;
    setPlayback((before) => (before.endUs === 0 ? before : seek(before, atMs * 1_000)));
  }, [view.atMs]);
  useEffect(() => {
    // At its beginning and its end a film stands because nobody has moved it.
    if (isPlaying || atUs <= 0 || atUs >= endUs || standsMs === view.atMs) return undefined;
    const show = (): void => showView({ atMs: standsMs });
    const timer = setTimeout(show, ADDRESS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [standsMs, isPlaying, endUs, settings]);
}

/** What came out, with the film. The film's time lives here, so that playing it leaves the form alone. */
function Results({ shown, view }: ResultsProps): JSX.Element {
  const { settings, runs, tookMs } = shown;
  const [playback, setPlayback] = useState<Playback>(PLAYBACK_BEGIN);
  useClock(playback.isPlaying, setPlayback);
  useEffect(() => {
    const endUs = Math.max(...runs.map(({ film }) => film.lastDeliveryAtUs));
    setPlayback((before) => begin(loadFilm(before, endUs), before, view.atMs));
  }, [runs]);
  useFilmInAddress(settings, view, playback, setPlayback);
  return (
    <>
      <PlaybackBar playback={playback} onChange={setPlayback} tookMs={tookMs} />
      <div class={runs.length > 1 ? 'beside' : ''}>
        {runs.map((run, place) => (
          <RunPanel
            key={`${run.ordering} ${place}`}
            run={run}
            settings={settings}
            playback={playback}
            hasDiagram={view.hasDiagram}
            onDiagram={(hasDiagram) => showView({ hasDiagram })}
          />
        ))}
      </div>
    </>
  );
}
