import { ApiError, errorOf, noAnswer } from './errors';
import { session } from './session';

/** Hands the browser a file that was made here. */
export function saveBlob(blob: Blob, name: string) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Hands the browser a text as a file. */
export function saveText(text: string, name: string, mediaType = 'text/plain;charset=utf-8') {
  saveBlob(new Blob([text], { type: mediaType }), name);
}

/** Lets the browser download what a GET of this server answers, with the session's cookie. */
export function saveUrl(url: string, name = '') {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Asks a path of this server by POST with a body of JSON and hands the answer to the browser as a file. */
export async function savePost(path: string, body: unknown, name: string, signal?: AbortSignal) {
  const response = await fetch(path, {
    method: 'POST', body: JSON.stringify(body), signal: signal ?? null,
    headers: { 'Content-Type': 'application/json', ...session.headers() },
  }).catch(noAnswer);
  if (!response.ok) throw await errorOf(response);
  const blob = await response.blob().catch(() => {
    throw new ApiError('The download broke off', 'OFFLINE');
  });
  saveBlob(blob, name);
}
