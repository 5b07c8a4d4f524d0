import { expect, it } from 'vitest';
import { employeeQuery, withValue } from './query';

it('asks what it can and names what it cannot', () => {
  expect(employeeQuery({ department: { in: ['Sales'] }, jobTitle: { eq: 'Clerk' }, employeeState: ['ACTIVE'] }))
    .toEqual({ query: { department: 'Sales', title: 'Clerk', state: 'ACTIVE' }, ignored: [] });
  expect(employeeQuery({ department: { in: ['Sales', 'IT'] }, manager: { contains: 'x' }, user: { eq: 'a@b.c' } }))
    .toEqual({ query: {}, ignored: ['department', 'manager', 'user'] });
});

it('sets and takes away one value', () => {
  const filter = withValue({ employeeState: ['ACTIVE'] }, 'department', 'Sales');
  expect(employeeQuery(filter).query).toEqual({ department: 'Sales', state: 'ACTIVE' });
  expect(withValue(filter, 'department', null)).toEqual({ employeeState: ['ACTIVE'] });
});
