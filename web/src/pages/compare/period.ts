import { daysAgo } from '@/components/AsOfPicker';
import type { Codec } from '@/hooks/useUrlState';

/** A moment in the URL; null = left out. */
export const momentCodec: Codec<Date | null> = {
  parse: (text) => {
    const d = text === null ? null : new Date(text);
    return d && !Number.isNaN(d.getTime()) ? d : null;
  },
  format: (d) => d?.toISOString() ?? null,
};

export interface Period {
  from: Date;
  to: Date;
}

/** What is compared when the URL leaves an end out: the 30 days up to `to`, and now. */
export function periodOf(from: Date | null, to: Date | null, now: Date): Period {
  const end = to ?? now;
  return { from: from ?? daysAgo(30, end), to: end };
}

/** What is wrong with two moments, in words; empty = nothing. */
export function problemOf(from: Date | null, to: Date | null, now: Date): string {
  if (!from) return 'Choose the first day';
  if (from.getTime() >= (to ?? now).getTime()) return 'The first day has to come before the second';
  return '';
}
