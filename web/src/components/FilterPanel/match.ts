import type { EntityFilter, EntityType, HavingClause, HavingDirection, StringMatch } from '@/gql/schema';

/** The filter with one field set; undefined takes the field away. Nothing else changes, whatever somebody built into it. */
export function withKey<K extends keyof EntityFilter>(filter: EntityFilter, key: K, value: EntityFilter[K] | undefined): EntityFilter {
  const next = { ...filter };
  delete next[key];
  if (value !== undefined && value !== null) next[key] = value;
  return next;
}

/** The filter without its own restriction of these fields: what the counts of one of them are asked under, so that its other values can be chosen. */
export function without(filter: EntityFilter, ...keys: (keyof EntityFilter)[]): EntityFilter {
  return keys.reduce((f, key) => withKey(f, key, undefined), filter);
}

/** The values that a match stands for, where it is one of values; '' = missing. Empty where it is something else, such as a part of a text. */
export function valuesOf(match: StringMatch | null | undefined): string[] {
  if (!match) return [];
  const { eq, in: many, isEmpty, contains, startsWith, endsWith } = match;
  if ([contains, startsWith, endsWith].some((x) => typeof x === 'string')) return [];
  if (isEmpty === true && typeof eq !== 'string' && !many) return [''];
  if (typeof isEmpty === 'boolean') return [];
  if (typeof eq === 'string') return many && !many.includes(eq) ? [] : [eq];
  return many ?? [];
}

/** The match that stands for the values; undefined for none. A missing value excludes others, for a match can say only one of the two. */
export function matchOf(values: string[]): StringMatch | undefined {
  if (values.length === 0) return undefined;
  return values.includes('') ? { isEmpty: true } : { in: values };
}

/** The values after somebody chose or gave up one. Missing ('') and the rest exclude each other, unless both is set. */
export function toggled(values: readonly string[], value: string, both: boolean): string[] {
  if (values.includes(value)) return values.filter((v) => v !== value);
  if (both) return [...values, value];
  return value === '' ? [''] : [...values.filter((v) => v !== ''), value];
}

/** A relation that a field of the panel stands for. */
export interface Relation {
  direction: HavingDirection;
  type: EntityType;
  field: 'name' | 'sourceType' | 'insight';
}

const plainKeys = new Set(['direction', 'entity']);

// Only a clause that says no more than the panel can show is one of the panel's own.
function isPlain(clause: HavingClause, { direction, type }: Relation): boolean {
  const { entity } = clause;
  if ((clause.direction ?? 'HAS_ACCESS_TO') !== direction || !entity) return false;
  if (Object.entries(clause).some(([k, v]) => !plainKeys.has(k) && v !== undefined && v !== null)) return false;
  if (entity.type?.length !== 1 || entity.type[0] !== type) return false;
  return Object.entries(entity).every(([k, v]) => k === 'type' || ((k === 'name' || k === 'sourceType' || k === 'insight') && onlyContains(v as StringMatch)));
}

const onlyContains = (match: StringMatch) => Object.keys(match).length === 1 && typeof match.contains === 'string';

/** The text that the filter asks of a relation. */
export function relationText(filter: EntityFilter, relation: Relation): string {
  const clause = filter.having?.find((c) => isPlain(c, relation));
  return clause?.entity?.[relation.field]?.contains ?? '';
}

/** The filter with the text of a relation; an empty text takes it away. Name and type of one relation are about the same entity. */
export function withRelation(filter: EntityFilter, relation: Relation, text: string): EntityFilter {
  const having = filter.having ?? [];
  const old = having.find((c) => isPlain(c, relation));
  const entity = withKey(old?.entity ?? { type: [relation.type] }, relation.field, text ? { contains: text } : undefined);
  const clause = Object.keys(entity).length > 1 ? { direction: relation.direction, entity } : null;
  const next = old ? having.flatMap((c) => (c === old ? (clause ? [clause] : []) : [c])) : clause ? [...having, clause] : having;
  return withKey(filter, 'having', next.length > 0 ? next : undefined);
}
