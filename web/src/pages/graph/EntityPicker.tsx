import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { useDebounced } from '@/hooks/useDebounced';
import { GraphFind } from './documents';

export interface EntityPickerProps {
  label: string;
  value: string;
  /** The name of what is chosen, where it is known. */
  name?: string | undefined;
  onChange: (id: string) => void;
}

/** Chooses one entity by a part of its name. */
export function EntityPicker({ label, value, name, onChange }: EntityPickerProps) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const asked = useDebounced(text.trim(), 150);
  const known = useMemo(() => (chosen?.value === value ? chosen : value ? { value, label: name ?? '' } : null), [name, value, chosen]);
  // The field also says by itself what it shows: that is not searched for.
  const [{ data }] = useQuery({ query: GraphFind, variables: { text: asked, asOf: useAsOfVariable() }, pause: asked === '' || asked === known?.label });
  // The same options stay the same object, else the field would take each render for a new choice.
  const options = useMemo(() => {
    const found = (asked ? data?.entities.edges : undefined)?.map(({ node }) => ({ value: node.id, label: `${node.name} (${node.sourceType}, ${node.integration.name})` })) ?? [];
    return known && !found.some((o) => o.value === known.value) ? [known, ...found] : found.map((o) => (o.value === known?.value ? known : o));
  }, [asked, data, known]);
  return (
    <Select label={label} placeholder="Type a name" searchable clearable data={options} value={value || null} onSearchChange={setText}
      filter={({ options: all }) => all} nothingFoundMessage={asked ? 'Nothing has this name' : 'Type a part of the name'}
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}`, 'aria-hidden': false, tabIndex: 0 }}
      onChange={(id, option) => {
        setChosen(id ? { value: id, label: option?.label ?? id } : null);
        onChange(id ?? '');
      }} />
  );
}
