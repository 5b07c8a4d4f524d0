import { ActionIcon, Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { Badge } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { builderPage, filteredPage, filterPages } from '@/components/SavedFilters';
import { SaveFilter } from '@/components/SavedFilters/documents';
import type { SavedFilterBriefFragment } from '@/gql/graphql';
import type { EntityFilter } from '@/gql/schema';
import classes from './SavedFilters.module.css';

export interface SavedFilterCardProps {
  saved: SavedFilterBriefFragment;
  onRename: () => void;
  onDelete: () => void;
  onApply: () => void;
  onChanged: () => void;
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** One saved filter: what it asks, whose it is, and what can be done with it. */
export function SavedFilterCard({ saved, onRename, onDelete, onApply, onChanged }: SavedFilterCardProps) {
  const [{ fetching }, save] = useMutation(SaveFilter);
  const [refused, setRefused] = useState('');
  const filter = saved.filter as EntityFilter;
  const share = async () => {
    const { id, name, page, search, revision } = saved;
    const answer = await save({ input: { id, name, page, filter, ...(search ? { search } : {}), shared: !saved.shared, revision } });
    setRefused(answer.error ? messageOf(answer.error) : '');
    onChanged();
  };
  const sentence = saved.sentence.charAt(0).toUpperCase() + saved.sentence.slice(1);
  return (
    <li className={classes.card}>
      <div className={classes.main}>
        <div className={classes.titleRow}>
          <h2 className={classes.name}><Link to={filteredPage(saved.page, filter, saved.search)}>{saved.name}</Link></h2>
          <Badge>{filterPages[saved.page].label}</Badge>
          <Badge tone={saved.shared ? 'accent' : 'plain'}>{saved.shared ? 'Shared' : 'Personal'}</Badge>
        </div>
        <p className={classes.sentence}>{sentence}</p>
        <p className={classes.by}>{saved.mine ? 'Yours' : `By ${saved.createdBy}`} · changed {day.format(new Date(saved.updatedAt))}</p>
        {refused && <p className={classes.error} role="alert">{refused}</p>}
      </div>
      <div className={classes.actions}>
        <Button variant="default" size="xs" onClick={onApply} aria-label={`Apply ${saved.name} to a page`}>Apply to …</Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" loading={fetching} aria-label={`More for ${saved.name}`}><Icon name="more" /></ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component={Link} to={builderPage(filter, saved.search, saved.id)} leftSection={<Icon name="edit" size={16} />}>{saved.editable ? 'Edit' : 'Open in the builder'}</Menu.Item>
            {saved.editable && (
              <>
                <Menu.Item onClick={onRename} leftSection={<Icon name="code" size={16} />}>Rename</Menu.Item>
                <Menu.Item onClick={() => void share()} leftSection={<Icon name="share" size={16} />}>{saved.shared ? 'Stop sharing' : 'Share with everybody'}</Menu.Item>
                <Menu.Divider />
                <Menu.Item color="red" onClick={onDelete} leftSection={<Icon name="trash" size={16} />}>Delete</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
    </li>
  );
}
