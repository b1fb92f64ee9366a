type Labels = ReadonlyMap<string, string>;

/**
 * The labels of a series as Prometheus would store them, so that one pack fits both: the target's are on every series, and
 * win; what the series itself says under such a name is called `exported_<name>`.
 *
 * Not `job` and `instance`: these are names of somebody's configuration.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config honor_labels: false
 */
export function seriesLabels(own: Labels, ofTarget: Labels): Labels {
  if (ofTarget.size === 0) return own;
  const labels = new Map(own);
  for (const [name, value] of ofTarget) {
    const clashing = labels.get(name);
    if (clashing !== undefined && clashing !== '') labels.set(exportedName(name, own, ofTarget), clashing);
    labels.set(name, value);
  }
  return labels;
}

function exportedName(name: string, own: Labels, ofTarget: Labels): string {
  const exported = `exported_${name}`;
  return own.has(exported) || ofTarget.has(exported) ? exportedName(exported, own, ofTarget) : exported;
}
