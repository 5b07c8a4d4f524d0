import type { ReactNode } from 'react';

export interface Column<Row> {
  /** Its id, in storage and in the URL. Never changes. */
  key: string;
  /** The text of its head; also its name in the column chooser. */
  header: string;
  cell: (row: Row) => ReactNode;
  /** In pixels, until somebody changes it; 160 when left out. */
  width?: number;
  /** In pixels; 72 when left out. */
  minWidth?: number;
  /** end for numbers, which are set in tabular figures. */
  align?: 'start' | 'end';
  /** What onSort is given, where the rows can be sorted by this column. */
  sortKey?: string;
  /** Not shown until somebody chooses it. */
  hidden?: boolean;
  /** Cannot be hidden. */
  required?: boolean;
  /** Takes the room that is left; one column at most. */
  grow?: boolean;
}

export interface Sort {
  key: string;
  direction: 'ASC' | 'DESC';
}

/** What is chosen: keys of rows. */
export type Selection = ReadonlySet<string>;

export interface DataTableProps<Row> {
  /** What the table holds, for screen readers, e.g. "Identities". */
  label: string;
  columns: Column<Row>[];
  /** What is loaded so far, in order. */
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Rows are on their way, the first or more of them. */
  loading?: boolean;
  error?: unknown;
  onRetry?: () => void;
  /** Shown when there are no rows. */
  empty?: ReactNode;
  /** Called when the end comes near, while hasMore and not loading. */
  onLoadMore?: () => void;
  hasMore?: boolean;
  /** How many rows there are in all, where that is known. */
  totalCount?: number;
  sort?: Sort | null;
  /** Left out: nothing can be sorted. null = the order that the server has by itself. */
  onSort?: (sort: Sort | null) => void;
  /** Left out: nothing can be selected. */
  selection?: Selection;
  onSelection?: (selection: Selection) => void;
  /** Under which the widths and the chosen columns are kept in this browser; left out: they are not. */
  storageKey?: string;
  /** The keys of the columns to show, e.g. from the URL; null = what this browser has kept, else the columns' own defaults. */
  visible?: string[] | null;
  /** Called when somebody chooses columns. */
  onVisible?: (keys: string[] | null) => void;
  /** Enter, or a click on a part of the row that is no link, button or field. */
  onRowOpen?: (row: Row) => void;
  /** The row that is open elsewhere, e.g. in the sidebar. */
  currentKey?: string;
  /** At the left of the line above the table. */
  toolbar?: ReactNode;
  /** fill: as high as the page leaves it (in a Page with fill); auto: as high as its rows, 30 rem at most. */
  height?: 'fill' | 'auto';
}
