import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { EntityIcon, type EntityKind } from '@/components/Entity';
import classes from './Summary.module.css';

/** A row of tiles. */
export function Tiles({ label, children }: { label: string; children: ReactNode }) {
  return <section aria-label={label} className={classes.tiles}>{children}</section>;
}

export interface TileProps {
  label: string;
  value: number;
  to: string;
  kind?: EntityKind;
  hint?: string;
}

/** A number that leads to what it counts. */
export function Tile({ label, value, to, kind, hint }: TileProps) {
  return (
    <Link to={to} className={classes.tile}>
      <span className={classes.label}>{kind && <EntityIcon type={kind} size={15} />}{label}</span>
      <span className={classes.value}>{value.toLocaleString('en-US')}</span>
      {hint && <span className={classes.hint}>{hint}</span>}
    </Link>
  );
}
