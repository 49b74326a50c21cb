/**
 * The phase of a session's life. A session only ever moves on, and may leave any phase but the last early:
 *
 * - `handshake`: it asks for the others, and multicasts nothing.
 * - `running`: everybody has heard everybody; it multicasts, delivers and uploads.
 * - `answering`: its own run has ended and what it delivered is final, but others may still ask. Its
 *   ordering goes on only if it has delivered everything; a run that records has what it answers.
 * - `closed`: it has left the network.
 */
export type SessionPhase = 'handshake' | 'running' | 'answering' | 'closed';
