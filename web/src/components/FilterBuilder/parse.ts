import { fieldOf, isOperator, type FieldName } from './fields';
import { newKey, type Clause, type Group, type Line, type Row } from './model';

type Json = Record<string, unknown>;

const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const isTexts = (v: unknown): v is string[] => Array.isArray(v) && v.every((t) => typeof t === 'string');
const isObjects = (v: unknown): v is Json[] => Array.isArray(v) && v.every(isObject);

/** The builder's tree for the JSON of an EntityFilter. What it does not understand stays in it as raw rows. */
export function parseGroup(filter: Json): Group {
  const rows = Object.entries(filter).filter(([, v]) => v !== undefined).map(([name, value]) => parseRow(name, value));
  return { key: newKey(), rows, explicit: rows.length === 0 };
}

function parseRow(name: string, value: unknown): Row {
  const key = newKey();
  const raw: Row = { key, kind: 'raw', field: name, value };
  if (name === 'and' || name === 'or') return isObjects(value) ? { key, kind: 'groups', field: name, groups: value.map(parseGroup) } : raw;
  if (name === 'not') return isObject(value) ? { key, kind: 'not', field: name, group: parseGroup(value) } : raw;
  if (name === 'having') return isObjects(value) ? { key, kind: 'having', field: name, clauses: value.map(parseClause) } : raw;
  const field = fieldOf(name);
  if (!field) return raw;
  const known = { key, field: name as FieldName };
  switch (field.kind) {
    case 'text': {
      const lines = parseLines(value);
      return lines ? { ...known, kind: 'text', lines } : raw;
    }
    case 'list': {
      const allowed = new Set(field.values?.map(([v]) => v));
      return isTexts(value) && value.every((v) => allowed.has(v)) && new Set(value).size === value.length ? { ...known, kind: 'list', values: value } : raw;
    }
    case 'ids': return isTexts(value) ? { ...known, kind: 'ids', values: value } : raw;
    case 'days': return typeof value === 'number' ? { ...known, kind: 'days', value } : raw;
    case 'flag': return typeof value === 'boolean' ? { ...known, kind: 'flag', value } : raw;
  }
}

/** The tests of a StringMatch, or undefined where it is none. */
function parseLines(value: unknown): Line[] | undefined {
  if (!isObject(value)) return undefined;
  const lines: Line[] = [];
  for (const [op, v] of Object.entries(value)) {
    if (v === undefined) continue;
    const fits = isOperator(op) && (op === 'in' ? isTexts(v) : op === 'isEmpty' ? typeof v === 'boolean' : typeof v === 'string');
    if (!fits) return undefined;
    lines.push({ key: newKey(), op, value: v as Line['value'] });
  }
  return lines;
}

function parseClause(json: Json): Clause {
  const clause: Clause = {
    key: newKey(), direction: undefined, reach: undefined, entity: undefined, permission: undefined, via: undefined,
    atLeast: undefined, none: undefined, rest: {},
  };
  for (const [name, v] of Object.entries(json)) {
    if (v === undefined) continue;
    if (name === 'direction' && (v === 'HAS_ACCESS_TO' || v === 'ACCESSIBLE_BY')) clause.direction = v;
    else if (name === 'reach' && (v === 'DIRECT' || v === 'EFFECTIVE')) clause.reach = v;
    else if ((name === 'entity' || name === 'via') && isObject(v)) clause[name] = parseGroup(v);
    else if (name === 'permission' && parseLines(v)) clause.permission = parseLines(v);
    else if (name === 'atLeast' && typeof v === 'number') clause.atLeast = v;
    else if (name === 'none' && typeof v === 'boolean') clause.none = v;
    else clause.rest[name] = v;
  }
  return clause;
}
