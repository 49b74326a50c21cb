/** Something in the cloud is not there, or not allowed; `cure` is what mends it, mostly a command. */
export class MissingError extends Error {
  override name = 'MissingError';
  readonly what: string;
  readonly cure: string;

  constructor(what: string, cure: string, options?: ErrorOptions) {
    super(`${what}\n  ${cure}`, options);
    this.what = what;
    this.cure = cure;
  }
}
