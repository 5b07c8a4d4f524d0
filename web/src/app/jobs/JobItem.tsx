import { ActionIcon, Button, Progress } from '@mantine/core';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { saveUrl } from '@/api/download';
import { Badge } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { CancelJob } from './documents';
import { ended, fileName, kindLabel, percent, stateLabels, stateTones, type Job } from './job';
import classes from './Jobs.module.css';

/** One job of the tray. */
export function JobItem({ job }: { job: Job }) {
  const [{ fetching, error }, cancel] = useMutation(CancelJob);
  const over = ended(job);
  const file = job.downloadUrl;
  const done = percent(job);
  const name = kindLabel(job.kind);
  return (
    <li className={classes.job}>
      <div className={classes.line}>
        <span className={classes.name}>{name}</span>
        <Badge tone={stateTones[job.state]}>{stateLabels[job.state]}</Badge>
        {!over && (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Cancel: ${name}`} loading={fetching || job.cancelRequested} onClick={() => void cancel({ id: job.id })}>
            <Icon name="close" size={15} />
          </ActionIcon>
        )}
      </div>
      {!over && <Progress value={done ?? 100} animated={done === null} size="sm" aria-label={`Progress: ${name}`} />}
      <div className={classes.sub}>
        <time dateTime={job.createdAt}>{new Date(job.createdAt).toLocaleString()}</time>
        {!over && job.progress.stage && <span>{job.progress.stage}{done !== null && `, ${done} %`}</span>}
      </div>
      {job.failure && <p className={classes.failure}>{job.failure.message}</p>}
      {error && <p className={classes.failure} role="alert">{messageOf(error)}</p>}
      {fileName(job) && <code className={classes.file}>{fileName(job)}</code>}
      {file && <Button variant="default" size="compact-sm" leftSection={<Icon name="download" size={15} />} onClick={() => saveUrl(file)}>Download</Button>}
    </li>
  );
}
