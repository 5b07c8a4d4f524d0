import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from '@/components/icons';

export const schemes: { value: MantineColorScheme; label: string; icon: IconName }[] = [
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
  { value: 'auto', label: 'As the system', icon: 'laptop' },
];

/** Chooses between light, dark and what the system has; the browser remembers it. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Theme"><Icon name={shown === 'dark' ? 'moon' : 'sun'} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((s) => (
          <Menu.Item key={s.value} role="menuitemradio" aria-checked={colorScheme === s.value} onClick={() => setColorScheme(s.value)}
            leftSection={<Icon name={s.icon} size={16} />} rightSection={colorScheme === s.value ? <Icon name="check" size={16} /> : null}>
            {s.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
