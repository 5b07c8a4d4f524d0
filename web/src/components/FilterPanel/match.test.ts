import { describe, expect, it } from 'vitest';
import type { EntityFilter } from '@/gql/schema';
import { chosenOf, panelFields, restricts, withChosen, type FacetField } from './fields';
import { matchOf, relationText, toggled, valuesOf, without, withRelation, type Relation } from './match';

const resource: Relation = { direction: 'HAS_ACCESS_TO', type: 'RESOURCE', field: 'name' };
const resourceType: Relation = { ...resource, field: 'sourceType' };

describe('values of a match', () => {
  it('round-trips values and the missing value', () => {
    for (const values of [['a'], ['a', 'b'], ['']]) expect(valuesOf(matchOf(values))).toEqual(values);
    expect(matchOf([])).toBeUndefined();
  });

  it('takes no part of a text for a value', () => {
    expect(valuesOf({ contains: 'a' })).toEqual([]);
    expect(valuesOf({ in: ['a'], startsWith: 'a' })).toEqual([]);
    expect(valuesOf({ isEmpty: false })).toEqual([]);
    expect(valuesOf({ eq: 'a' })).toEqual(['a']);
  });

  it('missing and values exclude each other, where a match cannot say both', () => {
    expect(toggled(['a'], '', false)).toEqual(['']);
    expect(toggled([''], 'a', false)).toEqual(['a']);
    expect(toggled(['a'], '', true)).toEqual(['a', '']);
    expect(toggled(['a', 'b'], 'a', false)).toEqual(['b']);
  });
});

describe('the filter under which a field is counted', () => {
  const facets = panelFields.IDENTITY.filter((f): f is FacetField => f.kind === 'list' || f.kind === 'match');

  it('lacks the own restriction of the field, and nothing else', () => {
    const all = facets.reduce<EntityFilter>((f, field) => withChosen(f, field, [field.kind === 'list' ? 'UNKNOWN' : 'x']), { or: [{ neverActive: true }], having: [{ atLeast: 2 }] });
    for (const field of facets) {
      const rest = without(all, field.key);
      expect(restricts(rest, field)).toBe(false);
      expect({ ...rest, [field.key]: all[field.key] }).toEqual(all);
      for (const other of facets) if (other !== field) expect(chosenOf(rest, other)).toEqual(chosenOf(all, other));
    }
  });

  it('comes back to nothing when every choice is given up', () => {
    for (const field of facets) expect(withChosen(withChosen({}, field, ['ACTIVE']), field, [])).toEqual({});
  });
});

describe('relations', () => {
  it('name and type of one relation are about the same entity', () => {
    const filter = withRelation(withRelation({}, resource, 'prod'), resourceType, 'vault');
    expect(filter).toEqual({ having: [{ direction: 'HAS_ACCESS_TO', entity: { type: ['RESOURCE'], name: { contains: 'prod' }, sourceType: { contains: 'vault' } } }] });
    expect([relationText(filter, resource), relationText(filter, resourceType)]).toEqual(['prod', 'vault']);
    expect(withRelation(withRelation(filter, resource, ''), resourceType, '')).toEqual({});
  });

  it('leaves clauses that say more to the builder', () => {
    const built = { having: [{ direction: 'HAS_ACCESS_TO' as const, atLeast: 2, entity: { type: ['RESOURCE' as const], name: { contains: 'prod' } } }] };
    expect(relationText(built, resource)).toBe('');
    expect(withRelation(built, resource, 'dev').having).toHaveLength(2);
    expect(withRelation(withRelation(built, resource, 'dev'), resource, '')).toEqual(built);
  });
});
