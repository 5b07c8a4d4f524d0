import { Link } from 'react-router';
import { useQuery } from 'urql';
import { ImportIntegrations } from './documents';
import { Issues } from './Issues';
import { isKind } from './kinds';
import { readReport, type Report } from './report';
import type { FollowedJob } from './useImportJob';
import classes from './Import.module.css';

const many = (n: number, one: string) => `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;

/** What came of an import or of a dry run. */
export function Result({ job }: { job: FollowedJob }) {
  const report = readReport(job.result);
  const good = job.state === 'SUCCEEDED';
  return (
    <div className={classes.stack}>
      <div className={classes.note} data-tone={good ? (report?.warnings ? 'warn' : 'good') : job.state === 'CANCELLED' ? undefined : 'bad'} role="status">
        <strong>{headline(job, report)}</strong>
        {report && <span>{many(report.rows, 'row')} read, {many(report.errors, 'error')}, {many(report.warnings, 'warning')}.</span>}
        {job.failure && job.failure.message && <span>{job.failure.message}</span>}
        {good && report && !report.dryRun && <Links report={report} job={job} />}
      </div>
      {report && (good || job.failure?.path === 'confirmRemovals') && <Changes report={report} />}
      {report && <Issues key={job.id} report={report} />}
    </div>
  );
}

function headline(job: FollowedJob, report: Report | null): string {
  if (job.state === 'CANCELLED') return 'Cancelled. Nothing was written.';
  if (job.state === 'FAILED') return report?.errors ? 'The file was refused. Nothing was written.' : 'The import failed. Nothing was written.';
  return report?.dryRun ? 'The file can be imported. Nothing has been written yet.' : 'Imported.';
}

function Changes({ report }: { report: Report }) {
  if (report.changes.length === 0) return null;
  const parts = ['added', 'updated', 'removed', 'unchanged'] as const;
  return (
    // What scrolls has to be reached by the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroll} role="region" aria-label={report.dryRun ? 'What would change' : 'What changed'} tabIndex={0}>
      <table className={classes.counts}>
        <thead><tr><th scope="col">{report.dryRun ? 'Would be' : ''}</th>{parts.map((p) => <th key={p} scope="col">{p.charAt(0).toUpperCase() + p.slice(1)}</th>)}</tr></thead>
        <tbody>
          {report.changes.map((c) => (
            <tr key={c.what}>
              <th scope="row">{c.what}</th>
              {parts.map((p) => <td key={p} data-change={c[p] > 0 ? p : undefined}>{c[p].toLocaleString('en-US')}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Links({ report, job }: { report: Report; job: FollowedJob }) {
  const kind = isKind(report.kind) ? report.kind : null;
  const [{ data }] = useQuery({ query: ImportIntegrations, pause: !report.integration });
  const integration = data?.integrations.find((i) => i.key === report.integration);
  // A moment before and after, so that the comparison has the import between its dates.
  const from = job.startedAt ? new Date(new Date(job.startedAt).getTime() - 1).toISOString() : null;
  const to = job.finishedAt ? new Date(new Date(job.finishedAt).getTime() + 1).toISOString() : null;
  return (
    <span className={classes.buttons}>
      {integration && <Link to={`/integrations/${encodeURIComponent(integration.id)}`}>{integration.name}</Link>}
      {kind === 'employees' && <Link to="/employees">Employees</Link>}
      {(kind === 'mappings' || kind === 'entitlements') && <Link to="/identities">Identities</Link>}
      {kind === 'owners' && <Link to="/resources">Resources</Link>}
      {from && to && kind === 'entitlements' && <Link to={`/compare?${new URLSearchParams({ from, to })}`}>Who gained and lost access</Link>}
    </span>
  );
}
