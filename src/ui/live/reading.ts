import { useEffect, useState } from 'preact/hooks';
import { read, Trouble } from './server.js';

/** What is known of one address of the API. */
export interface Reading<T> {
  /** The last good answer; it stays until there is another. */
  readonly value: T | undefined;
  /** Whether it answers an earlier question. */
  readonly isOld: boolean;
  /** Why the last attempt failed. */
  readonly trouble: Trouble | undefined;
}

/**
 * Reads `/api/v1/<path>` now, and again whenever path or `version` changes.
 *
 * Paths of one `subject` ask the same at another moment.
 */
export function useReading<T>({
  path,
  subject,
  version,
}: {
  path: string;
  subject: string;
  version: unknown;
}): Reading<T> {
  const [answer, setAnswer] = useState<{ readonly subject: string; readonly value: T } | undefined>(undefined);
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    read<T>(path, stop.signal).then(
      (value) => {
        if (stop.signal.aborted) return;
        setAnswer({ subject, value });
        setTrouble(undefined);
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        if (!(error instanceof Trouble)) throw error;
        setTrouble(error);
      },
    );
    return () => stop.abort();
  }, [path, version]);
  return { value: answer?.value, isOld: answer !== undefined && answer.subject !== subject, trouble };
}
