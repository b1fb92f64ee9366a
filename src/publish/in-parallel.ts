/** Results of work on many things, a few at a time, as they come; the first failure ends it, once what runs has ended. */
export async function* inParallel<T, R>(
  things: Iterable<T>,
  width: number,
  work: (thing: T) => Promise<R>,
): AsyncIterable<R> {
  const running = new Map<number, Promise<{ readonly key: number; readonly result: R }>>();
  let key = 0;
  try {
    for (const thing of things) {
      const own = key++;
      running.set(
        own,
        work(thing).then((result) => ({ key: own, result })),
      );
      if (running.size >= width) yield await next(running);
    }
    while (running.size > 0) yield await next(running);
  } finally {
    await Promise.allSettled(running.values());
  }
}

async function next<R>(running: Map<number, Promise<{ readonly key: number; readonly result: R }>>): Promise<R> {
  const { key, result } = await Promise.race(running.values());
  running.delete(key);
  return result;
}
