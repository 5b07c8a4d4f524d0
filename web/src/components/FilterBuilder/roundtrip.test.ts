import { describe, expect, it } from 'vitest';
import type { EntityFilter, HavingClause, StringMatch } from '@/gql/schema';
import { emit, keyAt, toFilter } from './emit';
import { fields, operators } from './fields';
import { emptyGroup, newClause, newLine } from './model';
import { parseGroup } from './parse';

/** Numbers that are the same in every run, from 0 up to 1 (mulberry32). */
function random(seed: number) {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Next = () => number;
const upTo = (next: Next, n: number) => Math.floor(next() * n);
const texts = ['', 'Sales', 'prod', '*x*', 'a "quote"', '名前', ' '];
const text = (next: Next) => texts[upTo(next, texts.length)]!;

function some<T>(next: Next, values: readonly T[]): T[] {
  return values.filter(() => next() < 0.4);
}

function match(next: Next): StringMatch {
  const out: StringMatch = {};
  for (const [op] of some(next, operators)) {
    if (op === 'in') out.in = Array.from({ length: upTo(next, 3) }, () => text(next));
    else if (op === 'isEmpty') out.isEmpty = next() < 0.5;
    else out[op] = text(next);
  }
  return out;
}

function clause(next: Next, depth: number): HavingClause {
  const out: HavingClause = {};
  if (next() < 0.5) out.direction = next() < 0.5 ? 'HAS_ACCESS_TO' : 'ACCESSIBLE_BY';
  if (next() < 0.5) out.reach = next() < 0.5 ? 'DIRECT' : 'EFFECTIVE';
  if (next() < 0.6) out.entity = filter(next, depth - 1);
  if (next() < 0.4) out.permission = match(next);
  if (next() < 0.4) out.via = filter(next, depth - 1);
  if (next() < 0.4) out.atLeast = upTo(next, 5);
  if (next() < 0.4) out.none = next() < 0.5;
  return out;
}

function filter(next: Next, depth: number): EntityFilter {
  const out: Record<string, unknown> = {};
  for (const f of fields) {
    if (next() > 0.15) continue;
    if (f.kind === 'text') out[f.name] = match(next);
    if (f.kind === 'list') out[f.name] = some(next, f.values!.map(([v]) => v));
    if (f.kind === 'ids') out[f.name] = Array.from({ length: upTo(next, 3) }, (_, i) => `e_${i}`);
    if (f.kind === 'days') out[f.name] = upTo(next, 400);
    if (f.kind === 'flag') out[f.name] = next() < 0.5;
  }
  if (depth > 0) {
    for (const name of some(next, ['and', 'or'])) out[name] = Array.from({ length: upTo(next, 3) }, () => filter(next, depth - 1));
    if (next() < 0.3) out['not'] = filter(next, depth - 1);
    if (next() < 0.4) out['having'] = Array.from({ length: upTo(next, 3) }, () => clause(next, depth));
  }
  return out;
}

describe('a filter read into the builder and written again', () => {
  it('is the same, whatever it is', () => {
    for (let seed = 1; seed <= 1500; seed++) {
      const given = filter(random(seed), 4);
      expect(toFilter(parseGroup(given)), `seed ${seed}`).toEqual(given);
    }
  });

  it.each([
    { nonsense: { eq: 'x' } },
    { type: ['ROBOT'] },
    { type: ['IDENTITY', 'IDENTITY'] },
    { name: 'alice' },
    { name: { like: 'a%' } },
    { name: null },
    { inactiveForDays: '30' },
    { and: {} },
    { having: [{ direction: 'SIDEWAYS', more: 1, atLeast: 'two' }] },
    { not: [{}] },
  ])('keeps what it does not understand: %j', (given) => {
    expect(toFilter(parseGroup(given))).toEqual(given);
  });

  it('has the fields of EntityFilter, all of them', () => {
    const all: Record<keyof EntityFilter, true> = {
      and: true, or: true, not: true, having: true, ids: true, type: true, name: true, sourceType: true, sourceId: true, application: true,
      integration: true, project: true, status: true, identityType: true, mfaEnabled: true, username: true, email: true, user: true, manager: true,
      department: true, jobTitle: true, employmentType: true, insight: true, label: true, inactiveForDays: true, neverActive: true,
      passwordOlderThanDays: true, sourceSystem: true, employeeState: true, factor: true, factorStrength: true, superAdmin: true, administrative: true,
      external: true, serviceAccount: true, permission: true, removed: true,
    };
    expect([...fields.map((f) => f.name), 'and', 'or', 'not', 'having'].sort()).toEqual(Object.keys(all).sort());
  });
});

describe('what is not filled in yet', () => {
  it('is not part of the filter', () => {
    const root = emptyGroup();
    root.rows = [
      { key: 'a', kind: 'text', field: 'name', lines: [newLine()] },
      { key: 'b', kind: 'list', field: 'type', values: undefined },
      { key: 'c', kind: 'days', field: 'inactiveForDays', value: undefined },
      { key: 'd', kind: 'groups', field: 'or', groups: [emptyGroup(), emptyGroup()] },
      { key: 'e', kind: 'not', field: 'not', group: emptyGroup() },
    ];
    expect(toFilter(root)).toEqual({});
  });

  it('leaves an alternative out instead of letting it pass everything', () => {
    const root = emptyGroup();
    root.rows = [{ key: 'd', kind: 'groups', field: 'or', groups: [emptyGroup(), parseGroup({ type: ['RESOURCE'] })] }];
    expect(toFilter(root)).toEqual({ or: [{ type: ['RESOURCE'] }] });
  });
});

describe('the place of an error', () => {
  it('leads to the part that shows it, also behind parts that are left out', () => {
    const root = emptyGroup();
    const second = parseGroup({ having: [{ atLeast: 0, entity: { name: { eq: 'x' } } }] });
    root.rows = [{ key: 'or', kind: 'groups', field: 'or', groups: [emptyGroup(), second] }];
    const { keys } = emit(root);
    const having = second.rows[0]!;
    if (having.kind !== 'having') throw new Error('not a having row');
    const [first] = having.clauses;
    expect(keyAt(keys, 'filter.or[0].having[0].atLeast')).toBe(first!.key);
    expect(keyAt(keys, 'filter.or[0].having[0].entity.name')).toBe(first!.entity!.rows[0]!.key);
    expect(keyAt(keys, 'filter.or[0]')).toBe(second.key);
    expect(keyAt(keys, 'search')).toBeUndefined();
  });

  it('names the clause that is new as well', () => {
    const root = emptyGroup();
    const c = newClause({ none: true, atLeast: 2 });
    root.rows = [{ key: 'h', kind: 'having', field: 'having', clauses: [c] }];
    expect(keyAt(emit(root).keys, 'filter.having[0].atLeast')).toBe(c.key);
  });
});
