/** What was thrown, in words. */
export function messageFrom(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
