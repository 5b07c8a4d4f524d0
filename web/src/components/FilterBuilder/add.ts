import { fieldOf, type FieldName } from './fields';
import { emptyGroup, newClause, newKey, newLine, type Group, type Row } from './model';

/** What can be added to a group: a field, or one of these. */
export const connections = [
  ['having', 'Has access to …', 'Something that it reaches'],
  ['having-none', 'Has no access to …', 'Nothing of the kind is reached'],
  ['having-by', 'Is accessible by …', 'Something that reaches it'],
] as const;

export const combinations = [
  ['or', 'Any of …', 'Alternatives: one of them is enough (or)'],
  ['and', 'All of …', 'Several sets of conditions, all of which hold (and)'],
  ['not', 'Not …', 'These conditions do not hold together'],
] as const;

/** A new row for a field, with nothing filled in. */
export function newRow(name: FieldName): Row {
  const key = newKey();
  switch (fieldOf(name)?.kind) {
    case 'list': return { key, kind: 'list', field: name, values: undefined };
    case 'ids': return { key, kind: 'ids', field: name, values: undefined };
    case 'days': return { key, kind: 'days', field: name, value: 90 };
    case 'flag': return { key, kind: 'flag', field: name, value: true };
    default: return { key, kind: 'text', field: name, lines: [newLine(name === 'name' ? 'contains' : 'eq')] };
  }
}

/** The group with what was chosen in its menu, and the key of the new part. */
export function addTo(group: Group, choice: string): { group: Group; key: string } {
  if (choice.startsWith('having')) {
    const clause = newClause(choice === 'having-none' ? { none: true } : choice === 'having-by' ? { direction: 'ACCESSIBLE_BY' } : {});
    const had = group.rows.some((r) => r.kind === 'having');
    const rows: Row[] = had
      ? group.rows.map((r) => (r.kind === 'having' ? { ...r, clauses: [...r.clauses, clause] } : r))
      : [...group.rows, { key: newKey(), kind: 'having', field: 'having', clauses: [clause] }];
    return { group: { ...group, rows }, key: clause.key };
  }
  const row: Row = choice === 'or' || choice === 'and' ? { key: newKey(), kind: 'groups', field: choice, groups: [emptyGroup(), emptyGroup()] }
    : choice === 'not' ? { key: newKey(), kind: 'not', field: 'not', group: emptyGroup() }
    : newRow(choice as FieldName);
  return { group: { ...group, rows: [...group.rows, row] }, key: row.key };
}
