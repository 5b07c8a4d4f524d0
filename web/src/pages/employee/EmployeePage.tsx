import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';
import { accessParams } from '@/components/AccessTable';
import { AsOfBanner, AsOfPicker, formatDay, formatTime } from '@/components/AsOfPicker';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge, EntityIcon, EntityLink, StatusBadge } from '@/components/Entity';
import { EmployeeLink, EntityMetadata, Facts, IntegrationLink, MfaBadge } from '@/components/EntityFacts';
import { Icon } from '@/components/icons';
import { Page, PageTabs } from '@/components/Page';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import type { EmployeePageQuery } from '@/gql/graphql';
import type { EmployeeState } from '@/gql/schema';
import { filterCodec } from '@/hooks/useEntityFilter';
import { textCodec, useSetParams, useUrlState } from '@/hooks/useUrlState';
import { EmployeePageDocument } from './documents';
import classes from './Employee.module.css';
import { ReachTab } from './ReachTab';

type Employee = NonNullable<EmployeePageQuery['employee']>;
type Identity = Employee['identities'][number];

const tabs = ['access', 'identities', 'reports', 'details'] as const;
type Tab = (typeof tabs)[number];
const labels: Record<Tab, string> = { access: 'Has access to', identities: 'Identities', reports: 'Direct reports', details: 'Details' };

const states: Record<EmployeeState, { label: string; tone: 'good' | 'bad' | 'plain' }> = {
  ACTIVE: { label: 'Active', tone: 'good' }, TERMINATED: { label: 'Terminated', tone: 'bad' }, FUTURE: { label: 'Starts later', tone: 'plain' },
};

/** One person: the identities they have, and what those reach. */
export function EmployeePage() {
  const { id = '' } = useParams();
  return <OneEmployee key={id} id={id} />;
}

function OneEmployee({ id }: { id: string }) {
  const [{ data, error, fetching }, again] = useQuery({ query: EmployeePageDocument, variables: { id } });
  if (error) return <Page title="Employee"><ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} /></Page>;
  if (fetching || !data) return <Page title="Employee"><LoadingState label="Loading the employee" /></Page>;
  if (!data.employee) {
    return (
      <Page title="Employee">
        <EmptyState icon="employee" title="There is no such employee" hint="The link may be incomplete." action={<Button component={Link} to="/employees" variant="default">All employees</Button>} />
      </Page>
    );
  }
  return <Found employee={data.employee} />;
}

function Found({ employee: e }: { employee: Employee }) {
  const [wanted] = useUrlState('tab', textCodec);
  const setParams = useSetParams();
  const tab = tabs.find((t) => t === wanted) ?? 'access';
  const open = (next: Tab) => setParams({ ...Object.fromEntries(accessParams.map((p) => [p, null])), tab: next === 'access' ? null : next }, { push: true });
  const user = filterCodec.format({ user: { eq: e.workEmail } }) ?? '';
  const counts: Partial<Record<Tab, number>> = { identities: e.identities.length, reports: e.reports.totalCount };
  return (
    <Page fill title={e.fullName} documentTitle={`${e.fullName}, employee`} icon={<EntityIcon type="EMPLOYEE" size={22} labelled />}
      crumbs={[{ label: 'Employees', to: '/employees' }]}
      subtitle={(
        <span className={classes.subtitle}>
          <span>{[e.title, e.department].filter(Boolean).join(', ') || e.workEmail}</span>
          <Badge tone={states[e.state].tone}>{states[e.state].label}</Badge>
          {e.manager ? <span>reports to <EmployeeLink employee={e.manager} /></span> : e.managerName && <span>reports to {e.managerName}</span>}
        </span>
      )}
      actions={(
        <>
          <Button component={Link} to={`/compare?${new URLSearchParams({ filter: user })}`} variant="default" leftSection={<Icon name="compare" size={16} />}>Changes</Button>
          <Button component={Link} to={`/graph?${new URLSearchParams({ filter: user })}`} variant="default" leftSection={<Icon name="graph" size={16} />}>Graph</Button>
          <AsOfPicker />
        </>
      )}>
      <AsOfBanner />
      <PageTabs label={`About ${e.fullName}`} value={tab} onChange={open}
        tabs={tabs.map((t) => ({ key: t, label: labels[t], ...(counts[t] === undefined ? {} : { count: counts[t] }) }))}>
        {tab === 'access' ? <ReachTab employee={e} /> : tab === 'identities' ? <Identities employee={e} /> : tab === 'reports' ? <Reports employee={e} /> : <Details employee={e} />}
      </PageTabs>
    </Page>
  );
}

