import { createContext, useContext, useEffect, useRef, type RefObject } from 'react';

interface Builder {
  /** The part that the server's error is about, and what it says. */
  errorKey: string | undefined;
  message: string | undefined;
  /** The part that was added last; it takes the focus once. */
  added: RefObject<string | null>;
}

export const BuilderContext = createContext<Builder>({ errorKey: undefined, message: undefined, added: { current: null } });

/** What the server has against this part, if anything. */
export function usePartError(key: string): string | undefined {
  const { errorKey, message } = useContext(BuilderContext);
  return errorKey === key ? message : undefined;
}

/** For the element of a part: when the part is new, its first field takes the focus. */
export function useFocusWhenAdded<E extends HTMLElement>(key: string): RefObject<E | null> {
  const element = useRef<E>(null);
  const { added } = useContext(BuilderContext);
  useEffect(() => {
    if (added.current !== key) return;
    added.current = null;
    // After the menu that added it has given the focus back.
    const timer = setTimeout(() => {
      const find = (selector: string) => element.current?.querySelector<HTMLElement>(selector);
      (find('input[data-value], [data-value] input') ?? find('input, select, button[aria-haspopup]') ?? find('button'))?.focus();
    }, 30);
    return () => clearTimeout(timer);
  }, [key, added]);
  return element;
}
