import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { prefersReducedMotion } from '../shared/prefers-reduced-motion.ts';
import { type Playback, seek, SPEEDS, tick, toggle, withSpeed } from './playback.ts';

type Change = (change: (before: Playback) => Playback) => void;

interface PlaybackBarProps {
  readonly playback: Playback;
  readonly onChange: Change;
  readonly tookMs: number;
}

/** Play and pause, the speed, and a slider over virtual time. */
export function PlaybackBar({ playback, onChange, tookMs }: PlaybackBarProps): JSX.Element {
  const { atUs, endUs, isPlaying, speed } = playback;
  return (
    <div class="playback" role="group" aria-label="Film">
      <button type="button" class="primary" onClick={() => onChange(toggle)}>
        {isPlaying ? '❚❚ Pause' : '▶ Play'}
      </button>
      <label class="grow">
        <span class="quiet">Time</span>
        <input
          type="range"
          min={0}
          max={Math.ceil(endUs / 1_000)}
          value={Math.round(atUs / 1_000)}
          aria-valuetext={`${Math.round(atUs / 1_000)} milliseconds`}
          onInput={(event) => {
            const at = Number(event.currentTarget.value) * 1_000;
            onChange((before) => seek(before, at));
          }}
        />
      </label>
      {/* A film would have a screen reader tell its time without end; the slider tells it to whoever asks. */}
      <output aria-live="off">{Math.round(atUs / 1_000)} ms</output>
      <label>
        Speed{' '}
        <select
          value={String(speed)}
          onChange={(event) => {
            const chosen = Number(event.currentTarget.value);
            onChange((before) => withSpeed(before, chosen));
          }}
        >
          {SPEEDS.map((each) => (
            <option key={each} value={String(each)}>
              {each}×
            </option>
          ))}
        </select>
      </label>
      <small>simulated and judged in {Math.round(tookMs)} ms</small>
    </div>
  );
}

/** With less motion wanted, the film goes on in steps of this many milliseconds rather than smoothly. */
const STEP_MS = 500;

/** Moves the film on while it plays: by the display's frames, or in steps where motion is not wanted. */
export function useClock(isPlaying: boolean, onChange: Change): void {
  useEffect(() => {
    if (!isPlaying) return undefined;
    let last = performance.now();
    const step = (now: number): void => {
      const elapsedMs = now - last;
      last = now;
      onChange((before) => tick(before, elapsedMs));
    };
    if (prefersReducedMotion()) {
      const timer = setInterval(() => step(performance.now()), STEP_MS);
      return () => clearInterval(timer);
    }
    let frame = requestAnimationFrame(function next(now) {
      step(now);
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
}
