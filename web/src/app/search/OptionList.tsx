import { EntityIcon } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { grouped, type Option } from './options';
import classes from './Search.module.css';
import type { Combobox } from './useCombobox';

interface Props {
  label: string;
  options: readonly Option[];
  box: Combobox;
  onChoose: (option: Option, event: { newTab: boolean }) => void;
}

/** The options of a combobox, in groups. */
export function OptionList({ label, options, box, onChoose }: Props) {
  const index = new Map(options.map((o, i) => [o, i]));
  return (
    <div role="listbox" id={box.listId} aria-label={label} className={classes.list}>
      {grouped(options).map(([group, members]) => (
        <div key={group} role="group" aria-label={group}>
          <div className={classes.group} aria-hidden="true">{group}</div>
          {members.map((o) => {
            const i = index.get(o) ?? -1;
            return (
              // The keyboard is handled by the field, which keeps the focus.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div key={o.id} id={box.optionId(i)} role="option" aria-selected={i === box.active} className={classes.option}
                onPointerMove={() => box.setActive(i)} onMouseDown={(e) => e.preventDefault()}
                onClick={(e) => onChoose(o, { newTab: e.ctrlKey || e.metaKey })}>
                <span className={classes.icon}>{o.kind ? <EntityIcon type={o.kind} size={16} /> : o.icon && <Icon name={o.icon} size={16} />}</span>
                <span className={classes.label}>{o.label}</span>
                {o.hint && <span className={classes.hint}>{o.hint}</span>}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
