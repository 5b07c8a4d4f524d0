import type { EntityType } from '@/gql/schema';
import classes from './Entity.module.css';

/** What has a shape and a colour of its own. */
export type EntityKind = EntityType | 'EMPLOYEE' | 'INSIGHT';

export const kindLabels: Record<EntityKind, string> = {
  IDENTITY: 'Identity', CONNECTION: 'Connection', RESOURCE: 'Resource', EMPLOYEE: 'Employee', INSIGHT: 'Insight',
};

export const kindPlurals: Record<EntityKind, string> = {
  IDENTITY: 'Identities', CONNECTION: 'Connections', RESOURCE: 'Resources', EMPLOYEE: 'Employees', INSIGHT: 'Insights',
};

// The shape says the same as the colour, for people who see fewer colours.
const shapes: Record<EntityKind, React.ReactNode> = {
  IDENTITY: <circle cx="10" cy="10" r="7.500" />,
  CONNECTION: <path d="M6 3.200h8L18 10l-4 6.800H6L2 10z" />,
  RESOURCE: <rect x="3" y="3" width="14" height="14" rx="2.500" />,
  EMPLOYEE: <path d="M10 9.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM3 17.500c.400-4 3.200-5.700 7-5.700s6.600 1.700 7 5.700z" />,
  INSIGHT: <path d="M10 2.500 18 17H2z" />,
};

export interface EntityIconProps {
  type: EntityKind;
  /** In pixels; 18 when left out. */
  size?: number;
  /** Says the type to screen readers; left out where a text beside it does. */
  labelled?: boolean;
}

/** The shape and colour of a kind of entity. */
export function EntityIcon({ type, size = 18, labelled = false }: EntityIconProps) {
  return (
    <svg className={classes.icon} data-kind={type} width={size} height={size} viewBox="0 0 20 20"
      {...(labelled ? { role: 'img', 'aria-label': kindLabels[type] } : { 'aria-hidden': true })} focusable="false">
      {shapes[type]}
    </svg>
  );
}
