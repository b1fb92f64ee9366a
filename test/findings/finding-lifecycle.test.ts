import { describe, expect, test } from '@jest/globals';
import { FindingLifecycle, mostPerLook } from '../../src/findings/finding-lifecycle.js';
import { finding, look, noon } from './finding-support.js';

function lifecycle(): FindingLifecycle {
  let number = 0;
  return new FindingLifecycle([], [], () => `id-${(number += 1)}`);
}

const seen = (one: FindingLifecycle) => one.ongoing.map(({ finding: { subject } }) => subject['proxy']);

describe('a finding', () => {
  test('is one, however often it is seen and whatever is told of it: the first moment stays, the words are the last ones', () => {
    const findings = lifecycle();
    findings.take('a', look([finding('cart-1')]), noon);
    findings.take('a', look([finding('cart-1', { summary: 'for 105 s' })]), noon + 15);
    expect(findings.ongoing.map((one) => one.finding)).toEqual([
      {
        ...finding('cart-1', { summary: 'for 105 s' }),
        id: 'id-1',
        firstSeen: noon,
        lastSeen: noon + 15,
        resolvedAt: undefined,
      },
    ]);
  });

  test('of two sources ends when both no longer see it', () => {
    const findings = lifecycle();
    findings.take('a', look([finding('cart-1')]), noon);
    findings.take('b', look([finding('cart-1')]), noon + 5);
    expect(findings.take('a', look([]), noon + 15).ended).toBe(0);
    expect(seen(findings)).toEqual(['cart-1']);
    expect(findings.take('b', look([]), noon + 20).ended).toBe(1);
    expect(seen(findings)).toEqual([]);
  });

  test('of a kind that a look could not judge stays as it was', () => {
    const findings = lifecycle();
    findings.take('a', look([finding('cart-1')]), noon);
    findings.take('a', look([], ['VersionDrift']), noon + 15);
    expect(seen(findings)).toEqual(['cart-1']);
  });

  test('that a look could not see although it judged its kind stays as it was: one proxy of many was silent', () => {
    const findings = lifecycle();
    findings.take('a', look([finding('cart-1'), finding('web-1')]), noon);
    findings.take('a', { ...look([]), unseen: ({ subject }) => subject['proxy'] === 'cart-1' }, noon + 15);
    expect(seen(findings)).toEqual(['cart-1']);
    findings.take('a', look([]), noon + 30);
    expect(seen(findings)).toEqual([]);
  });

  test('is no business of a source that has never seen it', () => {
    const findings = lifecycle();
    findings.take('a', look([finding('cart-1')]), noon);
    findings.take('b', look([]), noon + 15);
    expect(seen(findings)).toEqual(['cart-1']);
  });

  test('that comes back within ten minutes has not ended; later it is another one', () => {
    const findings = lifecycle();
    findings.take('a', look([finding('cart-1')]), noon);
    findings.take('a', look([]), noon + 100);
    findings.take('a', look([finding('cart-1')]), noon + 700);
    expect(findings.ongoing[0]!.finding).toMatchObject({ id: 'id-1', firstSeen: noon, resolvedAt: undefined });
    findings.take('a', look([]), noon + 800);
    findings.take('a', look([finding('cart-1')]), noon + 1401);
    expect(findings.ongoing[0]!.finding).toMatchObject({ id: 'id-2', firstSeen: noon + 1401 });
  });

  test('is over when the only source that saw it is no more', () => {
    const findings = lifecycle();
    findings.take('a', look([finding('cart-1')]), noon);
    expect(findings.retire('a', noon + 60).stored[0]!.finding.resolvedAt).toBe(noon + 60);
    expect(seen(findings)).toEqual([]);
  });

  test('has texts of bounded length, and the same identity before and after', () => {
    const findings = lifecycle();
    const long = finding('cart-1', { summary: 'x'.repeat(5000), evidence: { error: 'y'.repeat(5000) } });
    findings.take('a', look([long]), noon);
    findings.take('a', look([long]), noon + 15);
    const [{ finding: kept } = { finding: undefined }, ...others] = findings.ongoing;
    expect(others).toEqual([]);
    expect([kept!.summary.length, kept!.evidence['error']!.length]).toEqual([600, 600]);
  });
});

describe('what is written', () => {
  test('is what begins and ends at once, and what goes on every five minutes', () => {
    const findings = lifecycle();
    const written = (at: number) => findings.take('a', look([finding('cart-1')]), at).stored.length;
    expect([0, 15, 285, 300, 315, 600].map((age) => written(noon + age))).toEqual([1, 0, 0, 1, 0, 1]);
    expect(findings.unwritten()).toEqual([]);
    written(noon + 615);
    expect(findings.unwritten()).toHaveLength(1);
  });
});

test('a look with more findings than there is room for is cut, and says how many were left out', () => {
  const findings = lifecycle();
  const many = Array.from({ length: mostPerLook + 7 }, (_, number) => finding(`p-${number}`));
  expect(findings.take('a', look(many), noon)).toMatchObject({ began: mostPerLook, leftOut: 7 });
  // What was kept and is behind the cut now has not ended.
  expect(findings.take('a', look(many.toReversed()), noon + 15)).toMatchObject({ ended: 0, leftOut: 7 });
});
