/** What makes pods and replaces them: the kinds that `kubectl rollout restart` knows. */
export interface Workload {
  readonly kind: 'deployment' | 'statefulset' | 'daemonset';
  readonly name: string;
}

/**
 * The workload that a pod's name speaks of, where nothing else is known of the pod.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ (names of pods)
 */
export function workloadByName(pod: string): Workload {
  const letters = '[bcdfghjklmnpqrstvwxz2456789]';
  const ofDeployment = new RegExp(`^(.+)-${letters}{1,10}-${letters}{5}$`).exec(pod)?.[1];
  if (ofDeployment !== undefined) return { kind: 'deployment', name: ofDeployment };
  const ofStatefulSet = /^(.+)-\d+$/.exec(pod)?.[1];
  if (ofStatefulSet !== undefined) return { kind: 'statefulset', name: ofStatefulSet };
  const ofDaemonSet = new RegExp(`^(.+)-${letters}{5}$`).exec(pod)?.[1];
  if (ofDaemonSet !== undefined) return { kind: 'daemonset', name: ofDaemonSet };
  return { kind: 'deployment', name: pod };
}
