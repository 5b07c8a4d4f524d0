import { Button, Progress, Select } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { Link } from 'react-router';
import { useMutation } from 'urql';
import { saveUrl } from '@/api/download';
import { messageOf } from '@/api/errors';
import { CancelJob, ended, fileName, kindLabel, percent, stateLabels, stateTones } from '@/app/jobs';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { Page } from '@/components/Page';
import { EmptyState } from '@/components/States';
import type { JobState } from '@/gql/schema';
import { useUrlState, type Codec } from '@/hooks/useUrlState';
import { duration } from './duration';
import classes from './Jobs.module.css';
import { useJobs, type ListedJob } from './useJobs';

const states = Object.keys(stateLabels) as JobState[];
const stateCodec: Codec<JobState | null> = { parse: (t) => states.find((s) => s === t) ?? null, format: (s) => s };
const kindCodec: Codec<string | null> = { parse: (t) => t || null, format: (k) => k };

const rowKey = (j: ListedJob) => j.id;

/** Everything that runs or ran in the background. */
export function JobsPage() {
  const [state, setState] = useUrlState('state', stateCodec);
  const [kind, setKind] = useUrlState('kind', kindCodec);
  const jobs = useJobs(state, kind);
  const [cancelled, cancel] = useMutation(CancelJob);
  const { reload, loadMore } = jobs;
  const stop = useCallback((id: string) => void cancel({ id }).then(() => reload()), [cancel, reload]);
  const columns = useMemo(() => columnsWith(stop), [stop]);
  const more = useCallback(() => void loadMore(), [loadMore]);
  return (
    <Page title="Jobs" fill subtitle="Imports, exports and other work in the background. The files of exports are kept for a day."
      actions={<Button variant="default" leftSection={<Icon name="refresh" size={16} />} onClick={() => void reload()}>Reload</Button>}>
      {cancelled.error && <p className={classes.bad} role="alert">{messageOf(cancelled.error)}</p>}
      <DataTable label="Jobs" columns={columns} rows={jobs.rows} rowKey={rowKey} loading={jobs.loading} error={jobs.error} onRetry={() => void reload()} hasMore={jobs.hasMore} onLoadMore={more}
        storageKey="jobs"
        empty={<EmptyState icon="jobs" title={state || kind ? 'No such job' : 'Nothing has run yet'} hint="Imports and exports that take a while run here." />}
        toolbar={(
          <div className={classes.filters}>
            <Select size="xs" w={150} aria-label="State" placeholder="Every state" clearable value={state} onChange={(v) => setState(v)} data={states.map((s) => ({ value: s, label: stateLabels[s] }))} />
            <Select size="xs" w={150} aria-label="Kind" placeholder="Every kind" clearable value={kind} onChange={(v) => setKind(v)} data={[...new Set(['import', 'export', ...(kind ? [kind] : [])])].map((k) => ({ value: k, label: kindLabel(k) }))} />
          </div>
        )} />
    </Page>
  );
}

const time = (text: string) => <time dateTime={text}>{new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}</time>;

function columnsWith(stop: (id: string) => void): Column<ListedJob>[] {
  return [
    { key: 'kind', header: 'Job', width: 110, required: true, cell: (j) => (j.kind === 'import' ? <Link to={`/import?job=${encodeURIComponent(j.id)}`}>{kindLabel(j.kind)}</Link> : kindLabel(j.kind)) },
    { key: 'state', header: 'State', width: 110, cell: (j) => <Badge tone={stateTones[j.state]}>{j.cancelRequested && !ended(j) ? 'Stopping' : stateLabels[j.state]}</Badge> },
    { key: 'about', header: 'What came of it', width: 280, grow: true, cell: (j) => <About job={j} /> },
    { key: 'action', header: 'Action', width: 130, cell: (j) => <Action job={j} onCancel={() => stop(j.id)} /> },
    { key: 'created', header: 'Submitted', width: 180, cell: (j) => time(j.createdAt) },
    { key: 'took', header: 'Took', width: 100, align: 'end', cell: (j) => duration(j.startedAt, j.finishedAt) },
    { key: 'actor', header: 'By', width: 180, cell: (j) => <span className={classes.cut} title={j.actor}>{j.actor}</span> },
    { key: 'id', header: 'Id', width: 220, hidden: true, cell: (j) => <code>{j.id}</code> },
  ];
}

function About({ job }: { job: ListedJob }) {
  if (!ended(job)) {
    const done = percent(job);
    return (
      <span className={classes.progress}>
        <Progress value={done ?? 100} animated={done === null} size="sm" aria-label={`Progress: ${kindLabel(job.kind)}`} className={classes.bar} />
        <span className="ag-soft">{[job.progress.stage, done !== null && `${done} %`].filter(Boolean).join(', ')}</span>
      </span>
    );
  }
  if (job.failure) return <span className={classes.cut} data-bad title={job.failure.message}>{job.failure.message}</span>;
  const file = fileName(job) ?? reportFile(job.result);
  return file ? <span className={classes.cut} title={file}>{file}</span> : <span className="ag-soft">–</span>;
}

// An import's result is its report, which has the name of the file.
function reportFile(result: unknown): string | null {
  if (typeof result !== 'object' || result === null || !('file' in result)) return null;
  return typeof result.file === 'string' && result.file !== '' ? result.file : null;
}

function Action({ job, onCancel }: { job: ListedJob; onCancel: () => void }) {
  const url = job.downloadUrl;
  if (!ended(job)) return <Button size="compact-xs" variant="default" disabled={job.cancelRequested} onClick={onCancel}>Cancel</Button>;
  if (url) return <Button size="compact-xs" variant="default" leftSection={<Icon name="download" size={14} />} onClick={() => saveUrl(url)}>Download</Button>;
  return <span className="ag-soft">–</span>;
}