const identityKey = (i: Identity) => i.id;

function Identities({ employee }: { employee: Employee }) {
  const { openEntity } = useSidebar();
  const columns = useMemo<Column<Identity>[]>(() => [
    { key: 'name', header: 'Name', width: 240, required: true, grow: true, cell: (i) => <EntityLink entity={i} peek /> },
    { key: 'integration', header: 'Integration', width: 170, cell: (i) => <IntegrationLink integration={i.integration} /> },
    { key: 'relation', header: 'Relation', width: 150, cell: (i) => (i.mapping?.relation === 'OWNS' ? 'Answers for it' : 'Logs in with it') },
    { key: 'how', header: 'Mapped', width: 130, cell: (i) => (i.mapping?.origin === 'MANUAL' ? 'By hand' : 'Automatically') },
    { key: 'status', header: 'Status', width: 110, cell: (i) => <StatusBadge status={i.status} /> },
    { key: 'mfa', header: 'MFA', width: 100, cell: (i) => <MfaBadge on={i.mfaEnabled} /> },
    { key: 'lastLogin', header: 'Last login', width: 170, cell: (i) => formatTime(i.lastLoginTime) },
  ], []);
  return (
    <DataTable label="Identities" columns={columns} rows={employee.identities} rowKey={identityKey} storageKey="employee.identities" onRowOpen={(i) => openEntity(i.id)}
      empty={<EmptyState icon="identity" title="No identities" hint="No identity is tied to this person. Identities can be mapped on their list." />} />
  );
}

function Reports({ employee: { reports } }: { employee: Employee }) {
  if (reports.totalCount === 0) return <div className={classes.card}><EmptyState icon="employee" title="Nobody reports to this person" /></div>;
  return (
    <>
      <ul className={classes.list}>
        {reports.edges.map(({ node }) => (
          <li key={node.id}>
            <EntityIcon type="EMPLOYEE" />
            <EmployeeLink employee={node} />
            <span className="ag-soft">{[node.title, node.department].filter(Boolean).join(', ')}</span>
            {node.state !== 'ACTIVE' && <Badge tone={states[node.state].tone}>{states[node.state].label}</Badge>}
          </li>
        ))}
      </ul>
      {reports.totalCount > reports.edges.length && <p className="ag-soft">The first {reports.edges.length} of {reports.totalCount.toLocaleString('en-US')}.</p>}
    </>
  );
}

const roles: Record<string, string> = { REVIEWER: 'Reviewer', RISK_MANAGER: 'Risk manager', ADMINISTRATOR: 'Administrator' };

function Details({ employee: e }: { employee: Employee }) {
  return (
    <div className={classes.columns}>
      <section className={classes.card}>
        <h2 className={classes.heading}>Attributes</h2>
        <Facts facts={[
          ['Work e-mail', e.workEmail], ['Department', e.department], ['Title', e.title], ['Employment', e.employmentType], ['Organization', e.organization],
          ['Manager', e.manager ? <EmployeeLink key="m" employee={e.manager} /> : e.managerName ?? e.managerEmail],
          ['Starts', formatDay(e.startDate)], ['Ends', formatDay(e.endDate)], ['User id', e.userId], ['Id in the HR source', e.sourceUserId],
          ['Product roles', e.roles.map((r) => roles[r] ?? r).join(', ')],
        ]} />
      </section>
      <section className={classes.card}><h2 className={classes.heading}>Metadata</h2><EntityMetadata metadata={e.metadata} /></section>
    </div>
  );
}
