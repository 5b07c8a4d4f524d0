import { Button } from '@mantine/core';
import { Link, useRouteError } from 'react-router';
import { Page } from '@/components/Page';
import { EmptyState, ErrorState } from '@/components/States';

/** The page of an address that there is not. */
export function NotFound() {
  return (
    <Page title="No such page">
      <EmptyState title="There is no page at this address" hint="The link may be old, or cut off."
        action={<Button component={Link} to="/" variant="default">Go to the summary</Button>} />
    </Page>
  );
}

// A browser with an old copy of the page asks for scripts that a newer server no longer has.
const staleScript = /dynamically imported module|Importing a module script failed|error loading dynamically/i;

/** What a page that broke leaves. */
export function RouteError() {
  const error = useRouteError();
  const stale = error instanceof Error && staleScript.test(error.message);
  return (
    <ErrorState error={stale ? new Error('The explorer was updated, or the server does not answer. Load the page again.') : error}
      title="This page cannot be shown" retry={() => window.location.reload()} />
  );
}
