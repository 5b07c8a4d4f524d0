import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { EntityLink, PermissionChips } from '@/components/Entity';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import type { MissingGrantOrder } from '@/gql/schema';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { GraphWhyNot } from './documents';
import classes from './GraphPage.module.css';
import type { Change } from './WhatIf';
import { nodeOf } from './load';

const counted = (n: number, one: string, many: string) => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

const effect = (g: { gained: number; others: number; peers: number }) => [
  `Would give access to ${counted(g.gained, 'entity', 'entities')}`,
  g.others > 0 && `${counted(g.others, 'other identity', 'other identities')} would get the access too`,
  g.peers > 0 && `${counted(g.peers, 'identity has', 'identities have')} it in this way`,
].filter(Boolean).join('; ') + '.';

/** Why there is no access: the grants that would give it, and how others have it. */
export function WhyNot({ from, to, permission, onTry }: { from: string; to: string; permission: string; onTry: (change: Change) => void }) {
  const [order, setOrder] = useState<MissingGrantOrder>('NEAREST');
  const [{ data, error, fetching }, again] = useQuery({
    query: GraphWhyNot, variables: { from, to, order, permission: permission ? { eq: permission } : undefined, asOf: useAsOfVariable() },
  });
  if (error) return <ErrorState compact error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (fetching || !data) return <LoadingState compact label="Looking for what is missing" />;
  const m = data.explain.missingGrants;
  if (m.reached) return <EmptyState compact icon="check" title="There is this access already" hint="Why shows every path." />;
  return (
    <div className={classes.stack}>
      <SegmentedControl size="xs" fullWidth aria-label="Order" value={order} onChange={(v) => setOrder(v)}
        data={[{ value: 'NEAREST', label: 'Nearest' }, { value: 'LEAST_PRIVILEGE', label: 'Least privilege' }]} />
      <p>{m.total === 0 ? 'No single grant would give this access.' : `One of ${m.total.toLocaleString('en-US')} single grants would give it:`}</p>
      <ol className={classes.cards}>
        {m.grants.map((g) => (
          <li key={`${g.source.id}>${g.target.id}`} className={classes.card}>
            <span className={classes.step}><EntityLink entity={g.source} /> <span aria-label="to">→</span> <EntityLink entity={g.target} /></span>
            {g.permission && <PermissionChips permissions={[g.permission]} />}
            <span className="ag-soft">{effect(g)}</span>
            <Button size="compact-xs" variant="default" onClick={() => onTry({ kind: 'add', source: nodeOf(g.source), target: nodeOf(g.target), permission: g.permission?.name ?? '' })}>Try it</Button>
          </li>
        ))}
      </ol>
      {m.total > m.grants.length && <p className="ag-soft">And {(m.total - m.grants.length).toLocaleString('en-US')} more.</p>}
      {m.ways.length > 0 && (
        <>
          <h2 className={classes.heading}>How {counted(m.others, 'other has', 'others have')} it</h2>
          <ul className={classes.cards}>
            {m.ways.map((w) => (
              <li key={w.entry?.id ?? ''} className={classes.step}>
                {w.entry ? <EntityLink entity={w.entry} /> : 'a grant of their own'} <span className="ag-soft">{counted(w.identities, 'identity', 'identities')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
