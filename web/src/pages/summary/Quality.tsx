import { Link } from 'react-router';
import { useQuery } from 'urql';
import { EntityLink } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import type { EntityFilter } from '@/gql/schema';
import { SummaryQuality } from './documents';
import { listPath } from './links';
import classes from './Summary.module.css';

/** What looks wrong in the data, each with the way to it. */
export function Quality() {
  const [{ data, error, fetching }, again] = useQuery({ query: SummaryQuality });
  const hints = data?.dataQuality ?? [];
  return (
    <section className={classes.panel}>
      <h2 className={classes.panelTitle}>Data quality</h2>
      {error ? <ErrorState compact error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        : fetching && !data ? <LoadingState compact label="Looking at the data" />
        : hints.length === 0 ? <EmptyState compact icon="check" title="Nothing looks wrong" />
        : (
          <ul className={classes.rows}>
            {hints.map((h, i) => (
              <li key={`${h.kind} ${h.integration?.id ?? ''} ${i}`} className={classes.hintRow}>
                <Icon name="alert" size={16} />
                <span className={classes.what}>
                  {h.filter ? <Link to={listPath(h.filter as EntityFilter)}>{h.message}</Link>
                    : h.integration ? <Link to={`/integrations/${encodeURIComponent(h.integration.id)}`}>{h.message}</Link>
                    : h.message}
                  {!h.filter && h.entities.length > 0 && (
                    <span className={classes.members}>{h.entities.slice(0, 4).map((e) => <EntityLink key={e.id} entity={e} />)}</span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
    </section>
  );
}
