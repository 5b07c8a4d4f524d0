import { Button } from '@mantine/core';
import { Icon } from '@/components/icons';
import { useAsOf } from '@/hooks/useAsOf';
import classes from './AsOfPicker.module.css';
import { formatMoment } from './moment';

/** Says, while the page is about the past, that it is, and leads back to now. Stands below the head of every page that has an AsOfPicker. */
export function AsOfBanner() {
  const [asOf, setAsOf] = useAsOf();
  if (!asOf) return null;
  return (
    <div className={classes.banner} role="status">
      <Icon name="history" />
      <p>
        <strong>Access as it was on {formatMoment(asOf)}.</strong>{' '}
        Names, statuses and people are those of today.
      </p>
      <Button size="compact-sm" variant="default" onClick={() => setAsOf(null, { push: true })}>Back to now</Button>
    </div>
  );
}
