// What the builder edits: a tree that mirrors an EntityFilter. It has what JSON has not: a key
// for every part, so that React keeps the right field focused, and parts that say nothing yet.
import type { FieldName, Operator } from './fields';

/** One test of a StringMatch. value undefined = not filled in yet, so not part of the filter. */
export interface Line {
  key: string;
  op: Operator;
  value: string | string[] | boolean | undefined;
}

export type Row =
  | { key: string; kind: 'text'; field: FieldName; lines: Line[] }
  | { key: string; kind: 'list' | 'ids'; field: FieldName; values: string[] | undefined }
  | { key: string; kind: 'days'; field: FieldName; value: number | undefined }
  | { key: string; kind: 'flag'; field: FieldName; value: boolean }
  | { key: string; kind: 'groups'; field: 'and' | 'or'; groups: Group[] }
  | { key: string; kind: 'not'; field: 'not'; group: Group }
  | { key: string; kind: 'having'; field: 'having'; clauses: Clause[] }
  /** What this builder does not understand. It is kept as it is; the server says what is wrong with it. */
  | { key: string; kind: 'raw'; field: string; value: unknown };

/** One EntityFilter: its rows are joined by AND. */
export interface Group {
  key: string;
  rows: Row[];
  /** Part of the filter also while it has no rows: an empty object, which every entity passes. */
  explicit: boolean;
}

/** One HavingClause. undefined = left out, so the schema's default. */
export interface Clause {
  key: string;
  direction: string | undefined;
  reach: string | undefined;
  entity: Group | undefined;
  permission: Line[] | undefined;
  via: Group | undefined;
  atLeast: number | undefined;
  none: boolean | undefined;
  /** Properties that are not understood, as they are. */
  rest: Record<string, unknown>;
}

let last = 0;

/** A key that no other part has. */
export const newKey = (): string => `k${++last}`;

export const emptyGroup = (): Group => ({ key: newKey(), rows: [], explicit: false });

export const newLine = (op: Operator = 'eq'): Line => ({ key: newKey(), op, value: op === 'isEmpty' ? true : undefined });

export function newClause(given: Partial<Omit<Clause, 'key'>> = {}): Clause {
  return {
    key: newKey(), direction: undefined, reach: undefined, entity: emptyGroup(), permission: undefined, via: undefined,
    atLeast: undefined, none: undefined, rest: {}, ...given,
  };
}
