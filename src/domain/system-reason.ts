/** `permission denied`: why the operating system refused, without the error's code, call and path. */
export function systemReason(error: unknown): string {
  const { message } = error as Error;
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
