import type { ControlPlaneThresholds } from '../config/control-planes.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import type { CertificateState } from './control-plane-state.js';
import { certificateExpiring } from './findings/certificate-findings.js';
import type { Scope } from './findings/scope.js';

/** Findings about those certificates that have less time left than they must. */
export function endingCertificates(
  scope: Scope,
  certificates: readonly CertificateState[],
  thresholds: ControlPlaneThresholds,
  now: EpochSeconds,
): readonly Finding[] {
  const { certificateSeconds, workloadCertificateSeconds } = thresholds;
  return certificates
    .filter(
      ({ of, secondsLeft }) => secondsLeft < (of === 'workload' ? workloadCertificateSeconds : certificateSeconds),
    )
    .map((certificate) => certificateExpiring(scope, certificate, now));
}
