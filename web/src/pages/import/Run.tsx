import { Button, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { CancelJob, ended, percent } from '@/app/jobs';
import { ErrorState, LoadingState } from '@/components/States';
import { Result } from './Result';
import { useImportJob, type FollowedJob } from './useImportJob';
import classes from './Import.module.css';

const stages: Record<string, string> = { read: 'Reading the file', compare: 'Comparing it with what is there', write: 'Writing' };

export interface RunProps {
  id: string;
  /** Stands below the result, when there is one. */
  children?: (job: FollowedJob) => ReactNode;
}

/** A dry run or an import: its progress, then its result. */
export function Run({ id, children }: RunProps) {
  const { job, error, again } = useImportJob(id);
  if (error && !job) return <ErrorState error={error} retry={() => again()} />;
  if (!job) return <LoadingState label="Looking for the import" />;
  if (!ended(job)) return <Working job={job} />;
  return (
    <>
      <Result job={job} />
      {children?.(job)}
    </>
  );
}

function Working({ job }: { job: FollowedJob }) {
  const [{ fetching, error }, cancel] = useMutation(CancelJob);
  const done = percent(job);
  const stage = job.state === 'QUEUED' ? 'Waiting for its turn' : stages[job.progress.stage ?? ''] ?? 'Working';
  return (
    <section className={classes.panel} aria-label="Progress">
      <div className={classes.fileLine}>
        <strong className={classes.grow} role="status">{job.cancelRequested ? 'Stopping' : stage}…</strong>
        <Button variant="default" size="compact-sm" loading={fetching} disabled={job.cancelRequested} onClick={() => void cancel({ id: job.id })}>Cancel</Button>
      </div>
      <Progress value={done ?? 100} animated={done === null} aria-label={stage} />
      {error && <p className={classes.bad} role="alert">{messageOf(error)}</p>}
    </section>
  );
}
