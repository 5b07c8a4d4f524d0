import { MultiSelect, Select } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { messageOf } from '@/api/errors';
import { graphql } from '@/gql';
import { useDebounced } from '@/hooks/useDebounced';

const PickEmployees = graphql(`
  query PickEmployees($search: String) {
    employees(search: $search, first: 20) {
      edges {
        node {
          id
          fullName
          workEmail
        }
      }
    }
  }
`);

interface Option {
  value: string;
  label: string;
}

// The server searches; what it found is not to be searched again by the label's spelling.
const asFound = ({ options }: { options: unknown[] }) => options as never;

function useOptions(chosen: Option[]) {
  const [text, setText] = useState('');
  const search = useDebounced(chosen.some((c) => c.label === text) ? '' : text.trim());
  const [{ data, error, fetching }] = useQuery({ query: PickEmployees, variables: { search: search || undefined } });
  const found = (data?.employees.edges ?? []).map(({ node }) => ({ value: node.id, label: `${node.fullName} (${node.workEmail})` }));
  const options = [...chosen.filter((c) => !found.some((f) => f.value === c.value)), ...found];
  return { text, setText, options, error: error ? messageOf(error) : undefined, nothing: fetching ? 'Searching…' : 'Nobody found' };
}

export interface EmployeePickerProps {
  label: string;
  value: string | null;
  onChange: (id: string | null) => void;
  description?: string;
}

/** Chooses one employee by name or work e-mail. */
export function EmployeePicker({ label, value, onChange, description }: EmployeePickerProps) {
  const [chosen, setChosen] = useState<Option | null>(null);
  const o = useOptions(chosen ? [chosen] : []);
  return (
    <Select label={label} description={description} searchable clearable data={o.options} filter={asFound} value={value} error={o.error}
      searchValue={o.text} onSearchChange={o.setText} nothingFoundMessage={o.nothing} placeholder="Name or work e-mail"
      onChange={(id) => { setChosen(o.options.find((x) => x.value === id) ?? null); onChange(id); }} />
  );
}

/** Chooses several employees. */
export function EmployeesPicker({ label, value, onChange }: { label: string; value: string[]; onChange: (ids: string[]) => void }) {
  const [chosen, setChosen] = useState<Option[]>([]);
  const o = useOptions(chosen);
  return (
    <MultiSelect label={label} searchable clearable data={o.options} filter={asFound} value={value} error={o.error}
      searchValue={o.text} onSearchChange={o.setText} nothingFoundMessage={o.nothing} placeholder={value.length === 0 ? 'Name or work e-mail' : ''}
      onChange={(ids) => { setChosen(o.options.filter((x) => ids.includes(x.value))); onChange(ids); }} />
  );
}
