import type { Request } from 'express';
import type { Mistakes } from './mistakes.js';

/** A parameter of the query that may be given once; undefined where it is not given. */
export function oneParameter(request: Request, name: string, mistakes: Mistakes): string | undefined {
  const value = request.query[name];
  if (value === undefined || typeof value === 'string') return value;
  mistakes.add(`?${name}=`, 'may be given once');
  return undefined;
}

/** A moment in seconds since the epoch. */
export function momentParameter(request: Request, name: string, mistakes: Mistakes): number | undefined {
  const text = oneParameter(request, name, mistakes);
  if (text === undefined) return undefined;
  if (/^\d{1,11}(\.\d{1,9})?$/.test(text)) return Number(text);
  const hint = 'write seconds since 1970, such as 1772452800';
  mistakes.add(`?${name}=`, `${JSON.stringify(text.slice(0, 40))} is no moment`, hint);
  return undefined;
}

/** One of a few words. */
export function wordParameter<Word extends string>(
  request: Request,
  name: string,
  words: readonly Word[],
  mistakes: Mistakes,
): Word | undefined {
  const text = oneParameter(request, name, mistakes);
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found === undefined) {
    mistakes.add(`?${name}=`, `${JSON.stringify(text.slice(0, 40))} is not known`, `one of ${words.join(', ')}`);
  }
  return found;
}

/** A whole number within bounds. */
export function numberParameter(
  request: Request,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
  mistakes: Mistakes,
): number | undefined {
  const text = oneParameter(request, name, mistakes);
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  mistakes.add(`?${name}=`, `must be a whole number from ${least} to ${most}`);
  return undefined;
}
