import { EntityListPage } from '@/pages/lists/EntityListPage';

/** Every connection that the caller may see. */
export function ConnectionsPage() {
  return <EntityListPage kind="CONNECTION" />;
}
