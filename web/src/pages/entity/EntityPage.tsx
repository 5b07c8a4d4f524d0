import { Button } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';
import { useMay } from '@/api/session';
import { accessParams } from '@/components/AccessTable';
import { AsOfBanner, AsOfPicker } from '@/components/AsOfPicker';
import { Badge, EntityIcon, kindLabels, kindPlurals, StatusBadge } from '@/components/Entity';
import { EmployeeLink, identityTypeLabels, IntegrationLink } from '@/components/EntityFacts';
import { Icon } from '@/components/icons';
import { Page, PageTabs } from '@/components/Page';
import { graphPath } from '@/components/Graph/graphPath';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import type { EntityFactsFragment } from '@/gql/graphql';
import type { EntityType } from '@/gql/schema';
import { useAsOfVariable, useKeepAsOf } from '@/hooks/useAsOf';
import { filterCodec } from '@/hooks/useEntityFilter';
import { textCodec, useSetParams, useUrlState } from '@/hooks/useUrlState';
import { AccessTab } from './AccessTab';
import { EntityPageDocument } from './documents';
import classes from './Entity.module.css';
import { DetailsTab, FactorsTab, InsightsTab, OwnersTab } from './FactTabs';
import { HistoryTab } from './HistoryTab';
import { entityTabs, tabLabels, tabOf, type EntityTab } from './tabs';

const lists: Record<EntityType, string> = { IDENTITY: '/identities', CONNECTION: '/connections', RESOURCE: '/resources' };

/** One identity, connection or resource: what it reaches, what reaches it, and what is known of it. */
export function EntityPage() {
  const { id = '' } = useParams();
  return <OneEntity key={id} id={id} />;
}

function OneEntity({ id }: { id: string }) {
  const [{ data, error, fetching }, again] = useQuery({ query: EntityPageDocument, variables: { id, asOf: useAsOfVariable() } });
  const entity = data?.entity;
  if (error) return <Page title="Entity"><ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} /></Page>;
  if (fetching && !entity) return <Page title="Entity"><LoadingState label="Loading the entity" /></Page>;
  if (!entity) {
    return (
      <Page title="Entity">
        <AsOfBanner />
        <EmptyState title="There is no such entity" hint="The link may be incomplete, or you may not see it." action={<Button component={Link} to="/" variant="default">To the summary</Button>} />
      </Page>
    );
  }
  return <Found entity={entity} />;
}

function Found({ entity: e }: { entity: EntityFactsFragment }) {
  const keep = useKeepAsOf();
  const all = useMay('RISK_MANAGER');
  const [wanted] = useUrlState('tab', textCodec);
  const setParams = useSetParams();
  const tabs = entityTabs(e.type, all);
  const tab = tabOf(wanted, tabs);
  const open = (next: EntityTab) => setParams({ ...Object.fromEntries(accessParams.map((p) => [p, null])), tab: next === tabs[0] ? null : next }, { push: true });
  const counts: Partial<Record<EntityTab, number>> = { factors: e.factors.length, insights: e.insights.length, owners: (e.businessOwners.primary ? 1 : 0) + e.businessOwners.secondaries.length };
  const changes = `/compare?${new URLSearchParams({ [e.type === 'IDENTITY' ? 'filter' : 'targetFilter']: filterCodec.format({ ids: [e.id] }) ?? '' })}`;
  return (
    <Page fill title={e.name} documentTitle={`${e.name}, ${kindLabels[e.type].toLowerCase()}`} icon={<EntityIcon type={e.type} size={22} labelled />}
      crumbs={[{ label: kindPlurals[e.type], to: keep(lists[e.type]) }]}
      subtitle={(
        <span className={classes.subtitle}>
          <span>{e.sourceType} in <IntegrationLink integration={e.integration} />{e.project && `, ${e.project}`}</span>
          <StatusBadge status={e.status} />
          {e.removedAt && <Badge tone="bad">Removed</Badge>}
          {e.stub && <Badge title="Known only as the target of a grant">Not described</Badge>}
          {e.identityType && <Badge>{identityTypeLabels[e.identityType]}</Badge>}
          {e.employee && <span><EmployeeLink employee={e.employee} /></span>}
          {e.type !== 'IDENTITY' && e.insights.map((i) => <Badge key={i.id} tone="warn" title={i.evidence ?? ''}>{i.label}</Badge>)}
        </span>
      )}
      actions={(
        <>
          {all && <Button component={Link} to={changes} variant="default" leftSection={<Icon name="compare" size={16} />}>Changes</Button>}
          <Button component={Link} to={keep(graphPath(e))} variant="default" leftSection={<Icon name="graph" size={16} />}>Graph</Button>
          <AsOfPicker />
        </>
      )}>
      <AsOfBanner />
      <PageTabs label={`About ${e.name}`} value={tab} onChange={open}
        tabs={tabs.map((t) => ({ key: t, label: tabLabels[t], ...(counts[t] === undefined ? {} : { count: counts[t] }) }))}>
        <Content key={tab} tab={tab} entity={e} />
      </PageTabs>
    </Page>
  );
}

function Content({ tab, entity }: { tab: EntityTab; entity: EntityFactsFragment }) {
  switch (tab) {
    case 'access': return <AccessTab entity={entity} side="reaches" label="What it reaches" />;
    case 'by': return <AccessTab entity={entity} side="reachedBy" label="Who and what has access" />;
    case 'identities': return <AccessTab entity={entity} side="reachedBy" only="IDENTITY" label="Identities" />;
    case 'owners': return <OwnersTab entity={entity} />;
    case 'factors': return <FactorsTab entity={entity} />;
    case 'insights': return <InsightsTab entity={entity} />;
    case 'history': return <HistoryTab entity={entity} />;
    case 'details': return <DetailsTab entity={entity} />;
  }
}
