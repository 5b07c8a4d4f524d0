import { Link } from 'react-router';
import { formatTime } from '@/components/AsOfPicker';
import type { Column } from '@/components/DataTable';
import { Badge } from '@/components/Entity';
import { Cut, number, People, Person } from '@/pages/lists/columns';
import classes from '@/pages/lists/Lists.module.css';
import { statusLabels, type IntegrationRow } from './facets';

const tones = { DRAFT: 'plain', CONNECTING: 'accent', SYNCING: 'accent', CONNECTED: 'good', ERROR: 'bad', DISABLED: 'plain' } as const;
const extractions = { DIRECT: 'Direct', SCIM: 'SCIM', FILE_UPLOAD: 'File upload', API_UPLOAD: 'API upload' } as const;

/** Where an integration's page is. */
export const integrationPath = (id: string) => `/integrations/${encodeURIComponent(id)}`;

const listed = (path: string, r: IntegrationRow) => `${path}?${new URLSearchParams({ filter: JSON.stringify({ integration: { in: [r.name] } }) })}`;

const countColumn = (key: 'identities' | 'connections' | 'resources', header: string): Column<IntegrationRow> => ({
  key, header, width: 120, align: 'end', sortKey: key, cell: (r) => <Link className={classes.link} to={listed(`/${key}`, r)}>{number(r.counts[key])}</Link>,
});

/** The columns of the list of integrations. */
export const columns: Column<IntegrationRow>[] = [
  { key: 'name', header: 'Integration', width: 220, required: true, grow: true, sortKey: 'name', cell: (r) => <Link className={classes.link} data-strong to={integrationPath(r.id)} title={r.name}>{r.name}</Link> },
  { key: 'application', header: 'Application', width: 160, sortKey: 'application', cell: (r) => <Cut>{r.application.name}</Cut> },
  { key: 'primary', header: 'Primary owner', width: 160, sortKey: 'primary', cell: (r) => <Person of={r.owners.primary} /> },
  { key: 'secondaries', header: 'Secondary owners', width: 170, cell: (r) => <People of={{ secondaries: r.owners.secondaries }} /> },
  countColumn('identities', 'Identities'), countColumn('connections', 'Connections'), countColumn('resources', 'Resources'),
  { key: 'insights', header: 'With insights', width: 120, align: 'end', sortKey: 'insights', cell: (r) => number(r.counts.withInsights) },
  { key: 'status', header: 'Status', width: 130, sortKey: 'status', cell: (r) => (r.outOfSync ? <Badge tone="warn" title={r.message ?? ''}>Out of sync</Badge> : <Badge tone={tones[r.status]} title={r.message ?? ''}>{statusLabels[r.status]}</Badge>) },
  { key: 'lastSync', header: 'Last sync', width: 160, sortKey: 'lastSync', cell: (r) => formatTime(r.lastSync) },
  { key: 'extraction', header: 'Comes by', width: 120, hidden: true, cell: (r) => (r.extraction ? extractions[r.extraction] : '') },
  { key: 'description', header: 'Description', width: 240, hidden: true, cell: (r) => <Cut>{r.description}</Cut> },
];

/** What a row is sorted by. */
export function sortValue(r: IntegrationRow, key: string): string | number | null | undefined {
  switch (key) {
    case 'application': return r.application.name;
    case 'primary': return r.owners.primary?.fullName;
    case 'identities': case 'connections': case 'resources': return r.counts[key];
    case 'insights': return r.counts.withInsights;
    case 'status': return r.outOfSync ? 'Out of sync' : statusLabels[r.status];
    case 'lastSync': return r.lastSync;
    default: return r.name;
  }
}
