import { expect, it } from 'vitest';
import { momentOf } from '@/components/AsOfPicker';
import { momentCodec, periodOf, problemOf } from './period';

const now = new Date(2026, 2, 15, 12);

it('compares the last 30 days unless told otherwise', () => {
  expect(periodOf(null, null, now)).toEqual({ from: momentOf('2026-02-13'), to: now });
  const from = new Date(2026, 0, 1);
  expect(periodOf(from, null, now)).toEqual({ from, to: now });
});

it('says what is wrong with two moments', () => {
  expect(problemOf(null, null, now)).toMatch(/first/);
  expect(problemOf(now, now, now)).toMatch(/before/);
  expect(problemOf(new Date(2026, 2, 1), null, now)).toBe('');
  expect(problemOf(new Date(2026, 2, 20), null, now)).toMatch(/before/);
});

it('reads and writes moments', () => {
  expect(momentCodec.parse('nonsense')).toBeNull();
  expect(momentCodec.parse(momentCodec.format(now))).toEqual(now);
});
