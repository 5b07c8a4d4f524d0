import type { Core } from 'cytoscape';
import { useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useId, useImperativeHandle, useMemo, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { palettes } from '@/theme/tokens';
import { applyMarks, elementsOf, isLarge, makeCanvas, styleOf } from './canvas';
import { nodeHint, type Marks } from './drawing';
import classes from './Graph.module.css';
import { gapX, gapXNarrow, layout, moveFocus } from './layout';
import { Minimap } from './Minimap';
import { neighboursOf, type AccessGraph } from './model';
import { toSvg } from './svg';

/** What can be done to a drawing from outside. */
export interface GraphHandle {
  zoom: (factor: number) => void;
  fit: () => void;
  /** Moves to these nodes, where they are not in sight. */
  show: (ids: readonly string[]) => void;
  png: () => Promise<Blob>;
  svg: () => string;
}

export interface AccessGraphViewProps {
  graph: AccessGraph;
  marks: Marks;
  /** Says what is drawn: the name of the drawing for screen readers and of its files. */
  label: string;
  selected: string | null;
  onSelect: (node: string | null) => void;
  /** A click on a node, or Enter: the node is to show more, or less. */
  onExpand: (node: string) => void;
  onEdge?: (edge: string) => void;
  handle?: Ref<GraphHandle>;
}

/** Drawings of no more nodes than this need no map. */
const smallest = 12;

const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;

/** Access as layered chains from left to right: pan, zoom, keyboard, small map. Give it beside a list that says the same. */
export function AccessGraphView({ graph, marks, label, selected, onSelect, onExpand, onEdge, handle }: AccessGraphViewProps) {
  const container = useRef<HTMLDivElement>(null);
  const [cy, setCy] = useState<Core | null>(null);
  const [failed, setFailed] = useState<Error | null>(null);
  const scheme = useComputedColorScheme('light');
  const palette = palettes[scheme];
  // On a narrow screen layers stand closer, so that the names of a chain can still be read.
  const narrow = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false });
  const placed = useMemo(() => layout(graph, narrow ? gapXNarrow : gapX), [graph, narrow]);
  const large = isLarge(graph);
  const keysId = useId();
  // Whether everything is in sight because nobody has moved it: then it stays so when the place for it changes.
  const fitted = useRef(true);
  const fit = (core: Core) => {
    fitToView(core);
    fitted.current = true;
  };
  const calls = useRef({ onSelect, onExpand, onEdge });
  useEffect(() => {
    calls.current = { onSelect, onExpand, onEdge };
  });

  useEffect(() => {
    let made: Core | null = null;
    let gone = false;
    makeCanvas(container.current!, large).then((core) => {
      if (gone) return core.destroy();
      made = core;
      core.on('tap', 'node', (e) => {
        const id = (e.target as { id: () => string }).id();
        calls.current.onSelect(id);
        calls.current.onExpand(id);
      });
      core.on('tap', 'edge', (e) => calls.current.onEdge?.((e.target as { id: () => string }).id()));
      core.on('tap', (e) => {
        if (e.target === core) calls.current.onSelect(null);
      });
      core.on('dragpan scrollzoom pinchzoom', () => {
        fitted.current = false;
      });
      core.on('mouseover', 'node, edge', () => container.current?.setAttribute('data-over', ''));
      core.on('mouseout', 'node, edge', () => container.current?.removeAttribute('data-over'));
      setCy(core);
    }, (e: unknown) => setFailed(e instanceof Error ? e : new Error(String(e))));
    return () => {
      gone = true;
      setCy(null);
      made?.destroy();
    };
  }, [large]);

  useEffect(() => {
    cy?.style(styleOf(palette));
  }, [cy, palette]);

  useEffect(() => {
    if (!cy || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      if (cy.destroyed()) return;
      if (fitted.current) fitToView(cy);
      else cy.resize();
    });
    observer.observe(container.current!);
    return () => observer.disconnect();
  }, [cy]);

  // The drawing follows the graph. What was in sight stays in sight; a new drawing is fitted.
  const before = useRef<{ cy: Core; ids: Set<string> } | null>(null);
  useEffect(() => {
    if (!cy) return;
    const old = before.current?.cy === cy ? before.current.ids : new Set<string>();
    const anchor = selected !== null && old.has(selected) && graph.nodes.has(selected) ? selected : null;
    const seen = anchor !== null ? { ...cy.getElementById(anchor).renderedPosition() } : null;
    cy.batch(() => {
      cy.elements().remove();
      cy.add(elementsOf(graph, placed));
    });
    if (seen && anchor !== null) {
      const now = cy.getElementById(anchor).renderedPosition();
      fitted.current = false;
      cy.panBy({ x: seen.x - now.x, y: seen.y - now.y });
    } else fit(cy);
    before.current = { cy, ids: new Set(graph.nodes.keys()) };
    container.current?.setAttribute('data-drawn', String(graph.nodes.size));
    // The selection alone draws nothing anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cy, graph, placed]);

  useEffect(() => {
    if (cy) applyMarks(cy, graph, marks);
  }, [cy, graph, marks]);

  useEffect(() => {
    if (!cy) return;
    cy.nodes('.focus').removeClass('focus');
    if (selected !== null) cy.getElementById(selected).addClass('focus');
  }, [cy, graph, selected]);

  const show = (ids: readonly string[]) => {
    if (!cy || ids.length === 0) return;
    const wanted = cy.collection().union(cy.nodes().filter((n) => ids.includes(n.id())));
    if (wanted.empty()) return;
    const box = wanted.renderedBoundingBox();
    fitted.current &&= box.x1 >= 0 && box.y1 >= 0 && box.x2 <= cy.width() && box.y2 <= cy.height();
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > cy.width() || box.y2 > cy.height()) {
      if (box.w > cy.width() || box.h > cy.height()) cy.fit(wanted, 60);
      else cy.center(wanted);
    }
  };
  const zoom = (factor: number) => {
    fitted.current = false;
    cy?.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  };
  useImperativeHandle(handle, () => ({
    zoom, show,
    fit: () => {
      if (cy) fit(cy);
    },
    png: async () => {
      if (!cy) throw new Error('Nothing is drawn yet');
      return cy.png({ output: 'blob-promise', full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: palette.surface });
    },
    svg: () => toSvg(graph, placed, marks, palette, label),
  }));

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const arrow = arrows.find((a) => a === e.key);
    if (arrow) {
      const next = selected !== null && graph.nodes.has(selected) ? moveFocus(graph, placed, selected, arrow) : (placed.layers.find((l) => l.length > 0)?.[0] ?? null);
      if (next !== null) {
        onSelect(next);
        show([next]);
      }
    } else if (e.key === '+' || e.key === '=') zoom(1.25);
    else if (e.key === '-') zoom(0.8);
    else if (e.key === '0') {
      if (cy) fit(cy);
    } else if (e.key === 'Enter' && selected !== null) onExpand(selected);
    else if (e.key === 'Escape' && selected !== null) onSelect(null);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  if (failed) throw failed;
  const node = selected !== null ? graph.nodes.get(selected) : undefined;
  return (
    <div className={classes.view}>
      {/* A drawing that takes keys is an application in the sense of ARIA; the list beside it says the same to everybody. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div ref={container} className={classes.canvas} role="application" aria-label={label} aria-describedby={keysId}
        tabIndex={0 /* eslint-disable-line jsx-a11y/no-noninteractive-tabindex */} onKeyDown={onKeyDown} />
      <p id={keysId} className="ag-hidden">Arrow keys go from node to node, Enter expands or collapses one, plus and minus zoom, 0 shows everything. The list beside the drawing says the same.</p>
      <p className="ag-hidden" role="status">{node ? spoken(graph, node.id) : ''}</p>
      {cy && graph.nodes.size > smallest && <Minimap cy={cy} graph={graph} layout={placed} palette={palette} />}
    </div>
  );
}

function spoken(graph: AccessGraph, id: string): string {
  const node = graph.nodes.get(id)!;
  const near = neighboursOf(graph);
  return `${node.name}, ${node.type.toLowerCase()}, ${nodeHint(node)}. Leads to ${near.out.get(id)!.length}, reached from ${near.in.get(id)!.length}.${node.risks.length ? ` ${node.risks.join(', ')}.` : ''}`;
}

function fitToView(cy: Core) {
  cy.resize();
  cy.fit(undefined, 40);
  if (cy.zoom() > 1.15) {
    cy.zoom(1.15);
    cy.center();
  }
}
