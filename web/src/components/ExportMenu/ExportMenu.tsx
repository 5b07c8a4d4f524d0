import { Button, Menu, Text } from '@mantine/core';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { useMay } from '@/api/session';
import { trackJob } from '@/app/jobs';
import { Icon } from '@/components/icons';
import { graphql } from '@/gql';
import type { EntityFilter, ExportDataset, ExportFormat, ExportInput } from '@/gql/schema';

const StartExport = graphql(`
  mutation StartExport($input: ExportInput!) {
    startExport(input: $input) {
      id
    }
  }
`);

export interface ExportMenuProps {
  dataset: ExportDataset;
  /** Which rows, or whose: what the page asks for, its type included. */
  filter?: EntityFilter;
  /** What is reached, for access and changes. */
  targetFilter?: EntityFilter;
  search?: string | undefined;
  asOf?: string | undefined;
  /** For changes. */
  from?: string;
  to?: string;
  /** Some of the dataset's columns; left out: all. */
  columns?: string[];
  /** Ids of chosen rows: these alone can be exported, too. */
  ids?: readonly string[];
  /** How many rows there are without a selection, where that is known. */
  count?: number | undefined;
  disabled?: boolean;
  /** What is exported without a selection, where that is not what the page shows. */
  allLabel?: string;
}

const formats: [ExportFormat, string][] = [['CSV', 'CSV'], ['PARQUET', 'Parquet']];

/** What an export of these properties is asked with; ids: only these rows. */
export function exportInput(props: ExportMenuProps, format: ExportFormat, ids?: readonly string[]): ExportInput {
  const { dataset, filter, targetFilter, search, asOf, from, to, columns } = props;
  const of: Record<string, unknown> = { filter, targetFilter, search: search || undefined, asOf, from, to, columns };
  // A selection is what it is, whatever was searched for when it was made.
  if (ids && ids.length > 0) Object.assign(of, { filter: { ids: [...ids] }, search: undefined });
  return { dataset, format, ...Object.fromEntries(Object.entries(of).filter(([, v]) => v !== undefined)) };
}

/** Exports the rows of a page, or the chosen ones, as a file made in the background; the jobs tray has it when it is done. */
export function ExportMenu(props: ExportMenuProps) {
  const { ids = [], count, disabled = false } = props;
  const may = useMay('RISK_MANAGER');
  const [{ fetching, error }, start] = useMutation(StartExport);
  if (!may) return null;
  const run = async (format: ExportFormat, only?: readonly string[]) => {
    const { data } = await start({ input: exportInput(props, format, only) });
    if (data) trackJob(data.startExport.id);
  };
  const all = props.allLabel ?? (count === undefined ? 'All rows' : `All ${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={fetching} disabled={disabled} leftSection={<Icon name="download" size={16} />}>Export</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {ids.length > 0 && (
            <>
              <Menu.Label>{ids.length.toLocaleString('en-US')} selected</Menu.Label>
              {formats.map(([f, label]) => <Menu.Item key={f} onClick={() => void run(f, ids)}>{label}, selected rows</Menu.Item>)}
              <Menu.Divider />
            </>
          )}
          <Menu.Label>{all}</Menu.Label>
          {formats.map(([f, label]) => <Menu.Item key={f} onClick={() => void run(f)}>{label}, all rows</Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
      {error && <Text size="sm" c="var(--ag-bad)" role="alert">{messageOf(error)}</Text>}
    </>
  );
}
