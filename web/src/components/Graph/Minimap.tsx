import type { Core } from 'cytoscape';
import { useEffect, useRef, type PointerEvent } from 'react';
import type { Palette } from '@/theme/tokens';
import { fillOf } from './drawing';
import classes from './Graph.module.css';
import type { Layout } from './layout';
import type { AccessGraph } from './model';

const width = 160;
const height = 100;
const pad = 6;

export interface MinimapProps {
  cy: Core;
  graph: AccessGraph;
  layout: Layout;
  palette: Palette;
}

/** The whole drawing in small, with what is in sight; a click or drag moves there. For the pointer only: the keyboard has 0 and the arrows. */
export function Minimap({ cy, graph, layout, palette }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = useRef({ k: 1, x: 0, y: 0 });

  useEffect(() => {
    const el = canvas.current;
    const context = el?.getContext('2d');
    if (!el || !context) return;
    const ratio = window.devicePixelRatio || 1;
    el.width = width * ratio;
    el.height = height * ratio;
    const all = [...layout.at.values()];
    const x1 = Math.min(...all.map((p) => p.x));
    const y1 = Math.min(...all.map((p) => p.y));
    const w = Math.max(...all.map((p) => p.x)) - x1 || 1;
    const h = Math.max(...all.map((p) => p.y)) - y1 || 1;
    const k = Math.min((width - 2 * pad) / w, (height - 2 * pad) / h, 0.25);
    scale.current = { k, x: (width - w * k) / 2 - x1 * k, y: (height - h * k) / 2 - y1 * k };
    const { x, y } = scale.current;
    // The nodes once; the frame over them whenever the view moves.
    const picture = document.createElement('canvas');
    picture.width = el.width;
    picture.height = el.height;
    const ink = picture.getContext('2d')!;
    ink.scale(ratio, ratio);
    for (const n of graph.nodes.values()) {
      const p = layout.at.get(n.id)!;
      ink.fillStyle = fillOf(n.type, palette).line;
      ink.fillRect(p.x * k + x - 1.5, p.y * k + y - 1.5, 3, 3);
    }
    let frame = 0;
    const draw = () => {
      frame = 0;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, el.width, el.height);
      context.drawImage(picture, 0, 0);
      context.scale(ratio, ratio);
      const seen = cy.extent();
      context.strokeStyle = palette.accent;
      context.lineWidth = 1.5;
      const left = Math.max(1, seen.x1 * k + x);
      const top = Math.max(1, seen.y1 * k + y);
      context.strokeRect(left, top, Math.max(2, Math.min(width - 1, seen.x2 * k + x) - left), Math.max(2, Math.min(height - 1, seen.y2 * k + y) - top));
    };
    const later = () => {
      frame ||= requestAnimationFrame(draw);
    };
    draw();
    cy.on('viewport resize', later);
    return () => {
      cancelAnimationFrame(frame);
      cy.off('viewport resize', later);
    };
  }, [cy, graph, layout, palette]);

  const move = (e: PointerEvent<HTMLCanvasElement>) => {
    if (e.buttons !== 1) return;
    const box = e.currentTarget.getBoundingClientRect();
    const { k, x, y } = scale.current;
    const [px, py] = [(e.clientX - box.left - x) / k, (e.clientY - box.top - y) / k];
    cy.pan({ x: cy.width() / 2 - px * cy.zoom(), y: cy.height() / 2 - py * cy.zoom() });
  };
  return <canvas ref={canvas} className={classes.minimap} aria-hidden="true" onPointerDown={move} onPointerMove={move} />;
}
