// Integrations are few and here all at once: they are searched, filtered and counted in the browser.
import type { ListIntegrationsQuery } from '@/gql/graphql';

export type IntegrationRow = ListIntegrationsQuery['integrations'][number];

export const facetKeys = ['application', 'owner', 'status', 'sync'] as const;
export type FacetKey = (typeof facetKeys)[number];

/** The values asked for; none = no restriction. */
export type Chosen = Record<FacetKey, string[]>;

export const statusLabels: Record<IntegrationRow['status'], string> = {
  DRAFT: 'Draft', CONNECTING: 'Connecting', SYNCING: 'Syncing', CONNECTED: 'Connected', ERROR: 'Error', DISABLED: 'Disabled',
};

/** What a row is under a field: its value and how that is written. '' = missing. */
export const facetValue: Record<FacetKey, (row: IntegrationRow) => { value: string; label: string }> = {
  application: (r) => ({ value: r.application.name, label: r.application.name }),
  owner: (r) => (r.owners.primary ? { value: r.owners.primary.id, label: r.owners.primary.fullName } : { value: '', label: 'None' }),
  status: (r) => ({ value: r.status, label: statusLabels[r.status] }),
  sync: (r) => (r.outOfSync ? { value: 'late', label: 'Out of sync' } : { value: 'fine', label: 'In time' }),
};

/** Whether a row passes, leaving the restriction of one field aside. */
export function passes(row: IntegrationRow, chosen: Chosen, search: string, except?: FacetKey): boolean {
  const text = search.trim().toLowerCase();
  if (text && ![row.name, row.application.name, row.description ?? ''].some((t) => t.toLowerCase().includes(text))) return false;
  return facetKeys.every((key) => key === except || chosen[key].length === 0 || chosen[key].includes(facetValue[key](row).value));
}

/** The values of a field with how many rows would pass with each; most frequent first. */
export function facetOf(rows: readonly IntegrationRow[], key: FacetKey, chosen: Chosen, search: string) {
  const found = new Map<string, { value: string; label: string; count: number }>();
  for (const row of rows) {
    if (!passes(row, chosen, search, key)) continue;
    const { value, label } = facetValue[key](row);
    const bucket = found.get(value) ?? { value, label, count: 0 };
    bucket.count++;
    found.set(value, bucket);
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}
