import { useNavigate } from 'react-router';
import type { Option } from './options';

/** Goes where an option leads, or does what it says. */
export function useChoose(after: () => void) {
  const navigate = useNavigate();
  return (option: Option, { newTab }: { newTab: boolean }) => {
    after();
    if (option.to && newTab) window.open(option.to, '_blank', 'noopener');
    else if (option.to) void navigate(option.to);
    option.run?.();
  };
}
