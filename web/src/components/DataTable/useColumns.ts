import { getCoreRowModel, useReactTable, type ColumnDef, type ColumnSizingState, type Updater } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useStored } from '@/hooks/useStored';
import type { Column, DataTableProps } from './types';

interface Kept {
  /** The columns that were chosen; null = the defaults, which may change with a version. */
  visible: string[] | null;
  widths: Record<string, number>;
}

const nothingKept: Kept = { visible: null, widths: {} };

export const defaultWidth = 160;
export const defaultMinWidth = 72;
const maxWidth = 900;

const resolve = <T>(updater: Updater<T>, old: T): T => (typeof updater === 'function' ? (updater as (old: T) => T)(old) : updater);

/** Which columns are shown and how wide they are, kept in the browser under storageKey. */
export function useColumns<Row>(p: Pick<DataTableProps<Row>, 'columns' | 'storageKey' | 'visible' | 'onVisible'> & { rows: readonly Row[] }) {
  const [kept, setKept] = useStored<Kept>(`table.${p.storageKey ?? 'none'}`, nothingKept);
  const { columns } = p;
  const chosen = p.visible ?? kept.visible;

  const visibility = useMemo(() => {
    const shown = (c: Column<Row>) => c.required || (chosen ? chosen.includes(c.key) : !c.hidden);
    return Object.fromEntries(columns.map((c) => [c.key, Boolean(shown(c))]));
  }, [columns, chosen]);

  const defs = useMemo<ColumnDef<Row>[]>(() => columns.map((c) => ({
    id: c.key, header: c.header, size: c.width ?? defaultWidth, minSize: c.minWidth ?? defaultMinWidth, maxSize: maxWidth,
    enableHiding: !c.required,
  })), [columns]);

  const setWidths = (updater: Updater<ColumnSizingState>) => setKept({ ...kept, widths: resolve(updater, kept.widths) });
  const table = useReactTable<Row>({
    data: p.rows as Row[],
    columns: defs,
    getCoreRowModel: useMemo(() => getCoreRowModel<Row>(), []),
    state: { columnVisibility: visibility, columnSizing: kept.widths },
    onColumnSizingChange: setWidths,
    columnResizeMode: 'onChange',
  });

  const setVisible = (keys: string[] | null) => {
    setKept({ ...kept, visible: keys });
    p.onVisible?.(keys);
  };
  const shown = columns.filter((c) => visibility[c.key]);
  return {
    shown,
    isDefault: chosen === null && Object.keys(kept.widths).length === 0,
    widthOf: (c: Column<Row>) => table.getColumn(c.key)?.getSize() ?? c.width ?? defaultWidth,
    /** Pointer handlers of the handle between two heads. */
    resizeHandler: (c: Column<Row>) => table.getFlatHeaders().find((h) => h.column.id === c.key)?.getResizeHandler(),
    isResizing: (c: Column<Row>) => table.getColumn(c.key)?.getIsResizing() ?? false,
    setWidth: (c: Column<Row>, width: number) => {
      const bounded = Math.round(Math.min(maxWidth, Math.max(c.minWidth ?? defaultMinWidth, width)));
      setWidths((old) => ({ ...old, [c.key]: bounded }));
    },
    toggle: (key: string) => {
      const now = shown.map((c) => c.key);
      const next = new Set(now.includes(key) ? now.filter((k) => k !== key) : [...now, key]);
      setVisible(columns.filter((c) => next.has(c.key)).map((c) => c.key));
    },
    reset: () => {
      setKept(nothingKept);
      p.onVisible?.(null);
    },
  };
}

export type Columns<Row> = ReturnType<typeof useColumns<Row>>;
