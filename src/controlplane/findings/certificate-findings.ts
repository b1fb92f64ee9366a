import type { EpochSeconds } from '../../domain/clock.js';
import type { Finding } from '../../domain/finding.js';
import { spanInWords } from '../../domain/in-words.js';
import type { CertificateState } from '../control-plane-state.js';
import { type Scope, subjectOf, titleOf } from './scope.js';

/** A certificate that ends soon, or has ended. */
export function certificateExpiring(scope: Scope, certificate: CertificateState, now: EpochSeconds): Finding {
  const { name, of, owner, secondsLeft, isInWholeDays, example } = certificate;
  const isLastDay = isInWholeDays && secondsLeft <= 0;
  const exact = secondsLeft > 0 ? `ends in ${spanInWords(secondsLeft)}` : `ended ${spanInWords(-secondsLeft)} ago`;
  const ends = new Date((now + secondsLeft) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    kind: 'CertificateExpiring',
    subject: { ...subjectOf(scope), certificate: name, ...(owner !== undefined && of === 'workload' && { owner }) },
    owner: of === 'workload' ? owner : scope.owner,
    summary: `the ${name} certificate of ${titleOf(scope)} ${isLastDay ? 'ends within a day, or has ended' : exact}`,
    evidence: {
      certificate: name,
      ends: isLastDay ? 'no whole day left' : ends,
      ...(example !== undefined && { proxy: example }),
    },
    action:
      of === 'workload'
        ? 'Proxies renew their certificates long before: see in their logs why they could not, and whether the control plane signs.'
        : 'Rotate it before that: afterwards no proxy gets a certificate, and connections inside the mesh fail.',
    since: undefined,
  };
}
