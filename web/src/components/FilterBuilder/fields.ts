import type { EntityField, EntityFilter } from '@/gql/schema';

/** The kinds of field that have an editor of their own. */
export type FieldKind = 'text' | 'list' | 'days' | 'flag' | 'ids';

/** A field of EntityFilter other than and, or, not and having. */
export type FieldName = Exclude<keyof EntityFilter, 'and' | 'or' | 'not' | 'having'>;

export interface Field {
  name: FieldName;
  kind: FieldKind;
  label: string;
  /** What it asks, where the label does not say it all; also found by the search for a field. */
  hint?: string;
  group: string;
  /** Of a list: its values, each with its label. */
  values?: readonly (readonly [value: string, label: string])[];
  /** Where the values in use come from. */
  suggest?: EntityField | 'NAMES' | 'EMPLOYEES';
}

const tristate = [['TRUE', 'Yes'], ['FALSE', 'No'], ['UNKNOWN', 'Unknown']] as const;

const entity = 'What it is';
const place = 'Where it is';
const account = 'Account';
const activity = 'Activity';
const employee = 'Employee';

/** Every field of EntityFilter, in the order of the menu. */
export const fields: readonly Field[] = [
  { name: 'type', kind: 'list', label: 'Type', group: entity, values: [['IDENTITY', 'Identity'], ['CONNECTION', 'Connection'], ['RESOURCE', 'Resource']] },
  { name: 'name', kind: 'text', label: 'Name', group: entity, suggest: 'NAMES' },
  { name: 'sourceType', kind: 'text', label: 'Source type', hint: 'The source’s own word, such as vault, team or repository', group: entity, suggest: 'SOURCE_TYPE' },
  {
    name: 'status', kind: 'list', label: 'Status', group: entity,
    values: [['ACTIVE', 'Active'], ['INACTIVE', 'Inactive'], ['SUSPENDED', 'Suspended'], ['LOCKED', 'Locked'], ['DELETED', 'Deleted'], ['UNKNOWN', 'Unknown']],
  },
  { name: 'sourceId', kind: 'text', label: 'Source id', hint: 'The id that the source gives it', group: entity },
  { name: 'insight', kind: 'text', label: 'Insight', group: entity, suggest: 'INSIGHT' },
  { name: 'label', kind: 'text', label: 'Label', group: entity, suggest: 'LABEL' },
  { name: 'ids', kind: 'ids', label: 'Chosen entities', hint: 'A selection, one by one', group: entity },
  { name: 'removed', kind: 'flag', label: 'Include removed', hint: 'Also what only history keeps', group: entity },

  { name: 'application', kind: 'text', label: 'Application', group: place, suggest: 'APPLICATION' },
  { name: 'integration', kind: 'text', label: 'Integration', group: place, suggest: 'INTEGRATION' },
  { name: 'project', kind: 'text', label: 'Project', group: place, suggest: 'PROJECT' },
  { name: 'sourceSystem', kind: 'text', label: 'Source system', hint: 'Where the entity comes from: an integration', group: place, suggest: 'INTEGRATION' },

  { name: 'identityType', kind: 'list', label: 'Identity type', group: account, values: [['EMPLOYEE', 'Employee'], ['SERVICE_ACCOUNT', 'Service account'], ['UNMAPPED', 'Unmapped']] },
  { name: 'username', kind: 'text', label: 'Username', group: account },
  { name: 'email', kind: 'text', label: 'E-mail', group: account },
  { name: 'permission', kind: 'text', label: 'Permission held', hint: 'Holds it directly, on anything', group: account },
  { name: 'mfaEnabled', kind: 'list', label: 'MFA enabled', hint: 'Multi-factor authentication', group: account, values: tristate },
  { name: 'factor', kind: 'text', label: 'Authentication factor', hint: 'Any enrolled one, such as sms or call', group: account },
  { name: 'factorStrength', kind: 'list', label: 'Factor strength', group: account, values: [['STRONG', 'Strong'], ['MEDIUM', 'Medium'], ['WEAK', 'Weak'], ['UNKNOWN', 'Unknown']] },
  { name: 'superAdmin', kind: 'list', label: 'Super admin', group: account, values: tristate },
  { name: 'administrative', kind: 'list', label: 'Admin permissions', group: account, values: tristate },
  { name: 'external', kind: 'list', label: 'External', hint: 'From outside the company', group: account, values: tristate },
  { name: 'serviceAccount', kind: 'list', label: 'Marked as service account', group: account, values: tristate },

  { name: 'inactiveForDays', kind: 'days', label: 'Inactive for', hint: 'Days since the last activity; never active counts too', group: activity },
  { name: 'neverActive', kind: 'flag', label: 'Never active', group: activity },
  { name: 'passwordOlderThanDays', kind: 'days', label: 'Password older than', hint: 'Days since the last change of the password', group: activity },

  { name: 'user', kind: 'text', label: 'User', hint: 'The employee’s work e-mail', group: employee, suggest: 'EMPLOYEES' },
  { name: 'manager', kind: 'text', label: 'Manager', hint: 'The direct manager’s work e-mail', group: employee, suggest: 'MANAGER' },
  { name: 'department', kind: 'text', label: 'Department', group: employee, suggest: 'DEPARTMENT' },
  { name: 'jobTitle', kind: 'text', label: 'Job title', group: employee, suggest: 'JOB_TITLE' },
  { name: 'employmentType', kind: 'text', label: 'Employment type', hint: 'Such as full-time or intern', group: employee, suggest: 'EMPLOYMENT_TYPE' },
  { name: 'employeeState', kind: 'list', label: 'Employee state', group: employee, values: [['ACTIVE', 'Active'], ['TERMINATED', 'Terminated'], ['FUTURE', 'Future']] },
];

const byName = new Map<string, Field>(fields.map((f) => [f.name, f]));

/** The field with this name in EntityFilter, if there is one. */
export const fieldOf = (name: string): Field | undefined => byName.get(name);

/** The tests that a StringMatch can make, in the order of the menu. */
export const operators = [
  ['eq', 'is'],
  ['in', 'is one of'],
  ['contains', 'contains'],
  ['startsWith', 'starts with'],
  ['endsWith', 'ends with'],
  ['isEmpty', 'is missing'],
] as const;

export type Operator = (typeof operators)[number][0];

export const isOperator = (name: string): name is Operator => operators.some(([op]) => op === name);
