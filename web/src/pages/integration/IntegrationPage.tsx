import { Button } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';
import { accessParams } from '@/components/AccessTable';
import { AsOfBanner, AsOfPicker, formatTime } from '@/components/AsOfPicker';
import { Badge } from '@/components/Entity';
import { EmployeeLink } from '@/components/EntityFacts';
import { Icon } from '@/components/icons';
import { Page, PageTabs } from '@/components/Page';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import type { IntegrationPageQuery } from '@/gql/graphql';
import type { ExtractionType, IntegrationStatus } from '@/gql/schema';
import { textCodec, useSetParams, useUrlState } from '@/hooks/useUrlState';
import { AccessTab } from './AccessTab';
import { IntegrationPageDocument } from './documents';
import { EntitiesTab } from './EntitiesTab';
import classes from './Integration.module.css';
import { OverviewTab } from './OverviewTab';

type Integration = NonNullable<IntegrationPageQuery['integration']>;

const tabs = ['overview', 'access', 'connections', 'identities', 'resources'] as const;
type Tab = (typeof tabs)[number];
const labels: Record<Tab, string> = { overview: 'Overview', access: 'Access', connections: 'Connections', identities: 'Identities', resources: 'Resources' };

const statuses: Record<IntegrationStatus, { label: string; tone: 'good' | 'warn' | 'bad' | 'plain' }> = {
  DRAFT: { label: 'Draft', tone: 'plain' }, CONNECTING: { label: 'Connecting', tone: 'plain' }, SYNCING: { label: 'Syncing', tone: 'plain' },
  CONNECTED: { label: 'Connected', tone: 'good' }, ERROR: { label: 'Error', tone: 'bad' }, DISABLED: { label: 'Disabled', tone: 'warn' },
};
const extractions: Record<ExtractionType, string> = { DIRECT: 'Direct', SCIM: 'SCIM', FILE_UPLOAD: 'Uploaded files', API_UPLOAD: 'Uploaded over the API' };

/** One integration: its posture, who has access to what in it, and its entities. */
export function IntegrationPage() {
  const { id = '' } = useParams();
  return <OneIntegration key={id} id={id} />;
}

function OneIntegration({ id }: { id: string }) {
  const [{ data, error, fetching }, again] = useQuery({ query: IntegrationPageDocument, variables: { id } });
  if (error) return <Page title="Integration"><ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} /></Page>;
  if (fetching || !data) return <Page title="Integration"><LoadingState label="Loading the integration" /></Page>;
  if (!data.integration) {
    return (
      <Page title="Integration">
        <EmptyState title="There is no such integration" hint="The link may be incomplete." action={<Button component={Link} to="/applications" variant="default">All applications</Button>} />
      </Page>
    );
  }
  return <Found integration={data.integration} />;
}

function Found({ integration: i }: { integration: Integration }) {
  const [wanted] = useUrlState('tab', textCodec);
  const setParams = useSetParams();
  const tab = tabs.find((t) => t === wanted) ?? 'overview';
  const open = (next: Tab) => setParams({ ...Object.fromEntries(accessParams.map((p) => [p, null])), tab: next === 'overview' ? null : next }, { push: true });
  const counts: Partial<Record<Tab, number>> = { connections: i.counts.connections, identities: i.counts.identities, resources: i.counts.resources };
  const owners = [...(i.owners.primary ? [i.owners.primary] : []), ...i.owners.secondaries];
  return (
    <Page fill={tab !== 'overview'} title={i.name} icon={<Icon name="apps" size={22} />} crumbs={[{ label: 'Applications', to: '/applications' }]}
      subtitle={(
        <span className={classes.subtitle}>
          {i.application.name !== i.name && <span>{i.application.name}</span>}
          <Badge tone={statuses[i.status].tone} title={i.message ?? ''}>{statuses[i.status].label}</Badge>
          {i.outOfSync && <Badge tone="warn">Out of sync</Badge>}
          {i.extraction && <span>{extractions[i.extraction]}</span>}
          {i.lastSync && <span>last import <time dateTime={i.lastSync}>{formatTime(i.lastSync)}</time></span>}
          <span>{owners.length === 0 ? 'no owner' : 'owned by '}{owners.map((o, n) => <span key={o.id}>{n > 0 && ', '}<EmployeeLink employee={o} /></span>)}</span>
        </span>
      )}
      actions={tab === 'overview' ? undefined : <AsOfPicker />}>
      {tab !== 'overview' && <AsOfBanner />}
      {i.description && <p className="ag-soft">{i.description}</p>}
      <PageTabs label={`About ${i.name}`} value={tab} onChange={open}
        tabs={tabs.map((t) => ({ key: t, label: labels[t], ...(counts[t] === undefined ? {} : { count: counts[t] }) }))}>
        {tab === 'overview' ? <OverviewTab integration={i} />
          : tab === 'access' ? <AccessTab integration={i} />
          : tab === 'connections' ? <EntitiesTab key={tab} integration={i} kind="CONNECTION" />
          : tab === 'identities' ? <EntitiesTab key={tab} integration={i} kind="IDENTITY" />
          : <EntitiesTab key={tab} integration={i} kind="RESOURCE" />}
      </PageTabs>
    </Page>
  );
}
