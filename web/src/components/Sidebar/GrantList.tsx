import { formatTime } from '@/components/AsOfPicker';
import { EntityLink, PermissionChips } from '@/components/Entity';
import { metadataLines } from '@/components/EntityFacts/metadata';
import type { SideGrantFragment } from '@/gql/graphql';
import { grantKey } from './relation';
import classes from './Side.module.css';

/** When a grant was held, in words. */
export function grantPeriod(g: Pick<SideGrantFragment, 'from' | 'to'>): string {
  const from = formatTime(g.from);
  const to = formatTime(g.to);
  if (from && to) return `from ${from} to ${to}`;
  if (to) return `until ${to}`;
  return from ? `since ${from}` : '';
}

/** Grants as the source reports them, one below the other, with all that is known of each. */
export function GrantList({ grants }: { grants: SideGrantFragment[] }) {
  return (
    <ul className={classes.grants}>
      {grants.map((g) => (
        <li key={grantKey(g)}>
          <div className={classes.pair}>
            <EntityLink entity={g.source} />
            <span className="ag-soft" aria-label="on">→</span>
            <EntityLink entity={g.target} />
          </div>
          <div className={classes.line}>
            <PermissionChips permissions={[{ name: g.permission, value: g.value }]} />
            {!g.counts && <span className="ag-soft">explicitly not held</span>}
            <span className="ag-soft">{grantPeriod(g)}</span>
          </div>
          {(g.scope || g.project || g.lastUsed) && (
            <p className="ag-soft">
              {[g.scope && `Limited to ${g.scope}`, g.project && `project ${g.project}`, g.lastUsed && `last used ${formatTime(g.lastUsed)}`].filter(Boolean).join(' · ')}
            </p>
          )}
          {metadataLines(g.metadata).map((l) => <p key={l.key} className={classes.meta}><span className="ag-soft">{l.key}</span> {l.value}</p>)}
        </li>
      ))}
    </ul>
  );
}
