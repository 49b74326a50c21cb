import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RunList, RunSummary } from '../../control/api/dashboard-documents.ts';
import { formatRoute } from '../routing/route.ts';
import { Alert } from '../shared/alert.tsx';
import { liveStatus } from './live-status.ts';
import { useDocument } from './use-document.ts';

const PAGE = 25;
const SEARCH_AFTER_MS = 300;

/** Earlier runs, the newest first, with a search over everything that their lines say. */
export function RunHistory(): JSX.Element {
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(PAGE);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const latest = liveStatus.value?.latest;
  const query = new URLSearchParams({ search, limit: String(limit) }).toString();
  const { document: list, problem } = useDocument<RunList>(
    `runs?${query}`,
    `${latest?.runId} ${latest?.state}`,
  );
  return (
    <>
      <label>
        Search: ordering, zone, state, 4x50, seed:7, broken guarantee
        <input
          type="search"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <Alert text={problem} />
      <div role="status">
        {list === null && problem === '' ? <p>The runs are being read ...</p> : null}
        {list !== null && list.runs.length === 0 ? <p>No run was found.</p> : null}
        {list !== null && search.trim() !== '' ? (
          <p class="quiet">The last {list.searched} runs were searched.</p>
        ) : null}
      </div>
      {list === null || list.runs.length === 0 ? null : <RunTable runs={list.runs} />}
      {list?.more === true ? (
        <button type="button" onClick={() => setLimit(limit + 3 * PAGE)}>
          Older runs
        </button>
      ) : null}
    </>
  );
}

function RunTable({ runs }: { readonly runs: readonly RunSummary[] }): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Runs, to be scrolled">
      <table>
        <thead>
          <tr>
            {['Run', 'Ordering', 'Peers x messages', 'Unordered rounds', 'Broken', 'State'].map(
              (heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.runId}>
              <th scope="row">
                <a href={formatRoute('laboratory', { run: run.runId })}>{run.runId}</a>
              </th>
              <td>{run.ordering}</td>
              <td>
                {run.peers} x {run.messages}
              </td>
              <td>{run.rounds === null ? '' : `${run.unorderedRounds} of ${run.rounds}`}</td>
              <td>{run.broken.join(', ')}</td>
              <td>
                {run.state}
                {run.recorded ? ', recorded' : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
