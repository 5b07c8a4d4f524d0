import { useQuery } from 'urql';
import { graphql } from '@/gql';
import type { EntityFilter } from '@/gql/schema';
import { useDebounced } from '@/hooks/useDebounced';
import classes from './FilterSentence.module.css';

const FilterInWords = graphql(`
  query FilterInWords($filter: EntityFilter, $search: String) {
    describeFilter(filter: $filter, search: $search) {
      sentence
    }
  }
`);

export interface FilterSentenceProps {
  filter: EntityFilter;
  search?: string;
}

/** What a filter asks, in words. Follows the filter while it is being edited; keeps the last sentence while the next is on its way. */
export function FilterSentence({ filter, search = '' }: FilterSentenceProps) {
  const text = useDebounced(JSON.stringify({ filter, search: search || null }), 200);
  const variables = JSON.parse(text) as { filter: EntityFilter; search: string | null };
  const [{ data, error, fetching }] = useQuery({ query: FilterInWords, variables });
  const sentence = data?.describeFilter.sentence;
  return (
    <p className={classes.sentence} role="status" data-stale={fetching || undefined}>
      {error ? 'This filter cannot be put in words yet.' : sentence ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : ' '}
    </p>
  );
}
