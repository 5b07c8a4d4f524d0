import { EntityListPage } from '@/pages/lists/EntityListPage';

/** Every resource that the caller may see. */
export function ResourcesPage() {
  return <EntityListPage kind="RESOURCE" />;
}
