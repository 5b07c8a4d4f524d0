import { ActionIcon, Button, Menu, Select } from '@mantine/core';
import type { RefObject } from 'react';
import { EntityIcon, kindLabels } from '@/components/Entity';
import type { GraphHandle, Highlight } from '@/components/Graph';
import { Icon } from '@/components/icons';
import classes from './GraphPage.module.css';

interface OptionsProps {
  permissions: readonly string[];
  permission: string;
  onPermission: (name: string) => void;
  highlight: Highlight;
  onHighlight: (what: Highlight) => void;
}

const highlights: { value: Highlight; label: string }[] = [
  { value: 'none', label: 'Nothing' }, { value: 'direct', label: 'Direct grants' }, { value: 'inherited', label: 'Inherited access' }, { value: 'risky', label: 'Risky access' },
];

/** What of the access is drawn, and what of it stands out. */
export function Options({ permissions, permission, onPermission, highlight, onHighlight }: OptionsProps) {
  return (
    <>
      <Select label="Permission" placeholder="Any" searchable clearable w={170} data={[...new Set([...permissions, permission].filter(Boolean))]} value={permission || null}
        onChange={(v) => onPermission(v ?? '')} clearButtonProps={{ 'aria-label': 'Any permission', 'aria-hidden': false, tabIndex: 0 }} />
      <Select label="Highlight" w={170} allowDeselect={false} data={highlights} value={highlight} onChange={(v) => onHighlight(v ?? 'none')} />
    </>
  );
}

interface ToolsProps {
  handle: RefObject<GraphHandle | null>;
  groupable: boolean;
  all: boolean;
  onAll: (all: boolean) => void;
  collapsible: boolean;
  onCollapse: () => void;
  onPng: () => void;
  onSvg: () => void;
}

/** The buttons over the drawing. */
export function Tools({ handle, groupable, all, onAll, collapsible, onCollapse, onPng, onSvg }: ToolsProps) {
  return (
    <div className={classes.tools} role="toolbar" aria-label="Drawing">
      <ActionIcon variant="default" aria-label="Zoom in" onClick={() => handle.current?.zoom(1.25)}><Icon name="zoomIn" size={16} /></ActionIcon>
      <ActionIcon variant="default" aria-label="Zoom out" onClick={() => handle.current?.zoom(0.8)}><Icon name="zoomOut" size={16} /></ActionIcon>
      <ActionIcon variant="default" aria-label="Show everything" onClick={() => handle.current?.fit()}><Icon name="expand" size={16} /></ActionIcon>
      <Menu>
        <Menu.Target><ActionIcon variant="default" aria-label="Save the drawing"><Icon name="download" size={16} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onPng}>As PNG</Menu.Item>
          <Menu.Item onClick={onSvg}>As SVG</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {groupable && <Button size="compact-sm" variant="default" onClick={() => onAll(!all)}>{all ? 'Group like ones' : 'Draw every one'}</Button>}
      {collapsible && <Button size="compact-sm" variant="default" onClick={onCollapse}>Collapse</Button>}
    </div>
  );
}

/** What shapes mean. */
export function Legend() {
  return (
    <div className={classes.legend}>
      {(['IDENTITY', 'CONNECTION', 'RESOURCE'] as const).map((t) => <span key={t}><EntityIcon type={t} size={14} /> {kindLabels[t]}</span>)}
      <span>Double border: a group</span>
      <span>Dashed border: a risk</span>
    </div>
  );
}
