import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useMay } from '@/api/session';
import { formatTime } from '@/components/AsOfPicker';
import { CopyButton } from '@/components/Copy';
import { Badge, kindLabels, StatusBadge } from '@/components/Entity';
import type { EntityFactsFragment } from '@/gql/graphql';
import type { IdentityType, Tristate } from '@/gql/schema';
import classes from './EntityFacts.module.css';
import { metadataLines } from './metadata';

export const identityTypeLabels: Record<IdentityType, string> = { EMPLOYEE: 'Employee', SERVICE_ACCOUNT: 'Service account', UNMAPPED: 'Unmapped' };

/** Labels and values as a list; what has no value is left out. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  const said = facts.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  if (said.length === 0) return <p className="ag-soft">Nothing is known.</p>;
  return (
    <dl className={classes.facts}>
      {said.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

/** A person's name, leading to their page where the reader may open it. */
export function EmployeeLink({ employee }: { employee: { id: string; fullName: string } }) {
  const may = useMay('RISK_MANAGER');
  return may ? <Link to={`/employees/${encodeURIComponent(employee.id)}`}>{employee.fullName}</Link> : <>{employee.fullName}</>;
}

/** An integration's name, leading to its page where the reader may open it. */
export function IntegrationLink({ integration }: { integration: { id: string; name: string } }) {
  const may = useMay('RISK_MANAGER');
  return may ? <Link to={`/integrations/${encodeURIComponent(integration.id)}`}>{integration.name}</Link> : <>{integration.name}</>;
}

/** Whether multi-factor authentication is on; null = nobody says. */
export function MfaBadge({ on }: { on: boolean | null | undefined }) {
  if (on === true) return <Badge tone="good">On</Badge>;
  if (on === false) return <Badge tone="bad">Off</Badge>;
  return <Badge>Unknown</Badge>;
}

const yes = (t: Tristate) => (t === 'TRUE' ? 'Yes' : t === 'FALSE' ? 'No' : '');
const time = (t: string | null | undefined) => (t ? <time dateTime={t}>{formatTime(t)}</time> : '');

/** What is known of an entity, as a list. */
export function EntityFacts({ entity: e }: { entity: EntityFactsFragment }) {
  const identity = e.type === 'IDENTITY';
  const how = e.mapping ? ` (${e.mapping.relation === 'OWNS' ? 'answers for it, ' : ''}${e.mapping.origin === 'MANUAL' ? 'mapped by hand' : 'mapped automatically'})` : '';
  return (
    <Facts facts={[
      ['Type', `${kindLabels[e.type]}, ${e.sourceType}`],
      ['Identity type', e.identityType ? identityTypeLabels[e.identityType] : ''],
      ['Status', <StatusBadge key="s" status={e.status} />],
      ['Removed', time(e.removedAt)],
      ['Integration', <IntegrationLink key="i" integration={e.integration} />],
      ['Project', e.project],
      ['Source id', <span key="c" className={classes.copy}><code>{e.sourceId}</code><CopyButton text={e.sourceId} label="Copy the source id" iconOnly /></span>],
      ['Username', e.username],
      ['E-mail', e.email],
      ['Name', [e.firstName, e.lastName].filter(Boolean).join(' ')],
      ['Employee', e.employee && <span key="e"><EmployeeLink employee={e.employee} />{how}</span>],
      ['Why', e.mapping?.reason ?? e.serviceAccountReason],
      ['MFA', identity && <MfaBadge key="m" on={e.mfaEnabled} />],
      ['Last login', identity && (time(e.lastLoginTime) || 'Not known')],
      ['Last activity', time(e.latestActivityTime)],
      ['Password changed', time(e.lastPasswordChangedTime)],
      ['Super admin', yes(e.superAdmin)],
      ['Administrative', yes(e.administrative)],
      ['External', yes(e.external)],
      ['Locked', yes(e.locked)],
      ['Labels', e.labels.join(', ')],
      ['First seen', time(e.firstSeen)],
      ['Described', e.stub && 'No: known only as the target of a grant'],
    ]} />
  );
}

/** What the source says besides. */
export function EntityMetadata({ metadata }: { metadata: unknown }) {
  const lines = metadataLines(metadata);
  if (lines.length === 0) return <p className="ag-soft">The source says nothing besides.</p>;
  return <Facts facts={lines.map((l) => [l.key, l.value])} />;
}
