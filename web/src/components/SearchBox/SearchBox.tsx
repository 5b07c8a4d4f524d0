import { CloseButton, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '@/components/icons';

export interface SearchBoxProps {
  /** For screen readers. */
  label: string;
  value: string;
  /** Called a moment after typing ends, and at once on Enter. */
  onChange: (text: string) => void;
  placeholder?: string;
  size?: 'xs' | 'sm';
  className?: string | undefined;
}

const pause = 250;

/** A field to search in. What is typed is applied a moment later; a value from outside, such as Back, takes its place. */
export function SearchBox({ label, value, onChange, placeholder, size = 'sm', className }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const applied = useRef(value);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (value === applied.current) return;
    applied.current = value;
    setText(value);
  }, [value]);
  const apply = (t: string) => {
    const next = t.trim();
    if (next === applied.current) return;
    applied.current = next;
    latest.current(next);
  };
  const later = useRef(apply);
  useEffect(() => {
    later.current = apply;
  });
  useEffect(() => {
    const timer = setTimeout(() => later.current(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextInput size={size} className={className} aria-label={label} placeholder={placeholder ?? label} value={text}
      {...(size === 'sm' ? { leftSection: <Icon name="search" size={16} /> } : {})}
      rightSection={text ? <CloseButton size="sm" aria-label={`Clear: ${label}`} onClick={() => { setText(''); apply(''); }} /> : null}
      onChange={(e) => setText(e.currentTarget.value)} onKeyDown={(e) => { if (e.key === 'Enter') apply(text); }} />
  );
}
