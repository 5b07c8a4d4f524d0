import type { EntityFilter } from '@/gql/schema';
import type { Clause, Group, Line, Row } from './model';

type Json = Record<string, unknown>;

/** A filter, and which part of the builder each place in it came from. */
export interface Emitted {
  filter: EntityFilter;
  /** From a place such as filter.having[0].entity.name to the key of the part that shows it. */
  keys: Map<string, string>;
}

/** The EntityFilter that the tree stands for, without the parts that are not filled in yet. */
export function emit(root: Group, at = 'filter'): Emitted {
  const keys = new Map<string, string>();
  return { filter: emitRows(root, at, keys), keys };
}

/** Like emit, without the places. */
export const toFilter = (root: Group): EntityFilter => emit(root).filter;

function emitRows(group: Group, at: string, keys: Map<string, string>): EntityFilter {
  const out: Json = {};
  keys.set(at, group.key);
  for (const row of group.rows) {
    const value = emitRow(row, `${at}.${row.field}`, keys);
    if (value !== undefined) out[row.field] = value;
  }
  return out;
}

/** undefined where the group says nothing yet. */
function emitGroup(group: Group, at: string, keys: Map<string, string>): EntityFilter | undefined {
  const filter = emitRows(group, at, keys);
  return Object.keys(filter).length > 0 || group.explicit ? filter : undefined;
}

function emitRow(row: Row, at: string, keys: Map<string, string>): unknown {
  keys.set(at, row.key);
  switch (row.kind) {
    case 'text': return emitLines(row.lines, at, keys);
    case 'list':
    case 'ids': return row.values;
    case 'groups': return emitGroups(row.groups, at, keys);
    case 'not': return emitGroup(row.group, at, keys);
    case 'having': return row.clauses.map((c, i) => emitClause(c, `${at}[${i}]`, keys));
    default: return row.value;
  }
}

function emitGroups(groups: Group[], at: string, keys: Map<string, string>): EntityFilter[] | undefined {
  const out: EntityFilter[] = [];
  for (const group of groups) {
    const filter = emitGroup(group, `${at}[${out.length}]`, keys);
    if (filter) out.push(filter);
  }
  return out.length > 0 || groups.length === 0 ? out : undefined;
}

function emitLines(lines: Line[], at: string, keys: Map<string, string>): Json | undefined {
  const out: Json = {};
  for (const line of lines) {
    if (line.value === undefined) continue;
    out[line.op] = line.value;
    keys.set(`${at}.${line.op}`, line.key);
  }
  return Object.keys(out).length > 0 || lines.length === 0 ? out : undefined;
}

function emitClause(clause: Clause, at: string, keys: Map<string, string>): Json {
  keys.set(at, clause.key);
  const { direction, reach, atLeast, none } = clause;
  const all: Json = {
    direction, reach,
    entity: clause.entity && emitGroup(clause.entity, `${at}.entity`, keys),
    permission: clause.permission && emitLines(clause.permission, `${at}.permission`, keys),
    via: clause.via && emitGroup(clause.via, `${at}.via`, keys),
    atLeast, none, ...clause.rest,
  };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined));
}

/** The key of the part that shows this place, or of the nearest part around it. */
export function keyAt(keys: Map<string, string>, place: string): string | undefined {
  for (let at = place; at; at = at.replace(/(\.[^.[\]]+|\[\d+\])$/, '')) {
    const key = keys.get(at);
    if (key) return key;
    if (!/[.[]/.test(at)) return undefined;
  }
  return undefined;
}
