import { useQuery } from 'urql';
import { useMay } from '@/api/session';
import { Page } from '@/components/Page';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { Checklist } from './Checklist';
import { SummaryStatistics } from './documents';
import { Imports } from './Imports';
import { listPath } from './links';
import { Quality } from './Quality';
import classes from './Summary.module.css';
import { Tile, Tiles } from './Tiles';

/** What there is, at a glance; each number leads to what it counts. */
export function SummaryPage() {
  const all = useMay('RISK_MANAGER');
  return (
    <Page title="Summary">
      {all ? <Numbers /> : (
        <EmptyState icon="search" title="Search for an identity to begin"
          hint="You see the identities of your own and of your direct reports, and what those reach. Press / to search." />
      )}
    </Page>
  );
}

function Numbers() {
  const [{ data, error, fetching }, again] = useQuery({ query: SummaryStatistics });
  if (error) return <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (fetching || !data) return <LoadingState label="Loading the summary" />;
  const s = data.statistics;
  return (
    <>
      <Checklist statistics={s} />
      <Tiles label="What is loaded">
        <Tile label="Applications" icon="apps" value={s.applications} to="/applications"
          hint={s.outOfSync > 0 ? `${s.outOfSync} of ${s.integrations} integrations out of sync` : s.integrations > 0 ? 'All integrations in sync' : undefined}
          tone={s.outOfSync > 0 ? 'warn' : undefined} />
        <Tile label="Identities" kind="IDENTITY" value={s.identities} to="/identities" />
        <Tile label="Connections" kind="CONNECTION" value={s.connections} to="/connections" />
        <Tile label="Resources" kind="RESOURCE" value={s.resources} to="/resources" />
        <Tile label="Employees" kind="EMPLOYEE" value={s.employees} to="/employees" />
      </Tiles>
      {s.identities > 0 && (
        <Tiles label="Identities by type">
          <Tile label="Employees’ identities" value={s.employeeIdentities} of={s.identities} to={listPath({ type: ['IDENTITY'], identityType: ['EMPLOYEE'] })} />
          <Tile label="Service accounts" value={s.serviceAccounts} of={s.identities} to={listPath({ type: ['IDENTITY'], identityType: ['SERVICE_ACCOUNT'] })} />
          <Tile label="Unmapped" value={s.unmappedIdentities} of={s.identities} to={listPath({ type: ['IDENTITY'], identityType: ['UNMAPPED'] })} />
        </Tiles>
      )}
      <div className={classes.columns}>
        <Imports />
        <Quality />
      </div>
    </>
  );
}
