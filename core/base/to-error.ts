/**
 * What was thrown, as an error whose name, message and stack can be read: code that is not ours may throw anything, also
 * nothing, or what throws again when it is looked at.
 */
export function toError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error)
      return isReadable(thrown) ? thrown : inWords('an Error without a text');
    return inWords(`${String(thrown)}, which is no Error`);
  } catch {
    return inWords('what cannot be read, since that throws as well');
  }
}

function isReadable({ name, message, stack = '' }: Error): boolean {
  return [name, message, stack].every((text: unknown) => typeof text === 'string');
}

/** An error for what is none: it has no place, since that of this function would lead astray. */
function inWords(what: string): Error {
  const error = new Error(what);
  error.name = '';
  error.stack = what;
  return error;
}
