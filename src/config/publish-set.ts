/** The name of what a cluster's meshslo publishes, unless it was given one: the cluster's, in the characters that every place takes. */
export function setOfCluster(cluster: string): string {
  const plain = cluster.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return plain.slice(0, 30).replace(/^-+|-+$/g, '') || 'meshslo';
}
