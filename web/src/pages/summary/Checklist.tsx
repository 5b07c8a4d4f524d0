import { ActionIcon, Tooltip } from '@mantine/core';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { useMay } from '@/api/session';
import { Icon } from '@/components/icons';
import type { SummaryStatisticsQuery } from '@/gql/graphql';
import { useStored } from '@/hooks/useStored';
import { SummaryQuality } from './documents';
import classes from './Summary.module.css';

interface Step {
  label: string;
  done: boolean;
  to: string;
}

/** The first steps of a new deployment, for administrators, until all are taken or somebody puts it away. */
export function Checklist({ statistics: s }: { statistics: SummaryStatisticsQuery['statistics'] }) {
  const administrator = useMay('ADMINISTRATOR');
  const [hidden, setHidden] = useStored('checklist.hidden', false);
  const wanted = administrator && !hidden;
  const [{ data }] = useQuery({ query: SummaryQuality, pause: !wanted });
  if (!wanted || !data) return null;
  const lacking = data.dataQuality.filter((h) => h.kind === 'INTEGRATION_WITHOUT_OWNER').length;
  const steps: Step[] = [
    { label: 'Add the people: an export of the HR system', done: s.employees > 0, to: '/import' },
    { label: 'Import the first application', done: s.integrations > 0, to: '/import' },
    { label: 'Tie identities to employees', done: s.employeeIdentities > 0, to: '/identities' },
    { label: 'Name an owner for every integration', done: s.integrations > 0 && lacking === 0, to: '/applications' },
  ];
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  return (
    <section className={classes.panel} aria-labelledby="checklist">
      <div className={classes.line}>
        <h2 className={classes.panelTitle} id="checklist">First steps</h2>
        <span className="ag-soft">{done} of {steps.length} done</span>
        <span className={classes.grow} />
        <Tooltip label="Put this away">
          <ActionIcon variant="subtle" color="gray" aria-label="Put the first steps away" onClick={() => setHidden(true)}><Icon name="close" size={16} /></ActionIcon>
        </Tooltip>
      </div>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.label} data-done={step.done || undefined}>
            <span className={classes.tick}>{step.done && <Icon name="check" size={14} />}</span>
            {step.done ? <span>{step.label}<span className="ag-hidden"> (done)</span></span> : <Link to={step.to}>{step.label}</Link>}
          </li>
        ))}
      </ol>
    </section>
  );
}
