import type { JSX } from 'preact';

/** Says what went wrong; nothing where `text` is empty. */
export function Alert({ text }: { readonly text: string }): JSX.Element | null {
  return text === '' ? null : <p role="alert">{text}</p>;
}
