import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { dateField, isWholeDay, momentOf, timeField } from '@/components/AsOfPicker';
import classes from './Compare.module.css';
import { problemOf, type Period } from './period';

export interface PeriodFormProps {
  period: Period;
  /** The second moment is now, and moves on. */
  untilNow: boolean;
  onChange: (from: Date, to: Date | null) => void;
}

/** Chooses the two moments to compare. */
export function PeriodForm({ period, untilNow, onChange }: PeriodFormProps) {
  const [from, setFrom] = useState(dateField(period.from));
  const [fromTime, setFromTime] = useState(isWholeDay(period.from) ? '' : timeField(period.from));
  const [to, setTo] = useState(untilNow ? '' : dateField(period.to));
  const [toTime, setToTime] = useState(untilNow || isWholeDay(period.to) ? '' : timeField(period.to));
  const [problem, setProblem] = useState('');
  const submit = () => {
    const now = new Date();
    const start = momentOf(from, fromTime);
    const chosen = to ? momentOf(to, toTime) : null;
    const end = chosen && chosen.getTime() < now.getTime() ? chosen : null;
    const wrong = problemOf(start, end, now);
    setProblem(wrong);
    if (start && !wrong) onChange(start, end);
  };
  const today = dateField(new Date());
  return (
    <form className={classes.period} onSubmit={(e) => { e.preventDefault(); submit(); }}>
      <TextInput label="From" type="date" max={today} value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
      <TextInput label="Time" aria-label="Time on the first day" type="time" value={fromTime} onChange={(e) => setFromTime(e.currentTarget.value)} />
      <TextInput label="To, or now" type="date" max={today} value={to} onChange={(e) => setTo(e.currentTarget.value)} />
      <TextInput label="Time" aria-label="Time on the second day" type="time" disabled={!to} value={toTime} onChange={(e) => setToTime(e.currentTarget.value)} />
      <Button type="submit" variant="default">Compare</Button>
      {problem && <p className={classes.problem} role="alert">{problem}.</p>}
    </form>
  );
}
