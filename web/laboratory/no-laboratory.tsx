import type { JSX } from 'preact';

/** What a link to the laboratory leads to where the page comes from a plain web host. */
export function NoLaboratory(): JSX.Element {
  return (
    <>
      <h1>Laboratory</h1>
      <p>
        This page comes without a laboratory. On a machine with the project,{' '}
        <code>npx mpcomm dashboard</code> serves the same page with one behind it: runs between real
        processes, with real datagrams.
      </p>
    </>
  );
}
