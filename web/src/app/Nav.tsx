import { NavLink } from 'react-router';
import { useSession, hasRole } from '@/api/session';
import { Icon } from '@/components/icons';
import { useKeepAsOf } from '@/hooks/useAsOf';
import classes from './Nav.module.css';
import { navGroups, pages, type PageEntry } from './routes';

/** The pages that are of use to whoever is signed in. */
export function usePages(): PageEntry[] {
  const { me } = useSession();
  return pages.filter((p) => !p.role || hasRole(me, p.role));
}

/** The navigation: what exists, in groups. */
export function Nav() {
  const shown = usePages();
  const keep = useKeepAsOf();
  return (
    <nav aria-label="Main" className={classes.nav}>
      {navGroups.map((group) => {
        const entries = shown.filter((p) => p.nav?.group === group);
        if (entries.length === 0) return null;
        const list = (
          <ul className={classes.list}>
            {entries.map((p) => (
              <li key={p.path}>
                <NavLink to={keep(p.path)} end={p.path === '/'} className={classes.link}>
                  {p.nav && <Icon name={p.nav.icon} />}
                  {p.title}
                </NavLink>
              </li>
            ))}
          </ul>
        );
        return group === '' ? <div key="top">{list}</div> : (
          <section key={group} aria-label={group}>
            <h2 className={classes.group}>{group}</h2>
            {list}
          </section>
        );
      })}
    </nav>
  );
}
