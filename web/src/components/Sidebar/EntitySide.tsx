import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { useMay } from '@/api/session';
import { Badge, EntityIcon, entityPath } from '@/components/Entity';
import { EntityFacts, EntityMetadata } from '@/components/EntityFacts';
import { Icon } from '@/components/icons';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { useAsOfVariable, useKeepAsOf } from '@/hooks/useAsOf';
import { SideEntity } from './documents';
import { GrantList } from './GrantList';
import { graphPath } from '@/components/Graph/graphPath';
import classes from './Side.module.css';

/** The facts of one entity. */
export default function EntitySide({ id }: { id: string }) {
  const all = useMay('RISK_MANAGER');
  const keep = useKeepAsOf();
  const [{ data, error, fetching }, again] = useQuery({ query: SideEntity, variables: { id, asOf: useAsOfVariable(), all } });
  if (error) return <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (fetching || !data) return <LoadingState label="Loading details" />;
  const e = data.entity;
  if (!e) return <EmptyState title="There is no such entity" hint="It may have been removed, or you may not see it." />;
  const ended = [...(data.history?.gone.edges ?? []), ...(data.history?.lost.edges ?? [])].map((x) => x.node)
    .sort((a, b) => (b.to ?? '').localeCompare(a.to ?? ''));
  const endedInAll = (data.history?.gone.totalCount ?? 0) + (data.history?.lost.totalCount ?? 0);
  const page = entityPath(e.id);
  return (
    <div className={classes.side}>
      <h2 className={classes.title}><EntityIcon type={e.type} /> {e.name}</h2>
      {e.removedAt && <p><Badge tone="bad">Removed</Badge></p>}
      <div className={classes.actions}>
        <Button component={Link} to={keep(page)} size="compact-sm">Open its page</Button>
        <Button component={Link} to={keep(graphPath(e))} size="compact-sm" variant="default" leftSection={<Icon name="graph" size={14} />}>Show in the graph</Button>
      </div>
      <p className={classes.counts}>
        {e.type !== 'RESOURCE' && <Link to={keep(`${page}?tab=access`)}>Reaches {e.hasAccessTo.totalCount.toLocaleString('en-US')}</Link>}
        {e.type !== 'IDENTITY' && <Link to={keep(`${page}?tab=by`)}>Reached by {e.accessibleBy.totalCount.toLocaleString('en-US')}</Link>}
      </p>
      {e.insights.length > 0 && <p className={classes.line}>{e.insights.map((i) => <Badge key={i.id} tone="warn" title={i.evidence ?? ''}>{i.label}</Badge>)}</p>}
      <EntityFacts entity={e} />
      <h3 className={classes.heading}>Metadata</h3>
      <EntityMetadata metadata={e.metadata} />
      {all && (
        <>
          <h3 className={classes.heading}>History</h3>
          {ended.length === 0 ? <p className="ag-soft">No grant of it or on it has ended.</p> : <GrantList grants={ended} />}
          {endedInAll > ended.length && <Link to={`${page}?tab=history`}>All {endedInAll.toLocaleString('en-US')} ended grants</Link>}
        </>
      )}
    </div>
  );
}
