import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DataTable, noSelection, type Column, type DataTableProps, type Selection } from '.';

interface Person { id: string; name: string; logins: number }

const people = (n: number): Person[] => Array.from({ length: n }, (_, i) => ({ id: `p${i}`, name: `Person ${i}`, logins: i * 10 }));

const columns: Column<Person>[] = [
  { key: 'name', header: 'Name', cell: (p) => <a href={`/p/${p.id}`}>{p.name}</a>, sortKey: 'NAME', required: true },
  { key: 'logins', header: 'Logins', cell: (p) => p.logins, align: 'end' },
  { key: 'id', header: 'Id', cell: (p) => p.id, hidden: true },
];

const rowKey = (p: Person) => p.id;

function Table(props: Partial<DataTableProps<Person>> & { selectable?: boolean; onChosen?: (s: Selection) => void }) {
  const [selection, setSelection] = useState<Selection>(noSelection);
  const { selectable, onChosen, ...rest } = props;
  return (
    <MantineProvider env="test">
      <DataTable label="People" columns={columns} rows={people(100)} rowKey={rowKey} storageKey="people"
        {...(selectable ? { selection, onSelection: (s: Selection) => { setSelection(s); onChosen?.(s); } } : {})} {...rest} />
    </MantineProvider>
  );
}

const body = () => screen.getAllByRole('row').filter((r) => r.hasAttribute('data-index'));
const row = (i: number) => body().find((r) => r.getAttribute('data-index') === String(i))!;
const focused = () => document.activeElement?.getAttribute('data-index');

beforeEach(() => {
  localStorage.clear();
  // jsdom has no layout: the scroller is 400 px high.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
});

describe('DataTable', () => {
  it('draws the rows in view, and says how many there are', () => {
    render(<Table totalCount={12345} />);
    expect(body().length).toBeGreaterThan(9);
    expect(body().length).toBeLessThan(40);
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('12346');
    expect(screen.getByText('12,345 rows')).toBeTruthy();
    expect(row(0).getAttribute('aria-rowindex')).toBe('2');
  });

  it('moves one focus through the rows by keyboard, and opens', async () => {
    const user = userEvent.setup();
    const opened = vi.fn();
    render(<Table onRowOpen={opened} />);
    expect(body().filter((r) => r.tabIndex === 0)).toHaveLength(1);
    row(0).focus();
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(focused()).toBe('1');
    await user.keyboard('{Enter}');
    expect(opened).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: 'p1' }));
    await user.keyboard('{Home}{ArrowUp}');
    expect(focused()).toBe('0');
    expect(body().filter((r) => r.tabIndex === 0)).toEqual([row(0)]);
  });

  it('leaves links and buttons their own keys and clicks', async () => {
    const user = userEvent.setup();
    const opened = vi.fn();
    render(<Table onRowOpen={opened} />);
    const link = within(row(1)).getByRole('link');
    link.addEventListener('click', (e) => e.preventDefault());
    await user.click(link);
    link.focus();
    await user.keyboard('{Enter}');
    expect(opened).not.toHaveBeenCalled();
    await user.click(within(row(1)).getByText('10'));
    expect(opened).toHaveBeenCalledTimes(1);
  });

  it('selects by Space, ranges by Shift, everything loaded by Ctrl+A, nothing by Escape', async () => {
    const user = userEvent.setup();
    const chosen = vi.fn();
    render(<Table selectable onChosen={chosen} rows={people(20)} />);
    const last = () => [...(chosen.mock.lastCall?.[0] as Selection)];
    row(1).focus();
    await user.keyboard(' ');
    expect(last()).toEqual(['p1']);
    expect(row(1).getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(last()).toEqual(['p1', 'p2', 'p3']);
    fireEvent.click(within(row(5)).getByRole('checkbox'), { shiftKey: true });
    expect(last()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    expect(screen.getByText(/5 selected/)).toBeTruthy();
    await user.keyboard(' ');
    row(0).focus();
    await user.keyboard('{Control>}a{/Control}');
    expect(last()).toHaveLength(20);
    await user.keyboard('{Escape}');
    expect(last()).toEqual([]);
  });

  it('asks for more near the end, once, and not while it loads or failed', () => {
    const more = vi.fn();
    const view = render(<Table rows={people(100)} hasMore onLoadMore={more} />);
    expect(more).not.toHaveBeenCalled();
    view.rerender(<Table rows={people(12)} hasMore onLoadMore={more} loading />);
    view.rerender(<Table rows={people(12)} hasMore onLoadMore={more} error={new Error('no')} />);
    expect(more).not.toHaveBeenCalled();
    view.rerender(<Table rows={people(12)} hasMore onLoadMore={more} />);
    view.rerender(<Table rows={people(12)} hasMore onLoadMore={more} />);
    expect(more).toHaveBeenCalledTimes(1);
  });

  it('sorts up, down, and back to the order of the server', async () => {
    const user = userEvent.setup();
    const onSort = vi.fn();
    const view = render(<Table onSort={onSort} />);
    const head = () => screen.getByRole('columnheader', { name: /^Name/ });
    const press = () => user.click(within(head()).getByRole('button'));
    expect(head().getAttribute('aria-sort')).toBe('none');
    await press();
    expect(onSort).toHaveBeenLastCalledWith({ key: 'NAME', direction: 'ASC' });
    view.rerender(<Table onSort={onSort} sort={{ key: 'NAME', direction: 'ASC' }} />);
    expect(head().getAttribute('aria-sort')).toBe('ascending');
    await press();
    expect(onSort).toHaveBeenLastCalledWith({ key: 'NAME', direction: 'DESC' });
    view.rerender(<Table onSort={onSort} sort={{ key: 'NAME', direction: 'DESC' }} />);
    await press();
    expect(onSort).toHaveBeenLastCalledWith(null);
    expect(screen.getByRole('columnheader', { name: /^Logins/ }).hasAttribute('aria-sort')).toBe(false);
  });

  it('remembers chosen columns and widths', async () => {
    const user = userEvent.setup();
    const first = render(<Table />);
    await user.click(screen.getByRole('button', { name: 'Choose columns' }));
    expect((await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Name' })).disabled).toBe(true);
    await user.click(screen.getByRole('checkbox', { name: 'Id' }));
    await user.click(screen.getByRole('checkbox', { name: 'Logins' }));
    const width = screen.getByRole('separator', { name: 'Width of Name' });
    width.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    first.unmount();
    render(<Table />);
    expect(screen.getAllByRole('columnheader').map((h) => h.textContent)).toEqual(['Name', 'Id']);
    expect(screen.getByRole('separator', { name: 'Width of Name' }).getAttribute('aria-valuenow')).toBe('192');
  });

  it('shows the columns that it is told to, before what is remembered', () => {
    render(<Table visible={['id']} />);
    expect(screen.getAllByRole('columnheader').map((h) => h.textContent)).toEqual(['Name', 'Id']);
  });

  it('says that it loads, that it failed, that there is nothing', async () => {
    const user = userEvent.setup();
    const retry = vi.fn();
    const view = render(<Table rows={[]} loading />);
    expect(screen.getByText('Loading people…')).toBeTruthy();
    view.rerender(<Table rows={[]} error={new Error('the disk is full')} onRetry={retry} />);
    expect(screen.getByRole('alert').textContent).toContain('The disk is full.');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledTimes(1);
    view.rerender(<Table rows={[]} empty={<p>Nobody yet</p>} />);
    expect(screen.getByText('Nobody yet')).toBeTruthy();
  });
});
