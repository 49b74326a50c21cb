/** The text of examples/my-ordering.ts: cli/dashboard/build-web.ts puts it in the place of this name. */
declare const OWN_TEMPLATE_TEXT: string;

/** What an editor begins with: an ordering that works. */
export function ownTemplate(): string {
  return OWN_TEMPLATE_TEXT;
}
