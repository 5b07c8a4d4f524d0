import { expect, it } from 'vitest';
import { daysBetween } from './days';
import { sortCodec, sorted } from './sort';

it('sort in the URL: round trip, and nothing that is not one of the fields', () => {
  const codec = sortCodec('NAME', 'STATUS');
  for (const text of ['NAME:ASC', 'STATUS:DESC']) expect(codec.format(codec.parse(text))).toBe(text);
  for (const text of [null, '', 'NAME', 'NAME:UP', 'PASSWORD:ASC', 'NAME:ASC:x']) expect(codec.parse(text)).toBeNull();
  expect(codec.format(null)).toBeNull();
});

it('puts missing values last in both directions', () => {
  const rows = [{ v: null }, { v: 'b' }, { v: 'A' }, { v: '' }, { v: 'a10' }, { v: 'a9' }];
  const value = (r: { v: string | null }) => r.v;
  expect(sorted(rows, { key: 'v', direction: 'ASC' }, value).map(value)).toEqual(['A', 'a9', 'a10', 'b', null, '']);
  expect(sorted(rows, { key: 'v', direction: 'DESC' }, value).map(value)).toEqual(['b', 'a10', 'a9', 'A', null, '']);
});

it('counts whole days, none for what is not known', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  expect(daysBetween('2026-03-09T12:00:01Z', now)).toBe(0);
  expect(daysBetween('2026-03-09T12:00:00Z', now)).toBe(1);
  expect(daysBetween('2026-04-01T00:00:00Z', now)).toBe(0);
  expect([daysBetween(null, now), daysBetween('x', now)]).toEqual([null, null]);
});
