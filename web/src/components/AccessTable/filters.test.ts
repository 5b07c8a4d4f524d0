import { expect, it } from 'vitest';
import { accessVariables, textFilter } from './filters';

const none = { q: '', type: '' as const, permission: '', direct: false };

it('asks for everything nested when nothing is chosen', () => {
  expect(accessVariables(none)).toEqual({ reach: 'EFFECTIVE', filter: undefined, permission: undefined });
});

it('joins type, search, permission and the switch', () => {
  expect(accessVariables({ q: ' Prod ', type: 'RESOURCE', permission: 'adm ', direct: true })).toEqual({
    reach: 'DIRECT', permission: { contains: 'adm' },
    filter: { type: ['RESOURCE'], or: [{ name: { contains: 'Prod' } }, { username: { contains: 'Prod' } }, { email: { contains: 'Prod' } }, { sourceId: { contains: 'Prod' } }] },
  });
});

it('keeps to the type that a table is about, whatever the URL says', () => {
  expect(accessVariables({ ...none, type: 'RESOURCE' }, 'IDENTITY').filter).toEqual({ type: ['IDENTITY'] });
});

it('takes blanks for no text', () => {
  expect(textFilter('   ')).toEqual({});
});
