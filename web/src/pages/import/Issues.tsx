import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { saveText } from '@/api/download';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { byCode, issuesCsv, type FoundIssue, type Report } from './report';
import classes from './Import.module.css';

interface Row extends FoundIssue {
  at: number;
}

const columns: Column<Row>[] = [
  { key: 'level', header: 'Level', width: 96, cell: (i) => <Badge tone={i.level === 'error' ? 'bad' : 'warn'}>{i.level === 'error' ? 'Error' : 'Warning'}</Badge> },
  { key: 'row', header: 'Row', width: 80, align: 'end', cell: (i) => (i.row > 0 ? i.row.toLocaleString('en-US') : '–') },
  { key: 'column', header: 'Column', width: 200, cell: (i) => <span className={classes.cut} title={i.column}>{i.column || '–'}</span> },
  { key: 'code', header: 'Code', width: 130, cell: (i) => <code>{i.code}</code> },
  { key: 'message', header: 'Message', width: 320, grow: true, cell: (i) => <span className={classes.cut} title={i.message}>{i.message}</span> },
];

const rowKey = (i: Row) => String(i.at);

/** What is wrong with a file, by row and column. */
export function Issues({ report }: { report: Report }) {
  const [code, setCode] = useState<string | null>(null);
  const all = useMemo(() => report.issues.map((i, at) => ({ ...i, at })), [report]);
  const codes = useMemo(() => byCode(report.issues), [report]);
  const rows = useMemo(() => (code ? all.filter((i) => i.code === code) : all), [all, code]);
  if (all.length === 0) return null;
  const name = `${report.file.replace(/\.(csv|txt)(\.(gz|zst))?$/i, '') || 'import'}-problems.csv`;
  return (
    <section className={classes.stack} aria-label="Problems">
      <DataTable label="Problems" columns={columns} rows={rows} rowKey={rowKey} height="auto" storageKey="import.problems"
        toolbar={(
          <div className={classes.buttons}>
            <Select size="xs" w={240} aria-label="Only problems with this code" placeholder="Every code" clearable value={code} onChange={setCode}
              data={codes.map((c) => ({ value: c.code, label: `${c.code} (${c.count.toLocaleString('en-US')})` }))} />
            <Button size="xs" variant="default" leftSection={<Icon name="download" size={15} />} onClick={() => saveText(issuesCsv(rows), name, 'text/csv;charset=utf-8')}>
              Download as CSV
            </Button>
          </div>
        )} />
      {report.omitted > 0 && <p className="ag-soft">{report.omitted.toLocaleString('en-US')} more are counted but not listed.</p>}
    </section>
  );
}
