/**
 * fetch, for a reader that stops listening to an event stream. To cancel a body whose request was
 * aborted is an error that nobody waits for, and the browser reports it; here an aborted stream ends.
 */
export const quietFetch: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (!answer.body || !answer.headers.get('Content-Type')?.startsWith('text/event-stream')) return answer;
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (cause) {
        if (init?.signal?.aborted) controller.close();
        else controller.error(cause);
      }
    },
    cancel: (reason) => reader.cancel(reason).catch(() => undefined),
  });
  return new Response(body, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
};
