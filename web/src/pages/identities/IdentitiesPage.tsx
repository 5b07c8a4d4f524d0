import { EntityListPage } from '@/pages/lists/EntityListPage';

/** Every identity that the caller may see. */
export function IdentitiesPage() {
  return <EntityListPage kind="IDENTITY" />;
}
