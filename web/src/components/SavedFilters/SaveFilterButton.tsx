import { Autocomplete, Button, Checkbox, Modal } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useMutation, useQuery } from 'urql';
import { codeOf, messageOf } from '@/api/errors';
import { useMay } from '@/api/session';
import { FilterSentence } from '@/components/FilterSentence';
import { Icon } from '@/components/icons';
import type { SavedFilterBriefFragment } from '@/gql/graphql';
import type { EntityFilter, FilterPage } from '@/gql/schema';
import { SavedFilterList, SaveFilter } from './documents';
import classes from './SavedFilters.module.css';

export interface SaveFilterButtonProps {
  page: FilterPage;
  filter: EntityFilter;
  search?: string;
  /** The saved filter that is being changed: its name is the one to begin with. */
  savedId?: string;
  onSaved?: (saved: SavedFilterBriefFragment) => void;
}

/** Saves a filter under a name: a new one, or one from the list, which it then takes the place of. */
export function SaveFilterButton(props: SaveFilterButtonProps) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button leftSection={<Icon name="save" size={16} />} onClick={() => setOpened(true)}>Save filter</Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Save filter">
        <SaveForm {...props} onClose={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function SaveForm({ page, filter, search, savedId, onSaved, onClose }: SaveFilterButtonProps & { onClose: () => void }) {
  const mayShare = useMay('RISK_MANAGER');
  const [typed, setName] = useState<string | undefined>();
  const [shared, setShared] = useState<boolean | undefined>();
  const [refused, setRefused] = useState('');
  const [taken, setTaken] = useState('');
  const [{ data }] = useQuery({ query: SavedFilterList, variables: {}, requestPolicy: 'cache-and-network' });
  const [{ fetching }, save] = useMutation(SaveFilter);
  const name = typed ?? (savedId ? data?.savedFilters.find((f) => f.id === savedId)?.name : undefined) ?? '';
  const wanted = name.trim();
  const known = data?.savedFilters.find((f) => f.name.toLowerCase() === wanted.toLowerCase());
  const locked = known !== undefined && !known.editable;
  const replaces = known !== undefined || (taken !== '' && taken === wanted.toLowerCase());
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (!wanted) {
      setRefused('Give it a name.');
      return;
    }
    const answer = await save({
      input: {
        name: wanted, page, filter, ...(search ? { search } : {}), overwrite: replaces, ...(shared === undefined ? {} : { shared }),
        ...(known ? { revision: known.revision } : {}),
      },
    });
    if (answer.error) {
      // The name was taken by a filter that was not in the list yet: ask whether to overwrite it.
      if (codeOf(answer.error) === 'CONFLICT' && !replaces) setTaken(wanted.toLowerCase());
      setRefused(messageOf(answer.error));
      return;
    }
    if (answer.data) onSaved?.(answer.data.saveFilter);
    onClose();
  };
  return (
    <form className={classes.form} onSubmit={(e) => void submit(e)}>
      <div className={classes.quote}><FilterSentence filter={filter} {...(search ? { search } : {})} /></div>
      <Autocomplete label="Name" description="A new name, or that of a filter to overwrite" value={name} data-autofocus
        data={data?.savedFilters.filter((f) => f.editable).map((f) => f.name) ?? []} onChange={(text) => { setName(text); setRefused(''); }}
        error={refused || (locked ? 'Somebody else’s filter has this name. Choose another.' : undefined)} autoComplete="off" />
      {replaces && !locked && <p className={classes.warn} role="status">“{known?.name ?? wanted}” is overwritten. What was built on it keeps its copy.</p>}
      <Checkbox label="Everybody may see it" checked={shared ?? known?.shared ?? mayShare} onChange={(e) => setShared(e.currentTarget.checked)} />
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button type="submit" loading={fetching} disabled={locked}>{replaces ? 'Overwrite' : 'Save filter'}</Button>
      </div>
    </form>
  );
}
