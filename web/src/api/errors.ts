import { CombinedError } from 'urql';

/** The codes that the API gives its errors, and two of our own: no answer came, or no sensible one. */
export type ErrorCode =
  | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'INVALID_INPUT' | 'CONFLICT' | 'LIMIT_EXCEEDED' | 'UNAVAILABLE' | 'TIMEOUT' | 'INTERNAL'
  | 'OFFLINE';

/** An error of one of the plain HTTP endpoints, with the API's code. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** The offending part of the input, where one is meant. */
  readonly path: string | undefined;

  constructor(message: string, code: ErrorCode, path?: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.path = path;
  }
}

const offline = 'The server does not answer. Is it still running?';

/** The API's code of an error; INTERNAL where it has none. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof ApiError) return error.code;
  if (error instanceof CombinedError) {
    const code = error.graphQLErrors.find((e) => e.extensions?.['code'])?.extensions?.['code'];
    if (typeof code === 'string') return code as ErrorCode;
    if (error.networkError instanceof ApiError) return error.networkError.code;
    if (error.networkError) return 'OFFLINE';
  }
  return 'INTERNAL';
}

/** What to tell people about an error, in one or two plain sentences. */
export function messageOf(error: unknown): string {
  if (error instanceof CombinedError) {
    const first = error.graphQLErrors[0];
    if (first) return sentence(first.message);
    if (error.networkError instanceof ApiError) return sentence(error.networkError.message);
    if (error.networkError) return offline;
  }
  if (error instanceof Error && error.message) return sentence(error.message);
  return 'Something went wrong.';
}

/** A text with a capital and a full stop. */
function sentence(text: string): string {
  const t = text.trim();
  if (!t) return 'Something went wrong.';
  const head = t.charAt(0).toUpperCase() + t.slice(1);
  return /[.!?]$/.test(head) ? head : `${head}.`;
}

/** The error that an HTTP answer other than 2xx stands for. Reads its body. */
export async function errorOf(response: Response): Promise<ApiError> {
  const said: unknown = await response.json().catch(() => undefined);
  const error = errorIn(said);
  if (error) return error;
  return new ApiError(`The server answered ${response.status} without an explanation`, response.status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL');
}

function errorIn(body: unknown): ApiError | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, errors } = body as { error?: Said; errors?: { message?: string; extensions?: { code?: string } }[] };
  if (error?.message) return new ApiError(error.message, (error.code ?? 'INTERNAL') as ErrorCode, error.path);
  const first = errors?.[0];
  if (first?.message) return new ApiError(first.message, (first.extensions?.code ?? 'INTERNAL') as ErrorCode);
  return undefined;
}

interface Said {
  code?: string;
  message?: string;
  path?: string;
}

/** For the catch of a fetch: what never got an answer. An abort stays what it is. */
export function noAnswer(cause: unknown): never {
  if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
  throw new ApiError(offline, 'OFFLINE');
}
