import { Button, Menu } from '@mantine/core';
import { Link } from 'react-router';
import { EntityIcon, EntityLink } from '@/components/Entity';
import { edgeId, graphPath, neighboursOf, type AccessGraph, type GraphNode } from '@/components/Graph';
import { useKeepAsOf } from '@/hooks/useAsOf';
import classes from './GraphPage.module.css';
import type { Change } from './WhatIf';

interface NodeCardProps {
  node: GraphNode;
  graph: AccessGraph;
  expanded: boolean;
  onExpand: () => void;
  /** Left out where changes cannot be tried. */
  onTry: ((changes: Change[]) => void) | undefined;
}

/** More than this no menu should list. */
const most = 12;

/** What is selected, and what can be done with it. */
export function NodeCard({ node, graph, expanded, onExpand, onTry }: NodeCardProps) {
  const keep = useKeepAsOf();
  const sources = neighboursOf(graph).in.get(node.id)!.map((id) => graph.nodes.get(id)!).filter((n) => !n.members && graph.edges.has(edgeId(n.id, node.id)));
  return (
    <section className={classes.node} aria-label="Selected">
      {node.members ? <span className={classes.step}><EntityIcon type={node.type} size={16} /> <strong>{node.name}</strong> <span className="ag-soft">{node.integration}</span></span>
        : <EntityLink entity={node} peek withSourceType />}
      {node.risks.length > 0 && <p className="ag-soft">{node.risks.join(', ')}</p>}
      <div className={classes.buttons}>
        <Button size="compact-xs" variant="default" onClick={onExpand}>{node.members ? 'Open the group' : expanded ? 'Collapse' : 'Expand'}</Button>
        {!node.members && <Button size="compact-xs" variant="default" component={Link} to={keep(graphPath(node))}>Draw from here</Button>}
        {onTry && !node.members && (
          <Menu>
            <Menu.Target><Button size="compact-xs" variant="default">What if…</Button></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onTry([{ kind: 'delete', entity: node }])}>it were deleted</Menu.Item>
              <Menu.Item onClick={() => onTry([{ kind: 'suspend', entity: node }])}>it were suspended</Menu.Item>
              {sources.slice(0, most).map((s) => (
                <Menu.Item key={s.id} onClick={() => onTry([{ kind: 'remove', source: s, target: node, permission: '' }])}>{s.name} lost its grants on it</Menu.Item>
              ))}
              {sources.length > most && <Menu.Label>and {sources.length - most} more: draw fewer to choose them</Menu.Label>}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
    </section>
  );
}
