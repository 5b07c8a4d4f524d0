import type { KeyboardEvent } from 'react';
import { Icon } from '@/components/icons';
import classes from './DataTable.module.css';
import type { Column, Sort } from './types';
import { defaultMinWidth, type Columns } from './useColumns';

interface Props<Row> {
  column: Column<Row>;
  columns: Columns<Row>;
  index: number;
  sort: Sort | null;
  onSort: ((sort: Sort | null) => void) | undefined;
}

/** ascending, descending, and back to the server's own order. */
export function nextSort(sort: Sort | null, key: string): Sort | null {
  if (sort?.key !== key) return { key, direction: 'ASC' };
  return sort.direction === 'ASC' ? { key, direction: 'DESC' } : null;
}

/** The head of a column: its name, its sorting, the handle of its width. */
export function HeaderCell<Row>({ column, columns, index, sort, onSort }: Props<Row>) {
  const { sortKey } = column;
  const sorted = sortKey !== undefined && sort?.key === sortKey ? sort.direction : null;
  const start = columns.resizeHandler(column);
  const width = columns.widthOf(column);
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[e.key];
    if (step === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    columns.setWidth(column, width + step);
  };
  return (
    <div role="columnheader" aria-colindex={index} className={classes.head} data-align={column.align}
      {...(onSort && sortKey !== undefined ? { 'aria-sort': sorted === 'ASC' ? 'ascending' as const : sorted === 'DESC' ? 'descending' as const : 'none' as const } : {})}>
      {onSort && sortKey !== undefined ? (
        <button type="button" className={classes.sort} onClick={() => onSort(nextSort(sort, sortKey))}>
          <span className={classes.headText}>{column.header}</span>
          <Icon name={sorted === 'DESC' ? 'arrowDown' : 'arrowUp'} size={13} data-idle={sorted === null || undefined} />
        </button>
      ) : <span className={classes.headText}>{column.header}</span>}
      {/* A separator with a value that can be focused is a widget: https://www.w3.org/TR/wai-aria-1.2/#separator */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div role="separator" aria-orientation="vertical" aria-label={`Width of ${column.header}`} aria-valuenow={width}
        aria-valuemin={column.minWidth ?? defaultMinWidth} aria-valuemax={900}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0} className={classes.handle} data-busy={columns.isResizing(column) || undefined}
        onMouseDown={start} onTouchStart={start} onKeyDown={onKeyDown} />
    </div>
  );
}
