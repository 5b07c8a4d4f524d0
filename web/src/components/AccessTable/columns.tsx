import { formatTime } from '@/components/AsOfPicker';
import type { Column } from '@/components/DataTable';
import { Badge, EntityLink, kindLabels, StatusBadge } from '@/components/Entity';
import { EmployeeLink, identityTypeLabels, IntegrationLink, MfaBadge } from '@/components/EntityFacts';
import type { AccessRowFragment } from '@/gql/graphql';
import { Cut, PermissionsCell } from './cells';
import { ProviderCell } from './ProviderCell';

/** Whose access a table is about. */
export interface Subject {
  id: string;
  name: string;
}

/** Whether the rows are what the subject reaches, or what reaches it. */
export type Side = 'reaches' | 'reachedBy';

/** The columns of a table of access. people: the rows are identities only. */
export function accessColumns(subject: Subject, side: Side, chain: boolean, people = false): Column<AccessRowFragment>[] {
  const ends = (row: AccessRowFragment) => (side === 'reaches' ? { from: subject, to: row.node } : { from: row.node, to: subject });
  return [
    { key: 'name', header: people ? 'Identity' : side === 'reaches' ? 'Has access to' : 'Who or what', width: 230, required: true, cell: (r) => <EntityLink entity={r.node} peek /> },
    ...(people ? [
      { key: 'employee', header: 'Employee', width: 150, cell: (r: AccessRowFragment) => r.node.employee && <EmployeeLink employee={r.node.employee} /> },
      { key: 'identityType', header: 'Identity type', width: 130, cell: (r: AccessRowFragment) => r.node.identityType && identityTypeLabels[r.node.identityType] },
    ] : [
      { key: 'kind', header: 'Type', width: 110, hidden: true, cell: (r: AccessRowFragment) => kindLabels[r.node.type] },
      { key: 'sourceType', header: 'Source type', width: 120, cell: (r: AccessRowFragment) => <Cut>{r.node.sourceType}</Cut> },
    ]),
    { key: 'permissions', header: 'Permissions', width: 190, cell: (r) => <PermissionsCell {...ends(r)} permissions={r.permissions} /> },
    { key: 'provider', header: 'Access provider', width: chain ? 420 : 230, grow: true, cell: (r) => <ProviderCell {...ends(r)} edge={r} chain={chain} /> },
    { key: 'direct', header: 'Held', width: 100, cell: (r) => (r.direct ? <Badge tone="accent">Direct</Badge> : <Badge>Nested</Badge>) },
    { key: 'integration', header: 'Integration', width: 150, cell: (r) => <IntegrationLink integration={r.node.integration} /> },
    { key: 'status', header: 'Status', width: 100, hidden: !people, cell: (r) => <StatusBadge status={r.node.status} /> },
    ...(people ? [
      { key: 'mfa', header: 'MFA', width: 100, hidden: true, cell: (r: AccessRowFragment) => <MfaBadge on={r.node.mfaEnabled} /> },
      { key: 'lastLogin', header: 'Last login', width: 160, hidden: true, cell: (r: AccessRowFragment) => formatTime(r.node.lastLoginTime) },
    ] : []),
  ];
}
