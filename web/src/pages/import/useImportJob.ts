import { useEffect, useRef } from 'react';
import { useSubscription } from 'urql';
import { ended, trackJob } from '@/app/jobs';
import type { ImportJobSubscription } from '@/gql/graphql';
import { ImportJob } from './documents';

export type FollowedJob = ImportJobSubscription['jobProgress'];

/** Follows a job until it ends. When the page is left earlier, the tray goes on following it. */
export function useImportJob(id: string) {
  const [{ data, error }, again] = useSubscription({ query: ImportJob, variables: { id } });
  const job = data?.jobProgress.id === id ? data.jobProgress : undefined;
  const open = useRef(false);
  open.current = job !== undefined && !ended(job);
  useEffect(() => () => {
    if (open.current) trackJob(id);
  }, [id]);
  return { job, error, again };
}
