import { describe, expect, it } from 'vitest';
import { grouped } from './group';
import { layersOf, layout, monotone, moveFocus } from './layout';
import { makeGraph, withExpansions, withPermission, type AccessGraph, type GraphNode } from './model';

const node = (id: string): GraphNode => ({ id, name: id, type: id.startsWith('i') ? 'IDENTITY' : id.startsWith('c') ? 'CONNECTION' : 'RESOURCE', sourceType: '', integration: 'x', risks: [] });
const graphOf = (...edges: string[]): AccessGraph => {
  const pairs = edges.map((e) => e.split(/[>:]/) as [string, string, string?]);
  return makeGraph(pairs.flatMap(([a, b]) => [node(a), node(b)]), pairs.map(([source, target, p]) => ({ source, target, permissions: p ? [{ name: p, value: 'true' }] : [], exact: true })));
};
const many = (n: number, edge: (i: number) => string) => Array.from({ length: n }, (_, i) => edge(i));

describe('layers', () => {
  it('stand by the longest way, and resources together at the right', () => {
    const l = layersOf(graphOf('i1>c1', 'c1>c2', 'c2>r1', 'i1>c2', 'i1>r2', 'i2>c2'));
    expect([...l].sort()).toEqual([['c1', 1], ['c2', 2], ['i1', 0], ['i2', 0], ['r1', 3], ['r2', 3]]);
  });
  it('come to an end with circles', () => {
    const l = layersOf(graphOf('i1>c1', 'c1>c2', 'c2>c1', 'c2>r1'));
    expect([l.get('i1'), l.get('c1'), l.get('c2'), l.get('r1')]).toEqual([0, 1, 2, 3]);
  });
  it('keep nodes apart and bend edges that pass a layer', () => {
    const g = graphOf('i1>c1', 'c1>r1', 'c1>r2', 'c1>r3', 'i1>r1');
    const { at, bends } = layout(g);
    const places = [...at.values()].map((p) => `${Math.round(p.x)} ${Math.round(p.y)}`);
    expect(new Set(places).size).toBe(g.nodes.size);
    expect(bends.get('i1>r1')).toHaveLength(1);
  });
  it('2,000 nodes are placed without two in one place', () => {
    const g = graphOf(...many(40, (i) => `i${i % 5}>c${i}`), ...many(1955, (i) => `c${i % 40}>r${i}`));
    const { at } = layout(g);
    expect(at.size).toBe(2000);
    expect(new Set([...at.values()].map((p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`)).size).toBe(2000);
  });
  it('lead the arrow keys', () => {
    const g = graphOf('i1>c1', 'i1>c2', 'c1>r1');
    const placed = layout(g);
    const right = moveFocus(g, placed, 'c1', 'ArrowRight');
    expect(right).toBe('r1');
    expect(moveFocus(g, placed, 'c1', 'ArrowLeft')).toBe('i1');
    expect(moveFocus(g, placed, 'r1', 'ArrowRight')).toBeNull();
    expect([moveFocus(g, placed, 'c1', 'ArrowDown'), moveFocus(g, placed, 'c1', 'ArrowUp')]).toContain('c2');
  });
});

it('monotone is the nearest sequence that never falls', () => {
  expect(monotone([1, 3, 2, 4])).toEqual([1, 2.5, 2.5, 4]);
  expect(monotone([3, 2, 1])).toEqual([2, 2, 2]);
});

describe('groups', () => {
  const g = graphOf('i1>c1', 'i1>c2', ...many(300, (i) => `c${1 + (i % 2)}>r${i}`));
  const settings = { above: 50, keep: new Set(['i1']), open: new Set<string>() };
  it('stand for nodes with the same neighbours, and lose no entity', () => {
    const small = grouped(g, settings);
    expect(small.nodes.size).toBe(5);
    const all = [...small.nodes.values()].flatMap((n) => n.members ?? [n]).map((n) => n.id);
    expect(all.sort()).toEqual([...g.nodes.keys()].sort());
    expect(small.edges.size).toBe(4);
  });
  it('open one by one, and the others stay', () => {
    const [first, second] = [...grouped(g, settings).nodes.values()].filter((n) => n.members).map((n) => n.id);
    const opened = grouped(g, { ...settings, open: new Set([first!]) });
    expect(opened.nodes.size).toBe(154);
    expect(opened.nodes.has(second!)).toBe(true);
  });
  it('are coarser where that leaves too many, never above what types allow', () => {
    const wild = graphOf(...many(600, (i) => `i${i}>c${i % 97}`), ...many(900, (i) => `c${(i * 7) % 97}>r${i % 411}`));
    expect(grouped(wild, { ...settings, keep: new Set() }).nodes.size).toBeLessThanOrEqual(50);
  });
  it('are not made of a small drawing', () => expect(grouped(g, { ...settings, above: 1000 })).toBe(g));
});

it('a permission keeps what leads to it and nothing else', () => {
  const g = graphOf('i1>c1:member', 'c1>r1:admin', 'c1>r2:read', 'i1>c2:member', 'c2>r2:read');
  expect([...withPermission(g, 'admin').edges.keys()].sort()).toEqual(['c1>r1', 'i1>c1']);
  expect([...withPermission(g, 'none', ['i1']).nodes.keys()]).toEqual(['i1']);
});

it('collapsing a node takes away what hung on it alone', () => {
  const base = graphOf('i1>c1');
  const both = new Map([['c1', graphOf('c1>c2')], ['c2', graphOf('c2>r1')]]);
  expect([...withExpansions(base, both).nodes.keys()]).toEqual(['i1', 'c1', 'c2', 'r1']);
  both.delete('c1');
  expect([...withExpansions(base, both).nodes.keys()]).toEqual(['i1', 'c1']);
});
