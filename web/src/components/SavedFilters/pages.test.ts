import { expect, it } from 'vitest';
import { lostOn } from './pages';

it('does not count the type that a page lists anyway as lost', () => {
  expect(lostOn('IDENTITIES', { type: ['IDENTITY'] }, ['type'])).toEqual([]);
  expect(lostOn('IDENTITIES', { type: ['IDENTITY'] }, ['or[0].type', 'type'])).toEqual(['or[0].type']);
  expect(lostOn('IDENTITIES', { type: ['RESOURCE'] }, ['type'])).toEqual(['type']);
  expect(lostOn('IDENTITIES', { type: ['IDENTITY', 'RESOURCE'] }, ['type'])).toEqual(['type']);
  expect(lostOn('EMPLOYEES', { type: ['IDENTITY'] }, ['having', 'type'])).toEqual(['having', 'type']);
});
