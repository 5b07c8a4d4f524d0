import type { EntityType } from '@/gql/schema';

/** The tabs of an entity's page, by the names they have in the URL. */
export type EntityTab = 'access' | 'by' | 'identities' | 'owners' | 'factors' | 'insights' | 'history' | 'details';

export const tabLabels: Record<EntityTab, string> = {
  access: 'Has access to', by: 'Accessible by', identities: 'Identities', owners: 'Business owners', factors: 'Factors', insights: 'Insights',
  history: 'History', details: 'Details',
};

const tabsOf: Record<EntityType, EntityTab[]> = {
  IDENTITY: ['access', 'history', 'factors', 'insights', 'details'],
  CONNECTION: ['by', 'access', 'identities', 'owners', 'history', 'details'],
  RESOURCE: ['by', 'identities', 'owners', 'history', 'details'],
};

/** The tabs for a type, in order. Grants, and so history, are for risk managers. */
export function entityTabs(type: EntityType, riskManager: boolean): EntityTab[] {
  return tabsOf[type].filter((t) => t !== 'history' || riskManager);
}

/** The tab that a URL means; the first where it means none of these. */
export function tabOf<T extends string>(text: string, tabs: readonly T[]): T {
  return tabs.find((t) => t === text) ?? tabs[0]!;
}
