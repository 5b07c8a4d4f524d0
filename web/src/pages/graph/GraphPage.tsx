import { Tabs } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useClient } from 'urql';
import { messageOf } from '@/api/errors';
import { saveBlob, saveText } from '@/api/download';
import { useMay } from '@/api/session';
import {
  AccessGraphView, drawnAs, groupAbove, grouped, isGroup, permissionNames, withExpansions, withPermission,
  type AccessGraph, type GraphHandle, type Highlight,
} from '@/components/Graph';
import { Page } from '@/components/Page';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { useEntityFilter } from '@/hooks/useEntityFilter';
import { choiceCodec, flagCodec, textCodec, useUrlState } from '@/hooks/useUrlState';
import { Cut } from './Cut';
import { EntityPicker } from './EntityPicker';
import classes from './GraphPage.module.css';
import { expansionOf } from './load';
import { marksOf, withOverlay, type Overlay } from './marks';
import { NodeCard } from './NodeCard';
import { Legend, Options, Tools } from './Tools';
import { useDrawing } from './useDrawing';
import { WhatIf, type Change } from './WhatIf';
import { Why } from './Why';
import { WhyNot } from './WhyNot';

const panelCodec = choiceCodec('why', 'why-not', 'cut', 'what-if');
const highlightCodec = choiceCodec<Highlight>('none', 'direct', 'inherited', 'risky');
const pathCodec = { parse: (t: string | null) => (t && /^\d+$/.test(t) ? Number(t) - 1 : -1), format: (v: number) => (v < 0 ? null : String(v + 1)) };

/** Access as a drawing: of a pair, of one entity, or of a filter. */
export function GraphPage() {
  const [from, setFrom] = useUrlState('from', textCodec);
  const [to, setTo] = useUrlState('to', textCodec);
  const [filter] = useEntityFilter();
  const asked = from !== '' || to !== '' || Object.keys(filter).length > 0;
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [options, setOptions] = useState<HTMLElement | null>(null);
  return (
    <Page title="Access graph" fill>
      <div className={classes.bar}>
        <div className={classes.ends}>
          <EntityPicker label="From" value={from} name={names.get(from)} onChange={setFrom} />
          <EntityPicker label="To" value={to} name={names.get(to)} onChange={setTo} />
        </div>
        <div ref={setOptions} className={classes.options} />
      </div>
      {asked ? <Drawn from={from} to={to} options={options} onNames={setNames} key={`${from} ${to} ${JSON.stringify(filter)}`} /> : (
        <EmptyState icon="graph" title="What should be drawn?" hint="Choose where to begin, where to end, or both. With both you see every path between them." />
      )}
    </Page>
  );
}

interface DrawnProps {
  from: string;
  to: string;
  /** Where the choices about the drawing go: beside its ends. */
  options: HTMLElement | null;
  /** Takes the names of the ends, by id. */
  onNames: (names: ReadonlyMap<string, string>) => void;
}

const noExpansions: ReadonlyMap<string, AccessGraph> = new Map();
const none: ReadonlySet<string> = new Set();

