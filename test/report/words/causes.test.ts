import { expect, test } from '@jest/globals';
import type { CauseShare } from '../../../src/report/burn-event.js';
import { causeInWords, firstStep } from '../../../src/report/words/causes.js';
import { slo } from '../../ledger/support.js';

const cart = slo('cart');
const slow = slo('cart', { indicator: { kind: 'latency', thresholdSeconds: 0.25 } });

/** Of 1,000 bad events. */
const cause = (...shares: readonly (readonly [CauseShare['fact'], string, number])[]) => ({
  bad: 1000,
  shares: shares.map(([fact, value, bad]) => ({ fact, value, bad })),
});

test.each([
  {
    what: 'an error of the service itself',
    of: cart,
    cause: cause(['flags', '-', 1000], ['code', '500', 1000], ['caller', 'storefront', 1000], ['version', 'v3', 612]),
    words: 'All answered with code 500 by the service itself, called by storefront; 61.2 % at version v3.',
    step: 'See in its logs (version v3) what ends with code 500 in calls from storefront.',
  },
  {
    what: 'a connection that is not made',
    of: cart,
    cause: cause(['flags', 'UF,URX', 800], ['code', '503', 1000]),
    words: 'All with code 503; 80 % with “could not connect, retries used up” (UF,URX).',
    step: 'See why calls end with “could not connect, retries used up” (UF,URX).',
  },
  {
    what: 'two facts of as many events: they may be others',
    of: cart,
    cause: cause(['flags', '-', 667], ['code', '500', 667], ['caller', 'gateway', 667]),
    words: '66.7 % ended by the service itself; 66.7 % with code 500; 66.7 % called by gateway.',
    step: 'See in its logs what ends with code 500 in calls from gateway.',
  },
  {
    what: 'a flag that nobody has heard of',
    of: cart,
    cause: cause(['flags', 'XYZ', 1000]),
    words: 'All with flag XYZ.',
    step: 'See why calls end with flag XYZ.',
  },
  {
    what: 'no answer at all',
    of: cart,
    cause: cause(['flags', '-', 1000], ['code', '0', 793], ['caller', 'gateway', 1000]),
    words: 'All ended by the service itself, called by gateway; 79.3 % without an answer (code 0).',
    step: 'See in its logs why calls from gateway get no answer.',
  },
  {
    what: 'an answer that comes too late: that it is one goes without saying',
    of: slow,
    cause: cause(['flags', '-', 900], ['code', '200', 880], ['caller', 'gateway', 1000]),
    words: 'All called by gateway.',
    step: 'See what is slow in calls from gateway.',
  },
  {
    what: 'callers of the same cluster, which says nothing',
    of: cart,
    cause: cause(['callerCluster', 'eu', 1000]),
    words: 'They have nothing in common that is known.',
    step: undefined,
  },
])('$what', ({ of, cause: told, words, step }) => {
  expect(causeInWords(told, of)).toBe(words);
  expect(firstStep(told, of)).toBe(step);
});
