/** Lets everything else that waits run: a long piece of work in a running service calls it between its steps. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
