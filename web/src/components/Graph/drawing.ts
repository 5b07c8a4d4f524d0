// What is said about a drawing by colours, for the canvas and for the SVG alike.
import type { EntityType } from '@/gql/schema';
import type { Palette } from '@/theme/tokens';
import type { GraphEdge, GraphNode } from './model';
import { permissionText } from './model';

/** Why something is coloured: what is selected, what a cut removes, what came or went. */
export type Mark = 'selected' | 'highlight' | 'cut' | 'gained' | 'lost';

export interface Marks {
  nodes: ReadonlyMap<string, Mark>;
  edges: ReadonlyMap<string, Mark>;
  /** What is not marked steps back. */
  dim: boolean;
}

export const noMarks: Marks = { nodes: new Map(), edges: new Map(), dim: false };

export const nodeSize = 30;

export function fillOf(type: EntityType, p: Palette): { line: string; fill: string } {
  if (type === 'IDENTITY') return { line: p.identity, fill: p.identitySoft };
  if (type === 'CONNECTION') return { line: p.connection, fill: p.connectionSoft };
  return { line: p.resource, fill: p.resourceSoft };
}

export const markColour = (mark: Mark, p: Palette) => ({ selected: p.accent, highlight: p.warn, cut: p.bad, gained: p.gained, lost: p.lost })[mark];

/** A mark also says itself in a word, for people who see fewer colours. */
export const markWord: Record<Mark, string> = { selected: '', highlight: '', cut: 'cut', gained: 'gained', lost: 'lost' };

const longest = 26;

export const short = (text: string, most = longest) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The text at an edge. What belongs to all ways together is not claimed of one edge. */
export function edgeLabel(e: GraphEdge, mark?: Mark): string {
  const word = mark ? markWord[mark] : '';
  const names = e.exact ? e.permissions.map(permissionText) : [];
  const text = names.length > 3 ? `${names.slice(0, 2).join(', ')} +${names.length - 2}` : names.join(', ');
  return short([word, text].filter(Boolean).join(': '), 32);
}

export function nodeLabel(n: GraphNode, mark?: Mark): string {
  const word = mark ? markWord[mark] : '';
  return word ? `${short(n.name)} (${word})` : short(n.name);
}

export const nodeHint = (n: GraphNode) => (n.members ? [n.sourceType, n.integration].filter(Boolean).join(' · ') : n.sourceType);
