import { ActionIcon, Menu } from '@mantine/core';
import { session, useSession } from '@/api/session';
import { Icon } from '@/components/icons';
import classes from './Account.module.css';

const roles = { REVIEWER: 'Reviewer', RISK_MANAGER: 'Risk manager', ADMINISTRATOR: 'Administrator' };

/** Who is signed in, and the way out. */
export function Account() {
  const { me, open } = useSession();
  if (!me) return null;
  const name = me.employee?.fullName ?? me.name;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Account: ${name}`}><Icon name="employee" /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{name}</strong>
          <span className="ag-soft">{me.employee?.workEmail ?? me.roles.map((r) => roles[r]).join(', ')}</span>
          {open && <span className="ag-soft">This server asks for no key.</span>}
        </div>
        <Menu.Divider />
        <Menu.Item component="a" href="/graphiql" leftSection={<Icon name="code" size={16} />}>GraphiQL</Menu.Item>
        {!open && <Menu.Item onClick={() => void session.signOut()} leftSection={<Icon name="signOut" size={16} />}>Sign out</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
