import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './PageTabs.module.css';

export interface PageTab<T extends string> {
  key: T;
  label: string;
  /** How many there are, after the label. */
  count?: number;
}

export interface PageTabsProps<T extends string> {
  tabs: readonly PageTab<T>[];
  value: T;
  onChange: (tab: T) => void;
  /** What the tabs are of, for screen readers. */
  label: string;
  /** The content of the open tab. */
  children: ReactNode;
}

/** Tabs below the head of a page, of which only the open one is in the document. */
export function PageTabs<T extends string>({ tabs, value, onChange, label, children }: PageTabsProps<T>) {
  return (
    <Tabs value={value} onChange={(v) => v && onChange(v as T)} className={classes.tabs} keepMounted={false}>
      <div className={classes.scroll}>
        <Tabs.List aria-label={label} className={classes.list}>
          {tabs.map((t) => (
            <Tabs.Tab key={t.key} value={t.key}>
              {t.label}{t.count !== undefined && <span className={classes.count}>{t.count.toLocaleString('en-US')}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      {tabs.map((t) => <Tabs.Panel key={t.key} value={t.key} className={classes.panel}>{t.key === value && children}</Tabs.Panel>)}
    </Tabs>
  );
}
