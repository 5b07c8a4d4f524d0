import type { EntityKind } from '@/components/Entity';
import type { IconName } from '@/components/icons';

/** Something that can be chosen in a search: a place to go, or something to do. */
export interface Option {
  id: string;
  group: string;
  label: string;
  hint?: string;
  kind?: EntityKind;
  icon?: IconName;
  to?: string;
  run?: () => void;
}

/** The options in their groups, both in the order given. */
export function grouped(options: readonly Option[]): [string, Option[]][] {
  const groups = new Map<string, Option[]>();
  for (const o of options) groups.set(o.group, [...(groups.get(o.group) ?? []), o]);
  return [...groups];
}

/** Whether every word of the text begins a word of the label. */
export function matches(label: string, text: string): boolean {
  const words = label.toLowerCase().split(/[\s/-]+/);
  return text.toLowerCase().split(/\s+/).filter(Boolean).every((t) => words.some((w) => w.startsWith(t)));
}
