import { useLocation } from 'react-router';
import { useUrlState, type Codec, type SetUrlOptions } from './useUrlState';

const instant: Codec<Date | null> = {
  parse: (text) => {
    if (text === null) return null;
    const date = new Date(text);
    return Number.isNaN(date.getTime()) ? null : date;
  },
  format: (date) => date?.toISOString().replace('.000Z', 'Z') ?? null,
};

/** The moment that the page is about, from the URL; null = now. Every query that can has to be given it. */
export function useAsOf(): [Date | null, (date: Date | null, options?: SetUrlOptions) => void] {
  return useUrlState('asOf', instant);
}

/** The same moment as queries take it: RFC 3339, or undefined for now. */
export function useAsOfVariable(): string | undefined {
  const [date] = useAsOf();
  return date?.toISOString();
}

/** `to` with the moment of this page, so that following a link does not change it. */
export function useKeepAsOf(): (to: string) => string {
  const asOf = new URLSearchParams(useLocation().search).get('asOf');
  return (to) => (asOf === null ? to : `${to}${to.includes('?') ? '&' : '?'}${new URLSearchParams({ asOf })}`);
}
