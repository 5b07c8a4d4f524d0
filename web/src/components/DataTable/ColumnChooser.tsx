import { ActionIcon, Button, Checkbox, Popover, Tooltip } from '@mantine/core';
import { Icon } from '@/components/icons';
import classes from './DataTable.module.css';
import type { Column } from './types';
import type { Columns } from './useColumns';

/** Chooses which columns are shown. */
export function ColumnChooser<Row>({ all, columns }: { all: Column<Row>[]; columns: Columns<Row> }) {
  const shown = new Set(columns.shown.map((c) => c.key));
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md" withRoles>
      <Popover.Target>
        <Tooltip label="Choose columns">
          <ActionIcon variant="default" size={34} aria-label="Choose columns"><Icon name="columns" size={16} /></ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.chooser} aria-label="Columns">
        {all.map((c) => (
          <Checkbox key={c.key} label={c.header} checked={shown.has(c.key)} disabled={c.required ?? false} onChange={() => columns.toggle(c.key)} />
        ))}
        <Button variant="subtle" size="compact-sm" onClick={columns.reset} disabled={columns.isDefault}>Back to the defaults</Button>
      </Popover.Dropdown>
    </Popover>
  );
}
