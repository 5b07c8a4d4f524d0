import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon } from '@/components/icons';
import classes from './Page.module.css';

export interface Crumb {
  label: string;
  to: string;
}

export interface PageHeaderProps {
  title: ReactNode;
  /** For the browser's tab, where title is not a text. */
  documentTitle?: string;
  /** One line under the title. */
  subtitle?: ReactNode;
  /** Where this page hangs, outermost first. */
  crumbs?: Crumb[];
  /** Buttons at the right. */
  actions?: ReactNode;
  /** Before the title. */
  icon?: ReactNode;
}

/** The head of a page: its only h1, and the title of the browser's tab. */
export function PageHeader({ title, documentTitle, subtitle, crumbs, actions, icon }: PageHeaderProps) {
  const tab = documentTitle ?? (typeof title === 'string' ? title : '');
  useEffect(() => {
    document.title = tab ? `${tab} · accessgraph` : 'accessgraph';
  }, [tab]);
  return (
    <header className={classes.header}>
      <div className={classes.titles}>
        {crumbs && crumbs.length > 0 && (
          <nav aria-label="Breadcrumb" className={classes.crumbs}>
            {crumbs.map((c) => (
              <span key={c.to} className={classes.crumb}>
                <Link to={c.to}>{c.label}</Link>
                <Icon name="chevronRight" size={13} />
              </span>
            ))}
          </nav>
        )}
        <div className={classes.titleRow}>
          {icon}
          <h1 className={classes.title}>{title}</h1>
        </div>
        {subtitle && <div className={classes.subtitle}>{subtitle}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}

export interface PageProps extends PageHeaderProps {
  /** The page is as high as the window and its content scrolls by itself: for a table or a drawing. */
  fill?: boolean;
  children: ReactNode;
}

/** A page: its head and its content. */
export function Page({ fill = false, children, ...header }: PageProps) {
  return (
    <div className={classes.page} data-fill={fill || undefined}>
      <PageHeader {...header} />
      {children}
    </div>
  );
}
