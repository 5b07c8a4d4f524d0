import { Link } from 'react-router';
import { useQuery } from 'urql';
import { Badge } from '@/components/Entity';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import type { SummaryImportsQuery } from '@/gql/graphql';
import { SummaryImports } from './documents';
import { changesPath } from './links';
import { readReport, type Counts } from './report';
import classes from './Summary.module.css';

type Run = SummaryImportsQuery['importRuns']['edges'][number]['node'];

const states = { SUCCEEDED: null, REJECTED: { label: 'Rejected', tone: 'warn' }, FAILED: { label: 'Failed', tone: 'bad' } } as const;

const signs: [keyof Counts, string, string][] = [['added', '+', 'added'], ['updated', '~', 'changed'], ['removed', '−', 'removed']];

function Change({ what, counts }: { what: string; counts: Counts }) {
  const parts = signs.filter(([key]) => counts[key] > 0);
  return (
    <span className={classes.change}>
      {what}{' '}
      {parts.map(([key, sign, word]) => (
        <span key={key} data-change={key}><span aria-hidden="true">{sign}</span>{counts[key].toLocaleString('en-US')}<span className="ag-hidden"> {word} </span></span>
      ))}
    </span>
  );
}

function ImportRow({ run }: { run: Run }) {
  const report = readReport(run.report);
  const state = states[run.state];
  return (
    <li className={classes.import}>
      <div className={classes.line}>
        <strong className={classes.grow}>{run.integration?.name ?? run.kind.charAt(0).toUpperCase() + run.kind.slice(1)}</strong>
        {state && <Badge tone={state.tone}>{state.label}</Badge>}
        <time className="ag-soft" dateTime={run.startedAt}>{new Date(run.startedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}</time>
      </div>
      <div className={classes.line}>
        <span className={classes.grow}>
          {run.state !== 'SUCCEEDED' ? <span className="ag-soft">{run.message ?? `${report.errors} errors`}</span>
            : report.changes.length > 0 ? report.changes.map((c) => <Change key={c.what} what={c.what} counts={c} />)
            : <span className="ag-soft">{report.rows.toLocaleString('en-US')} rows, nothing changed</span>}
        </span>
        {run.state === 'SUCCEEDED' && report.access && <Link to={changesPath(run)} aria-label={`Who gained and lost access by the import of ${run.file}`}>Access changes</Link>}
      </div>
    </li>
  );
}

/** The last imports, and what they changed. */
export function Imports() {
  const [{ data, error, fetching }, again] = useQuery({ query: SummaryImports });
  const runs = data?.importRuns.edges.map((e) => e.node) ?? [];
  return (
    <section className={classes.panel}>
      <h2 className={classes.panelTitle}>Changes by the last imports</h2>
      {error ? <ErrorState compact error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        : fetching && !data ? <LoadingState compact label="Loading imports" />
        : runs.length === 0 ? <EmptyState compact icon="upload" title="Nothing has been imported yet" />
        : <ul className={classes.rows}>{runs.map((r) => <ImportRow key={r.id} run={r} />)}</ul>}
    </section>
  );
}
