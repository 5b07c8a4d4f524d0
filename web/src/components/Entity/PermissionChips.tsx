import classes from './Entity.module.css';

export interface PermissionRef {
  name: string;
  value?: string;
}

export interface PermissionChipsProps {
  permissions: readonly PermissionRef[];
  /** How many are shown before "+ n"; 3 when left out. */
  max?: number;
}

const text = (p: PermissionRef) => (p.value && p.value.toLowerCase() !== 'true' ? `${p.name}: ${p.value}` : p.name);

/** Permissions as chips, in the order given; the rest is in the title of "+ n". */
export function PermissionChips({ permissions, max = 3 }: PermissionChipsProps) {
  const shown = permissions.length > max + 1 ? permissions.slice(0, max) : permissions;
  const rest = permissions.slice(shown.length);
  return (
    <span className={classes.chips}>
      {shown.map((p) => <span key={`${p.name}\n${p.value}`} className={classes.chip} title={text(p)}>{text(p)}</span>)}
      {rest.length > 0 && (
        <span className={classes.chip} data-more title={rest.map(text).join(', ')}>
          <span aria-hidden="true">+{rest.length}</span>
          <span className="ag-hidden">, {rest.map(text).join(', ')}</span>
        </span>
      )}
    </span>
  );
}
