import { ActionIcon, Button } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { useQuery } from 'urql';
import { Badge, EntityLink, PermissionChips } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { permissionText, type GraphNode, type Mark } from '@/components/Graph';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import type { AccessChangeInput } from '@/gql/schema';
import { GraphWhatIf } from './documents';
import classes from './GraphPage.module.css';
import { nodeOf } from './load';
import { overlayOf, type Overlay, type OverlayGrant } from './marks';

/** A change to try. */
export type Change =
  | { kind: 'add' | 'remove'; source: GraphNode; target: GraphNode; permission: string }
  | { kind: 'suspend' | 'delete'; entity: GraphNode };

const words = { add: 'Add', remove: 'Remove', suspend: 'Suspend', delete: 'Delete' } as const;

const sentence = (c: Change) => ('entity' in c ? `${words[c.kind]} ${c.entity.name}` : `${words[c.kind]} ${c.source.name} → ${c.target.name}${c.permission ? ` (${c.permission})` : ''}`);

const inputOf = (c: Change): AccessChangeInput => {
  if ('entity' in c) return c.kind === 'suspend' ? { suspend: c.entity.id } : { delete: c.entity.id };
  const grant = { source: c.source.id, target: c.target.id, permission: c.permission || undefined };
  return c.kind === 'add' ? { addGrant: grant } : { removeGrant: grant };
};

interface WhatIfProps {
  changes: readonly Change[];
  onChanges: (changes: Change[]) => void;
  onOverlay: (overlay: Overlay | null) => void;
  /** Ids of the drawing: what differs elsewhere is only listed. */
  drawn: ReadonlySet<string>;
}

const shown = 100;

/** Tries changes without making them: who would gain and lose what, listed and over the drawing. */
export function WhatIf({ changes, onChanges, onOverlay, drawn }: WhatIfProps) {
  const inputs = useMemo(() => changes.map(inputOf), [changes]);
  const [{ data, error, fetching }, again] = useQuery({ query: GraphWhatIf, variables: { changes: inputs, first: shown }, pause: inputs.length === 0 });
  const difference = inputs.length > 0 && !fetching ? data?.simulate.accessDifference : undefined;
  useEffect(() => {
    if (!difference) return onOverlay(null);
    const grants: OverlayGrant[] = changes.flatMap((c) => ('entity' in c ? [] : [{ ...c, mark: c.kind === 'add' ? 'gained' as const : 'lost' as const }]));
    const nodes = new Map<string, Mark>(changes.flatMap((c) => ('entity' in c ? [[c.entity.id, 'lost'] as const] : [])));
    for (const { node } of difference.edges) {
      if (!drawn.has(node.identity.id)) continue;
      if (node.kind !== 'CHANGED') nodes.set(node.target.id, node.kind === 'GAINED' ? 'gained' : 'lost');
      for (const c of node.causes) grants.push({ source: nodeOf(c.source), target: nodeOf(c.target), permission: c.permission, mark: c.gained ? 'gained' : 'lost' });
      if (node.kind === 'GAINED') {
        const through = node.causes.find((c) => c.gained);
        const last = node.causes.some((c) => c.gained && c.target.id === node.target.id);
        if (!last) grants.push({ source: nodeOf(node.identity), target: nodeOf(node.target), permission: `${node.permissionsGained.map(permissionText).join(', ')}${through ? ` via ${through.target.name}` : ''}`, mark: 'gained' });
      }
    }
    onOverlay(overlayOf(grants, nodes));
    return () => onOverlay(null);
  }, [difference, changes, drawn, onOverlay]);

  if (changes.length === 0) {
    return <EmptyState compact icon="edit" title="Nothing to try yet" hint="Select a node to delete it, suspend it or take grants on it away, or begin at Cut or Why not. Nothing is written." />;
  }
  return (
    <div className={classes.stack}>
      <ul className={classes.cards} aria-label="Changes to try">
        {changes.map((c, i) => (
          <li key={sentence(c)} className={classes.change}>
            <span>{sentence(c)}</span>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Do not try: ${sentence(c)}`} onClick={() => onChanges(changes.filter((_, k) => k !== i))}><Icon name="close" size={14} /></ActionIcon>
          </li>
        ))}
      </ul>
      <Button size="compact-xs" variant="default" onClick={() => onChanges([])}>Start again</Button>
      {error && <ErrorState compact error={error} retry={() => again({ requestPolicy: 'network-only' })} />}
      {fetching && <LoadingState compact label="Trying the changes" />}
      {difference && (
        <>
          <p role="status"><strong>{difference.totalCount === 0 ? 'No identity’s access would differ.' : `${difference.totalCount.toLocaleString('en-US')} ${difference.totalCount === 1 ? 'access differs' : 'accesses differ'}.`}</strong></p>
          <ul className={classes.cards} aria-label="What would differ">
            {difference.edges.map(({ node: d }) => (
              <li key={`${d.identity.id}>${d.target.id}`} className={classes.card}>
                <span className={classes.step}>
                  <Badge tone={d.kind === 'GAINED' ? 'good' : d.kind === 'LOST' ? 'bad' : 'warn'}>{d.kind === 'GAINED' ? 'gains' : d.kind === 'LOST' ? 'loses' : 'changes'}</Badge>
                  <EntityLink entity={d.identity} /> <span aria-label="on">→</span> <EntityLink entity={d.target} />
                </span>
                {d.permissionsGained.length > 0 && <span className={classes.step}><span className="ag-soft">gains</span> <PermissionChips permissions={d.permissionsGained} /></span>}
                {d.permissionsLost.length > 0 && <span className={classes.step}><span className="ag-soft">loses</span> <PermissionChips permissions={d.permissionsLost} /></span>}
              </li>
            ))}
          </ul>
          {difference.totalCount > difference.edges.length && <p className="ag-soft">The first {difference.edges.length} are shown.</p>}
        </>
      )}
    </div>
  );
}
