/** What a series is called by a legend with `{{label}}` in it; one that says nothing is called by its labels. */
export function seriesName(legend: string, labels: Readonly<Record<string, string>>): string {
  const name = legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '').trim();
  if (name.replaceAll(/[\s/]/g, '') !== '') return name;
  return Object.values(labels).filter(Boolean).join(' ') || 'value';
}