function Drawn({ from, to, options, onNames }: DrawnProps) {
  const client = useClient();
  const asOf = useAsOfVariable();
  const may = useMay('RISK_MANAGER');
  const { side, openRelation } = useSidebar();
  const [filter] = useEntityFilter();
  const [permission, setPermission] = useUrlState('permission', textCodec);
  const [highlight, setHighlight] = useUrlState('highlight', highlightCodec);
  const [all, setAll] = useUrlState('all', flagCodec);
  const [panel, setPanel] = useUrlState('panel', panelCodec);
  const [path, setPath] = useUrlState('path', pathCodec);
  const { drawing, error, fetching, retry } = useDrawing(from, to, filter, asOf);
  const [expansions, setExpansions] = useState(noExpansions);
  const [open, setOpen] = useState(none);
  const [selected, select] = useState<string | null>(null);
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const [changes, setChanges] = useState<Change[]>([]);
  const [trouble, setTrouble] = useState('');
  const handle = useRef<GraphHandle>(null);
  useEffect(() => {
    if (!fetching) onNames(new Map([from, to].map((id) => [id, drawing?.graph.nodes.get(id)?.name ?? id])));
  }, [drawing, fetching, from, to, onNames]);

  const whole = useMemo(() => withExpansions(drawing?.graph ?? { nodes: new Map(), edges: new Map() }, expansions), [drawing, expansions]);
  const kept = useMemo(() => (permission && drawing ? withPermission(whole, permission, drawing.ends) : whole), [whole, permission, drawing]);
  const grown = useMemo(() => withOverlay(kept, overlay), [kept, overlay]);
  const drawn = useMemo(() => grouped(grown, { above: all ? Infinity : groupAbove, keep: drawing?.ends ?? none, open }), [grown, all, drawing, open]);
  const chains = useMemo(() => (drawing?.chains ?? []).filter((c) => c.every((id) => kept.nodes.has(id))), [drawing, kept]);
  const chain = panel === 'why' ? (chains[path] ?? null) : null;
  const marks = useMemo(() => marksOf(drawn, overlay, chain, highlight), [drawn, overlay, chain, highlight]);
  const ids = useMemo(() => new Set(whole.nodes.keys()), [whole]);
  useEffect(() => {
    if (chain) handle.current?.show(chain.map(drawnAs(drawn)));
  }, [chain, drawn]);

  const expand = useCallback((id: string) => {
    if (isGroup(id)) {
      setOpen((o) => new Set([...o, id]));
      select(drawn.nodes.get(id)?.members?.[0]?.id ?? null);
      return;
    }
    const node = drawn.nodes.get(id);
    if (!node) return;
    if (expansions.has(id)) {
      setExpansions((e) => new Map([...e].filter(([k]) => k !== id)));
      return;
    }
    setTrouble('');
    expansionOf(client, node, asOf).then(({ graph, rest }) => {
      setExpansions((e) => new Map(e).set(id, graph));
      setTrouble(rest);
    }, (e: unknown) => setTrouble(messageOf(e)));
  }, [client, asOf, drawn, expansions]);

  const click = useCallback((id: string | null) => select(id), []);
  const trial = useCallback((more: Change[]) => {
    setChanges((c) => [...c, ...more]);
    setPanel('what-if');
  }, [setPanel]);

  const both = from !== '' && to !== '';
  const start = whole.nodes.get(from);
  const end = whole.nodes.get(to);
  const label = start && end ? `Access of ${start.name} to ${end.name}` : start ? `What ${start.name} reaches` : end ? `What reaches ${end.name}` : 'Access that the filter selects';
  if (error) return <ErrorState error={error} retry={retry} />;
  if (fetching) return <LoadingState label="Drawing" />;
  if (!drawing) return <EmptyState title="There is no such entity" hint="It may have been removed, or you may not see it." />;
  if (whole.nodes.size === 0) return <EmptyState icon="graph" title="There is no access to draw" hint="Nothing that the filter selects has access, or is accessible." />;
  const node = selected !== null ? drawn.nodes.get(selected) : undefined;
  const needBoth = <EmptyState compact title="Choose both ends" hint="From and To above the drawing: the question is about two entities." />;
  return (
    <>
      {options && createPortal(<Options permissions={permissionNames(whole)} permission={permission} onPermission={setPermission} highlight={highlight} onHighlight={setHighlight} />, options)}
      <p className="ag-soft" role="status">
        {label}: {whole.nodes.size.toLocaleString('en-US')} entities{chains.length > 0 ? `, ${chains.length} ${chains.length === 1 ? 'path' : 'paths'}` : ''}.
        {drawn.nodes.size < grown.nodes.size && ` Drawn as ${drawn.nodes.size}: like ones are grouped.`} {drawing.rest} {trouble}
      </p>
      <div className={`ag-card ${classes.main}`} data-side={side ? '' : undefined}>
        <div className={classes.left}>
          <div className={classes.drawing}>
            <AccessGraphView graph={drawn} marks={marks} label={label} selected={selected} onSelect={click} onExpand={expand} handle={handle}
              onEdge={(id) => {
                const e = drawn.edges.get(id);
                if (e && !isGroup(e.source) && !isGroup(e.target)) openRelation(e.source, e.target);
              }} />
            <Tools handle={handle} groupable={grown.nodes.size > groupAbove} all={all} onAll={(v) => {
              setOpen(none);
              setAll(v);
            }} collapsible={open.size + expansions.size > 0} onCollapse={() => {
              setOpen(none);
              setExpansions(noExpansions);
            }} onPng={() => {
              handle.current?.png().then((b) => saveBlob(b, 'access.png'), (e: unknown) => setTrouble(messageOf(e)));
            }} onSvg={() => handle.current && saveText(handle.current.svg(), 'access.svg', 'image/svg+xml')} />
          </div>
          <Legend />
        </div>
        <div className={classes.side}>
          <Tabs value={panel} onChange={(v) => setPanel(panelCodec.parse(v))} keepMounted={false}>
            <Tabs.List grow>
              <Tabs.Tab value="why">Why</Tabs.Tab>
              {may && <Tabs.Tab value="why-not">Why not</Tabs.Tab>}
              {may && <Tabs.Tab value="cut">Cut</Tabs.Tab>}
              {may && <Tabs.Tab value="what-if">What if</Tabs.Tab>}
            </Tabs.List>
          </Tabs>
          <div className={classes.panel} role="region" aria-label="About this access">
            {panel === 'why' && (both && chains.length === 0
              ? <EmptyState compact title="There is no access" hint="Why not says what is missing." />
              : <Why graph={kept} chains={chains} selected={path} onSelect={setPath} onNode={(id) => {
                const shown = drawnAs(drawn)(id);
                select(shown);
                handle.current?.show([shown]);
              }} />)}
            {panel === 'why-not' && may && (both ? <WhyNot from={from} to={to} permission={permission} onTry={(c) => trial([c])} /> : needBoth)}
            {panel === 'cut' && may && (both ? <Cut from={from} to={to} permission={permission} onOverlay={setOverlay} onTry={trial} /> : needBoth)}
            {panel === 'what-if' && may && <WhatIf changes={changes} onChanges={setChanges} onOverlay={setOverlay} drawn={ids} />}
          </div>
          {node && <NodeCard node={node} graph={drawn} expanded={expansions.has(node.id)} onExpand={() => expand(node.id)} onTry={may && !asOf ? trial : undefined} />}
        </div>
      </div>
    </>
  );
}
