import { ApiError, type ErrorCode } from './errors';
import { session } from './session';

export interface UploadAnswer<T> {
  status: number;
  body: T;
}

export interface UploadOptions {
  /** Called with bytes sent and bytes in all. */
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Sends a file, or a part of one, as the body of a POST and reads the answer as JSON.
 * `accept` are the statuses that are an answer, not a failure (an import's 422 is a report).
 * Rejects with ApiError, or AbortError when the signal fires.
 */
export function upload<T>(path: string, file: Blob, accept: number[] = [200], options: UploadOptions = {}): Promise<UploadAnswer<T>> {
  const { onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    // fetch cannot say how much was sent.
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept', 'application/json');
    for (const [name, value] of Object.entries(session.headers())) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = (e) => onProgress(e.loaded, file.size);
    request.onload = () => {
      let body: unknown;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        reject(new ApiError(`The server answered ${request.status} without an explanation`, 'INTERNAL'));
        return;
      }
      if (accept.includes(request.status)) {
        resolve({ status: request.status, body: body as T });
        return;
      }
      const said = (body as { error?: { message?: string; code?: string; path?: string } }).error;
      const code = (said?.code ?? 'INTERNAL') as ErrorCode;
      if (code === 'UNAUTHENTICATED') session.ended();
      reject(new ApiError(said?.message ?? `The server answered ${request.status}`, code, said?.path));
    };
    request.onerror = () => reject(new ApiError('The server does not answer. Is it still running?', 'OFFLINE'));
    request.onabort = () => reject(new DOMException('The upload was stopped', 'AbortError'));
    if (signal?.aborted) {
      request.onabort(new ProgressEvent('abort'));
      return;
    }
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
