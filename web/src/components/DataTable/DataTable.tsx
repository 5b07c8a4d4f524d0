import { Checkbox, Loader } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type CSSProperties, type MouseEvent } from 'react';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { frame } from '@/theme/tokens';
import { ColumnChooser } from './ColumnChooser';
import classes from './DataTable.module.css';
import { HeaderCell } from './HeaderCell';
import type { DataTableProps } from './types';
import { useColumns } from './useColumns';
import { useRowFocus } from './useRowFocus';
import { useSelection } from './useSelection';

const checkWidth = 40;
const overscan = 8;
// From so many rows before the end on, more are asked for.
const ahead = 15;

const interactive = 'a, button, input, label, select, textarea, [role="menuitem"]';

/**
 * A table of any number of rows, of which only those in view are in the document. See
 * DataTableProps for what it can do, useRowFocus for the keyboard.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowKey, loading = false, hasMore = false, onLoadMore, error, height = 'fill' } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useColumns(props);
  const keys = useMemo(() => rows.map(rowKey), [rows, rowKey]);
  const selection = useSelection(keys, props.selection, props.onSelection);
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => frame.row, overscan,
    getItemKey: (i) => keys[i] ?? i, scrollPaddingStart: frame.row,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const more = hasMore && !loading && !error && last >= rows.length - ahead;
  useEffect(() => {
    if (more) onLoadMore?.();
  }, [more, onLoadMore, rows.length]);

  const open = (i: number) => {
    const row = rows[i];
    if (row !== undefined) props.onRowOpen?.(row);
  };
  const focus = useRowFocus({
    count: rows.length,
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / frame.row) - 2),
    scrollTo: (i) => virtual.scrollToIndex(i),
    element: (i) => scroller.current?.querySelector<HTMLElement>(`[data-index="${i}"]`) ?? null,
    ...(props.onRowOpen ? { open } : {}),
    ...(selection ? { select: selection.select, selectAll: selection.selectAll, clear: selection.clear } : {}),
  });
  const onRowClick = (e: MouseEvent, i: number) => {
    focus.setActive(i);
    if ((e.target as HTMLElement).closest(interactive) || window.getSelection()?.toString()) return;
    if (selection && (e.ctrlKey || e.metaKey || e.shiftKey)) selection.select(i, e.shiftKey);
    else open(i);
  };

  const grow = columns.shown.find((c) => c.grow) ?? columns.shown.at(-1);
  const template = [selection ? `${checkWidth}px` : '', ...columns.shown.map((c) => (c === grow ? `minmax(${columns.widthOf(c)}px, 1fr)` : `${columns.widthOf(c)}px`))].join(' ');
  const first = selection ? 2 : 1;
  const empty = rows.length === 0;
  const count = props.totalCount ?? (hasMore ? undefined : rows.length);
  return (
    <div className={classes.wrap} data-height={height}>
      <div className={classes.bar}>
        <div className={classes.toolbar}>{props.toolbar}</div>
        <span className={classes.count} role="status">
          {selection && selection.size > 0 && <>{selection.size.toLocaleString('en-US')} selected · </>}
          {count !== undefined && <>{count.toLocaleString('en-US')} {count === 1 ? 'row' : 'rows'}</>}
        </span>
        <ColumnChooser all={props.columns} columns={columns} />
      </div>
      {/* A grid with nothing in it is not valid; what is said instead stands below the bar. */}
      {empty ? (
        <div className={classes.instead}>
          {error ? <ErrorState error={error} {...(props.onRetry ? { retry: props.onRetry } : {})} />
            : loading ? <LoadingState label={`Loading ${props.label.toLowerCase()}`} />
            : props.empty ?? <EmptyState title={`No ${props.label.toLowerCase()}`} />}
        </div>
      ) : (
        <div ref={scroller} className={classes.scroller} role="grid" aria-label={props.label} aria-rowcount={(count ?? rows.length) + 1} tabIndex={-1}
          aria-colcount={columns.shown.length + first - 1} aria-busy={loading} {...(selection ? { 'aria-multiselectable': true } : {})}
          onKeyDown={focus.onKeyDown} style={{ '--template': template } as CSSProperties}>
          <div role="rowgroup" className={classes.headGroup}>
            <div role="row" aria-rowindex={1} className={classes.row}>
              {selection && (
                <div role="columnheader" aria-colindex={1} className={classes.check}>
                  <Checkbox size="xs" aria-label={selection.all ? 'Select none' : 'Select all loaded rows'} checked={selection.all} indeterminate={selection.some} onChange={selection.toggleAll} />
                </div>
              )}
              {columns.shown.map((c, i) => (
                <HeaderCell key={c.key} column={c} columns={columns} index={i + first} sort={props.sort ?? null} onSort={props.onSort} />
              ))}
            </div>
          </div>
          <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              const key = keys[item.index];
              if (row === undefined || key === undefined) return null;
              const selected = selection?.has(key) ?? false;
              return (
                // The keyboard is handled once, by the grid.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events
                <div key={key} role="row" data-index={item.index} aria-rowindex={item.index + 2} tabIndex={item.index === focus.active ? 0 : -1}
                  className={classes.row} data-body data-selected={selected || undefined} data-current={key === props.currentKey || undefined}
                  data-opens={props.onRowOpen ? true : undefined} {...(selection ? { 'aria-selected': selected } : {})}
                  style={{ transform: `translateY(${item.start}px)` }} onClick={(e) => onRowClick(e, item.index)} onFocus={() => focus.setActive(item.index)}>
                  {selection && (
                    <div role="gridcell" aria-colindex={1} className={classes.check}>
                      <Checkbox size="xs" tabIndex={-1} aria-label="Select this row" checked={selected} readOnly
                        onClick={(e) => selection.select(item.index, e.shiftKey)} />
                    </div>
                  )}
                  {columns.shown.map((c, i) => (
                    <div key={c.key} role="gridcell" aria-colindex={i + first} className={classes.cell} data-align={c.align}>{c.cell(row)}</div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      )}
      {!empty && (loading || Boolean(error)) && (
        <div className={classes.foot}>
          {error ? <ErrorState compact error={error} {...(props.onRetry ? { retry: props.onRetry } : {})} /> : <><Loader size="xs" aria-hidden="true" /> Loading more…</>}
        </div>
      )}
    </div>
  );
}
