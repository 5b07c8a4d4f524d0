import { expect, it } from 'vitest';
import { charts, shareOf } from './posture';

const overview = {
  identitiesByType: [{ value: 'EMPLOYEE', label: 'EMPLOYEE', count: 8 }], identitiesByStatus: [{ value: 'ACTIVE', label: 'ACTIVE', count: 8 }],
  mfa: [{ value: 'UNKNOWN', label: 'UNKNOWN', count: 3 }], lastLogin: { upTo30Days: 5, days31To90: 1, days91To180: 0, over180Days: 1, never: 1 },
  mapped: 7, unmapped: 1, topConnections: [], topResources: [], insights: [{ value: 'orphaned', label: 'Orphaned', count: 2 }],
};

function filterOf(to: string) {
  const url = new URL(to, 'http://x');
  return [url.pathname, JSON.parse(url.searchParams.get('filter')!)] as const;
}

it('leads from every bar to the list of what it counts', () => {
  const all = Object.fromEntries(charts('AWS', overview).map((c) => [c.key, c.bars]));
  const here = { integration: { eq: 'AWS' } };
  expect(filterOf(all['types']![0]!.to)).toEqual(['/identities', { ...here, identityType: ['EMPLOYEE'] }]);
  expect(filterOf(all['mfa']![0]!.to)).toEqual(['/identities', { ...here, mfaEnabled: ['UNKNOWN'] }]);
  expect(filterOf(all['activity']![1]!.to)).toEqual(['/identities', { ...here, inactiveForDays: 31, not: { inactiveForDays: 91 } }]);
  expect(filterOf(all['insights']![0]!.to)).toEqual(['/filters', { ...here, insight: { eq: 'orphaned' } }]);
  expect(all['activity']!.map((b) => b.count)).toEqual([5, 1, 0, 1, 1]);
});

it('measures bars by the longest', () => {
  expect(shareOf(5, [{ count: 5 }, { count: 10 }])).toBe(50);
  expect(shareOf(0, [{ count: 0 }])).toBe(0);
  expect(shareOf(0, [])).toBe(0);
});
