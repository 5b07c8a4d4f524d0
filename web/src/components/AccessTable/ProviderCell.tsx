import { ActionIcon, Tooltip } from '@mantine/core';
import { Fragment, useState } from 'react';
import { useQuery } from 'urql';
import { EntityLink } from '@/components/Entity';
import { Icon } from '@/components/icons';
import type { AccessRowFragment } from '@/gql/graphql';
import { useAsOfVariable } from '@/hooks/useAsOf';
import classes from './AccessTable.module.css';
import { between } from './chain';
import { PairChain } from './documents';

export interface ProviderCellProps {
  from: { id: string; name: string };
  to: { id: string; name: string };
  edge: Pick<AccessRowFragment, 'direct' | 'providers'>;
  /** The whole chain of every row. */
  chain: boolean;
}

/** What gives the access: the connections that hold the grants, or the whole chain of the shortest path. */
export function ProviderCell({ from, to, edge, chain }: ProviderCellProps) {
  const [open, setOpen] = useState(false);
  const [first, ...rest] = edge.providers;
  if (!first) return <span className="ag-soft">Direct</span>;
  if (chain || open) return <Chain from={from.id} to={to.id} />;
  return (
    <span className={classes.chain}>
      {edge.direct && <span className="ag-soft">Direct,</span>}
      <EntityLink entity={first} />
      {rest.length > 0 && <span className="ag-soft" title={rest.map((p) => p.name).join(', ')}>+{rest.length}<span className="ag-hidden">: {rest.map((p) => p.name).join(', ')}</span></span>}
      <Tooltip label="Show the whole chain">
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Show the whole chain from ${from.name} to ${to.name}`} onClick={() => setOpen(true)}>
          <Icon name="link" size={14} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}

function Chain({ from, to }: { from: string; to: string }) {
  const [{ data, error, fetching }, again] = useQuery({ query: PairChain, variables: { from, to, asOf: useAsOfVariable() } });
  if (error) {
    return (
      <span className={classes.chain}>
        <span className="ag-soft">Could not be loaded</span>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Try again" onClick={() => again({ requestPolicy: 'network-only' })}><Icon name="refresh" size={14} /></ActionIcon>
      </span>
    );
  }
  if (fetching || !data) return <span className="ag-soft">…</span>;
  const path = data.accessPaths.paths[0];
  if (!path) return <span className="ag-soft">No path within 12 hops</span>;
  const nodes = between(path);
  if (nodes.length === 0) return <span className="ag-soft">Direct</span>;
  return (
    <span className={classes.chain} title={nodes.map((n) => n.name).join(' → ')}>
      {nodes.map((n, i) => (
        <Fragment key={n.id}>
          {i > 0 && <Icon name="arrowRight" size={12} className={classes.arrow} />}
          <EntityLink entity={n} />
        </Fragment>
      ))}
    </span>
  );
}
