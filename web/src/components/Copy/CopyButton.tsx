import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '@/components/icons';

export interface CopyButtonProps {
  /** What to copy; a function is called when the button is pressed. */
  text: string | (() => string);
  /** What it is, e.g. "Copy the link". */
  label: string;
  /** Only the icon; the label becomes its name. */
  iconOnly?: boolean;
}

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label, iconOnly = false }: CopyButtonProps) {
  const [said, setSaid] = useState<'' | 'Copied' | 'Could not be copied'>('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
      setSaid('Copied');
    } catch {
      setSaid('Could not be copied'); // browsers give no clipboard to pages over plain http
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(''), 2000);
  };
  const icon = <Icon name={said === 'Copied' ? 'check' : 'copy'} size={16} />;
  return (
    <>
      {iconOnly ? (
        <Tooltip label={said || label}>
          <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => void copy()}>{icon}</ActionIcon>
        </Tooltip>
      ) : (
        <Button variant="default" leftSection={icon} onClick={() => void copy()}>{said || label}</Button>
      )}
      <span className="ag-hidden" role="status">{said}</span>
    </>
  );
}
