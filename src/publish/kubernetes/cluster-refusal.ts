import { Failure } from '../../domain/failure.js';
import { type Meaning, withMeaning } from '../http/refusal.js';
import { type ResourceKind, resources } from './resource.js';

/** What a refusal of a cluster was about. */
export interface Asked {
  readonly url: string;
  readonly namespace: string;
  readonly kind: ResourceKind;
}

const meanings: readonly Meaning[] = [
  {
    said: /because it is being terminated/,
    hint: 'somebody is deleting the namespace: wait until it is gone and made anew, or name another',
  },
  {
    said: /exceeded quota/,
    hint: 'a ResourceQuota of the namespace allows no more of these: raise it',
  },
  {
    said: /admission webhook/,
    hint: 'not the right to write is missing: something that checks objects in this cluster does not like it',
  },
  {
    said: /immutable/,
    hint: 'somebody has made it immutable: delete it there, and the next run makes it anew',
  },
];

/** A failure of a request to a cluster, with what to do about it. */
export function clusterRefusal(failure: Failure, asked: Asked): Failure {
  const { code, message } = failure;
  if (code === 'not-found' && isUnknownKind(message)) return unknownKind(asked);
  const { namespace } = asked;
  const missing = {
    said: /namespaces "[^"]*" not found/,
    hint: `make the namespace first: kubectl create namespace ${namespace}`,
  };
  return withMeaning(failure, [missing, ...meanings]);
}

/** Whether a cluster says that it has no such path, and not that an object is missing: in plain text, or as clients of Go put it. */
export function isUnknownKind(text: string): boolean {
  return /(^|: )404 page not found|could not find the requested resource/.test(text);
}

export function unknownKind({ url, kind }: Pick<Asked, 'url' | 'kind'>): Failure {
  const { comesWith } = resources[kind];
  return new Failure('not-found', `${url} knows no ${kind}`, {
    hint: `it comes with ${comesWith}: install that, or do not publish this kind (docs/publishing.md)`,
  });
}
