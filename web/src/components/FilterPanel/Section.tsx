import { useId, type ReactNode } from 'react';
import { Icon } from '@/components/icons';
import classes from './FilterPanel.module.css';

export interface SectionProps {
  label: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  /** How many values are chosen. */
  count?: number;
  children: ReactNode;
}

/** A part of the panel that folds. */
export function Section({ label, open, onOpen, count = 0, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>
        <button type="button" className={classes.fold} aria-expanded={open} aria-controls={id} onClick={() => onOpen(!open)}>
          <Icon name={open ? 'chevronDown' : 'chevronRight'} size={15} />
          <span className={classes.foldText}>{label}</span>
          {count > 0 && <span className={classes.badge}>{count}<span className="ag-hidden"> chosen</span></span>}
        </button>
      </h3>
      <div id={id} hidden={!open} className={classes.content}>{open && children}</div>
    </section>
  );
}
