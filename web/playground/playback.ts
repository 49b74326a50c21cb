/** Where the playground's film stands. Times are microseconds of virtual time. */
export interface Playback {
  readonly atUs: number;
  readonly endUs: number;
  readonly isPlaying: boolean;
  /** Virtual time over real time: 0.1 shows a tenth of a second in a second. */
  readonly speed: number;
}

export const SPEEDS = [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2] as const;

export const PLAYBACK_BEGIN: Playback = { atUs: 0, endUs: 0, isPlaying: false, speed: 0.1 };

/** The film one real moment later. It stops at its end. */
export function tick(playback: Playback, elapsedMs: number): Playback {
  if (!playback.isPlaying) return playback;
  const atUs = Math.min(playback.endUs, playback.atUs + elapsedMs * 1_000 * playback.speed);
  return { ...playback, atUs, isPlaying: atUs < playback.endUs };
}

/** Plays or pauses; from the end it plays again from the beginning. */
export function toggle(playback: Playback): Playback {
  if (playback.isPlaying) return { ...playback, isPlaying: false };
  const atUs = playback.atUs >= playback.endUs ? 0 : playback.atUs;
  return { ...playback, atUs, isPlaying: playback.endUs > 0 };
}

/** Goes to a time, which is kept within the film, and stays there. */
export function seek(playback: Playback, atUs: number): Playback {
  const within = Math.min(playback.endUs, Math.max(0, atUs));
  return { ...playback, atUs: within, isPlaying: false };
}

/**
 * Puts in another film: the time stays where it is, or goes to the end of the new film if that is
 * shorter.
 */
export function loadFilm(playback: Playback, endUs: number): Playback {
  return { ...playback, endUs, atUs: Math.min(playback.atUs, endUs) };
}

export function withSpeed(playback: Playback, speed: number): Playback {
  return { ...playback, speed };
}
