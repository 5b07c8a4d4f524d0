import { Link } from 'react-router';
import { useQuery } from 'urql';
import { useMay, useSession } from '@/api/session';
import { Page } from '@/components/Page';
import { ErrorState, LoadingState } from '@/components/States';
import { ServerSettings } from './documents';
import { Keys } from './Keys';
import { roleLabels } from './roles';
import classes from './Settings.module.css';

/** How this deployment is set up, who is signed in, and the API keys. */
export function SettingsPage() {
  const administrator = useMay('ADMINISTRATOR');
  const manager = useMay('RISK_MANAGER');
  return (
    <Page title="Settings">
      <div className={classes.columns}>
        <You />
        {manager && <Deployment />}
      </div>
      {administrator && <Keys />}
    </Page>
  );
}

function You() {
  const { me, open } = useSession();
  return (
    <section className={classes.panel} aria-labelledby="settings-you">
      <h2 className={classes.heading} id="settings-you">You</h2>
      <dl className={classes.facts}>
        <dt>Signed in as</dt><dd>{open ? 'Nobody: this server asks for no key' : me?.name}</dd>
        <dt>Role</dt><dd>{me?.roles.map((r) => roleLabels[r]).join(', ')}</dd>
        {me?.employee && <><dt>Employee</dt><dd><Link to={`/employees/${encodeURIComponent(me.employee.id)}`}>{me.employee.fullName}</Link></dd></>}
      </dl>
      {open && <p className={classes.warn}>Everybody who reaches this server may do everything. Serve without <code>--open</code> where that is not meant.</p>}
    </section>
  );
}

function Deployment() {
  const [{ data, error, fetching }, again] = useQuery({ query: ServerSettings });
  const s = data?.settings;
  return (
    <section className={classes.panel} aria-labelledby="settings-deployment">
      <h2 className={classes.heading} id="settings-deployment">This deployment</h2>
      {error ? <ErrorState compact error={error} retry={() => again({ requestPolicy: 'network-only' })} />
        : fetching || !s ? <LoadingState compact label="Loading the settings" />
        : (
          <dl className={classes.facts}>
            <dt>Name</dt><dd>{s.tenantName || '–'}</dd>
            <dt>Time zone</dt><dd>{s.timeZone}</dd>
            <dt>Out of sync after</dt><dd>{s.outOfSyncHours} hours without an import</dd>
            <dt>Paths are counted</dt><dd>up to {s.pathLimits.maxDepth} steps and {s.pathLimits.chains.toLocaleString('en-US')} chains</dd>
          </dl>
        )}
      <p className="ag-soft">These are changed by the API: <code>updateSettings</code>.</p>
    </section>
  );
}
