import { describe, expect, it } from 'vitest';
import { dateField, daysAgo, formatDay, formatMoment, formatTime, isWholeDay, momentOf, timeField } from './moment';

describe('momentOf', () => {
  it('is the end of the day without a time, the end of the minute with one', () => {
    expect(momentOf('2026-03-01')).toEqual(new Date(2026, 2, 1, 23, 59, 59, 999));
    expect(momentOf('2026-03-01', '08:30')).toEqual(new Date(2026, 2, 1, 8, 30, 59, 999));
  });

  it('refuses what is no date', () => {
    for (const [date, time] of [['', ''], ['2026-02-30', ''], ['2026-13-01', ''], ['yesterday', ''], ['2026-03-01', '25:00'], ['2026-03-01', 'noon']]) {
      expect(momentOf(date!, time)).toBeNull();
    }
  });

  it('is what the fields show again', () => {
    const moment = momentOf('2024-02-29', '07:05')!;
    expect([dateField(moment), timeField(moment)]).toEqual(['2024-02-29', '07:05']);
  });
});

it('daysAgo goes over the ends of months', () => {
  const day = daysAgo(1, new Date(2026, 2, 1, 9));
  expect(dateField(day)).toBe('2026-02-28');
  expect(isWholeDay(day)).toBe(true);
});

describe('formats', () => {
  it('leaves the time out where the whole day is meant', () => {
    expect(formatMoment(momentOf('2026-03-01')!)).toBe('1 March 2026');
    expect(formatMoment(momentOf('2026-03-01', '14:05')!)).toBe('1 Mar 2026, 14:05');
  });

  it('says nothing about what is missing', () => {
    expect([formatTime(null), formatTime('nonsense'), formatDay(undefined), formatDay('2026-02-31')]).toEqual(['', '', '', '']);
    expect(formatDay('2026-03-01')).toBe('1 March 2026');
  });
});
