import { Button, Radio } from '@mantine/core';
import { useRef, useState, type DragEvent } from 'react';
import { Icon } from '@/components/icons';
import { kinds, kindTexts, type Kind } from './kinds';
import classes from './Import.module.css';

// What the server takes; it says so itself, but only after the upload.
const maxBytes = 100 * 1024 * 1024;

export interface FileStepProps {
  kind: Kind;
  onKind: (kind: Kind) => void;
  onFile: (file: File) => void;
}

/** Which kind of file, and the file itself: dropped, or chosen with the button. */
export function FileStep({ kind, onKind, onFile }: FileStepProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState('');
  const take = (files: FileList | null | undefined) => {
    const [file, ...others] = files ?? [];
    if (!file) return;
    if (others.length > 0) setProblem('One file at a time, please.');
    else if (file.size === 0) setProblem(`${file.name} is empty.`);
    else if (file.size > maxBytes) setProblem(`${file.name} is larger than 100 MiB. Compress it with gzip, or import it on the command line.`);
    else {
      setProblem('');
      onFile(file);
    }
  };
  const onDrop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    take(e.dataTransfer.files);
  };
  return (
    <div className={classes.stack}>
      <Radio.Group value={kind} onChange={(v) => onKind(v)} label="What is in the file">
        <div className={classes.kinds}>
          {kinds.map((k) => (
            <Radio key={k} value={k} label={kindTexts[k].label} description={kindTexts[k].hint} className={classes.kind} data-chosen={k === kind || undefined} />
          ))}
        </div>
      </Radio.Group>
      {/* Dropping is for the pointer; the button does the same for the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div role="group" aria-label="File" className={classes.drop} data-over={over || undefined} onDrop={onDrop}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={(e) => {
          if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setOver(false);
        }}>
        <Icon name="upload" size={28} />
        <p className={classes.dropTitle}>Drop a CSV file here</p>
        <Button variant="default" onClick={() => input.current?.click()}>Choose a file…</Button>
        <input ref={input} type="file" accept=".csv,.txt,.gz,.zst,text/csv" className={classes.input} tabIndex={-1} aria-label="CSV file"
          onChange={(e) => {
            take(e.target.files);
            e.target.value = ''; // the same file can be chosen again, after it was mended
          }} />
        <p className="ag-soft">UTF-8 with a header line; also compressed (.gz, .zst). Up to 100 MiB and 1,000,000 rows.</p>
        {problem && <p className={classes.bad} role="alert">{problem}</p>}
      </div>
    </div>
  );
}
