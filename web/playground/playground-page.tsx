import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { showInAddress } from '../shared/navigate.ts';
import { askerOf } from '../workers/ask-worker.ts';
import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import { PlaygroundForm } from './playground-form.tsx';
import { type PlaygroundSettings, readPlayground, writePlayground } from './playground-settings.ts';
import { prefersReducedMotion } from '../shared/prefers-reduced-motion.ts';
import { loadFilm, PLAYBACK_BEGIN, type Playback, toggle } from './playback.ts';
import { PlaybackBar, useClock } from './playback-bar.tsx';
import { RunPanel } from './run-panel.tsx';
import type { PlayedRun } from './run-playground.ts';

/** Each panel has a worker, so that two orderings run at the same time. */
const askers = [0, 1].map(() => askerOf<SimulationQuestion, SimulationAnswer>('simulation'));

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
  const settings = useMemo(() => readPlayground(query), [query]);
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
      .catch((error: unknown) => setProblem(String(error)));
  }, [settings]);

  return (
    <>
      <h1>Who delivers what, and in which order?</h1>
      <PlaygroundForm
        settings={settings}
        onChange={(changed) => showInAddress('play', writePlayground(changed))}
      />
      {problem === '' ? null : <p role="alert">{problem}</p>}
      {shown === null ? (
        <p class="loading">The first run is being simulated ...</p>
      ) : (
        <Results shown={shown} />
      )}
    </>
  );
}

/** The first film of a visit plays by itself, unless the reader wants less motion. */
function begin(loaded: Playback, before: Playback): Playback {
  return before.endUs === 0 && !prefersReducedMotion() ? toggle(loaded) : loaded;
}

/** What came out, with the film. The film's time lives here, so that playing it leaves the form alone. */
function Results({ shown }: { readonly shown: Shown }): JSX.Element {
  const { settings, runs, tookMs } = shown;
  const [playback, setPlayback] = useState<Playback>(PLAYBACK_BEGIN);
  useClock(playback.isPlaying, setPlayback);
  useEffect(() => {
    const endUs = Math.max(...runs.map(({ film }) => film.lastDeliveryAtUs));
    setPlayback((before) => begin(loadFilm(before, endUs), before));
  }, [runs]);
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
          />
        ))}
      </div>
    </>
  );
}
