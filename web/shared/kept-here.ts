/** What this browser remembers for the page; nothing of it is ever sent. */
const PREFIX = 'mpcomm.';

/** Reads what was kept under `name`; `otherwise` where there is nothing, or it cannot be read. */
export function readKept<T>(
  name: string,
  otherwise: T,
  isValid: (value: unknown) => value is T,
): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null');
    return isValid(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps `value`; a browser that does not allow it, or has no room, forgets it with the page. */
export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // The page goes on without anything that is kept.
  }
}

export function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
