/** The game that `mpcomm play` begins where nothing else is asked for. */
export const PLAY_DEFAULTS = { peers: 3, messages: 1, seed: 1 } as const;
