// Jobs that this page has started. The tray follows them and says when they are over.
type Listener = (id: string) => void;

const listeners = new Set<Listener>();

/** Tells the tray of a job that was just submitted: it shows it, follows it and says when it has ended. */
export function trackJob(id: string) {
  listeners.forEach((tell) => tell(id));
}

/** For the tray. */
export function onJob(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
