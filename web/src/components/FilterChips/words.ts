import { fieldOf, operators } from '@/components/FilterBuilder/fields';
import type { EntityFilter } from '@/gql/schema';

// Short words for one part of a filter: what fits on a chip. The sentence of the whole is the server's (describeFilter).

type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);

const most = 3;

function list(values: string[]): string {
  return values.length > most ? `${values.slice(0, most).join(', ')} and ${values.length - most} more` : values.join(' or ');
}

/** The tests of a StringMatch, e.g. "contains prod". */
export function matchWords(match: unknown): string {
  if (!isObject(match)) return JSON.stringify(match);
  const words = operators.flatMap(([op, label]) => {
    const v = match[op];
    if (v === undefined || v === null) return [];
    if (op === 'isEmpty') return v === true ? ['missing'] : ['present'];
    if (op === 'in') return [list((v as unknown[]).map(String))];
    return [op === 'eq' ? `${v as string}` : `${label} ${v as string}`];
  });
  return words.length > 0 ? words.join(', ') : 'anything';
}

/** One field of a filter and its value, e.g. "Department: Sales". */
export function partWords(name: string, value: unknown): string {
  if (name === 'and' || name === 'or') return Array.isArray(value) ? `${name === 'or' ? 'Any of' : 'All of'} ${value.length}: ${value.map((f) => filterWords(f as EntityFilter)).join(name === 'or' ? ' | ' : ' & ')}` : name;
  if (name === 'not') return `Not: ${filterWords(value as EntityFilter)}`;
  const field = fieldOf(name);
  if (!field || value === null) return `${field?.label ?? name}: ${JSON.stringify(value)}`;
  switch (field.kind) {
    case 'text': return `${field.label}: ${matchWords(value)}`;
    case 'list': return `${field.label}: ${list((value as string[]).map((v) => field.values?.find(([k]) => k === v)?.[1] ?? v))}`;
    case 'ids': return `${(value as string[]).length.toLocaleString('en-US')} chosen`;
    case 'days': return `${field.label} ${Number(value)} days`;
    case 'flag': return value === true ? field.label : `${field.label}: no`;
  }
}

/** The parts of a filter in a few words. */
export function filterWords(filter: EntityFilter): string {
  const parts = Object.entries(filter).flatMap(([name, value]) => (name === 'having' && Array.isArray(value) ? value.map(clauseWords) : [partWords(name, value)]));
  return parts.length > 0 ? parts.join(', ') : 'anything';
}

/** One having clause, e.g. "Has access to ≥ 2: Type: Resource, permission admin". */
export function clauseWords(clause: unknown): string {
  if (!isObject(clause)) return JSON.stringify(clause);
  const by = clause['direction'] === 'ACCESSIBLE_BY';
  const none = clause['none'] === true;
  const atLeast = typeof clause['atLeast'] === 'number' && clause['atLeast'] !== 1 ? ` ≥ ${clause['atLeast']}` : '';
  const head = none ? (by ? 'Not accessible by' : 'No access to') : (by ? 'Accessible by' : 'Has access to');
  const words = [
    isObject(clause['entity']) ? filterWords(clause['entity']) : 'anything',
    clause['permission'] ? `permission ${matchWords(clause['permission'])}` : '',
    isObject(clause['via']) ? `via ${filterWords(clause['via'])}` : '',
    clause['reach'] === 'DIRECT' ? 'directly' : '',
  ];
  return `${head}${atLeast}: ${words.filter(Boolean).join(', ')}`;
}
