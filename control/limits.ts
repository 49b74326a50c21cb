/**
 * What a run may ask for. Stated here once: the schema enforces them, and its errors quote them.
 */
export const LIMITS = {
  peersMin: 2,
  peersMax: 64,
  messagesMax: 100_000,
  /** The most messages in datagrams of one run, peers x (peers - 1) x messages: 8 peers x 100,000 fit. */
  transmissionsMax: 6_000_000,
  intervalMsMax: 60_000,
  /** With its headers, one message must fit one datagram of 1,200 bytes. */
  payloadBytesMax: 1_000,
  deadlineMsMin: 1_000,
  deadlineMsMax: 3_600_000,
  seedMax: 0xffff_ffff,
  /** A request's JSON body. */
  requestBytesMax: 16_384,
  idempotencyKeyCharactersMax: 255,
} as const;

/** The published experiments' random interval between two multicasts of one peer, uniform. */
export const INTERVAL_MS_DEFAULT = { min: 10, max: 99 } as const;

/** How long after a run command was published a peer may still join, and members look for each other. */
export const JOIN_MS = 10_000;

/** After a run's deadline, how long the members have to upload before the run is closed without them. */
export const UPLOAD_GRACE_MS = 5_000;

/** A peer renews its registry entry at this interval, and counts as live for three times as long. */
export const HEARTBEAT_MS = 5_000;
export const LIVE_MS = 3 * HEARTBEAT_MS;

/** How far a peer's clock may be ahead of the functions': with one that is more, it had hardly any time left to join. */
export const PEER_AHEAD_MS_MAX = JOIN_MS / 2;

/** A subscription that heard nothing for this long, not even one of several pings, is deaf. */
export const SILENCE_MS = 180_000;
