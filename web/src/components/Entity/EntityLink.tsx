import { ActionIcon } from '@mantine/core';
import { Link } from 'react-router';
import type { EntityType } from '@/gql/schema';
import { useSidebar } from '@/components/Sidebar';
import { Icon } from '@/components/icons';
import { useKeepAsOf } from '@/hooks/useAsOf';
import classes from './Entity.module.css';
import { EntityIcon } from './EntityIcon';

export interface EntityRef {
  id: string;
  name: string;
  type: EntityType;
  sourceType?: string;
}

/** Where an entity's page is. */
export const entityPath = (id: string) => `/entities/${encodeURIComponent(id)}`;

export interface EntityLinkProps {
  entity: EntityRef;
  /** Shown instead of the name. */
  label?: string;
  /** A button beside it that opens the sidebar. */
  peek?: boolean;
  /** The source's own word for it after the name. */
  withSourceType?: boolean;
}

/** The name of an entity with its icon, leading to its page at the same moment (asOf). */
export function EntityLink({ entity, label, peek = false, withSourceType = false }: EntityLinkProps) {
  const keep = useKeepAsOf();
  const { openEntity } = useSidebar();
  const name = label ?? entity.name;
  return (
    <span className={classes.link}>
      <EntityIcon type={entity.type} size={16} labelled />
      <Link to={keep(entityPath(entity.id))} className={classes.name} title={name}>{name}</Link>
      {withSourceType && entity.sourceType && <span className={classes.sourceType}>{entity.sourceType}</span>}
      {peek && (
        <ActionIcon variant="subtle" color="gray" size="sm" className={classes.peek} aria-label={`Show details of ${name}`}
          onClick={(e) => { e.stopPropagation(); openEntity(entity.id); }}>
          <Icon name="info" size={15} />
        </ActionIcon>
      )}
    </span>
  );
}
