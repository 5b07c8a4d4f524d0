import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { useMay } from '@/api/session';
import { EntityLink, PermissionChips } from '@/components/Entity';
import { Facts } from '@/components/EntityFacts';
import { Icon } from '@/components/icons';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { useAsOfVariable, useKeepAsOf } from '@/hooks/useAsOf';
import { SideRelation } from './documents';
import { GrantList } from './GrantList';
import { pairPath } from '@/components/Graph/graphPath';
import { grantsOfRelation } from './relation';
import classes from './Side.module.css';

/** How one entity has access to another: the permissions, the paths, the grants behind them and what has ended. */
export default function RelationSide({ source, target }: { source: string; target: string }) {
  const all = useMay('RISK_MANAGER');
  const keep = useKeepAsOf();
  const [{ data, error, fetching }, again] = useQuery({
    query: SideRelation, variables: { source, target, only: { ids: [target] }, asOf: useAsOfVariable(), all },
  });
  if (error) return <ErrorState error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (fetching || !data) return <LoadingState label="Loading details" />;
  if (!data.source || !data.target) return <EmptyState title="There is no such relation" hint="One of its ends may have been removed, or you may not see it." />;
  const { paths, truncated } = data.accessPaths;
  const edge = data.source.hasAccessTo.edges[0];
  const { held, ended } = grantsOfRelation(data, source, target);
  return (
    <div className={classes.side}>
      <h2 className={classes.title}>Access</h2>
      <Facts facts={[
        ['From', <EntityLink key="f" entity={data.source} />],
        ['To', <EntityLink key="t" entity={data.target} withSourceType />],
        ['Permissions', edge && <PermissionChips key="p" permissions={edge.permissions} max={20} />],
        ['Held', edge && (!edge.direct ? 'Through connections' : paths.some((p) => p.length > 1) ? 'Directly and through connections' : 'Directly')],
        ['Access provider', edge && edge.providers.length > 0 && <span key="v" className={classes.stack}>{edge.providers.map((p) => <EntityLink key={p.id} entity={p} />)}</span>],
        ['Paths', edge && `${edge.pathCount.toLocaleString('en-US')}${edge.pathsTruncated ? ' or more' : ''}`],
      ]} />
      <div className={classes.actions}>
        <Button component={Link} to={keep(pairPath(source, target))} size="compact-sm" variant="default" leftSection={<Icon name="graph" size={14} />}>Show in the graph</Button>
      </div>
      <h3 className={classes.heading}>Paths</h3>
      {paths.length === 0 && <p className="ag-soft">There is no access at this moment.</p>}
      <ol className={classes.paths}>
        {paths.map((path, i) => (
          <li key={i}>
            {path.steps.map((step) => (
              <div key={step.to.id} className={classes.step}>
                <EntityLink entity={step.to} withSourceType />
                <PermissionChips permissions={step.permissions} />
              </div>
            ))}
          </li>
        ))}
      </ol>
      {truncated && <p className="ag-soft">There may be more paths than these.</p>}
      {held.length > 0 && (
        <>
          <h3 className={classes.heading}>Grants behind it, as reported</h3>
          <GrantList grants={held} />
        </>
      )}
      {all && (
        <>
          <h3 className={classes.heading}>History</h3>
          {ended.length === 0 ? <p className="ag-soft">No grant between these has ended.</p> : <GrantList grants={ended} />}
        </>
      )}
    </div>
  );
}
