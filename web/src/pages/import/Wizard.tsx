import { Button, Checkbox, Progress } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { messageOf } from '@/api/errors';
import { upload } from '@/api/upload';
import { Icon } from '@/components/icons';
import { ErrorState, LoadingState } from '@/components/States';
import { useSetParams } from '@/hooks/useUrlState';
import { ColumnTable } from './ColumnTable';
import { kindTexts, type Kind } from './kinds';
import { jobPath, type Choices, type RunOptions } from './preview';
import { Run } from './Run';
import { Target } from './Target';
import { usePreview } from './usePreview';
import type { FollowedJob } from './useImportJob';
import classes from './Import.module.css';

const steps = ['File', 'Columns', 'Trial', 'Import'] as const;

function Steps({ at }: { at: number }) {
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map((s, i) => (
        <li key={s} data-done={i < at || undefined} {...(i === at ? { 'aria-current': 'step' as const } : {})}>
          <span className={classes.number}>{i < at ? <Icon name="check" size={13} /> : i + 1}</span>{s}
        </li>
      ))}
    </ol>
  );
}

export interface WizardProps {
  kind: Kind;
  file: File;
  /** The import that runs or has run, from the URL. */
  job: string | null;
  start: Choices;
  onAnother: () => void;
}

/** The steps after a file was chosen: its columns, a dry run, the import. */
export function Wizard({ kind, file, job, start, onAnother }: WizardProps) {
  const [choices, setChoices] = useState(start);
  const [trial, setTrial] = useState<string | null>(null);
  const [sent, setSent] = useState<number | null>(null); // per cent; null = nothing is being sent
  const [failure, setFailure] = useState<unknown>(null);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const set = useSetParams();
  const { preview, error, loading, retry } = usePreview(kind, file, choices);
  const run = async (options: RunOptions) => {
    if (!preview) return;
    const mine = new AbortController();
    stop.current = mine;
    setSent(0);
    setFailure(null);
    try {
      const { body } = await upload<{ job: string }>(jobPath(kind, file.name, choices, preview, options), file, [202], {
        signal: mine.signal, onProgress: (n, all) => setSent(all > 0 ? Math.floor((n * 100) / all) : 100),
      });
      if (options.dryRun) setTrial(body.job);
      else set({ job: body.job }, { push: true });
    } catch (cause) {
      if (!mine.signal.aborted) setFailure(cause);
    } finally {
      setSent(null);
    }
  };
  const change = (part: Partial<Choices>) => setChoices((old) => ({ ...old, ...part }));
  const back = () => {
    setTrial(null);
    if (job) set({ job: null });
  };
  const named = kind !== 'entitlements' || (choices.application.trim() !== '' && choices.integration.trim() !== '');
  const ready = preview !== null && preview.ready && !loading && !error && named;
  const at = job ? 3 : trial ? 2 : 1;
  return (
    <div className={classes.stack}>
      <Steps at={at} />
      <div className={classes.fileLine}>
        <Icon name="resource" size={18} />
        <span className={classes.fileName}>{file.name}</span>
        <span className="ag-soft">{size(file.size)}, {kindTexts[kind].label.toLowerCase()}</span>
        <span className={classes.grow} />
        <Button variant="default" size="compact-sm" disabled={sent !== null} onClick={onAnother}>Another file</Button>
      </div>
      {at === 1 && (
        <>
          {kind === 'entitlements' && <Target choices={choices} onChoices={change} />}
          <section className={classes.panel} aria-labelledby="import-columns">
            <h2 className={classes.heading} id="import-columns">Which column is which</h2>
            {error ? <ErrorState compact error={error} retry={retry} /> : null}
            {!preview && !error && <LoadingState compact label="Looking at the file" />}
            {preview && <ColumnTable preview={preview} choices={choices} onChoices={change} />}
            {preview && preview.problems.length > 0 && (
              <ul className={classes.problems}>
                {preview.problems.slice(0, 10).map((p) => <li key={`${p.row} ${p.column} ${p.code} ${p.message}`}>{p.row > 1 && `Row ${p.row}: `}{p.message}</li>)}
              </ul>
            )}
            {preview && preview.unused.length > 0 && <p className="ag-soft">Not used: {preview.unused.join(', ')}</p>}
          </section>
          <div className={classes.buttons}>
            <Button disabled={!ready || sent !== null} onClick={() => void run({ dryRun: true, confirmRemovals: false })}>Try it, write nothing</Button>
            {!named && <span className="ag-soft">Name the integration and the application first.</span>}
            {named && preview && !preview.ready && !loading && <span className={classes.bad}>A needed column is missing.</span>}
          </div>
        </>
      )}
      {sent !== null && (
        <section className={classes.panel} aria-label="Upload">
          <div className={classes.fileLine}>
            <strong className={classes.grow} role="status">Sending the file…</strong>
            <Button variant="default" size="compact-sm" onClick={() => stop.current?.abort()}>Cancel</Button>
          </div>
          <Progress value={sent} aria-label="Sending the file" />
        </section>
      )}
      {failure !== null && <p className={classes.bad} role="alert">{messageOf(failure)}</p>}
      {at === 2 && trial && sent === null && (
        <Run key={trial} id={trial}>
          {(j) => <AfterRun job={j} trial onRun={(o) => void run(o)} onBack={back} />}
        </Run>
      )}
      {at === 3 && job && sent === null && (
        <Run key={job} id={job}>
          {(j) => <AfterRun job={j} onRun={(o) => void run(o)} onBack={back} />}
        </Run>
      )}
    </div>
  );
}

interface AfterRunProps {
  job: FollowedJob;
  trial?: boolean;
  onRun: (options: RunOptions) => void;
  onBack: () => void;
}

/** What can be done after a run: import for good, agree to many removals, or go back. */
export function AfterRun({ job, trial = false, onRun, onBack }: AfterRunProps) {
  const [agreed, setAgreed] = useState(false);
  const removals = job.state === 'FAILED' && job.failure?.path === 'confirmRemovals';
  if (!trial && job.state === 'SUCCEEDED') return null;
  return (
    <div className={classes.stack}>
      {removals && (
        <Checkbox checked={agreed} onChange={(e) => setAgreed(e.currentTarget.checked)} label="I have checked it: more than half of this integration shall be removed" />
      )}
      <div className={classes.buttons}>
        {job.state === 'SUCCEEDED' && <Button onClick={() => onRun({ dryRun: false, confirmRemovals: false })}>Import it now</Button>}
        {removals && <Button color="red" disabled={!agreed} onClick={() => onRun({ dryRun: false, confirmRemovals: true })}>Import it and remove them</Button>}
        <Button variant="default" onClick={onBack}>Back to the columns</Button>
      </div>
    </div>
  );
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kb = bytes / 1024;
  return kb < 1024 ? `${kb.toFixed(kb < 10 ? 1 : 0)} KiB` : `${(kb / 1024).toFixed(1)} MiB`;
}
