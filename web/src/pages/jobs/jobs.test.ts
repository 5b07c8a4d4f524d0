import { expect, it } from 'vitest';
import { duration } from './duration';
import { merged, type ListedJob } from './useJobs';

const job = (id: string, state: ListedJob['state']) => ({ id, state }) as ListedJob;

it('puts news in the place of what it is about, and what is new first', () => {
  const rows = merged([job('b', 'RUNNING'), job('a', 'SUCCEEDED')], [job('c', 'QUEUED'), job('b', 'FAILED')]);
  expect(rows.map((j) => [j.id, j.state])).toEqual([['c', 'QUEUED'], ['b', 'FAILED'], ['a', 'SUCCEEDED']]);
});

it('says durations plainly', () => {
  const t = '2026-03-01T10:00:00Z';
  const after = (ms: number) => duration(t, new Date(new Date(t).getTime() + ms).toISOString());
  expect([after(0), after(940), after(9_940), after(59_999), after(60_000), after(65_000), after(3_600_000), after(5_430_000)])
    .toEqual(['0 ms', '940 ms', '9.9 s', '59 s', '1 min', '1 min 5 s', '1 h', '1 h 30 min']);
  expect(duration(null, null)).toBe('–');
  expect(duration(t, null, new Date(t).getTime() + 2000)).toBe('2.0 s');
});
