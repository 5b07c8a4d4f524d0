import { SearchBox } from '@/components/SearchBox';

/** A part of a text, applied a moment after typing ends. */
export function TextValue({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  return <SearchBox size="xs" label={label} placeholder="Contains" value={value} onChange={onChange} />;
}
