import type { Sort } from '@/components/DataTable';
import type { Codec } from '@/hooks/useUrlState';

/** An order as NAME:ASC, of some fields; null = the server's own, not in the URL. */
export function sortCodec(...keys: string[]): Codec<Sort | null> {
  return {
    parse: (text) => {
      const [key = '', direction, more] = (text ?? '').split(':');
      if (!keys.includes(key) || more !== undefined || (direction !== 'ASC' && direction !== 'DESC')) return null;
      return { key, direction };
    },
    format: (sort) => (sort ? `${sort.key}:${sort.direction}` : null),
  };
}

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

/** Rows that are all here, in order; missing values last in both directions, what is equal stays as it was. */
export function sorted<Row>(rows: readonly Row[], sort: Sort | null, value: (row: Row, key: string) => string | number | null | undefined): Row[] {
  if (!sort) return [...rows];
  const sign = sort.direction === 'ASC' ? 1 : -1;
  return rows.map((row) => ({ row, v: value(row, sort.key) })).sort((a, b) => {
    const [none, other] = [a.v === null || a.v === undefined || a.v === '', b.v === null || b.v === undefined || b.v === ''];
    if (none || other) return Number(none) - Number(other);
    if (typeof a.v === 'number' && typeof b.v === 'number') return sign * (a.v - b.v);
    return sign * collator.compare(String(a.v), String(b.v));
  }).map(({ row }) => row);
}
