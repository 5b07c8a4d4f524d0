import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'react-router';
import { useMay } from '@/api/session';
import { Page } from '@/components/Page';
import { EmptyState } from '@/components/States';
import { useSetParams } from '@/hooks/useUrlState';
import { FileStep } from './FileStep';
import { isKind, type Kind } from './kinds';
import { noChoices } from './preview';
import { Run } from './Run';
import { Wizard } from './Wizard';
import classes from './Import.module.css';

/** Brings a file in: what it is, which column is which, a trial, and then for good. */
export function ImportPage() {
  const administrator = useMay('ADMINISTRATOR');
  const params = new URLSearchParams(useLocation().search);
  const set = useSetParams();
  const asked = params.get('kind');
  const kind: Kind = isKind(asked) ? asked : 'entitlements';
  const job = params.get('job');
  const [file, setFile] = useState<File | null>(null);
  if (!administrator) {
    return (
      <Page title="Import">
        <EmptyState icon="upload" title="Importing is for administrators" hint="Ask somebody who has that role, or sign in with a key that has it." />
      </Page>
    );
  }
  const another = () => {
    setFile(null);
    set({ job: null }, { push: true });
  };
  return (
    <Page title="Import" subtitle="A CSV file is looked at and tried before anything is written.">
      {file ? (
        <Wizard key={`${file.name} ${file.lastModified} ${kind}`} kind={kind} file={file} job={job} start={{ ...noChoices, integration: params.get('integration') ?? '' }} onAnother={another} />
      ) : job ? (
        <div className={classes.stack}>
          <Run id={job} />
          <div className={classes.buttons}><Button variant="default" onClick={another}>Import a file</Button></div>
        </div>
      ) : (
        <FileStep kind={kind} onKind={(k) => set({ kind: k === 'entitlements' ? null : k })} onFile={setFile} />
      )}
    </Page>
  );
}
