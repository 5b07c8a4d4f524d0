import { PermissionChips } from '@/components/Entity';
import { useSidebar } from '@/components/Sidebar';
import type { PermissionRef } from '@/components/Entity';
import classes from './AccessTable.module.css';

export interface PermissionsCellProps {
  from: { id: string; name: string };
  to: { id: string; name: string };
  permissions: readonly PermissionRef[];
  max?: number;
}

/** The permissions of a pair; opens how it comes about, at the side. */
export function PermissionsCell({ from, to, permissions, max = 2 }: PermissionsCellProps) {
  const { openRelation } = useSidebar();
  return (
    <button type="button" className={classes.permissions} onClick={() => openRelation(from.id, to.id)}
      aria-label={`${permissions.map((p) => p.name).join(', ') || 'Access'}: how ${from.name} has access to ${to.name}`}>
      <PermissionChips permissions={permissions} max={max} />
    </button>
  );
}

/** A text that may be longer than its column. */
export function Cut({ children }: { children: string | null | undefined }) {
  return children ? <span className={classes.cut} title={children}>{children}</span> : null;
}
