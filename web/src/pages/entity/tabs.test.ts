import { expect, it } from 'vitest';
import { entityTabs, tabOf } from './tabs';

it('has the tabs of each type, history for those who may see grants', () => {
  expect(entityTabs('IDENTITY', true)).toEqual(['access', 'history', 'factors', 'insights', 'details']);
  expect(entityTabs('CONNECTION', true).slice(0, 3)).toEqual(['by', 'access', 'identities']);
  expect(entityTabs('RESOURCE', false)).toEqual(['by', 'identities', 'owners', 'details']);
});

it('falls back to the first tab', () => {
  expect(tabOf('history', entityTabs('RESOURCE', true))).toBe('history');
  expect(tabOf('history', entityTabs('RESOURCE', false))).toBe('by');
  expect(tabOf('', entityTabs('IDENTITY', true))).toBe('access');
});
