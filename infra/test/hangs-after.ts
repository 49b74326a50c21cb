/** A process of a test hangs that has not ended after this long. A slow machine takes thirty seconds for what an idle one does in three. */
export const HANGS_AFTER_MS = 600_000;
