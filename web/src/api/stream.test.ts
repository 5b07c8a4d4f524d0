import { afterEach, describe, expect, it, vi } from 'vitest';
import { quietFetch } from './stream';

afterEach(() => vi.unstubAllGlobals());

/** A server that has sent one piece and says no more until the request is aborted. */
function streaming(signal: AbortSignal, type: string) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('data: {}\n\n'));
      signal.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body, { headers: { 'Content-Type': type } })));
}

async function abortedAfterOne(type: string) {
  const stop = new AbortController();
  streaming(stop.signal, type);
  const reader = (await quietFetch('/graphql', { signal: stop.signal })).body!.getReader();
  const first = await reader.read();
  stop.abort();
  return { first: new TextDecoder().decode(first.value), next: reader.read().then((r) => r.done), cancelled: reader.cancel() };
}

describe('quietFetch', () => {
  it('ends an event stream that is aborted, and lets it be cancelled', async () => {
    const { first, next, cancelled } = await abortedAfterOne('text/event-stream');
    expect(first).toBe('data: {}\n\n');
    expect(await next).toBe(true);
    await expect(cancelled).resolves.toBeUndefined();
  });

  it('leaves other answers as they are', async () => {
    const { next, cancelled } = await abortedAfterOne('application/json');
    await Promise.all([expect(next).rejects.toThrow(), expect(cancelled).rejects.toThrow()]);
  });

  it('passes on an error that is not an abort', async () => {
    const broken = new ReadableStream({ start: (c) => c.error(new TypeError('lost')) });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(broken, { headers: { 'Content-Type': 'text/event-stream' } })));
    const answer = await quietFetch('/graphql');
    await expect(answer.text()).rejects.toThrow('lost');
  });
});
