const day = 86_400_000;

/** Whole days between a time and a moment; null where the time is not known. */
export function daysBetween(time: string | null | undefined, moment: Date): number | null {
  if (!time) return null;
  const days = Math.floor((moment.getTime() - new Date(time).getTime()) / day);
  return Number.isNaN(days) ? null : Math.max(0, days);
}
