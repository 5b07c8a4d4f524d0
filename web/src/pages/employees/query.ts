import { valuesOf, withKey } from '@/components/FilterPanel/match';
import type { EmployeeState, EntityFilter } from '@/gql/schema';

/** The fields that employees can be narrowed by, one value each. */
export const employeeFields = ['department', 'jobTitle', 'manager'] as const;
export type EmployeeField = (typeof employeeFields)[number];

/** What the list is asked with. */
export interface EmployeeQuery {
  department?: string;
  title?: string;
  manager?: string;
  state?: EmployeeState;
}

const one = (values: readonly string[]): string | undefined => (values.length === 1 && values[0] !== '' ? values[0] : undefined);

/** The one value that a filter asks of a field. */
export const valueOf = (filter: EntityFilter, field: EmployeeField): string | null => one(valuesOf(filter[field])) ?? null;

export const stateOf = (filter: EntityFilter): EmployeeState | null => (filter.employeeState?.length === 1 ? filter.employeeState[0] ?? null : null);

/** What of a filter the list of employees can be asked, and the fields of it that it cannot. */
export function employeeQuery(filter: EntityFilter): { query: EmployeeQuery; ignored: string[] } {
  const query: EmployeeQuery = {};
  const ignored: string[] = [];
  for (const [key, value] of Object.entries(filter)) {
    if (value === null || value === undefined) continue;
    const known = (employeeFields as readonly string[]).includes(key) ? valueOf(filter, key as EmployeeField) : key === 'employeeState' ? stateOf(filter) : null;
    if (known === null) ignored.push(key);
    else Object.assign(query, { [key === 'jobTitle' ? 'title' : key === 'employeeState' ? 'state' : key]: known });
  }
  return { query, ignored };
}

/** The filter with one value of a field; null takes the field away. */
export const withValue = (filter: EntityFilter, field: EmployeeField, value: string | null): EntityFilter => withKey(filter, field, value === null ? undefined : { eq: value });
