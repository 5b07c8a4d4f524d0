import { EntityIcon, PermissionChips } from '@/components/Entity';
import { edgeId, layersOf, neighboursOf, permissionText, type AccessGraph, type Chain } from '@/components/Graph';
import { EmptyState } from '@/components/States';
import classes from './GraphPage.module.css';

export interface WhyProps {
  graph: AccessGraph;
  chains: readonly Chain[];
  selected: number;
  onSelect: (index: number) => void;
  onNode: (id: string) => void;
}

/** The paths of the drawing as a list, in step with it. Where a drawing is no list of paths: what each node leads to. */
export function Why({ graph, chains, selected, onSelect, onNode }: WhyProps) {
  if (chains.length === 0) return <Outline graph={graph} onNode={onNode} />;
  return (
    <>
    <ol className={classes.paths} aria-label="Paths">
      {chains.slice(0, mostPaths).map((chain, i) => (
        <li key={chain.join('>')}>
          <button type="button" className={classes.path} aria-pressed={selected === i} onClick={() => onSelect(selected === i ? -1 : i)}>
            {chain.map((id, k) => {
              const node = graph.nodes.get(id);
              const edge = k > 0 ? graph.edges.get(edgeId(chain[k - 1]!, id)) : undefined;
              return (
                <span key={id} className={classes.step}>
                  {k > 0 && <span aria-hidden="true" className={classes.arrow}>→</span>}
                  {node && <EntityIcon type={node.type} size={14} labelled />}
                  <span className={classes.stepName}>{node?.name ?? id}</span>
                  {edge && <PermissionChips permissions={edge.permissions} max={2} />}
                </span>
              );
            })}
          </button>
        </li>
      ))}
    </ol>
    {chains.length > mostPaths && <p className="ag-soft">And {(chains.length - mostPaths).toLocaleString('en-US')} more paths, which the drawing has.</p>}
    </>
  );
}

const mostPaths = 200;
const most = 300;

function Outline({ graph, onNode }: { graph: AccessGraph; onNode: (id: string) => void }) {
  const layer = layersOf(graph);
  const near = neighboursOf(graph);
  const nodes = [...graph.nodes.values()].sort((a, b) => layer.get(a.id)! - layer.get(b.id)! || a.name.localeCompare(b.name));
  if (nodes.length === 0) return <EmptyState compact title="Nothing is drawn" />;
  return (
    <>
      <ul className={classes.paths} aria-label="Everything drawn, from left to right">
        {nodes.slice(0, most).map((n) => (
          <li key={n.id}>
            <button type="button" className={classes.path} onClick={() => onNode(n.id)}>
              <span className={classes.step}><EntityIcon type={n.type} size={14} labelled /> <span className={classes.stepName}>{n.name}</span></span>
              {near.out.get(n.id)!.slice(0, 5).map((id) => {
                const edge = graph.edges.get(edgeId(n.id, id))!;
                return (
                  <span key={id} className={classes.leads}>
                    <span aria-hidden="true">→ </span>{graph.nodes.get(id)!.name}
                    {edge.permissions.length > 0 && `: ${edge.exact ? '' : 'some of '}${edge.permissions.slice(0, 3).map(permissionText).join(', ')}`}
                  </span>
                );
              })}
              {near.out.get(n.id)!.length > 5 && <span className={classes.leads}>and {near.out.get(n.id)!.length - 5} more</span>}
            </button>
          </li>
        ))}
      </ul>
      {nodes.length > most && <p className="ag-soft">And {nodes.length - most} more, which the drawing has.</p>}
    </>
  );
}
