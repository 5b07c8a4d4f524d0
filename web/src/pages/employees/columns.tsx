import { formatDay } from '@/components/AsOfPicker';
import type { Column } from '@/components/DataTable';
import { Badge } from '@/components/Entity';
import type { ListEmployeesQuery } from '@/gql/graphql';
import { Cut, number, Person } from '@/pages/lists/columns';

export type EmployeeRow = ListEmployeesQuery['employees']['edges'][number]['node'];

export const states = { ACTIVE: 'Active', TERMINATED: 'Left', FUTURE: 'To come' } as const;
const tones = { ACTIVE: 'good', TERMINATED: 'bad', FUTURE: 'accent' } as const;
const roles = { ADMINISTRATOR: 'Administrator', RISK_MANAGER: 'Risk manager', REVIEWER: 'Reviewer' } as const;

/** The columns of the list of employees. */
export const columns: Column<EmployeeRow>[] = [
  { key: 'name', header: 'Name', width: 200, required: true, grow: true, cell: (e) => <Person of={e} /> },
  { key: 'workEmail', header: 'Work e-mail', width: 240, cell: (e) => <Cut>{e.workEmail}</Cut> },
  { key: 'state', header: 'State', width: 100, cell: (e) => <Badge tone={tones[e.state]}>{states[e.state]}</Badge> },
  { key: 'department', header: 'Department', width: 150, cell: (e) => <Cut>{e.department}</Cut> },
  { key: 'title', header: 'Job title', width: 180, cell: (e) => <Cut>{e.title}</Cut> },
  { key: 'manager', header: 'Manager', width: 160, cell: (e) => (e.manager ? <Person of={e.manager} /> : <Cut>{e.managerName}</Cut>) },
  { key: 'employmentType', header: 'Employment type', width: 140, cell: (e) => <Cut>{e.employmentType}</Cut> },
  { key: 'identities', header: 'Identities', width: 110, align: 'end', cell: (e) => number(e.identities.length) },
  { key: 'startDate', header: 'Start', width: 140, cell: (e) => formatDay(e.startDate) },
  { key: 'endDate', header: 'End', width: 140, cell: (e) => formatDay(e.endDate) },
  { key: 'roles', header: 'Product roles', width: 160, hidden: true, cell: (e) => <Cut>{e.roles.map((r) => roles[r]).join(', ')}</Cut> },
  { key: 'organization', header: 'Organisation', width: 150, hidden: true, cell: (e) => <Cut>{e.organization}</Cut> },
  { key: 'userId', header: 'User id', width: 130, hidden: true, cell: (e) => <Cut soft>{e.userId}</Cut> },
];
