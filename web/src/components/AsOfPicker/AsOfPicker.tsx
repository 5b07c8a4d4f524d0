import { Button, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Icon } from '@/components/icons';
import { useAsOf } from '@/hooks/useAsOf';
import classes from './AsOfPicker.module.css';
import { dateField, daysAgo, formatMoment, isWholeDay, momentOf, timeField } from './moment';

const quick: [string, number][] = [['Yesterday', 1], ['A week ago', 7], ['A month ago', 30], ['A year ago', 365]];

/** Chooses the moment that the page is about; it lives in the URL as asOf. */
export function AsOfPicker() {
  const [asOf, setAsOf] = useAsOf();
  const [open, setOpen] = useState(false);
  const choose = (moment: Date | null) => {
    setAsOf(moment && moment.getTime() < Date.now() ? moment : null, { push: true });
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Button variant={asOf ? 'light' : 'default'} leftSection={<Icon name="clock" size={16} />} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
          {asOf ? `As of ${formatMoment(asOf)}` : 'As of now'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="The moment to show">
        {open && <MomentForm initial={asOf} onChoose={choose} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function MomentForm({ initial, onChoose }: { initial: Date | null; onChoose: (moment: Date | null) => void }) {
  const [date, setDate] = useState(initial ? dateField(initial) : '');
  const [time, setTime] = useState(initial && !isWholeDay(initial) ? timeField(initial) : '');
  const [problem, setProblem] = useState('');
  const submit = () => {
    const moment = momentOf(date, time);
    const today = dateField(new Date()) === date && time === '';
    if (!moment) setProblem('Choose a date');
    else if (moment.getTime() > Date.now() && !today) setProblem('That is still to come');
    else onChoose(moment);
  };
  return (
    <form className={classes.form} onSubmit={(e) => { e.preventDefault(); submit(); }}>
      <TextInput label="Show access on" type="date" value={date} max={dateField(new Date())} error={problem} data-autofocus
        onChange={(e) => { setDate(e.currentTarget.value); setProblem(''); }} />
      <TextInput label="At" description="The end of the day when left out" type="time" value={time}
        onChange={(e) => { setTime(e.currentTarget.value); setProblem(''); }} />
      <div className={classes.quick}>
        {quick.map(([label, days]) => (
          <Button key={days} size="compact-sm" variant="default" onClick={() => onChoose(daysAgo(days))}>{label}</Button>
        ))}
      </div>
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => onChoose(null)}>Now</Button>
        <Button type="submit">Show</Button>
      </div>
    </form>
  );
}
