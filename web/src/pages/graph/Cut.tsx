import { Button, Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { EntityLink } from '@/components/Entity';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { GraphCut } from './documents';
import classes from './GraphPage.module.css';
import { nodeOf } from './load';
import { overlayOf, type Overlay } from './marks';
import type { Change } from './WhatIf';

interface CutProps {
  from: string;
  to: string;
  permission: string;
  onOverlay: (overlay: Overlay | null) => void;
  onTry: (changes: Change[]) => void;
}

/** The fewest grants whose removal ends the access, and why fewer do not. */
export function Cut({ from, to, permission, onOverlay, onTry }: CutProps) {
  const [nearTarget, setNear] = useState(false);
  const [{ data, error, fetching }, again] = useQuery({
    query: GraphCut, variables: { from: [from], to: [to], nearTarget, permission: permission ? { eq: permission } : undefined, asOf: useAsOfVariable() },
  });
  const cut = fetching ? undefined : data?.explain.minimumCut;
  useEffect(() => {
    onOverlay(cut ? overlayOf(cut.grants.map((g) => ({ source: nodeOf(g.source), target: nodeOf(g.target), permission: g.permission, mark: 'cut' as const }))) : null);
    return () => onOverlay(null);
  }, [cut, onOverlay]);
  if (error) return <ErrorState compact error={error} retry={() => again({ requestPolicy: 'network-only' })} />;
  if (!cut) return <LoadingState compact label="Working out the smallest change" />;
  if (cut.grants.length === 0) return <EmptyState compact icon="check" title={cut.impossible ? 'This access cannot be cut' : 'There is no access to cut'} />;
  return (
    <div className={classes.stack}>
      <p><strong>Remove {cut.weight === 1 ? 'one grant' : `${cut.weight} grants`}</strong> and all access{permission ? ` with ${permission}` : ''} ends. No smaller change does.</p>
      <ol className={classes.cards}>
        {cut.grants.map((g) => (
          <li key={`${g.source.id}>${g.target.id}>${g.permission}>${g.scope}`} className={classes.card}>
            <span className={classes.step}><EntityLink entity={g.source} /> <span aria-label="to">→</span> <EntityLink entity={g.target} /></span>
            <code>{g.permission}{g.scope ? ` (${g.scope})` : ''}</code>
          </li>
        ))}
      </ol>
      <Switch label="Cut as near to the target as possible" checked={nearTarget} onChange={(e) => setNear(e.currentTarget.checked)} />
      <Button size="xs" variant="default" onClick={() => onTry(cut.grants.map((g) => ({ kind: 'remove', source: nodeOf(g.source), target: nodeOf(g.target), permission: g.permission })))}>
        Who would lose what?
      </Button>
      <h2 className={classes.heading}>Why fewer do not</h2>
      <p className="ag-soft">{cut.flow === 1 ? 'One path needs one grant removed:' : `These paths share no grant: each of the ${cut.flow} needs one removed.`}</p>
      <ol className={classes.cards}>
        {cut.proof.map((p, i) => <li key={i}>{p.entities.map((e) => e.name).join(' → ')}{p.weight > 1 ? ` (${p.weight} grants side by side)` : ''}</li>)}
      </ol>
      {cut.proofTotal > cut.proof.length && <p className="ag-soft">And {(cut.proofTotal - cut.proof.length).toLocaleString('en-US')} more such paths.</p>}
    </div>
  );
}
