import type { EpochSeconds } from '../domain/clock.js';
import type { ControlPlaneThresholds } from '../config/control-planes.js';
import type { Answer } from './answer.js';
import type { CertificateState } from './control-plane-state.js';
import { certificateExpiring } from './findings/certificate-findings.js';
import type { Scope } from './findings/scope.js';

/** A certificate as somebody has told it. */
export type ToldCertificate = Omit<CertificateState, 'neededSeconds' | 'isInWholeDays'>;

/** Certificates, and findings about those that have less time left than they must. */
export function certificateAnswer(
  scope: Scope,
  certificates: readonly ToldCertificate[],
  {
    thresholds,
    now,
    isWhole,
    isInWholeDays = false,
  }: {
    readonly thresholds: ControlPlaneThresholds;
    readonly now: EpochSeconds;
    /** Whether all who tell of certificates have been heard: silence ends nothing. */
    readonly isWhole: boolean;
    readonly isInWholeDays?: boolean;
  },
): Answer<readonly CertificateState[]> {
  const { certificateSeconds, workloadCertificateSeconds } = thresholds;
  const told = certificates.map((one) => ({
    ...one,
    isInWholeDays,
    neededSeconds: one.of === 'workload' ? workloadCertificateSeconds : certificateSeconds,
  }));
  return {
    told: { told },
    findings: told
      .filter(({ secondsLeft, neededSeconds }) => secondsLeft < neededSeconds)
      .map((certificate) => certificateExpiring(scope, certificate, now)),
    judged: isWhole ? ['CertificateExpiring'] : [],
  };
}
