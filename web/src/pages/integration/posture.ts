import { listPath } from '@/pages/summary/links';
import type { IntegrationOverviewQuery } from '@/gql/graphql';
import type { EntityFilter, EntityStatus, IdentityType, Tristate } from '@/gql/schema';

/** One bar of a chart, and the list of what it counts. */
export interface Bar {
  key: string;
  label: string;
  count: number;
  to: string;
}

export interface Chart {
  key: string;
  title: string;
  bars: Bar[];
}

type Overview = NonNullable<IntegrationOverviewQuery['integration']>['overview'];

const types: Record<IdentityType, string> = { EMPLOYEE: 'Employees’', SERVICE_ACCOUNT: 'Service accounts', UNMAPPED: 'Unmapped' };
const statuses: Record<EntityStatus, string> = { ACTIVE: 'Active', INACTIVE: 'Inactive', SUSPENDED: 'Suspended', LOCKED: 'Locked', DELETED: 'Deleted', UNKNOWN: 'Unknown' };
const tristates: Record<Tristate, string> = { TRUE: 'On', FALSE: 'Off', UNKNOWN: 'Unknown' };

/** The filters behind the buckets of the latest activity, which are disjoint and together everybody. */
export const activityFilters: Record<keyof Omit<Overview['lastLogin'], '__typename'>, EntityFilter> = {
  upTo30Days: { not: { inactiveForDays: 31 } },
  days31To90: { inactiveForDays: 31, not: { inactiveForDays: 91 } },
  days91To180: { inactiveForDays: 91, not: { inactiveForDays: 181 } },
  over180Days: { inactiveForDays: 181, not: { neverActive: true } },
  never: { neverActive: true },
};

const activityLabels: Record<keyof typeof activityFilters, string> = {
  upTo30Days: '30 days or less', days31To90: '31 to 90 days', days91To180: '91 to 180 days', over180Days: 'More than 180 days', never: 'Never, or not known',
};

/** The charts of an integration's access posture; each bar leads to what it counts. */
export function charts(integration: string, o: Overview): Chart[] {
  const of = (filter: EntityFilter) => listPath({ type: ['IDENTITY'], integration: { eq: integration }, ...filter });
  return [
    { key: 'types', title: 'Identities by type', bars: o.identitiesByType.map((b) => ({
      key: b.value, label: types[b.value as IdentityType] ?? b.label, count: b.count, to: of({ identityType: [b.value as IdentityType] }) })) },
    { key: 'statuses', title: 'Identities by status', bars: o.identitiesByStatus.map((b) => ({
      key: b.value, label: statuses[b.value as EntityStatus] ?? b.label, count: b.count, to: of({ status: [b.value as EntityStatus] }) })) },
    { key: 'mfa', title: 'Multi-factor authentication', bars: o.mfa.map((b) => ({
      key: b.value, label: tristates[b.value as Tristate] ?? b.label, count: b.count, to: of({ mfaEnabled: [b.value as Tristate] }) })) },
    { key: 'activity', title: 'Latest activity', bars: (Object.keys(activityLabels) as (keyof typeof activityLabels)[]).map((k) => ({
      key: k, label: activityLabels[k], count: o.lastLogin[k], to: of(activityFilters[k]) })) },
    { key: 'mapped', title: 'Mapped to employees', bars: [
      { key: 'mapped', label: 'Mapped', count: o.mapped, to: of({ not: { identityType: ['UNMAPPED'] } }) },
      { key: 'unmapped', label: 'Unmapped', count: o.unmapped, to: of({ identityType: ['UNMAPPED'] }) },
    ] },
    { key: 'insights', title: 'Insights', bars: o.insights.map((b) => ({
      key: b.value, label: b.label, count: b.count, to: `/filters?${new URLSearchParams({ filter: JSON.stringify({ integration: { eq: integration }, insight: { eq: b.value } }) })}` })) },
  ];
}

/** How much of a bar is filled, in percent of the longest. */
export function shareOf(count: number, bars: readonly { count: number }[]): number {
  const most = Math.max(0, ...bars.map((b) => b.count));
  return most === 0 ? 0 : (count / most) * 100;
}
