import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { EntityIcon, type EntityKind } from '@/components/Entity';
import { Icon, type IconName } from '@/components/icons';
import classes from './Summary.module.css';

/** A row of tiles under a heading. */
export function Tiles({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2 className={classes.heading}>{label}</h2>
      <div className={classes.tiles}>{children}</div>
    </section>
  );
}

export interface TileProps {
  label: string;
  value: number;
  to: string;
  kind?: EntityKind;
  icon?: IconName;
  hint?: string | undefined;
  tone?: 'warn' | undefined;
  /** What it is a part of: a bar shows how large. */
  of?: number;
}

const percent = (value: number, of: number) => (of === 0 ? 0 : (value / of) * 100);

/** A number that leads to what it counts. */
export function Tile({ label, value, to, kind, icon, hint, tone, of }: TileProps) {
  const share = of === undefined ? null : percent(value, of);
  return (
    <Link to={to} className={classes.tile}>
      <span className={classes.label}>{kind && <EntityIcon type={kind} size={15} />}{icon && <Icon name={icon} size={15} />}{label}</span>
      <span className={classes.value}>{value.toLocaleString('en-US')}</span>
      {share !== null && (
        <>
          <svg className={classes.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect width="100" height="4" /><rect data-part width={share} height="4" />
          </svg>
          <span className={classes.hint}>{share > 0 && share < 1 ? 'under 1' : Math.round(share)} % of identities</span>
        </>
      )}
      {hint && <span className={classes.hint} data-tone={tone}>{hint}</span>}
    </Link>
  );
}
