import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { messageOf } from '@/api/errors';
import { Icon } from '@/components/icons';
import type { EntityFilter, FilterPage } from '@/gql/schema';
import { FittedFilters } from './documents';
import { filterPages, lostOn } from './pages';
import classes from './SavedFilters.module.css';

export interface AppliedFilter {
  id: string;
  name: string;
  filter: EntityFilter;
  search: string;
  /** The parts that this page does not know, such as or[0].mfaEnabled. Tell them. */
  dropped: string[];
}

export interface SavedFilterMenuProps {
  /** The page that it is applied to. */
  page: FilterPage;
  onApply: (applied: AppliedFilter) => void;
}

/** The saved filters as a menu; choosing one applies what this page knows of it and names the rest. */
export function SavedFilterMenu({ page, onApply }: SavedFilterMenuProps) {
  const [opened, setOpened] = useState(false);
  const [{ data, error, fetching }] = useQuery({ query: FittedFilters, variables: { to: page }, pause: !opened, requestPolicy: 'cache-and-network' });
  const all = (data?.savedFilters ?? []).map((f) => ({ ...f, lost: lostOn(page, f.filter as EntityFilter, f.fitted.dropped) }));
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-start" width={320}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="star" size={16} />} rightSection={<Icon name="chevronDown" size={14} />}>Saved filters</Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {all.map((f) => (
          <Menu.Item key={f.id} onClick={() => onApply({ id: f.id, name: f.name, filter: f.fitted.filter as EntityFilter, search: f.search ?? '', dropped: f.lost })}>
            <span className={classes.itemName}>{f.name}</span>
            <span className={classes.itemHint}>
              {filterPages[f.page].label}{f.shared ? '' : ' · only you'}{f.lost.length > 0 ? ` · without ${f.lost.join(', ')}` : ''}
            </span>
          </Menu.Item>
        ))}
        {all.length === 0 && <p className={classes.say}>{error ? messageOf(error) : fetching ? 'Loading…' : 'No saved filters yet. Set a filter and save it.'}</p>}
        <Menu.Divider />
        <Menu.Item component={Link} to="/saved-filters">All saved filters</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Says what of a saved filter could not be applied; nothing when all of it was. */
export function DroppedNote({ applied }: { applied: Pick<AppliedFilter, 'name' | 'dropped'> | null }) {
  if (!applied || applied.dropped.length === 0) return null;
  return <p className={classes.warn} role="status">This page cannot apply all of “{applied.name}”. Left out: {applied.dropped.join(', ')}.</p>;
}
