import type { JobFieldsFragment } from '@/gql/graphql';

export type Job = JobFieldsFragment;

/** Whether a job will change no more. */
export const ended = (job: Pick<Job, 'state'>) => job.state === 'SUCCEEDED' || job.state === 'FAILED' || job.state === 'CANCELLED';

export const stateLabels: Record<Job['state'], string> = {
  QUEUED: 'Waiting', RUNNING: 'Running', SUCCEEDED: 'Done', FAILED: 'Failed', CANCELLED: 'Cancelled',
};

export const stateTones = { QUEUED: 'plain', RUNNING: 'accent', SUCCEEDED: 'good', FAILED: 'bad', CANCELLED: 'plain' } as const;

/** How far it is, from 0 to 100; null where that is not known. */
export function percent({ progress }: Pick<Job, 'progress'>): number | null {
  return progress.total > 0 ? Math.min(100, Math.floor((progress.done * 100) / progress.total)) : null;
}

/** What a kind is called: "export.access" is "Export: access". */
export function kindLabel(kind: string): string {
  const [head = '', ...rest] = kind.split(/[.:/]/);
  const text = [head.charAt(0).toUpperCase() + head.slice(1), rest.join(' ')].filter(Boolean).join(': ');
  return text.replaceAll('_', ' ');
}

/** The name of the file that the job made, where it made one. */
export function fileName(job: Pick<Job, 'result'>): string | null {
  const { result } = job;
  if (typeof result !== 'object' || result === null || !('name' in result)) return null;
  return typeof result.name === 'string' && result.name !== '' ? result.name : null;
}
