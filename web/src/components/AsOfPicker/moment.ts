// A moment as people say it. Dates and times here are those of the browser's time zone.

const two = (n: number) => String(n).padStart(2, '0');

/** The local date as a date field has it: 2026-03-01. */
export const dateField = (d: Date) => `${String(d.getFullYear()).padStart(4, '0')}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;

/** The local time as a time field has it: 14:05. */
export const timeField = (d: Date) => `${two(d.getHours())}:${two(d.getMinutes())}`;

/**
 * What a date and a time field mean: without a time the end of that day, so that "on 1 March"
 * has what happened on 1 March in it; with one the end of that minute. null where it is no date.
 */
export function momentOf(date: string, time = ''): Date | null {
  const d = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const t = time === '' ? ['', '23', '59'] : /^(\d{2}):(\d{2})/.exec(time);
  if (!d || !t) return null;
  const [year, month, day, hour, minute] = [d[1], d[2], d[3], t[1], t[2]].map(Number) as [number, number, number, number, number];
  const moment = new Date(year, month - 1, day, hour, minute, 59, 999);
  const real = moment.getFullYear() === year && moment.getMonth() === month - 1 && moment.getDate() === day && hour < 24 && minute < 60;
  return real ? moment : null;
}

/** Whether a moment is the end of its day, which is shown without the time. */
export const isWholeDay = (d: Date) => d.getHours() === 23 && d.getMinutes() === 59 && d.getSeconds() === 59;

/** The end of the day so many days before now. */
export function daysAgo(days: number, now = new Date()): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, 23, 59, 59, 999);
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

/** "1 March 2026" for the end of a day, else "1 Mar 2026, 14:05". */
export const formatMoment = (d: Date) => (isWholeDay(d) ? dayFormat : timeFormat).format(d);

/** A time of the API for people; empty where there is none or it cannot be read. */
export function formatTime(text: string | null | undefined): string {
  const d = text ? new Date(text) : null;
  return d && !Number.isNaN(d.getTime()) ? timeFormat.format(d) : '';
}

/** A civil date of the API, YYYY-MM-DD, for people. */
export function formatDay(text: string | null | undefined): string {
  const d = text ? momentOf(text) : null;
  return d ? dayFormat.format(d) : '';
}
