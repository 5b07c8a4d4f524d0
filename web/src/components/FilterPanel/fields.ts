import type { EntityField, EntityFilter, EntityType } from '@/gql/schema';
import { matchOf, valuesOf, withKey, type Relation } from './match';

type ListKey = 'status' | 'identityType' | 'mfaEnabled';
type MatchKey = 'sourceType' | 'application' | 'integration' | 'project' | 'department' | 'jobTitle' | 'employmentType' | 'manager' | 'insight' | 'label';
type TextKey = 'name' | 'username' | 'email' | 'user' | 'permission';

/** A field whose values are offered with their counts. */
export interface FacetField {
  kind: 'list' | 'match';
  field: EntityField;
  key: ListKey | MatchKey;
  label: string;
}

/** A field of which a part is typed. */
export interface TextField {
  kind: 'text';
  key: TextKey;
  label: string;
}

/** A field of entities that this one is related to. */
export interface RelationField {
  kind: 'relation';
  key: string;
  label: string;
  relation: Relation;
}

/** Days without access. */
export interface DaysField {
  kind: 'days';
  key: 'inactiveForDays';
  label: string;
}

export type PanelField = FacetField | TextField | RelationField | DaysField;

const list = (field: EntityField, key: ListKey, label: string): FacetField => ({ kind: 'list', field, key, label });
const match = (field: EntityField, key: MatchKey, label: string): FacetField => ({ kind: 'match', field, key, label });
const text = (key: TextKey, label: string): TextField => ({ kind: 'text', key, label });
const related = (direction: Relation['direction'], type: EntityType, field: Relation['field'], label: string): RelationField => (
  { kind: 'relation', key: `${direction}.${type}.${field}`, label, relation: { direction, type, field } }
);

const people = [
  match('DEPARTMENT', 'department', 'Department'), match('JOB_TITLE', 'jobTitle', 'Job title'),
  match('MANAGER', 'manager', 'Manager'), match('EMPLOYMENT_TYPE', 'employmentType', 'Employment type'),
];

const sources = [match('INTEGRATION', 'integration', 'Integration'), match('APPLICATION', 'application', 'Application type')];

/** The fields that a list's panel offers, in order. */
export const panelFields: Record<EntityType, PanelField[]> = {
  IDENTITY: [
    ...sources, list('IDENTITY_TYPE', 'identityType', 'Identity type'), list('STATUS', 'status', 'Status'),
    { kind: 'days', key: 'inactiveForDays', label: 'Days since last access' }, list('MFA', 'mfaEnabled', 'Second factor'),
    match('INSIGHT', 'insight', 'Insight'), ...people,
    text('name', 'Name'), text('user', 'User (work e-mail)'),
    related('HAS_ACCESS_TO', 'CONNECTION', 'name', 'Connection'), related('HAS_ACCESS_TO', 'CONNECTION', 'sourceType', 'Connection type'),
    related('HAS_ACCESS_TO', 'RESOURCE', 'name', 'Resource'), related('HAS_ACCESS_TO', 'RESOURCE', 'sourceType', 'Resource type'),
    text('permission', 'Permission'), match('PROJECT', 'project', 'Project'), match('LABEL', 'label', 'Label'),
  ],
  CONNECTION: [
    ...sources, match('SOURCE_TYPE', 'sourceType', 'Connection type'), match('INSIGHT', 'insight', 'Insight'),
    related('ACCESSIBLE_BY', 'IDENTITY', 'insight', 'Insight of identities that reach it'), text('name', 'Name'),
    related('HAS_ACCESS_TO', 'RESOURCE', 'name', 'Gives access to resource'), related('ACCESSIBLE_BY', 'IDENTITY', 'name', 'Reached by identity'),
    match('PROJECT', 'project', 'Project'), list('STATUS', 'status', 'Status'), match('LABEL', 'label', 'Label'),
  ],
  RESOURCE: [
    ...sources, match('SOURCE_TYPE', 'sourceType', 'Resource type'), match('INSIGHT', 'insight', 'Insight'),
    related('ACCESSIBLE_BY', 'IDENTITY', 'insight', 'Insight of identities that reach it'), text('name', 'Name'),
    related('ACCESSIBLE_BY', 'CONNECTION', 'name', 'Reached by connection'), related('ACCESSIBLE_BY', 'IDENTITY', 'name', 'Reached by identity'),
    match('PROJECT', 'project', 'Project'), list('STATUS', 'status', 'Status'), match('LABEL', 'label', 'Label'),
  ],
};

/** The values of a field that the filter asks for. */
export function chosenOf(filter: EntityFilter, f: FacetField): string[] {
  const value = filter[f.key];
  return Array.isArray(value) ? value : valuesOf(value);
}

/** The filter that asks for these values of a field. */
export function withChosen(filter: EntityFilter, f: FacetField, values: string[]): EntityFilter {
  if (f.kind === 'list') return withKey(filter, f.key, (values.length > 0 ? values : undefined) as never);
  return withKey(filter, f.key, matchOf(values) as never);
}

/** Whether the filter restricts the field itself, in whatever way. */
export const restricts = (filter: EntityFilter, f: FacetField) => filter[f.key] !== undefined && filter[f.key] !== null;

const words: Record<string, string> = { 'mfaEnabled.TRUE': 'On', 'mfaEnabled.FALSE': 'Off', 'mfaEnabled.UNKNOWN': 'Not known', 'identityType.EMPLOYEE': 'Employee',
  'identityType.SERVICE_ACCOUNT': 'Service account', 'identityType.UNMAPPED': 'Unmapped' };

/** How a value is written. */
export function bucketLabel(f: FacetField, bucket: { value: string; label: string }): string {
  if (bucket.value === '') return 'None';
  if (f.kind === 'match') return bucket.label || bucket.value;
  return words[`${f.key}.${bucket.value}`] ?? bucket.value.charAt(0) + bucket.value.slice(1).toLowerCase().replaceAll('_', ' ');
}
