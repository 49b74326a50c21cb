/** How long packets take, in whole microseconds. */
export interface Delays {
  /** The delay of the next packet from member `from` to member `to`. */
  next(from: number, to: number): number;
}
