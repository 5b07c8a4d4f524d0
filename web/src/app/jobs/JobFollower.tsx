import { useEffect } from 'react';
import { useSubscription } from 'urql';
import { OneJob } from './documents';
import type { Job } from './job';

/** Follows a job that is not over, also while nobody looks. It shows nothing. */
export function JobFollower({ id, onNews }: { id: string; onNews: (job: Job) => void }) {
  const [{ data }] = useSubscription({ query: OneJob, variables: { id } });
  const job = data?.jobProgress;
  useEffect(() => {
    if (job) onNews(job);
  }, [job, onNews]);
  return null;
}
