import { ActionIcon, Popover } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { Icon } from '@/components/icons';
import { usePages } from '../Nav';
import { RecentJobs } from './documents';
import { ended, kindLabel, stateLabels, type Job } from './job';
import { JobFollower } from './JobFollower';
import { JobItem } from './JobItem';
import classes from './Jobs.module.css';
import { onJob } from './tracker';

/** Background work: what runs, what came of it, files to download. */
export function JobsTray() {
  const [opened, setOpened] = useState(false);
  const [said, setSaid] = useState('');
  const [news, setNews] = useState<ReadonlyMap<string, Job>>(new Map()); // newer than the list
  const [{ data, error, fetching }, again] = useQuery({ query: RecentJobs });
  const reload = useCallback(() => again({ requestPolicy: 'network-only' }), [again]);
  useEffect(() => onJob(() => {
    setOpened(true);
    reload();
  }), [reload]);
  const onNews = useCallback((job: Job) => {
    setNews((old) => new Map(old).set(job.id, job));
    if (!ended(job)) return;
    setSaid(`${kindLabel(job.kind)}: ${stateLabels[job.state].toLowerCase()}`);
    setOpened(true);
    reload();
  }, [reload]);
  const toggle = () => {
    if (!opened) reload();
    setOpened(!opened);
  };
  const hasPage = usePages().some((p) => p.path === '/jobs');
  const listed = data?.jobs.edges.map((e) => e.node) ?? [];
  const jobs = listed.map((j) => (ended(j) ? j : news.get(j.id) ?? j));
  const running = jobs.filter((j) => !ended(j)).length;
  return (
    <>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={360} shadow="md" withRoles>
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" className={classes.button} onClick={toggle}
            aria-label={running > 0 ? `Background jobs, ${running} running` : 'Background jobs'}>
            <Icon name="jobs" />
            {running > 0 && <span className={classes.running} aria-hidden="true">{running}</span>}
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown className={classes.tray} aria-label="Background jobs">
          <h2 className={classes.title}>Background jobs</h2>
          {error ? <ErrorState compact error={error} retry={reload} />
            : fetching && jobs.length === 0 ? <LoadingState compact label="Loading jobs" />
            : jobs.length === 0 ? <EmptyState compact icon="jobs" title="Nothing has run yet" hint="Imports and exports that take a while run here." />
            : <ul className={classes.list}>{jobs.map((j) => <JobItem key={j.id} job={j} />)}</ul>}
          {hasPage && <Link to="/jobs" className={classes.all} onClick={() => setOpened(false)}>All jobs</Link>}
        </Popover.Dropdown>
      </Popover>
      {listed.filter((j) => !ended(j)).map((j) => <JobFollower key={j.id} id={j.id} onNews={onNews} />)}
      <span className="ag-hidden" role="status">{said}</span>
    </>
  );
}
