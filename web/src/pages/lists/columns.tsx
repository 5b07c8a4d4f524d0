import { Link } from 'react-router';
import { formatTime } from '@/components/AsOfPicker';
import type { Column } from '@/components/DataTable';
import { Badge, EntityLink, StatusBadge } from '@/components/Entity';
import type { ListEntitiesQuery } from '@/gql/graphql';
import type { EntityType } from '@/gql/schema';
import { useKeepAsOf } from '@/hooks/useAsOf';
import { daysBetween } from './days';
import classes from './Lists.module.css';

export type EntityRow = ListEntitiesQuery['entities']['edges'][number]['node'];
export type EntityColumn = Column<EntityRow>;

/** A number with its thousands set apart. */
export const number = (n: number | null | undefined) => (n === null || n === undefined ? '' : n.toLocaleString('en-US'));

/** A text that may be longer than its column. */
export function Cut({ children, soft = false }: { children: string | null | undefined; soft?: boolean }) {
  return children ? <span className={classes.cut} data-soft={soft || undefined} title={children}>{children}</span> : null;
}

/** A person, leading to their page. */
export function Person({ of }: { of: { id: string; fullName: string } | null | undefined }) {
  const keep = useKeepAsOf();
  return of ? <Link to={keep(`/employees/${encodeURIComponent(of.id)}`)} className={classes.link} title={of.fullName}>{of.fullName}</Link> : null;
}

/** Who answers for something: the first, and how many others there are. */
export function People({ of }: { of: { primary?: { id: string; fullName: string } | null; secondaries: { id: string; fullName: string }[] } }) {
  const all = [...(of.primary ? [of.primary] : []), ...of.secondaries];
  const [first, ...rest] = all;
  if (!first) return null;
  return (
    <span className={classes.people}>
      <Person of={first} />
      {rest.length > 0 && <span className={classes.rest} title={rest.map((p) => p.fullName).join(', ')}>+{rest.length}<span className="ag-hidden">: {rest.map((p) => p.fullName).join(', ')}</span></span>}
    </span>
  );
}

function Insights({ of }: { of: EntityRow['insights'] }) {
  const shown = of.length > 2 ? of.slice(0, 1) : of;
  return (
    <span className={classes.people}>
      {shown.map((i) => <Badge key={i.id} tone="warn">{i.label}</Badge>)}
      {of.length > shown.length && <span className={classes.rest} title={of.map((i) => i.label).join(', ')}>+{of.length - shown.length}</span>}
    </span>
  );
}

const identityTypes = { EMPLOYEE: 'Employee', SERVICE_ACCOUNT: 'Service account', UNMAPPED: 'Unmapped' } as const;
const factor = (on: boolean | null | undefined) => (on === true ? 'On' : on === false ? 'Off' : '');

const name: EntityColumn = { key: 'name', header: 'Name', width: 240, required: true, sortKey: 'NAME', grow: true, cell: (e) => <EntityLink entity={e} peek /> };
const integration: EntityColumn = { key: 'integration', header: 'Integration', width: 160, cell: (e) => <Cut>{e.integration.name}</Cut> };
const status: EntityColumn = { key: 'status', header: 'Status', width: 110, sortKey: 'STATUS', cell: (e) => <StatusBadge status={e.status} /> };
const insights: EntityColumn = { key: 'insights', header: 'Insights', width: 150, cell: (e) => <Insights of={e.insights} /> };
const project: EntityColumn = { key: 'project', header: 'Project', width: 130, cell: (e) => <Cut>{e.project}</Cut> };
const hidden: EntityColumn[] = [
  { key: 'sourceId', header: 'Source id', width: 180, hidden: true, cell: (e) => <Cut soft>{e.sourceId}</Cut> },
  { key: 'labels', header: 'Labels', width: 160, hidden: true, cell: (e) => <Cut>{e.labels.join(', ')}</Cut> },
  { key: 'firstSeen', header: 'First seen', width: 160, hidden: true, cell: (e) => formatTime(e.firstSeen) },
];

const identities = (now: () => Date): EntityColumn[] => [
  name, integration,
  { key: 'identityType', header: 'Type', width: 130, cell: (e) => (e.identityType ? identityTypes[e.identityType] : '') },
  { key: 'user', header: 'Mapped user', width: 160, cell: (e) => <Person of={e.employee} /> },
  status,
  { key: 'lastLogin', header: 'Last login', width: 160, sortKey: 'LAST_LOGIN_TIME', cell: (e) => formatTime(e.lastLoginTime) },
  { key: 'days', header: 'Days since access', width: 140, align: 'end', cell: (e) => number(daysBetween(e.latestActivityTime ?? e.lastLoginTime, now())) },
  insights,
  { key: 'manager', header: 'Manager', width: 160, cell: (e) => (e.employee?.manager ? <Person of={e.employee.manager} /> : <Cut>{e.employee?.managerName}</Cut>) },
  { key: 'department', header: 'Department', width: 140, cell: (e) => <Cut>{e.employee?.department}</Cut> },
  { key: 'title', header: 'Job title', width: 170, cell: (e) => <Cut>{e.employee?.title}</Cut> },
  { key: 'mfa', header: 'Second factor', width: 120, hidden: true, cell: (e) => factor(e.mfaEnabled) },
  { key: 'username', header: 'Username', width: 170, hidden: true, cell: (e) => <Cut>{e.username}</Cut> },
  { key: 'email', header: 'E-mail', width: 220, hidden: true, cell: (e) => <Cut>{e.email}</Cut> },
  { key: 'employmentType', header: 'Employment type', width: 140, hidden: true, cell: (e) => <Cut>{e.employee?.employmentType}</Cut> },
  { key: 'sourceType', header: 'Source type', width: 130, hidden: true, sortKey: 'SOURCE_TYPE', cell: (e) => <Cut>{e.sourceType}</Cut> },
  { ...project, hidden: true }, ...hidden,
];

const type: EntityColumn = { key: 'sourceType', header: 'Type', width: 130, sortKey: 'SOURCE_TYPE', cell: (e) => <Cut>{e.sourceType}</Cut> };
const owners: EntityColumn = { key: 'owners', header: 'Business owners', width: 180, cell: (e) => <People of={e.businessOwners} /> };

const connections: EntityColumn[] = [
  name, type, integration, project, owners,
  { key: 'identities', header: 'Identities', width: 110, align: 'end', cell: (e) => number(e.identities?.totalCount) },
  { key: 'reached', header: 'Has access to', width: 130, align: 'end', cell: (e) => number(e.reached?.totalCount) },
  insights, { ...status, hidden: true }, ...hidden,
];

const resources: EntityColumn[] = [
  name, type, integration, project, owners,
  { key: 'identities', header: 'Accessible by', width: 130, align: 'end', cell: (e) => number(e.identities?.totalCount) },
  insights, { ...status, hidden: true }, ...hidden,
];

/** The columns of a list; days are counted to the moment that the page is about. */
export function entityColumns(kind: EntityType, asOf: Date | null): EntityColumn[] {
  if (kind === 'IDENTITY') return identities(() => asOf ?? new Date());
  return kind === 'CONNECTION' ? connections : resources;
}
