import { useEffect, useState } from 'preact/hooks';

/** How long nothing must be typed before what was typed is checked. */
const CHECK_AFTER_MS = 250;

/**
 * What `check` answers to the fields that are typed, a moment after the last key; `null` so far. `check` must be
 * the same function each time.
 */
export function useTypedCheck<Fields, Answer>(
  fields: Fields,
  check: (fields: Fields) => Promise<Answer>,
): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      check(fields).then(
        (found) => {
          if (isWanted) setAnswer(found);
        },
        // Who is not there is told elsewhere; the dashboard checks again when the run or the grid begins.
        () => undefined,
      );
    }, CHECK_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [fields, check]);
  return answer;
}
