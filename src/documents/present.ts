/** An object's type without the keys that may be undefined being so. */
export type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The object without keys whose value is undefined: what is not written is absent. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
